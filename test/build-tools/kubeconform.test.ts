/**
 * All YAML that is made or shown, before kubeconform and the types of Kubernetes that the local API is made of: a
 * field that the API does not have, or of another type, is found without a cluster. Where there is no kubeconform
 * that is said aloud. Never here: what a real API server says (test/e2e).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { CHART } from '../../build-tools/chart/chart';
import { filesWithProgram, generatedFiles } from '../../build-tools/generate';
import { notRun, optionalTool } from '../../build-tools/optional-tool';
import { KUBERNETES_SCHEMA } from '../../src/local/api/typed/kubernetes-schema.generated';
import { byCdk8s } from '../kit/synthesized';
import { forty } from '../resources/forty';

const kubeconform = optionalTool('kubeconform');
const helm = optionalTool('helm');
if (kubeconform === undefined) console.warn(notRun('kubeconform', 'all YAML before kubeconform'));

/** Kinds of others, whose types are not part of Kubernetes. */
const FOREIGN = ['PodMonitor', 'Application'] as readonly string[];

interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

type Schema = { [key: string]: unknown };
const types: Readonly<Record<string, Schema>> = JSON.parse(
  brotliDecompressSync(Buffer.from(KUBERNETES_SCHEMA.join(''), 'base64')).toString(),
);

let folder: string;
let made: ReadonlyMap<string, string>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-kubeconform-'));
  made = texts();
  writeSchemas([...made.values()]);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** By where it comes from. */
