/**
 * Definitions whose schema is not structural, or whose names and columns are none, each with a good twin.
 * Never here: the coarser faults, and how a row is sent (custom-rows.ts).
 */
import type { JsonObject } from '../../../../src/local/api/port';
import type { DefinitionRow } from './custom-rows';

const text = { type: 'string', maxLength: 20 };
const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
});
const version = { name: 'v1', served: true, storage: true };
const anything: JsonObject = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const a = (schema: JsonObject) => object({ a: schema });
const whole = (openAPIV3Schema: JsonObject) => ({
  versions: [{ ...version, schema: { openAPIV3Schema } }],
});
const columns = (...additionalPrinterColumns: readonly JsonObject[]) => ({
  versions: [{ ...version, schema: { openAPIV3Schema: anything }, additionalPrinterColumns }],
});
const keyed = (items: JsonObject, more: JsonObject = {}) =>
  a({
    type: 'array',
    items,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['k'],
    ...more,
  });
const ruled = (more: JsonObject) =>
  object({ a: text }, { 'x-kubernetes-validations': [{ rule: 'true', ...more }] });
const names = (more: JsonObject) => ({ names: { plural: 'bads', kind: 'Bad', ...more } });

interface Pair {
  readonly why: string;
  readonly bad: JsonObject;
  readonly fine: JsonObject;
}

