/**
 * Writes src/local/api/typed/kubernetes-schema.generated.ts from the OpenAPI v3 of a running API server:
 * `GUNGNIR_TEST_KUBECONFIG=... npx tsx build-tools/kubernetes-schema.ts`, where `go env GOMODCACHE` names
 * a folder that has k8s.io/api of the same version (for the Go types). Kept are the types that the groups
 * below reach, with their words, as one compressed text.
 * Never here: what a type means (src/local/api/typed/shape.ts).
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { type ApiServer, apiServer } from '../test/kit/api-server';
import { goFieldsOf } from './kubernetes-go-types';

const groupVersions = [
  'api/v1',
  'apis/apps/v1',
  'apis/authentication.k8s.io/v1',
  'apis/authorization.k8s.io/v1',
  'apis/autoscaling/v1',
  'apis/batch/v1',
  'apis/coordination.k8s.io/v1',
  'apis/discovery.k8s.io/v1',
  'apis/events.k8s.io/v1',
  'apis/networking.k8s.io/v1',
  'apis/policy/v1',
  'apis/rbac.authorization.k8s.io/v1',
  'apis/scheduling.k8s.io/v1',
  'apis/storage.k8s.io/v1',
  'apis/apiextensions.k8s.io/v1',
];

/** Types that every group lists, with a kind of their own in each: what is kept of them is one. */
const groupVersionKinds = 'x-kubernetes-group-version-kind';

type Node = { [key: string]: unknown };

async function main(): Promise<void> {
  const server = await apiServer();
  const definitions: Node = {};
  for (const groupVersion of groupVersions) {
    const answer = await server.send('GET', `/openapi/v3/${groupVersion}`);
    if (answer.status !== 200) throw new Error(`no OpenAPI of ${groupVersion}: ${answer.status}`);
    const { schemas } = answer.body.components as { readonly schemas: Record<string, Node> };
    for (const [name, schema] of Object.entries(schemas)) definitions[name] ??= compact(schema);
  }
  const version = await versionOf(server);
  addGoTypes(definitions, version);
  const sorted = Object.fromEntries(
    Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const path = join(__dirname, '../src/local/api/typed/kubernetes-schema.generated.ts');
  writeFileSync(path, moduleOf(JSON.stringify(sorted), version));
  const bytes = readFileSync(path).length;
  console.log(`${Object.keys(sorted).length} types, ${Math.round(bytes / 1024)} KiB`);
}

/** Each property gets `x-go`: its Go type, with `,omitempty`. */
function addGoTypes(definitions: Node, version: string): void {
  const modules = execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim();
  const fields = goFieldsOf(Object.keys(definitions), modules, version.replace(/^v1\./, 'v0.'));
  if (fields.size < 200)
    throw new Error(`only ${fields.size} Go types: go mod download k8s.io/api`);
  for (const [name, types] of fields) {
    const { properties } = definitions[name] as { readonly properties?: Record<string, Node> };
    for (const [field, type] of Object.entries(types)) {
      const property = properties?.[field];
      if (property !== undefined) property['x-go'] = type;
    }
  }
}

async function versionOf(server: ApiServer): Promise<string> {
  return String((await server.send('GET', '/version')).body.gitVersion);
}

/** `{ allOf: [{ $ref }], default, description }` becomes `{ $ref: NAME, default, description }`. */
function compact(schema: Node): Node {
  const { allOf, properties, items, additionalProperties, ...rest } = schema;
  const out: Node = { ...rest };
  const [only] = (allOf ?? []) as readonly { readonly $ref?: string }[];
  const reference = only?.$ref ?? (schema.$ref as string | undefined);
  if (reference !== undefined) out.$ref = reference.replace('#/components/schemas/', '');
  if (properties !== undefined) {
    const entries = Object.entries(properties as Record<string, Node>);
    out.properties = Object.fromEntries(entries.map(([key, value]) => [key, compact(value)]));
  }
  if (items !== undefined) out.items = compact(items as Node);
  if (additionalProperties !== undefined) {
    out.additionalProperties =
      typeof additionalProperties === 'object'
        ? compact(additionalProperties as Node)
        : additionalProperties;
  }
  const kinds = out[groupVersionKinds] as readonly unknown[] | undefined;
  if (kinds !== undefined && kinds.length > 1) delete out[groupVersionKinds];
  return out;
}

function moduleOf(text: string, version: string): string {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
  const packed = brotliCompressSync(Buffer.from(text), { params }).toString('base64');
  const lines = packed.match(/.{1,4000}/g) ?? [];
  return [
    `/** Made by build-tools/kubernetes-schema.ts from Kubernetes ${version}. Do not edit. */`,
    '',
    '/** JSON of all types by name, Brotli, base64, in pieces. */',
    '// biome-ignore format: generated',
    'export const KUBERNETES_SCHEMA: readonly string[] = [',
    ...lines.map((line) => `'${line}',`),
    '];',
    '',
  ].join('\n');
}

void main();
