/**
 * JSON as CEL sees it through a schema: integers are int, numbers double, date-time and duration their
 * types, names of fields escaped where CEL could not say them.
 * Never here: expressions.
 */
import { parse } from '@marcbachmann/cel-js';
import { isObject, own, put } from '../../json';
import type { Json, JsonObject } from '../../port';
import { type CustomSchema, isEmbedded, isIntOrString, othersOf } from '../custom/schema';

const reserved: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** @returns undefined for a name that no rule can reach. */
export function escapedName(name: string): string | undefined {
  if (reserved.has(name)) return `__${name}__`;
  const escaped = name
    .replace(/__/g, '__underscores__')
    .replace(/\./g, '__dot__')
    .replace(/-/g, '__dash__')
    .replace(/\//g, '__slash__');
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(escaped) ? escaped : undefined;
}

/** Of metadata a rule sees these alone. */
const metadataSchema: CustomSchema = {
  properties: { name: { type: 'string' }, generateName: { type: 'string' } },
};
const textSchema: CustomSchema = { type: 'string' };

export function celValue(value: Json, schema: CustomSchema | undefined, isRoot = false): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    const isDouble = schema?.type === 'number' || !Number.isInteger(value);
    return isDouble ? value : BigInt(value);
  }
  if (typeof value === 'string') return textValue(value, schema);
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item) => celValue(item, schema?.items));
  }
  return objectValue(value as JsonObject, schema, isRoot);
}

function textValue(text: string, schema: CustomSchema | undefined): unknown {
  if (schema === undefined || isIntOrString(schema)) return text;
  switch (schema.format) {
    case 'date':
    case 'date-time': {
      const time = new Date(text);
      return Number.isNaN(time.getTime()) ? text : time;
    }
    case 'duration':
      return durationOf(text) ?? text;
    case 'byte':
      return new Uint8Array(Buffer.from(text, 'base64'));
    default:
      return text;
  }
}

const toDuration = parse('duration(text)');

function durationOf(text: string): unknown {
  return /^([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$/.test(text) ? toDuration({ text }) : undefined;
}

function objectValue(
  object: JsonObject,
  schema: CustomSchema | undefined,
  isRoot: boolean,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const isResource = isRoot || (schema !== undefined && isEmbedded(schema));
  for (const [key, child] of Object.entries(object)) {
    const property = own(schema?.properties, key);
    if (isResource && (key === 'apiVersion' || key === 'kind')) {
      out[key] = celValue(child, textSchema);
    } else if (isResource && key === 'metadata' && isObject(child)) {
      const { name, generateName } = child;
      const said = { ...(name && { name }), ...(generateName && { generateName }) };
      out[key] = celValue(said, metadataSchema);
    } else if (property !== undefined) {
      const name = escapedName(key);
      const hidden = child === null && property.nullable === true; // null is absent to a rule
      if (name !== undefined && !hidden) out[name] = celValue(child, property);
    } else {
      const others = schema === undefined ? undefined : othersOf(schema);
      put(out, key, celValue(child, others));
    }
  }
  return out;
}
