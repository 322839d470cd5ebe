/**
 * The types as OpenAPI v2 publishes them, for kubectl explain, edit and diff.
 * Never here: HTTP.
 */
import type { Json, JsonObject } from '../port';
import type { SchemaNode } from './shape';

export function openApiDefinitions(
  schema: Readonly<Record<string, SchemaNode>>,
): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(schema).map(([name, node]) => [name, published(node)]));
}

function published(node: SchemaNode): JsonObject {
  const {
    'x-go': _goType,
    default: _initial,
    $ref,
    properties,
    items,
    additionalProperties,
    ...rest
  } = node;
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
