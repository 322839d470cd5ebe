/**
 * A custom kind with every constraint and many rules, bad objects and changes of it; and bad definitions.
 * Never here: how they are sent.
 */
import type { JsonObject } from '../../../../src/local/api/port';

const text = { type: 'string', maxLength: 20 };
const rule = (expression: string, more: JsonObject = {}): JsonObject => ({
  rule: expression,
  ...more,
});
const ruled = (schema: JsonObject, ...rules: readonly JsonObject[]): JsonObject => ({
  ...schema,
  'x-kubernetes-validations': rules,
});
const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
});
const list = (items: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'array',
  items,
  ...more,
});

const spec = ruled(
  object({
    count: { type: 'integer', format: 'int32', minimum: 1, maximum: 5 },
    ratio: { type: 'number', exclusiveMinimum: true, minimum: 0, multipleOf: 0.5 },
    flag: { type: 'boolean' },
    mode: { type: 'string', enum: ['A', 'B'] },
    short: { type: 'string', minLength: 2, maxLength: 4 },
    word: { type: 'string', pattern: '^[a-z]+$' },
    when: { type: 'string', format: 'date-time' },
    few: list(text, { minItems: 1, maxItems: 2 }),
    unique: list(text, { 'x-kubernetes-list-type': 'set' }),
    named: list(
      object({ name: text, value: { type: 'integer', minimum: 0 } }, { required: ['name'] }),
      {
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
      },
    ),
    needs: object({ a: text, b: text }, { required: ['a', 'b'] }),
    map: {
      type: 'object',
      additionalProperties: { type: 'integer', maximum: 9 },
      maxProperties: 2,
    },
    either: { 'x-kubernetes-int-or-string': true },
    one: object({ a: text, b: text }, { oneOf: [{ required: ['a'] }, { required: ['b'] }] }),
    any: object({ a: text, b: text }, { anyOf: [{ required: ['a'] }, { required: ['b'] }] }),
    fixed: ruled({ type: 'string' }, rule('self == oldSelf', { message: 'is fixed' })),
    kept: ruled({ type: 'integer' }, rule('self > 10')),
    pair: ruled(
      object({ low: { type: 'integer' }, high: { type: 'integer' } }),
      rule('!has(self.low) || !has(self.high) || self.low <= self.high', {
        messageExpression: "self.low > 4 ? 'low is far above high' : 'low is above high'",
        fieldPath: '.low',
        reason: 'FieldValueForbidden',
      }),
    ),
    texts: ruled(
      list(text, { maxItems: 5 }),
      rule('self.all(x, x.startsWith("a"))', {
        reason: 'FieldValueRequired',
        message: 'all begin with a',
      }),
      rule('self.isSorted()', { message: 'must be sorted' }),
      rule('self.size() < 4 || self.join(",").matches("^[a-c,]+$")', { message: 'only a to c' }),
    ),
    size: ruled(text, rule("isQuantity(self) && quantity(self).isGreaterThan(quantity('1Gi'))")),
    link: ruled(
      text,
      rule("isURL(self) && url(self).getScheme() == 'https'", { message: 'needs https' }),
    ),
    'dashed-name': { type: 'integer' },
    grows: ruled(
      { type: 'integer' },
      rule('!oldSelf.hasValue() || self >= oldSelf.value()', {
        optionalOldSelf: true,
        message: 'only grows',
      }),
    ),
  }),
  rule("!has(self.mode) || self.mode != 'B' || has(self.flag)", { message: 'mode B needs a flag' }),
  rule('!has(self.dashed__dash__name) || self.dashed__dash__name < 3'),
  rule('!has(self.named) || self.named.exists_one(n, n.value == 1) || self.named.size() < 2'),
);

export const strictCrd: JsonObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'stricts.typed.gungnir.test' },
  spec: {
    group: 'typed.gungnir.test',
    scope: 'Namespaced',
    names: { plural: 'stricts', kind: 'Strict' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: ruled(
            object({ spec }),
            rule('self.metadata.name.size() < 20', { message: 'a shorter name' }),
          ),
        },
      },
    ],
  },
};

