/**
 * The operator's program as an immutable ConfigMap, named after its content: a new program is a new
 * name, so pods roll and a rollback finds the old one. Never here: making the bundle, or gzip.
 */
import { sha256 } from '../../kit/sha256';
import { utf8Bytes } from '../../kit/utf8';
import type { JsonMap } from '../kube-object';
import { OPERATOR, operatorMeta } from './names';

/** How the program travels. Client-side apply copies a ConfigMap into an annotation of 262 144 bytes. */
export type Bundle =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'gzip'; readonly base64: string };

/** Largest ConfigMap, in bytes of its JSON. */
export const BUNDLE_MAX_BYTES = 240_000;

/** The file that node starts. */
export const PROGRAM = 'operator.mjs';
const PACKED = 'operator.mjs.gz';

/** One line that unpacks the program beside nothing else, in the pod's own /tmp. */
const BOOTSTRAP =
  "import{readFileSync as r,writeFileSync as w}from'node:fs';" +
  "import{tmpdir as t}from'node:os';import{pathToFileURL as u}from'node:url';" +
  "import{gunzipSync as g}from'node:zlib';const f=t()+'/operator-unpacked.mjs';" +
  `w(f,g(r(new URL('${PACKED}',import.meta.url))));await import(u(f).href);\n`;

export function bundleConfigMap(bundle: Bundle, namespace: string): JsonMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: operatorMeta(bundleName(bundle), namespace),
    immutable: true,
    ...contentOf(bundle),
  };
}

export function bundleName(bundle: Bundle): string {
  return `${OPERATOR}-bundle-${sha256(JSON.stringify(contentOf(bundle))).slice(0, 12)}`;
}

/** Beside a program: the same, compressed, as base64. */
export function packedFile(program: string): string {
  return `${program}.gz.txt`;
}

/** Whether the program fits as it is. */
export function fitsPlain(text: string): boolean {
  const json = JSON.stringify(bundleConfigMap({ kind: 'plain', text }, 'x'.repeat(63)));
  return utf8Bytes(json).length <= BUNDLE_MAX_BYTES;
}

function contentOf(bundle: Bundle): JsonMap {
  switch (bundle.kind) {
    case 'plain':
      return { data: { [PROGRAM]: bundle.text } };
    case 'gzip':
      return { data: { [PROGRAM]: BOOTSTRAP }, binaryData: { [PACKED]: bundle.base64 } };
  }
}
