/**
 * Small changes of JSON objects for the defaults: each answers a new object.
 * Never here: which field has which default.
 */
import { isObject } from '../../json';
import type { Json, JsonObject } from '../../port';

export type Change = (object: JsonObject) => JsonObject;

/** The objects of a list; empty where there is none. */
export function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}

/** Sets what is absent or null. */
export function defaulting(defaults: JsonObject): Change {
  return (object) => ({
    ...defaults,
    ...Object.fromEntries(
      Object.entries(object).filter(([key, value]) => value !== null || !(key in defaults)),
    ),
  });
}

/** Changes the object at a field, where there is one. */
export function at(key: string, ...changes: readonly Change[]): Change {
  return (object) => {
    const value = object[key];
    return isObject(value) ? { ...object, [key]: inTurn(...changes)(value) } : object;
  };
}

/** Changes each object of a list, where there is one. */
export function each(key: string, ...changes: readonly Change[]): Change {
  const change = inTurn(...changes);
  return (object) => {
    const value = object[key];
    if (!Array.isArray(value)) return object;
    const items = value as readonly Json[];
    return { ...object, [key]: items.map((item) => (isObject(item) ? change(item) : item)) };
  };
}

export function inTurn(...changes: readonly Change[]): Change {
  return (object) => changes.reduce((changed, change) => change(changed), object);
}

/** @param test whether to change at all. */
export function where(
  test: (object: JsonObject) => boolean,
  ...changes: readonly Change[]
): Change {
  const change = inTurn(...changes);
  return (object) => (test(object) ? change(object) : object);
}
