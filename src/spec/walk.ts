/**
 * A value against a structural schema, exactly as the API server reads it, except that every problem
 * is told, with a remedy and the nearest known name. Never here: rules across fields (rules.ts).
 */
import { unreachable } from '../kit/assert';
import { wordsOf } from './patterns';
import type { Problem } from './problem';
import { join, quoted } from './problem';
import { isNode } from './rules';
import type { StructuralSchema } from './structural';
import { nearest } from './suggest';

/** @returns every way in which the value breaks the schema, in the order of its fields. */
export function walk(schema: StructuralSchema, value: unknown, path: string): readonly Problem[] {
  if (schema['x-kubernetes-int-or-string'] === true) return intOrString(schema, value, path);
  const { type } = schema;
  switch (type) {
    case 'object':
      return isNode(value) ? fields(schema, value, path) : wrongType(schema, value, path);
    case 'array':
      return Array.isArray(value) ? items(schema, value, path) : wrongType(schema, value, path);
    case 'string':
      return typeof value === 'string' ? text(schema, value, path) : wrongType(schema, value, path);
    case 'integer':
      return Number.isInteger(value)
        ? range(schema, Number(value), path)
        : wrongType(schema, value, path);
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrongType(schema, value, path);
    case undefined:
      return [];
    default:
      return unreachable(type);
  }
}

/** The API server drops a null from a known field before it looks at anything else (tried on 1.34). */
export function withoutNulls(schema: StructuralSchema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const { items: inner } = schema;
    return inner === undefined ? value : value.map((item) => withoutNulls(inner, item));
  }
  if (!isNode(value)) return value;
  const entries = Object.entries(value).flatMap(([key, field]) => {
    const inner = schema.properties?.[key] ?? schema.additionalProperties;
    if (inner === undefined) return [[key, field]];
    return field === null ? [] : [[key, withoutNulls(inner, field)]];
  });
  return Object.fromEntries(entries);
}

function fields(
  schema: StructuralSchema,
  value: Readonly<Record<string, unknown>>,
  path: string,
): readonly Problem[] {
  const { properties, additionalProperties, required = [] } = schema;
  const present = Object.entries(value).filter(([, field]) => field !== undefined);
  const missing = required
    .filter((key) => value[key] === undefined)
    .map(
      (key): Problem => ({
        path: join(path, key),
        value: 'absent',
        limit: 'is required',
        remedy: `add ${key}`,
      }),
    );
  const inside = present.flatMap(([key, field]) => {
    const own = properties !== undefined && Object.hasOwn(properties, key);
    const inner = own ? properties[key] : additionalProperties;
    return inner === undefined
      ? [unknownField(schema, key, field, path)]
      : walk(inner, field, join(path, key));
  });
  return [
    ...missing,
    ...count('entries', present.length, 0, schema.maxProperties, value, path),
    ...inside,
  ];
}

function items(
  schema: StructuralSchema,
  value: readonly unknown[],
  path: string,
): readonly Problem[] {
  const { items: inner, minItems, maxItems } = schema;
  return [
    ...count('items', value.length, minItems, maxItems, value, path),
    ...(inner === undefined
      ? []
      : value.flatMap((item, place) => walk(inner, item, join(path, place)))),
  ];
}

function unknownField(
  schema: StructuralSchema,
  key: string,
  value: unknown,
  path: string,
): Problem {
  const known = Object.keys(schema.properties ?? {});
  const hint = nearest(key, known);
  return {
    path: join(path, key),
    value: quoted(value),
    limit: 'is not a known field',
    remedy:
      hint === undefined
        ? `remove it; known here: ${known.join(', ')}`
        : `did you mean \`${hint}\``,
  };
}

function text(schema: StructuralSchema, value: string, path: string): readonly Problem[] {
  const { pattern, minLength, maxLength } = schema;
  if (schema.enum !== undefined && !schema.enum.includes(value))
    return [notAChoice(schema.enum, value, path)];
  const lengths = count('characters', [...value].length, minLength, maxLength, value, path);
  if (lengths.length > 0 || pattern === undefined || new RegExp(pattern).test(value))
    return lengths;
  const { limit, remedy } = wordsOf(pattern);
  return [{ path, value: quoted(value), limit, remedy }];
}

function notAChoice(choices: readonly string[], value: string, path: string): Problem {
  const hint = nearest(value, choices);
  const remedy = hint === undefined ? 'choose one of them' : `did you mean \`${hint}\``;
  return { path, value: quoted(value), limit: `must be one of ${choices.join(', ')}`, remedy };
}

function range(schema: StructuralSchema, value: number, path: string): readonly Problem[] {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  if (value >= minimum && value <= maximum) return [];
  const limit = value < minimum ? `must be at least ${minimum}` : `must be at most ${maximum}`;
  return [
    {
      path,
      value: quoted(value),
      limit,
      remedy: `choose a whole number from ${minimum} to ${maximum}`,
    },
  ];
}

function count(
  what: string,
  is: number,
  least: number | undefined,
  most: number | undefined,
  value: unknown,
  path: string,
): readonly Problem[] {
  if (least !== undefined && is < least) {
    return [
      {
        path,
        value: quoted(value),
        limit: `must have at least ${least} ${what}`,
        remedy: 'give a value',
      },
    ];
  }
  if (most !== undefined && is > most) {
    return [
      {
        path,
        value: quoted(value),
        limit: `must have at most ${most} ${what}`,
        remedy: `remove ${is - most}`,
      },
    ];
  }
  return [];
}

/** A pattern is for the text only; rules.ts says what a number may be. */
function intOrString(schema: StructuralSchema, value: unknown, path: string): readonly Problem[] {
  if (Number.isInteger(value)) return [];
  if (typeof value === 'string') return text(schema, value, path);
  return [
    {
      path,
      value: quoted(value),
      limit: 'must be a whole number or a quantity in quotes',
      remedy:
        typeof value === 'number'
          ? `write it in quotes: "${value}"`
          : 'write it as "500m" or "1Gi"',
    },
  ];
}

const typeWords = {
  object: 'a map of fields',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  boolean: 'true or false',
} as const;

function wrongType(
  { type = 'string' }: StructuralSchema,
  value: unknown,
  path: string,
): readonly Problem[] {
  return [
    {
      path,
      value: quoted(value),
      limit: `must be ${typeWords[type]}`,
      remedy: typeRemedy(type, value),
    },
  ];
}

function typeRemedy(type: keyof typeof typeWords, value: unknown): string {
  if (value === null) return 'give it a value, or remove the line';
  if (type === 'string' && typeof value !== 'object')
    return `write it in quotes: "${String(value)}"`;
  if (type === 'array') return 'write each entry on a line of its own after `- `';
  return `write ${typeWords[type]}`;
}
