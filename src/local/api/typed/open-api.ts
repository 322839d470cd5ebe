/**
 * The types as OpenAPI publishes them, for kubectl explain, edit and diff; v2 leaves the defaults out.
 * Never here: HTTP.
 */
import { isObject } from '../json';
import type { Json, JsonObject } from '../port';
import type { SchemaNode } from './shape';

export function openApiDefinitions(
  schema: Readonly<Record<string, SchemaNode>>,
): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(schema).map(([name, node]) => [name, published(node)]));
}

/** A schema without its defaults, and so for all that is in it. */
export function withoutDefaults(schema: Json): Json {
  if (!isObject(schema)) return schema;
  const { default: _initial, ...rest } = schema;
  const out: Record<string, Json> = { ...rest };
  if (isObject(rest.properties)) {
    const entries = Object.entries(rest.properties);
    out.properties = Object.fromEntries(entries.map(([key, one]) => [key, withoutDefaults(one)]));
  }
  for (const part of ['items', 'additionalProperties']) {
    const inside = rest[part];
    if (inside !== undefined) out[part] = withoutDefaults(inside);
  }
  return out;
}

function published(node: SchemaNode): JsonObject {
  const { 'x-go': _goType, $ref, properties, items, additionalProperties, ...rest } = node;
  const out: Record<string, Json> = { ...(rest as JsonObject) };
  if ($ref !== undefined) out.$ref = `#/definitions/${$ref}`;
  if (items !== undefined) out.items = published(items);
  if (typeof additionalProperties === 'object') {
    out.additionalProperties = published(additionalProperties);
  }
  if (properties !== undefined) {
    const entries = Object.entries(properties);
    out.properties = Object.fromEntries(entries.map(([key, one]) => [key, published(one)]));
  }
  return out;
}