const schemas: readonly Pair[] = [
  {
    why: 'an embedded resource of a text',
    bad: a({ type: 'string', 'x-kubernetes-embedded-resource': true }),
    fine: a({ ...anything, 'x-kubernetes-embedded-resource': true }),
  },
  {
    why: 'an embedded resource without a type',
    bad: a({ 'x-kubernetes-embedded-resource': true }),
    fine: a({ ...object({ spec: text }), 'x-kubernetes-embedded-resource': true }),
  },
  {
    why: 'a number or text that keeps all',
    bad: a({ 'x-kubernetes-int-or-string': true, 'x-kubernetes-preserve-unknown-fields': true }),
    fine: a({ 'x-kubernetes-int-or-string': true }),
  },
  {
    why: 'a number or text with a type',
    bad: a({ type: 'string', 'x-kubernetes-int-or-string': true }),
    fine: a({
      'x-kubernetes-int-or-string': true,
      anyOf: [{ type: 'integer' }, { type: 'string' }],
    }),
  },
  {
    why: 'what is not kept, said so',
    bad: a({ type: 'object', 'x-kubernetes-preserve-unknown-fields': false }),
    fine: a(anything),
  },
  {
    why: 'others that are forbidden',
    bad: a({ type: 'object', additionalProperties: false }),
    fine: a({ type: 'object', additionalProperties: true }),
  },
  {
    why: 'a map type of no type',
    bad: a({ 'x-kubernetes-map-type': 'atomic' }),
    fine: a({ type: 'object', 'x-kubernetes-map-type': 'atomic' }),
  },
  {
    why: 'a map type of a text',
    bad: a({ type: 'string', 'x-kubernetes-map-type': 'granular' }),
    fine: a({ type: 'object', 'x-kubernetes-map-type': 'granular' }),
  },
  {
    why: 'a map type that is none',
    bad: a({ type: 'object', 'x-kubernetes-map-type': 'loose' }),
    fine: a({ type: 'object' }),
  },
  {
    why: 'a list type without a type',
    bad: a({ 'x-kubernetes-list-type': 'set' }),
    fine: a({ type: 'array', items: text, 'x-kubernetes-list-type': 'set' }),
  },
  {
    why: 'keys of a set',
    bad: keyed(object({ k: text }, { required: ['k'] }), { 'x-kubernetes-list-type': 'set' }),
    fine: keyed(object({ k: text }, { required: ['k'] })),
  },
  {
    why: 'keys without a list type',
    bad: a({
      type: 'array',
      items: object({ k: text }, { required: ['k'] }),
      'x-kubernetes-list-map-keys': ['k'],
    }),
    fine: a({ type: 'array', items: object({ k: text }, { required: ['k'] }) }),
  },
  {
    why: 'keys of texts',
    bad: keyed(text),
    fine: keyed(object({ k: { type: 'integer' } }, { required: ['k'] })),
  },
  {
    why: 'a key that is an object',
    bad: keyed(object({ k: object({}) }, { required: ['k'] })),
    fine: keyed(object({ k: { type: 'boolean' } }, { required: ['k'] })),
  },
  {
    why: 'a key twice',
    bad: keyed(object({ k: text }, { required: ['k'] }), {
      'x-kubernetes-list-map-keys': ['k', 'k'],
    }),
    fine: keyed(object({ k: text, l: text }, { required: ['k', 'l'] }), {
      'x-kubernetes-list-map-keys': ['k', 'l'],
    }),
  },
  {
    why: 'a set of lists',
    bad: a({
      type: 'array',
      items: { type: 'array', items: text },
      'x-kubernetes-list-type': 'set',
    }),
    fine: a({
      type: 'array',
      items: { type: 'array', items: text, 'x-kubernetes-list-type': 'atomic' },
      'x-kubernetes-list-type': 'set',
    }),
  },
  {
    why: 'a set of objects',
    bad: a({ type: 'array', items: object({ k: text }), 'x-kubernetes-list-type': 'set' }),
    fine: a({
      type: 'array',
      items: object({ k: text }, { 'x-kubernetes-map-type': 'atomic' }),
      'x-kubernetes-list-type': 'set',
    }),
  },
  {
    why: 'a type inside of one of many',
    bad: a({ type: 'string', anyOf: [{ type: 'string' }] }),
    fine: a({ type: 'string', anyOf: [{ minLength: 1 }] }),
  },
  {
    why: 'words inside of one of many',
    bad: a({ type: 'string', oneOf: [{ description: 'x' }] }),
    fine: a({ type: 'string', oneOf: [{ maxLength: 3 }] }),
  },
  {
    why: 'a default inside of all',
    bad: a({ type: 'string', allOf: [{ default: 'x' }] }),
    fine: a({ type: 'string', default: 'x' }),
  },
  {
    why: 'null inside of none',
    bad: a({ type: 'string', not: { nullable: true } }),
    fine: a({ type: 'string', nullable: true, not: { maxLength: 3 } }),
  },
  {
    why: 'a property of one of many that is none of all',
    bad: object({ a: text }, { oneOf: [{ properties: { b: { minLength: 1 } } }] }),
    fine: object({ a: text }, { oneOf: [{ properties: { a: { minLength: 1 } } }] }),
  },
  {
    why: 'a default with a member that is unknown',
    bad: a({ ...object({ b: text }), default: { c: 'x' } }),
    fine: a({ ...object({ b: text }), default: { b: 'x' } }),
  },
  {
    why: 'two defaults that are wrong',
    bad: object({ a: { type: 'integer', default: 'x' }, b: { type: 'string', default: 1 } }),
    fine: object({ a: { type: 'integer', default: 1 }, b: { type: 'string', default: 'x' } }),
  },
  {
    why: 'a default whose members are wrong',
    bad: a({ ...object({ b: text, c: { type: 'integer' } }), default: { b: 1, c: 'x' } }),
    fine: a({ ...object({ b: text, c: { type: 'integer' } }), default: { b: 'x', c: 1 } }),
  },
  {
    why: 'a message of blanks',
    bad: ruled({ message: '  ' }),
    fine: ruled({ message: 'a' }),
  },
  {
    why: 'a rule of two lines without a message',
    bad: ruled({ rule: 'true\n&& true' }),
    fine: ruled({ rule: 'true\n&& true', message: 'a' }),
  },
  {
    why: 'a computed message that is no text',
    bad: ruled({ messageExpression: '1' }),
    fine: ruled({ messageExpression: '"a" + self.a' }),
  },
  {
    why: 'a computed message of what is not there',
    bad: ruled({ messageExpression: 'self.z' }),
    fine: ruled({ messageExpression: 'self.a' }),
  },
  {
    why: 'a former self that may be absent, without one',
    bad: ruled({ optionalOldSelf: true }),
    fine: ruled({ rule: 'oldSelf.hasValue() || self.a != ""', optionalOldSelf: true }),
  },
  {
    why: 'a path of what is not there',
    bad: ruled({ fieldPath: '.z' }),
    fine: ruled({ fieldPath: '.a' }),
  },
];

