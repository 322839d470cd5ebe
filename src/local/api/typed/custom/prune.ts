/**
 * A custom resource brought to its schema: fields that it does not know are dropped and told, defaults are
 * set, and null where it is not allowed counts as absent.
 * Never here: metadata, validation.
 */
import { isObject, own, put } from '../../json';
import type { Json, JsonObject } from '../../port';
import { type CustomSchema, isEmbedded, isPreserving, othersOf } from './schema';

const resourceFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** @param unknown gets the paths of what was dropped, `spec.a[0].b`. */
export function pruned(value: JsonObject, schema: CustomSchema, unknown: string[]): JsonObject {
  const root = { ...schema, 'x-kubernetes-embedded-resource': true };
  return prunedValue(value, root, '', unknown) as JsonObject;
}

function prunedValue(
  value: Json,
  schema: CustomSchema | undefined,
  path: string,
  unknown: string[],
): Json {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item, index) => {
      const preserved = schema !== undefined && isPreserving(schema) && schema.items === undefined;
      return preserved ? item : prunedValue(item, schema?.items, `${path}[${index}]`, unknown);
    });
  }
  if (!isObject(value)) return value;
  const out: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    if (schema !== undefined && isEmbedded(schema) && resourceFields.has(key)) {
      put(out, key, child);
      continue;
    }
    const known = own(schema?.properties, key) ?? (schema && othersOf(schema));
    if (known !== undefined) put(out, key, prunedValue(child, known, at, unknown));
    else if (schema !== undefined && isPreserving(schema)) put(out, key, child);
    else unknown.push(at);
  }
  return out;
}

export function defaulted(value: Json, schema: CustomSchema | undefined): Json {
  if (schema === undefined) return value;
  if (Array.isArray(value)) {
    const { items } = schema;
    return (value as readonly Json[]).map((item) => defaulted(orDefault(item, items), items));
  }
  if (!isObject(value)) return value;
  const out: Record<string, Json> = { ...value };
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (property.default === undefined || property.default === null) continue;
    if (!Object.hasOwn(out, key)) put(out, key, property.default);
  }
  for (const [key, child] of Object.entries(out)) {
    const inner = own(schema.properties, key) ?? othersOf(schema);
    put(out, key, defaulted(orDefault(child, inner), inner));
  }
  return out;
}

function orDefault(value: Json, schema: CustomSchema | undefined): Json {
  if (value !== null || schema === undefined || schema.nullable === true) return value;
  return schema.default ?? null;
}

/** Without nulls where null is not allowed and there is no default. Items of lists stay. */
export function withoutNulls(value: Json, schema: CustomSchema | undefined): Json {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item) => withoutNulls(item, schema?.items));
  }
  if (!isObject(value)) return value;
  const out: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) {
    const inner = own(schema?.properties, key) ?? (schema && othersOf(schema));
    const drops = child === null && inner !== undefined && inner.nullable !== true;
    if (drops && (inner.default === undefined || inner.default === null)) continue;
    put(out, key, withoutNulls(child, inner));
  }
  return out;
}
