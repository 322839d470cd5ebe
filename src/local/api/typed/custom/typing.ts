/**
 * The Typing of one version of a custom resource: schema, rules and ownership put together.
 * Never here: any of these.
 */
import { at, isObject } from '../../json';
import type { JsonObject } from '../../port';
import type { Cause, Refusal, Strictness, Typed, Typing } from '../../typing';
import { hasRules, ruleFaults } from '../cel/rules';
import { decode } from '../decode';
import { invalid } from '../fault';
import { applying } from '../ownership/applying';
import { tracked } from '../ownership/tracked';
import { builtinShape, objectMetaName } from '../shape';
import { listTypeFaults } from './list-types';
import { defaulted, pruned, withoutNulls } from './prune';
import { type CustomSchema, customShape } from './schema';
import { schemaFaults } from './validate';

export interface CustomKind {
  readonly definition: string;
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly schema: CustomSchema;
  /** `.spec.replicas`; '' without a scale. */
  readonly replicas: string;
}

const unchecked =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

const blocking: ReadonlySet<string> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

export function customTyping(custom: CustomKind): Typing {
  const { definition, kind, group, version, schema } = custom;
  const shape = customShape(schema, definition);
  const empty = { apiVersion: `${group}/${version}`, kind };
  const defaultedBy = (object: JsonObject) => brought(schema, object);
  const validate = (old: JsonObject | undefined, object: JsonObject) =>
    faultsOf(custom, old, object);
  return {
    definition,
    decode: (input, strictness) => decodedBy(custom, input, strictness, 'absent'),
    defaulted: defaultedBy,
    validateCreate: (object) => validate(undefined, object),
    validateUpdate: (old, object) => validate(old, object),
    strategicPatch: () => ({
      kind: 'refused',
      code: 415,
      reason: 'UnsupportedMediaType',
      message:
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    }),
    apply: (live, config, writer, force, strictness) =>
      applying({
        shape,
        live,
        config,
        writer,
        empty,
        strictness,
        force,
        finish: (object) => decodedBy(custom, object, 'Ignore', 'kept'),
      }),
    trackUpdate: (live, object, writer) => tracked(shape, live, object, writer, empty),
    strategic: 'no',
  };
}

function brought(schema: CustomSchema, object: JsonObject): JsonObject {
  const clean = withoutNulls(object, schema);
  return defaulted(clean, schema) as JsonObject;
}

/** @param nulls where null is not allowed: absent in what a client sent, kept in what an apply has made. */
function decodedBy(
  custom: CustomKind,
  input: JsonObject,
  strictness: Strictness,
  nulls: 'absent' | 'kept',
): Typed | Refusal {
  const { kind, version, schema } = custom;
  const metadata = isObject(input.metadata) ? input.metadata : {};
  const meta = decode(builtinShape(objectMetaName), metadata, 'metadata');
  const prefix = `${kind} in version "${version}" cannot be handled as a ${kind}:`;
  const refuse = (message: string): Refusal => ({
    kind: 'refused',
    code: 400,
    reason: 'BadRequest',
    message,
  });
  if (meta.fault !== undefined) return refuse(`${prefix} ${meta.fault}`);
  const unknown: string[] = [];
  const clean = pruned(input, schema, unknown);
  const told = [...meta.unknown, ...unknown.sort()].map((path) => `unknown field "${path}"`);
  if (strictness === 'Strict' && told.length > 0) {
    return refuse(`${prefix} strict decoding error: ${told.join(', ')}`);
  }
  const whole = { ...clean, metadata: meta.value };
  return {
    kind: 'object',
    object: (nulls === 'absent' ? brought(schema, whole) : defaulted(whole, schema)) as JsonObject,
    warnings: strictness === 'Warn' ? told : [],
  };
}

/** The number that a scale shows (apiextensions-apiserver, ValidateScaleSpec). */
function scaleFaults(path: string, object: JsonObject): readonly Cause[] {
  if (path === '') return [];
  const value = at(object, ...path.replace(/^\./, '').split('.'));
  if (value === undefined) return [];
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    const is = typeof value === 'number' ? 'float64' : typeof value;
    const why = `${path} accessor error: ${String(value)} is of the type ${is}, expected int64`;
    return [invalid(path, 0, why)];
  }
  const limit = 2 ** 31 - 1;
  if (value < 0) return [invalid(path, value, 'should be a non-negative integer')];
  return value > limit ? [invalid(path, value, `should be less than or equal to ${limit}`)] : [];
}

function faultsOf(
  { schema, replicas }: CustomKind,
  old: JsonObject | undefined,
  object: JsonObject,
): readonly Cause[] {
  const lists =
    old === undefined || listTypeFaults(schema, old, '').length === 0
      ? listTypeFaults(schema, object, '')
      : [];
  const scaled = scaleFaults(replicas, object);
  const faults = [...schemaFaults(schema, object, '', old), ...lists, ...scaled];
  if (!hasRules(schema)) return faults;
  if (faults.some(({ reason }) => blocking.has(reason))) {
    return [...faults, invalid('', null, unchecked)];
  }
  return [...faults, ...ruleFaults(schema, object, old)];
}
