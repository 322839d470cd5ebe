/**
 * OpenAPI documents, as far as kubectl reads them: definitions of every kind, and for each the
 * operations by which it finds them and learns that the server validates fields.
 * Never here: the definitions themselves (Typings).
 */
import { KUBERNETES_VERSION } from '../../version';
import { isObject } from '../json';
import { apiVersionOf, type Kind } from '../kinds/kind';
import type { Registry } from '../kinds/registry';
import type { Json, JsonObject } from '../port';
import { withoutDefaults } from '../typed/open-api';
import type { Typings } from '../typing';

export interface OpenApi {
  v2(): JsonObject;
  /** Paths of all v3 documents. */
  v3(): JsonObject;
  /** @param path `api/v1`, `apis/apps/v1`. undefined: no such document. */
  v3Of(path: string): JsonObject | undefined;
}

/** Documents are made when they are first asked for, and anew when the kinds have changed. */
export function openApi(registry: Registry, typings: Typings): OpenApi {
  let generation = -1;
  let made = new Map<string, JsonObject>();
  function remembered(key: string, make: () => JsonObject): JsonObject {
    if (generation !== registry.generation()) {
      generation = registry.generation();
      made = new Map();
    }
    const found = made.get(key) ?? make();
    made.set(key, found);
    return found;
  }
  return {
    v2: () => remembered('v2', () => documentV2(registry, typings)),
    v3: () => remembered('v3', () => ({ paths: indexOf(registry) })),
    v3Of(path) {
      const kinds = registry.all().filter((kind) => pathOf(kind) === path);
      if (kinds.length === 0) return undefined;
      return remembered(path, () => documentV3(kinds, typings));
    },
  };
}

const info = { title: 'Kubernetes', version: KUBERNETES_VERSION };

/** All definitions, those of CRDs among them. */
function definitionsOf(kinds: readonly Kind[], typings: Typings): Record<string, Json> {
  const all: Record<string, Json> = { ...typings.definitions() };
  const crds = new Set(kinds.map(({ definition }) => definition));
  for (const crd of crds) if (crd !== undefined) Object.assign(all, typings.crdDefinitions(crd));
  return all;
}

function documentV2(registry: Registry, typings: Typings): JsonObject {
  const kinds = registry.all();
  return {
    swagger: '2.0',
    info,
    paths: Object.assign({}, ...kinds.map((kind) => operationsOf(kind, 'v2'))),
    definitions: mapped(definitionsOf(kinds, typings), withoutDefaults),
  };
}

function mapped(all: Record<string, Json>, change: (one: Json) => Json): Record<string, Json> {
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, change(one)]));
}

function documentV3(kinds: readonly Kind[], typings: Typings): JsonObject {
  const all = definitionsOf(kinds, typings);
  const schemas: Record<string, Json> = {};
  const waiting = kinds.map(({ typing }) => typing.definition);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const definition = all[name];
    if (definition === undefined || name in schemas) continue;
    schemas[name] = withReferences(definition, (found) => waiting.push(found));
  }
  return {
    openapi: '3.0.0',
    info,
    paths: Object.assign({}, ...kinds.map((kind) => operationsOf(kind, 'v3'))),
    components: { schemas },
  };
}

const oldPrefix = '#/definitions/';

function withReferences(value: Json, found: (name: string) => void): Json {
  if (Array.isArray(value)) return value.map((one: Json) => withReferences(one, found));
  if (!isObject(value)) return value;
  const ref = value.$ref;
  if (typeof ref !== 'string' || !ref.startsWith(oldPrefix)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, withReferences(one, found)]),
    );
  }
  const name = ref.slice(oldPrefix.length);
  found(name);
  const { $ref: _ref, default: initial, ...rest } = value;
  return {
    ...rest,
    ...(initial === undefined ? {} : { default: initial }),
    allOf: [{ $ref: `#/components/schemas/${name}` }],
  };
}

function pathOf(kind: Kind): string {
  return kind.group === '' ? `api/${kind.version}` : `apis/${kind.group}/${kind.version}`;
}

function indexOf(registry: Registry): JsonObject {
  const paths = new Set(registry.all().map(pathOf));
  const hash = registry.generation().toString(16).toUpperCase().padStart(8, '0');
  return Object.fromEntries(
    [...paths].map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }]),
  );
}

const parameters = ['dryRun', 'fieldManager', 'fieldValidation'];

function operationsOf(kind: Kind, form: 'v2' | 'v3'): JsonObject {
  const { group, version } = kind;
  const inside = kind.scope === 'namespaced' ? '/namespaces/{namespace}' : '';
  const collection = `/${pathOf(kind)}${inside}/${kind.resource}`;
  const common = {
    'x-kubernetes-group-version-kind': { group, kind: kind.kind, version },
    tags: [apiVersionOf(kind)],
  };
  const responses = { 200: answerOf(kind, form) };
  const query = (name: string): JsonObject =>
    form === 'v2'
      ? { name, in: 'query', type: 'string', uniqueItems: true }
      : { name, in: 'query', schema: { type: 'string', uniqueItems: true } };
  const operation = (action: string, names: readonly string[]): JsonObject => ({
    ...common,
    operationId: `${action}${kind.kind}${group}${version}`,
    'x-kubernetes-action': action,
    parameters: names.map(query),
    responses,
  });
  return {
    [collection]: {
      get: operation('list', ['labelSelector', 'fieldSelector']),
      post: operation('post', parameters),
    },
    [`${collection}/{name}`]: {
      get: operation('get', []),
      put: operation('put', parameters),
      patch: operation('patch', [...parameters, 'force']),
      delete: operation('delete', ['dryRun']),
    },
  };
}

function answerOf(kind: Kind, form: 'v2' | 'v3'): JsonObject {
  const name = kind.typing.definition;
  if (form === 'v2') return { description: 'OK', schema: { $ref: `${oldPrefix}${name}` } };
  const schema = { $ref: `#/components/schemas/${name}` };
  return { description: 'OK', content: { 'application/json': { schema } } };
}
