/**
 * Reads the program that the package carries. The only place where a construct touches a file: the
 * program is too large to be a constant. Never here: what becomes of it (resources/operator).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BUNDLE_MAX_BYTES,
  type Bundle,
  bundleConfigMap,
  fitsPlain,
  packedFile,
} from '../resources/operator/bundle';

/** The same relative path from src/constructs and from lib/constructs. */
const SHIPPED = join(__dirname, '..', '..', 'assets', 'operator.mjs');

/** @throws Error with one sentence and what to do when it is missing or does not fit. */
export function readBundle(path: string = SHIPPED): Bundle {
  const text = read(path);
  if (fitsPlain(text)) return { kind: 'plain', text };
  const bundle: Bundle = { kind: 'gzip', base64: read(packedFile(path)) };
  if (JSON.stringify(bundleConfigMap(bundle, '')).length < BUNDLE_MAX_BYTES) return bundle;
  throw new Error(
    `${path} does not fit into a ConfigMap: with its envelope it is above ${BUNDLE_MAX_BYTES} bytes of JSON. ` +
      'To fix: pass `image` to ValkeyOperator, or a smaller `bundlePath`.',
  );
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Error(
      `the operator's program is not at ${path}. To fix: install gungnir again, or in its repository run npm run bundle.`,
    );
  }
}
