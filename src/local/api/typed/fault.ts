/**
 * What is wrong with a field, worded as Kubernetes' `field.Error` words it.
 * Never here: which field is wrong.
 */
import { isObject } from '../json';
import type { Json, JsonObject } from '../port';
import type { Cause } from '../typing';

/** A whole object has no path. */
export const noField = '<nil>';

function field(path: string): string {
  return path === '' ? noField : path;
}

function withDetail(text: string, detail: string): string {
  return detail === '' ? text : `${text}: ${detail}`;
}

/** As Go prints it: texts in quotes, objects as JSON with sorted keys. */
export function shown(value: Json | undefined): string {
  return value === undefined ? 'null' : JSON.stringify(sorted(value));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}

export function invalid(path: string, value: Json | undefined, detail: string): Cause {
  const message = withDetail(`Invalid value: ${shown(value)}`, detail);
  return { reason: 'FieldValueInvalid', message, field: field(path) };
}

/** How a value is printed. */
export type Shown = (value: Json | undefined) => string;

/** A Go struct keeps the order of its fields; a map is sorted. */
export const struct: Shown = (value) => JSON.stringify(value);

export function invalidStruct(
  path: string,
  value: JsonObject | readonly JsonObject[],
  detail: string,
): Cause {
  const message = withDetail(`Invalid value: ${struct(value)}`, detail);
  return { reason: 'FieldValueInvalid', message, field: field(path) };
}

export function typeInvalid(path: string, value: Json | undefined, detail: string): Cause {
  return { ...invalid(path, value, detail), reason: 'FieldValueTypeInvalid' };
}

export function required(path: string, detail = ''): Cause {
  const message = withDetail('Required value', detail);
  return { reason: 'FieldValueRequired', message, field: field(path) };
}

export function forbidden(path: string, detail: string): Cause {
  const message = withDetail('Forbidden', detail);
  return { reason: 'FieldValueForbidden', message, field: field(path) };
}

export function duplicate(path: string, value: Json, print: Shown = shown): Cause {
  const message = `Duplicate value: ${print(value)}`;
  return { reason: 'FieldValueDuplicate', message, field: field(path) };
}

export function notFound(path: string, value: Json): Cause {
  const message = `Not found: ${shown(value)}`;
  return { reason: 'FieldValueNotFound', message, field: field(path) };
}

export function notSupported(
  path: string,
  value: Json,
  values: readonly string[],
  print: Shown = shown,
): Cause {
  const detail = `supported values: ${values.map((one) => JSON.stringify(one)).join(', ')}`;
  const message = withDetail(`Unsupported value: ${print(value)}`, detail);
  return { reason: 'FieldValueNotSupported', message, field: field(path) };
}

export function tooLong(path: string, bytesMax: number): Cause {
  const message = `Too long: may not be more than ${bytesMax} ${bytesMax === 1 ? 'byte' : 'bytes'}`;
  return { reason: 'FieldValueTooLong', message, field: field(path) };
}

export function tooMany(path: string, actual: number, max: number): Cause {
  const items = max === 1 ? 'item' : 'items';
  const message = `Too many: ${actual}: must have at most ${max} ${items}`;
  return { reason: 'FieldValueTooMany', message, field: field(path) };
}
