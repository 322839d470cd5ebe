/**
 * Lists that are sets or maps: no item twice.
 * Never here: how such lists merge (ownership/).
 */
import { isObject } from '../../json';
import type { Json, JsonObject } from '../../port';
import type { Cause } from '../../typing';
import { duplicate, invalid } from '../fault';
import { type CustomSchema, othersOf } from './schema';

export function listTypeFaults(schema: CustomSchema, value: Json, path: string): readonly Cause[] {
  if (Array.isArray(value)) return arrayFaults(schema, value as readonly Json[], path);
  if (!isObject(value)) return [];
  const others = othersOf(schema);
  return Object.entries(value).flatMap(([key, child]) => {
    const property = schema.properties?.[key];
    if (property !== undefined) {
      return listTypeFaults(property, child, path === '' ? key : `${path}.${key}`);
    }
    return others === undefined ? [] : listTypeFaults(others, child, `${path}[${key}]`);
  });
}

function arrayFaults(schema: CustomSchema, items: readonly Json[], path: string): readonly Cause[] {
  const { items: inner } = schema;
  const below =
    inner === undefined
      ? []
      : items.flatMap((item, index) => listTypeFaults(inner, item, `${path}[${index}]`));
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return [...twins(items, items, path), ...below];
    case 'map':
      return [...mapFaults(schema, items, path), ...below];
    default:
      return below;
  }
}

function mapFaults(schema: CustomSchema, items: readonly Json[], path: string): readonly Cause[] {
  const wrong = items.findIndex((item) => item !== null && !isObject(item));
  if (wrong >= 0) {
    const text = 'must be an object for an array of list-type map';
    return [invalid(`${path}[${wrong}]`, items[wrong], text)];
  }
  const names = schema['x-kubernetes-list-map-keys'] ?? [];
  const keys = items.map((item): JsonObject => {
    const said = names.filter((name) => isObject(item) && Object.hasOwn(item, name));
    return Object.fromEntries(said.map((name) => [name, (item as JsonObject)[name] as Json]));
  });
  return twins(keys, keys, path);
}

/** The second of each pair of equals is told, later ones are not. */
function twins(keys: readonly Json[], told: readonly Json[], path: string): readonly Cause[] {
  const counts = new Map<string, number>();
  const faults: Cause[] = [];
  for (const [index, key] of keys.entries()) {
    const text = JSON.stringify(key);
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    if (count === 2) faults.push(duplicate(`${path}[${index}]`, told[index] ?? null));
  }
  return faults;
}