function texts(): ReadonlyMap<string, string> {
  const tracked = spawnSync('git', ['ls-files', '*.yaml'], { encoding: 'utf8' }).stdout;
  const files = tracked
    .split('\n')
    .filter((path) => /^(deploy|examples)\//.test(path) && !/Pulumi.yaml$/.test(path));
  return new Map([
    ...files.map((path) => [path, readFileSync(path, 'utf8')] as const),
    ['deploy/operator.yaml', filesWithProgram().get('deploy/operator.yaml') ?? ''],
    ...forty.map((definition) => {
      const documents = byCdk8s(definition).map((object) => stringify(object));
      return [definition.metadata.name, documents.join('---\n')] as const;
    }),
    ...chartTexts(),
  ]);
}

function chartTexts(): readonly (readonly [string, string])[] {
  if (helm === undefined) return [];
  const chart = join(folder, 'chart');
  for (const [path, text] of [...generatedFiles(), ...filesWithProgram()]) {
    if (!path.startsWith(CHART)) continue;
    mkdirSync(join(folder, 'chart', path, '..').replace(CHART, ''), { recursive: true });
    writeFileSync(join(folder, 'chart', path).replace(CHART, ''), text);
  }
  return ['{}', '{watchNamespaces: [shop, bank], networkPolicy: true, podMonitor: true}'].map(
    (values) => {
      const args = [
        'template',
        'it',
        chart,
        '--include-crds',
        '--kube-version',
        '1.34.0',
        '-f',
        '-',
      ];
      const { stdout, stderr } = spawnSync(helm, args, { input: values, encoding: 'utf8' });
      expect(stderr).toBe('');
      return [`the chart with ${values}`, stdout] as const;
    },
  );
}

/** As kubeconform names the file of a kind: the group by its first word. */
function fileOf({ apiVersion, kind }: Kind): string {
  const [version, group] = apiVersion.split('/').reverse();
  const words = [kind, ...(group === undefined ? [] : [group.split('.')[0]]), version];
  return `${words.join('-').toLowerCase()}.json`;
}

/** A schema by itself: with all types that it reaches, and no field beside those it has. */
function schemaOf(wanted: Kind): Schema {
  const [version, group = ''] = wanted.apiVersion.split('/').reverse();
  const isIt = (schema: Schema): boolean =>
    ((schema['x-kubernetes-group-version-kind'] ?? []) as readonly Schema[]).some(
      (one) => one.kind === wanted.kind && one.version === version && one.group === group,
    );
  const root = Object.keys(types).find((name) => isIt(types[name] ?? {}));
  if (root === undefined) throw new Error(`no type of ${JSON.stringify(wanted)}`);
  const definitions: Record<string, unknown> = {};
  const visit = (name: string): void => {
    if (Object.hasOwn(definitions, name)) return;
    definitions[name] = {};
    definitions[name] = closed(types[name] ?? {}, visit);
  };
  visit(root);
  return { $ref: `#/definitions/${root}`, definitions };
}

function closed(schema: Schema, visit: (name: string) => void): Schema {
  const { $ref, properties, items, additionalProperties, format: _, ...rest } = schema;
  if (typeof $ref === 'string') {
    visit($ref);
    return { $ref: `#/definitions/${$ref}` };
  }
  const inner = (one: unknown): unknown =>
    typeof one === 'object' && one !== null ? closed(one as Schema, visit) : one;
  const fields = Object.entries((properties ?? {}) as Readonly<Record<string, Schema>>);
  return {
    ...rest,
    ...(fields.length === 0
      ? {}
      : { properties: Object.fromEntries(fields.map(([key, one]) => [key, inner(one)])) }),
    ...(items === undefined ? {} : { items: inner(items) }),
    ...(fields.length > 0 || additionalProperties !== undefined
      ? { additionalProperties: inner(additionalProperties ?? false) }
      : {}),
  };
}

function kindsOf(all: readonly string[]): readonly Kind[] {
  const kinds = all
    .flatMap((text) => parseAllDocuments(text).map((one) => one.toJS() as Kind | null))
    .filter((one) => one !== null)
    .map(({ apiVersion, kind }) => [fileOf({ apiVersion, kind }), { apiVersion, kind }] as const);
  return [...new Map(kinds).values()].filter(({ kind }) => !FOREIGN.includes(kind));
}

function writeSchemas(all: readonly string[]): void {
  for (const kind of kindsOf(all)) {
    const own = kind.kind === 'ValkeyCluster';
    const text = own
      ? readFileSync('deploy/schemas/valkeycluster.schema.json', 'utf8')
      : JSON.stringify(schemaOf(kind));
    writeFileSync(join(folder, fileOf(kind)), text);
  }
}

interface Judged {
  readonly code: number | null;
  readonly out: string;
}

/** @param input for the standard input, which `paths` names by `-`. */
function judged(program: string, paths: string, input = ''): Judged {
  const place = `${folder}/{{.ResourceKind}}{{.KindSuffix}}.json`;
  const options = ['-strict', '-summary', '-skip', FOREIGN.join(), '-schema-location', place];
  const { status, stdout, stderr } = spawnSync(program, [...options, paths], {
    input,
    encoding: 'utf8',
  });
  return { code: status, out: `${stdout}${stderr}` };
}

test('all YAML has kinds that the types know', () => {
  const all = [...made.values()];
  expect(all.length).toBeGreaterThan(45);
  expect(
    kindsOf(all)
      .map(fileOf)
      .filter((name) => !existsSync(join(folder, name))),
  ).toEqual([]);
});

if (kubeconform !== undefined)
  describe('kubeconform', () => {
    test('finds no fault in any of it', () => {
      const yaml = join(folder, 'yaml');
      mkdirSync(yaml);
      for (const [name, text] of made)
        writeFileSync(join(yaml, `${name.replaceAll(/[^\w.]/g, '-')}.yaml`), text);
      const { code, out } = judged(kubeconform, yaml);
      expect(code, out).toBe(0);
      const [, valid = '0'] = /Valid: (\d+), Invalid: 0, Errors: 0/.exec(out) ?? [];
      expect(Number(valid), out).toBeGreaterThan(350);
    });

    const minimal = 'apiVersion: valkey.verilean.io/v1\nkind: ValkeyCluster\nmetadata: {name: a}\n';
    const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\n';
    test.each([
      { why: 'a field that is not there', text: `${service}spec: {slector: {}}`, says: 'slector' },
      { why: 'another type', text: `${service}spec: {ports: [{port: "80"}]}`, says: 'port' },
      {
        why: 'a key twice',
        text: `${service}spec: {type: ClusterIP, type: NodePort}`,
        says: 'type',
      },
      { why: 'a rule of ours', text: `${minimal}spec: {replicas: 65}`, says: 'replicas' },
    ])('finds $why', ({ text, says }) => {
      const { code, out } = judged(kubeconform, '-', text);
      expect(code).not.toBe(0);
      expect(out).toContain(says);
    });
  });