const specs: readonly Pair[] = [
  { why: 'a root of a text', bad: whole({ type: 'string' }), fine: whole({ type: 'object' }) },
  {
    why: 'a root that may be null',
    bad: whole({ type: 'object', nullable: true }),
    fine: whole({ type: 'object', nullable: false }),
  },
  {
    why: 'a root of other properties',
    bad: whole({ type: 'object', additionalProperties: text }),
    fine: whole(anything),
  },
  {
    why: 'a bad short name',
    bad: names({ shortNames: ['A_'] }),
    fine: names({ shortNames: ['a'] }),
  },
  {
    why: 'a bad singular',
    bad: names({ singular: 'A_' }),
    fine: names({ singular: 'bad' }),
  },
  { why: 'a bad kind', bad: names({ kind: 'B_' }), fine: names({ kind: 'Bed' }) },
  {
    why: 'a list named as its items',
    bad: names({ listKind: 'Bad' }),
    fine: names({ listKind: 'Bads' }),
  },
  { why: 'no kind', bad: names({ kind: '' }), fine: names({ categories: ['all'] }) },
  {
    why: 'a bad category',
    bad: names({ categories: ['A_'] }),
    fine: names({ categories: ['a-b'] }),
  },
  {
    why: 'a column without a name',
    bad: columns({ type: 'string', jsonPath: '.a' }),
    fine: columns({ name: 'A', type: 'string', jsonPath: '.a' }),
  },
  {
    why: 'a column of no type',
    bad: columns({ name: 'A', type: '', jsonPath: '.a' }),
    fine: columns({ name: 'A', type: 'number', jsonPath: '.a' }),
  },
  {
    why: 'a column without a path',
    bad: columns({ name: 'A', type: 'string', jsonPath: '' }),
    fine: columns({ name: 'A', type: 'date', jsonPath: '.metadata.creationTimestamp' }),
  },
  {
    why: 'a column of a format that is none',
    bad: columns({ name: 'A', type: 'string', jsonPath: '.a', format: 'name' }),
    fine: columns({ name: 'A', type: 'integer', jsonPath: '.a', format: 'int32' }),
  },
  {
    why: 'a version of a bad name',
    bad: { versions: [{ ...version, name: 'V_', schema: { openAPIV3Schema: anything } }] },
    fine: { versions: [{ ...version, name: 'v2beta3', schema: { openAPIV3Schema: anything } }] },
  },
  {
    why: 'two versions of one name',
    bad: {
      versions: [true, false].map((storage) => ({
        ...version,
        storage,
        schema: { openAPIV3Schema: anything },
      })),
    },
    fine: {
      versions: [true, false].map((storage) => ({
        name: storage ? 'v1' : 'v2',
        served: true,
        storage,
        schema: { openAPIV3Schema: anything },
      })),
    },
  },
  {
    why: 'a scale without its paths',
    bad: scaled({}),
    fine: scaled({ specReplicasPath: '.spec.n', statusReplicasPath: '.status.n' }),
  },
  {
    why: 'a scale by the status of a spec',
    bad: scaled({ specReplicasPath: '.spec.n', statusReplicasPath: '.spec.n' }),
    fine: scaled({
      specReplicasPath: '.spec.n',
      statusReplicasPath: '.status.n',
      labelSelectorPath: '.status.s',
    }),
  },
];

function scaled(scale: JsonObject): JsonObject {
  return {
    versions: [
      { ...version, schema: { openAPIV3Schema: anything }, subresources: { status: {}, scale } },
    ],
  };
}

export const structuralRows: readonly DefinitionRow[] = [
  ...schemas.flatMap(({ why, bad, fine }) => [
    { why, schema: bad },
    { why: `not so: ${why}`, schema: fine },
  ]),
  ...specs.flatMap(({ why, bad, fine }) => [
    { why, over: bad },
    { why: `not so: ${why}`, over: fine },
  ]),
];