export interface CustomRow {
  readonly why: string;
  readonly spec: JsonObject;
  readonly name?: string;
  /** A merge patch of the spec. */
  readonly change?: JsonObject;
}

const many = (count: number) => Array.from({ length: count }, (_one, index) => `a${index}`);

export const customRows: readonly CustomRow[] = [
  { why: 'nothing', spec: {} },
  { why: 'a number too small', spec: { count: 0 } },
  { why: 'a number too great', spec: { count: 6 } },
  { why: 'a fraction', spec: { count: 1.5 } },
  { why: 'a text for a number', spec: { count: 'x' } },
  { why: 'an exclusive bound', spec: { ratio: 0 } },
  { why: 'no multiple', spec: { ratio: 0.7 } },
  { why: 'a text for a flag', spec: { flag: 'yes' } },
  { why: 'a number for a text', spec: { word: 5 } },
  { why: 'a list for an object', spec: { needs: [] } },
  { why: 'no such mode', spec: { mode: 'C' } },
  { why: 'too short', spec: { short: 'a' } },
  { why: 'too long', spec: { short: 'abcde' } },
  { why: 'no word', spec: { word: 'A1' } },
  { why: 'no time', spec: { when: 'now' } },
  { why: 'too few', spec: { few: [] } },
  { why: 'too many', spec: { few: ['a', 'b', 'c'] } },
  { why: 'twins of a set', spec: { unique: ['a', 'a', 'a'] } },
  { why: 'twins of a map', spec: { named: [{ name: 'a' }, { name: 'a' }] } },
  { why: 'required fields', spec: { needs: {} } },
  { why: 'a value of a map', spec: { map: { a: 10 } } },
  { why: 'too many of a map', spec: { map: { a: 1, b: 2, c: 3 } } },
  { why: 'neither number nor text', spec: { either: true } },
  { why: 'either', spec: { either: '5%' } },
  { why: 'none of one', spec: { one: {} } },
  { why: 'both of one', spec: { one: { a: 'x', b: 'x' } } },
  { why: 'none of any', spec: { any: {} } },
  { why: 'null for an item', spec: { few: [null] } },
  { why: 'null for a field', spec: { mode: null, needs: null } },
  { why: 'a rule of the object', spec: { mode: 'B' } },
  { why: 'a rule of an escaped name', spec: { 'dashed-name': 3 } },
  { why: 'a rule on the name', name: 'a-name-of-more-than-twenty', spec: {} },
  { why: 'a rule without a message', spec: { kept: 10 } },
  {
    why: 'a message that is computed, with a path and a reason',
    spec: { pair: { low: 5, high: 3 } },
  },
  { why: 'rules on a list', spec: { texts: ['b', 'a'] } },
  { why: 'a regular expression', spec: { texts: ['aa', 'ab', 'ac', 'ad'] } },
  { why: 'an amount', spec: { size: '1Gi' } },
  { why: 'no amount', spec: { size: 'much' } },
  { why: 'an amount that will do', spec: { size: '1.5Gi' } },
  { why: 'a link', spec: { link: 'http://a' } },
  { why: 'a rule on items that lack a field', spec: { named: [{ name: 'a' }, { name: 'b' }] } },
  { why: 'rules wait for the schema', spec: { kept: 1, mode: 'C' } },
  { why: 'fixed', spec: { fixed: 'a' }, change: { fixed: 'b' } },
  { why: 'fixed, but new', spec: {}, change: { fixed: 'b' } },
  { why: 'it grows', spec: { grows: 1 }, change: { grows: 2 } },
  { why: 'it shrinks', spec: { grows: 2 }, change: { grows: 1 } },
  { why: 'a change to something bad', spec: { count: 1 }, change: { count: 9 } },
  { why: 'many', spec: { texts: many(3) } },
];

export interface DefinitionRow {
  readonly why: string;
  /** Of the property `spec` of the schema. */
  readonly schema?: JsonObject;
  /** Over the spec of the definition. */
  readonly over?: JsonObject;
  readonly name?: string;
}

