/**
 * The strict post-processor: zod's JSON Schema, made structural as apiextensions.k8s.io/v1 wants it.
 * Strict: a keyword that it does not know is an error, never dropped in silence.
 * Never here: rules in CEL (crd.ts).
 */
import * as z from 'zod';
import { assert } from '../../kit/assert';
import type { StructuralSchema } from '../structural';

/** Descriptions by struct and member: `docs['SentinelSpec']['downAfterMs']`. */
export type Docs = Readonly<Record<string, Readonly<Record<string, string>>>>;

type Json = Readonly<Record<string, unknown>>;

/** @throws AssertionError for a keyword that has no structural twin, or a member without a comment. */
export function structuralOf(schema: z.ZodType, docs: Docs): StructuralSchema {
  const json = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    unrepresentable: 'any',
  });
  return convert(json as Json, docs, '$');
}

/** What passes as it stands. */
const PASSED = [
  'type',
  'default',
  'enum',
  'minLength',
  'maxLength',
  'pattern',
  'maxItems',
  'minItems',
  'maxProperties',
  'required',
];
/** What is translated below, or is our own `meta`. */
const TRANSLATED = [
  'properties',
  'additionalProperties',
  'items',
  'minimum',
  'maximum',
  'format',
  'struct',
  'intOrString',
  'listType',
  'listMapKeys',
  'propertyNames',
];

function convert(json: Json, docs: Docs, path: string): StructuralSchema {
  for (const keyword of Object.keys(json)) {
    assert(
      PASSED.includes(keyword) || TRANSLATED.includes(keyword),
      `${path}: no structural twin of ${keyword}`,
    );
  }
  const passed = Object.fromEntries(
    PASSED.filter((key) => key in json).map((key) => [key, json[key]]),
  );
  return {
    ...passed,
    ...defaults(json),
    ...pattern(json, path),
    ...numbers(json),
    ...lists(json, docs, path),
    ...maps(json, docs, path),
    ...markers(json),
  };
}

/** The API server runs the rules on a default before it fills in the defaults below it. */
function defaults(json: Json): StructuralSchema {
  const whole = json.default;
  return typeof whole === 'object' && whole !== null ? { default: filled(json) } : {};
}

function filled({ properties }: Json): Json {
  const entries = Object.entries((properties ?? {}) as Readonly<Record<string, Json>>);
  return Object.fromEntries(
    entries.flatMap(([key, inner]) => {
      const value = inner.default;
      return value === undefined ? [] : [[key, typeof value === 'object' ? filled(inner) : value]];
    }),
  );
}

/** JavaScript prints a slash as `\/`; a bare one is the same for both. */
function pattern({ pattern: source }: Json, path: string): StructuralSchema {
  if (typeof source !== 'string') return {};
  assert(!source.includes('(?'), `${path}: RE2 knows no look-ahead`);
  return { pattern: source.replaceAll('\\/', '/') };
}

/** Bounds that only say "a safe integer" are dropped; what fits 32 bits is int32. */
function numbers({ type, minimum, maximum, format }: Json): StructuralSchema {
  const date = format === 'date-time' ? { format: 'date-time' as const } : {};
  if (type !== 'integer') return date;
  const least = bound(minimum, Number.MIN_SAFE_INTEGER);
  const most = bound(maximum, Number.MAX_SAFE_INTEGER);
  return {
    format: format === 'int64' ? 'int64' : 'int32',
    ...(least === undefined ? {} : { minimum: least }),
    ...(most === undefined ? {} : { maximum: most }),
  };
}

function bound(value: unknown, meaningless: number): number | undefined {
  return typeof value === 'number' && value !== meaningless ? value : undefined;
}

function lists({ items }: Json, docs: Docs, path: string): StructuralSchema {
  return items === undefined ? {} : { items: convert(items as Json, docs, `${path}[]`) };
}

function maps(
  { properties, additionalProperties, struct }: Json,
  docs: Docs,
  path: string,
): StructuralSchema {
  if (properties !== undefined) {
    const words = docs[String(struct)];
    assert(words !== undefined, `${path}: no struct named ${String(struct)}`);
    const entries = Object.entries(properties as Readonly<Record<string, Json>>).map(
      ([key, inner]) => {
        const description = words[key];
        assert(
          description !== undefined,
          `${path}.${key}: ${String(struct)}.${key} has no comment`,
        );
        return [key, { description, ...convert(inner, docs, `${path}.${key}`) }];
      },
    );
    return { properties: Object.fromEntries(entries) };
  }
  if (typeof additionalProperties !== 'object') return {};
  return { additionalProperties: convert(additionalProperties as Json, docs, `${path}{}`) };
}

function markers({ intOrString, listType, listMapKeys }: Json): StructuralSchema {
  return {
    ...(intOrString === true ? { 'x-kubernetes-int-or-string': true } : {}),
    ...(listType === 'atomic' ? { 'x-kubernetes-list-type': 'atomic' } : {}),
    ...(Array.isArray(listMapKeys)
      ? { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': listMapKeys.map(String) }
      : {}),
  };
}
