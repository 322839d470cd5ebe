/**
 * OpenAPI v2 beside v3: the same definitions in the older form, which older clients still ask for. v3 itself is held
 * to a real server (test/local/differential).
 */
import { expect, test } from 'vitest';
import { openApi } from '../../../../src/local/api/http/openapi';
import { isObject } from '../../../../src/local/api/json';
import { createRegistry } from '../../../../src/local/api/kinds/registry';
import type { Json, JsonObject } from '../../../../src/local/api/port';
import { typings } from '../../../../src/local/api/typed/index';
import { VALKEY_CLUSTER_CRD } from '../../../../src/spec/crds.generated';

const NEW = '#/components/schemas/';
const OLD = '#/definitions/';

/** A schema of v3 as v2 writes it: references bare and to another place, no defaults. */
function older(schema: Json): Json {
  if (!isObject(schema)) return schema;
  const { allOf, default: _, properties, items, additionalProperties, ...rest } = schema;
  const [only] = Array.isArray(allOf) ? allOf : [];
  const inside = Object.entries({ items, additionalProperties }).flatMap(([key, one]) =>
    one === undefined ? [] : [[key, older(one)] as const],
  );
  const fields = Object.entries(isObject(properties) ? properties : {});
  return {
    ...rest,
    ...(isObject(only) ? { $ref: String(only.$ref).replace(NEW, OLD) } : {}),
    ...Object.fromEntries(inside),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(fields.map(([key, one]) => [key, older(one ?? null)])) }),
  };
}

function referencesIn(value: Json): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  const own = typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap((one) => referencesIn(one ?? null))];
}

const registry = createRegistry(typings);
const documents = openApi(registry, typings);
const definitions = (): JsonObject => documents.v2().definitions as JsonObject;

test.each(['api/v1', 'apis/apps/v1', 'apis/policy/v1', 'apis/coordination.k8s.io/v1'])(
  'each type of %s is the same in both forms',
  (path) => {
    const { components } = documents.v3Of(path) ?? {};
    const { schemas } = components as { readonly schemas: JsonObject };
    const names = Object.keys(schemas);
    expect(names.length).toBeGreaterThan(3);
    const old = definitions();
    for (const name of names) expect(old[name], name).toEqual(older(schemas[name] ?? null));
  },
);

test('every reference leads to a definition', () => {
  expect(documents.v2()).toMatchObject({ swagger: '2.0', info: { version: 'v1.34.4' } });
  const known = new Set(Object.keys(definitions()).map((name) => `${OLD}${name}`));
  const references = referencesIn(documents.v2());
  expect(references.length).toBeGreaterThan(500);
  expect([...new Set(references)].filter((reference) => !known.has(reference))).toEqual([]);
});

test('a patch names its kind and the parameters by which kubectl knows that it may ask for validation', () => {
  const paths = documents.v2().paths as Readonly<Record<string, JsonObject>>;
  const patch = paths['/apis/apps/v1/namespaces/{namespace}/statefulsets/{name}']?.patch;
  expect(patch).toMatchObject({
    'x-kubernetes-group-version-kind': { group: 'apps', kind: 'StatefulSet', version: 'v1' },
    parameters: expect.arrayContaining([
      { name: 'dryRun', in: 'query', type: 'string', uniqueItems: true },
      { name: 'fieldValidation', in: 'query', type: 'string', uniqueItems: true },
    ]),
  });
});

test('a custom kind is there as soon as it is defined, and not before', () => {
  const named = (): readonly string[] =>
    Object.keys(definitions()).filter((name) => name.endsWith('.ValkeyCluster'));
  expect(named()).toEqual([]);
  registry.define(VALKEY_CLUSTER_CRD as unknown as JsonObject);
  expect(named()).toHaveLength(1);
});
