/**
 * From JSON to an object of a built-in type and back, as Go's decoder and encoder do it: wrong types are
 * refused in Go's words, unknown fields are dropped and told, empty fields are left out or written as Go
 * leaves them out or writes them, amounts and times get their one form.
 * Never here: defaults that Kubernetes sets (defaults/), what a value may be (validation/).
 */
import { isObject, put } from '../json';
import type { Json, JsonObject } from '../port';
import { formatQuantity, parseQuantity } from './quantity';
import type { Field, Shape } from './shape';

export interface Decoded {
  readonly value: JsonObject;
  /** Paths of unknown fields, in the order of the text: `spec.containers[0].foo`. */
  readonly unknown: readonly string[];
  /** The first wrong type; `value` is of no use then. */
  readonly fault: string | undefined;
}

/** @param at '' for a whole object; `metadata` where only that is decoded. */
export function decode(shape: Shape, input: JsonObject, at = ''): Decoded {
  const run: Run = { unknown: [], fault: undefined };
  const root: Place = { path: at, fields: at, struct: '', goType: `v1.${lastOf(shape.name)}` };
  const value = objectValue(shape, input, root, run);
  return { value, unknown: run.unknown, fault: run.fault };
}

interface Run {
  readonly unknown: string[];
  fault: string | undefined;
}

interface Place {
  /** `spec.containers[0].image`. */
  readonly path: string;
  /** As Go tells it, without indexes: `spec.containers.image`. */
  readonly fields: string;
  /** The innermost struct, `Container`. */
  readonly struct: string;
  readonly goType: string;
}

function lastOf(name: string): string {
  return name.split('.').at(-1) ?? '';
}

function fail(run: Run, message: string): undefined {
  run.fault ??= message;
  return undefined;
}

function wrongType(value: Json, place: Place, run: Run): undefined {
  const is =
    typeof value === 'number' && /^u?int/.test(place.goType)
      ? `number ${value}`
      : Array.isArray(value)
        ? 'array'
        : typeof value === 'boolean'
          ? 'bool'
          : typeof value;
  const into = place.struct === '' ? 'Go value' : `Go struct field ${place.struct}.${place.fields}`;
  return fail(run, `json: cannot unmarshal ${is} into ${into} of type ${place.goType}`);
}

/** @returns undefined where nothing is to be written. */
function anyValue(shape: Shape, input: Json, place: Place, run: Run): Json | undefined {
  switch (shape.kind) {
    case 'string':
      return typeof input === 'string' ? input : wrongType(input, place, run);
    case 'boolean':
      return typeof input === 'boolean' ? input : wrongType(input, place, run);
    case 'number':
      return typeof input === 'number' ? input : wrongType(input, place, run);
    case 'integer':
      return integerValue(shape, input, place, run);
    case 'bytes':
      return bytesValue(input, place, run);
    case 'quantity':
      return quantityValue(input, run);
    case 'time':
    case 'microTime':
      return timeValue(shape, input, place, run);
    case 'intOrString':
      return typeof input === 'string' || Number.isInteger(input)
        ? input
        : wrongType(input, { ...place, goType: 'int32' }, run);
    case 'list':
      return listValue(shape, input, place, run);
    case 'object':
      if (typeof input !== 'object' || input === null || Array.isArray(input)) {
        return wrongType(input, place, run);
      }
      return objectValue(shape, input as JsonObject, place, run);
    default:
      return input;
  }
}

function integerValue(shape: Shape, input: Json, place: Place, run: Run): Json | undefined {
  if (typeof input !== 'number') return wrongType(input, place, run);
  const limit = shape.format === 'int32' ? 2 ** 31 : 2 ** 63;
  const fits = Number.isInteger(input) && input >= -limit && input < limit;
  return fits ? input : wrongType(input, place, run);
}

function bytesValue(input: Json, place: Place, run: Run): Json | undefined {
  if (typeof input !== 'string') return wrongType(input, place, run);
  const text = input.replace(/[\r\n]/g, '');
  const bad = /[^A-Za-z0-9+/=]|=(?!=?$)/.exec(text)?.index;
  if (bad !== undefined || text.length % 4 !== 0) {
    const at = bad ?? text.length - (text.length % 4);
    return fail(run, `illegal base64 data at input byte ${at}`);
  }
  return text;
}

