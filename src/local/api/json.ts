/**
 * Reading and changing plain JSON without a schema. Nothing is changed in place: objects of the store
 * are shared by every reader.
 * Never here: Kubernetes.
 */
import type { Json, JsonObject } from './port';

export const none: JsonObject = Object.freeze({});

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of its own: whatever its name, never one of all objects, such as `constructor`. */
export function own<Value>(
  value: Readonly<Record<string, Value>> | undefined,
  key: string,
): Value | undefined {
  return value !== undefined && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Sets a member of its own, whatever its name: `__proto__` too. */
export function put<Value>(into: Record<string, Value>, key: string, value: Value): void {
  if (key !== '__proto__') into[key] = value;
  else Object.defineProperty(into, key, { value, ...plain });
}

const plain = { writable: true, enumerable: true, configurable: true };

/** The value at a path of field names; undefined where a part is missing or is no object. */
export function at(value: unknown, ...path: readonly string[]): Json | undefined {
  let found: unknown = value;
  for (const part of path) {
    if (!isObject(found)) return undefined;
    found = own(found, part);
  }
  return found as Json | undefined;
}

export function objectAt(value: unknown, ...path: readonly string[]): JsonObject {
  const found = at(value, ...path);
  return isObject(found) ? found : none;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as readonly Json[]) : [];
}

/** '' when it is absent or no text. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

/** Each text of a map of texts, such as labels. */
export function textsAt(value: unknown, ...path: readonly string[]): Record<string, string> {
  return objectAt(value, ...path) as Record<string, string>;
}

/** A copy with the value at the path; undefined removes it. Missing objects on the way are made. */
export function withAt(
  value: JsonObject,
  path: readonly string[],
  set: Json | undefined,
): JsonObject {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (rest.length > 0) {
    const inner = own(value, first);
    if (set === undefined && !isObject(inner)) return value;
    return { ...value, [first]: withAt(isObject(inner) ? inner : {}, rest, set) };
  }
  if (set !== undefined) return { ...value, [first]: set };
  if (!Object.hasOwn(value, first)) return value;
  const { [first]: _removed, ...kept } = value;
  return kept;
}

/** A copy without the members whose value is undefined. */
export function defined(value: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}

/** Equal as JSON: the order of members means nothing. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}