const version = { name: 'v1', served: true, storage: true };

export const definitionRows: readonly DefinitionRow[] = [
  { why: 'fine', schema: object({ a: text }) },
  { why: 'another name', name: 'others.typed.gungnir.test' },
  { why: 'no dot in the group', over: { group: 'typed' }, name: 'bads.typed' },
  { why: 'no scope', over: { scope: '' } },
  { why: 'no such scope', over: { scope: 'Global' } },
  { why: 'no schema', over: { versions: [version] } },
  {
    why: 'no stored version',
    over: {
      versions: [{ ...version, storage: false, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  },
  {
    why: 'a bad plural',
    over: { names: { plural: 'Bads', kind: 'Bad' } },
  },
  { why: 'no type', schema: { properties: { a: text } } },
  { why: 'no such type', schema: object({ a: { type: 'text' } }) },
  { why: 'a list without items', schema: object({ a: { type: 'array' } }) },
  { why: 'items without a type', schema: object({ a: { type: 'array', items: {} } }) },
  { why: 'properties and others', schema: object({ a: text }, { additionalProperties: text }) },
  { why: 'unique items', schema: object({ a: list(text, { uniqueItems: true }) }) },
  { why: 'a bad pattern', schema: object({ a: { type: 'string', pattern: '(' } }) },
  {
    why: 'a map without keys',
    schema: object({ a: list(object({ k: text }), { 'x-kubernetes-list-type': 'map' }) }),
  },
  {
    why: 'a key that is no property',
    schema: object({
      a: list(object({ k: text }), {
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['z'],
      }),
    }),
  },
  {
    why: 'a key that may be absent',
    schema: object({
      a: list(object({ k: text }), {
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['k'],
      }),
    }),
  },
  {
    why: 'a set of no list',
    schema: object({ a: { type: 'string', 'x-kubernetes-list-type': 'set' } }),
  },
  {
    why: 'no such list type',
    schema: object({ a: list(text, { 'x-kubernetes-list-type': 'bag' }) }),
  },
  { why: 'a default of the wrong type', schema: object({ a: { type: 'integer', default: 'x' } }) },
  {
    why: 'a default out of bounds',
    schema: object({ a: { type: 'integer', minimum: 3, default: 1 } }),
  },
  { why: 'an empty rule', schema: ruled(object({ a: text }), rule(' ')) },
  { why: 'a rule that names nothing', schema: ruled(object({ a: text }), rule('self.b == "x"')) },
  {
    why: 'a rule on an item that names nothing',
    schema: object({
      a: ruled(list(object({ k: text }), { maxItems: 3 }), rule('self.all(i, i.z == "x")')),
    }),
  },
  { why: 'a rule that is no bool', schema: ruled(object({ a: text }), rule('1 + 1')) },
  {
    why: 'no such reason',
    schema: ruled(object({ a: text }), rule('true', { reason: 'Because' })),
  },
  {
    why: 'a message of two lines',
    schema: ruled(object({ a: text }), rule('true', { message: 'a\nb' })),
  },
  {
    why: 'a column without a type',
    over: {
      versions: [
        {
          ...version,
          schema: { openAPIV3Schema: { type: 'object' } },
          additionalPrinterColumns: [{ name: 'A', jsonPath: '.spec.a', type: 'text' }],
        },
      ],
    },
  },
  {
    why: 'a scale of something else',
    over: {
      versions: [
        {
          ...version,
          schema: { openAPIV3Schema: { type: 'object' } },
          subresources: {
            status: {},
            scale: { specReplicasPath: '.status.a', statusReplicasPath: '' },
          },
        },
      ],
    },
  },
];

export function definitionOf({ schema = object({}), over = {}, name }: DefinitionRow): JsonObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: name ?? 'bads.typed.gungnir.test' },
    spec: {
      group: 'typed.gungnir.test',
      scope: 'Namespaced',
      names: { plural: 'bads', kind: 'Bad' },
      versions: [{ ...version, schema: { openAPIV3Schema: object({ spec: schema }) } }],
      ...over,
    },
  };
}