function quantityValue(input: Json, run: Run): Json | undefined {
  const parsed = parseQuantity(String(input));
  return typeof parsed === 'string' ? fail(run, parsed) : formatQuantity(parsed);
}

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function timeValue(shape: Shape, input: Json, place: Place, run: Run): Json | undefined {
  if (typeof input !== 'string') {
    return wrongType(input, { ...place, struct: '', goType: 'string' }, run);
  }
  const isMicro = shape.kind === 'microTime';
  const layout = `2006-01-02T15:04:05${isMicro ? '.000000' : ''}Z07:00`;
  const fault = (rest: string, as: string) =>
    fail(
      run,
      `parsing time ${quoted(input)} as "${layout}": cannot parse ${quoted(rest)} as "${as}"`,
    );
  const [whole, fraction = ''] = timePattern.exec(input) ?? [];
  const millis = whole === undefined ? Number.NaN : Date.parse(input);
  if (Number.isNaN(millis)) return fault(input, '2006');
  if (isMicro && fraction.length !== 7) return fault(input.slice(19), '.000000');
  const seconds = new Date(Math.floor(millis / 1000) * 1000).toISOString().slice(0, 19);
  return isMicro ? `${seconds}${fraction}Z` : `${seconds}Z`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function listValue(shape: Shape, input: Json, place: Place, run: Run): Json | undefined {
  if (!Array.isArray(input)) return wrongType(input, place, run);
  const element = shape.element as Shape;
  const goType = place.goType.replace(/^\[\]/, '');
  return (input as readonly Json[]).map((item, index) => {
    const at = { ...place, path: `${place.path}[${index}]`, goType };
    return item === null ? nothing(element) : (anyValue(element, item, at, run) ?? null);
  });
}

/** What Go makes of null inside a list or map. */
function nothing(shape: Shape): Json {
  if (shape.kind === 'string') return '';
  if (shape.kind === 'integer') return 0;
  if (shape.kind === 'object') return filled(shape, {});
  return shape.kind === 'quantity' ? '0' : null;
}

function objectValue(shape: Shape, input: JsonObject, place: Place, run: Run): JsonObject {
  const out: Record<string, Json> = {};
  const prefix = place.path === '' ? '' : `${place.path}.`;
  for (const [key, value] of Object.entries(input)) {
    const field = shape.fields.get(key);
    if (field !== undefined) {
      const kept = fieldValue(field, value, inside(shape, key, field.goType, place), run);
      if (kept !== undefined) put(out, key, kept);
    } else if (shape.element === undefined) {
      run.unknown.push(`${prefix}${key}`);
    } else {
      const goType = place.goType.replace(/^map\[[^\]]*\]/, '');
      const at = { ...place, path: `${prefix}${key}`, goType };
      const kept =
        value === null ? nothing(shape.element) : anyValue(shape.element, value, at, run);
      if (kept !== undefined) put(out, key, kept);
    }
  }
  return filled(shape, out);
}

function inside(shape: Shape, key: string, goType: string, place: Place): Place {
  return {
    path: place.path === '' ? key : `${place.path}.${key}`,
    fields: place.fields === '' ? key : `${place.fields}.${key}`,
    struct: lastOf(shape.name),
    goType,
  };
}

function fieldValue(field: Field, input: Json, place: Place, run: Run): Json | undefined {
  if (input === null) return undefined;
  const value = anyValue(field.shape, input, place, run);
  return field.omitsZero && value !== undefined && isZero(value) ? undefined : value;
}

function isZero(value: Json): boolean {
  if (value === '' || value === 0 || value === false) return true;
  return Array.isArray(value) && value.length === 0;
}

/** Adds what Go writes of fields that were not said; leaves out empty maps that have `omitempty`. */
function filled(shape: Shape, object: Record<string, Json>): JsonObject {
  for (const [key, field] of shape.fields) {
    const value = object[key];
    if (value === undefined) {
      const set = saysMore(field.initial) ? field.initial : field.zero;
      if (set === undefined) continue;
      object[key] = isObject(set) ? filled(field.shape, {}) : set;
    } else if (field.omitsZero && field.shape.fields.size === 0 && isEmptyMap(field, value)) {
      delete object[key];
    }
  }
  return object;
}

/** A default of OpenAPI that is not just Go's zero: `protocol: TCP`. */
function saysMore(initial: Json | undefined): boolean {
  return initial !== undefined && !isObject(initial) && !isZero(initial);
}

function isEmptyMap(field: Field, value: Json): boolean {
  return field.shape.kind === 'object' && Object.keys(value as JsonObject).length === 0;
}
