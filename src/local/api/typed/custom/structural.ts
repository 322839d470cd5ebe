/**
 * Whether a schema of a CRD is structural, in the words of apiextensions: every value has a type, nothing
 * is said twice, lists and maps say what they need, rules compile, defaults fit.
 * Never here: the rest of a CRD (definition.ts).
 */
import { same } from '../../json';
import type { Json, JsonObject } from '../../port';
import type { Cause } from '../../typing';
import { compileFault } from '../cel/check';
import { ruleFaults } from '../cel/rules';
import { forbidden, invalid, invalidStruct, notSupported, required } from '../fault';
import { junctorFaults } from './junctors';
import { patternOf } from './pattern';
import { defaulted, pruned } from './prune';
import {
  type CustomRule,
  type CustomSchema,
  isEmbedded,
  isIntOrString,
  isPreserving,
} from './schema';
import { schemaFaults } from './validate';

type Causes = readonly Cause[];
type Level = 'root' | 'field' | 'item';

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

export function structuralFaults(schema: CustomSchema, path: string, level: Level): Causes {
  const { items, properties = {}, additionalProperties } = schema;
  const inner = Object.entries(properties).flatMap(([key, one]) =>
    structuralFaults(one, `${path}.properties[${key}]`, 'field'),
  );
  return [
    ...typeFaults(schema, path, level),
    ...mapFaults(schema, path, level),
    ...listFaults(schema, path),
    ...valueFaults(schema, path),
    ...junctorFaults(schema, path),
    ...ruleTextFaults(schema, path, level),
    ...defaultFaults(schema, path),
    ...(items === undefined ? [] : structuralFaults(items, `${path}.items`, 'item')),
    ...inner,
    ...(typeof additionalProperties === 'object'
      ? structuralFaults(additionalProperties, `${path}.additionalProperties`, 'field')
      : []),
  ];
}

const emptyType: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

function typeFaults(schema: CustomSchema, path: string, level: Level): Causes {
  const { type = '' } = schema;
  const at = `${path}.type`;
  const faults: Cause[] = [];
  if (type !== '' && !types.includes(type)) faults.push(notSupported(at, type, types));
  if (isEmbedded(schema) && type !== 'object') {
    const text = 'must be object if x-kubernetes-embedded-resource is true';
    faults.push(type === '' ? required(at, text) : invalid(at, type, text));
  } else if (type === '' && !isIntOrString(schema) && !isPreserving(schema)) {
    faults.push(required(at, emptyType[level]));
  }
  const hasNone = Object.keys(schema.properties ?? {}).length === 0;
  if (isEmbedded(schema) && !isPreserving(schema) && hasNone) {
    const text =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    faults.push(required(`${path}.properties`, text));
  }
  if (level === 'root' && type !== '' && type !== 'object') {
    faults.push(invalid(at, type, 'must be object at the root'));
  }
  if (level === 'root' && schema.nullable === true) {
    faults.push(forbidden(`${path}.nullable`, 'nullable cannot be true at the root'));
  }
  if (isIntOrString(schema) && isPreserving(schema)) {
    const text = 'must be false if x-kubernetes-int-or-string is true';
    faults.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, true, text));
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    const key = `${path}.x-kubernetes-preserve-unknown-fields`;
    faults.push(invalid(key, false, 'must be true or undefined'));
  }
  return faults;
}

function mapFaults(schema: CustomSchema, path: string, level: Level): Causes {
  const others = schema.additionalProperties;
  const at = `${path}.additionalProperties`;
  const faults: Cause[] = [];
  if (others !== undefined && level === 'root') {
    faults.push(forbidden(at, 'must not be used at the root'));
  }
  if (others !== undefined && Object.keys(schema.properties ?? {}).length > 0) {
    faults.push(forbidden(at, 'additionalProperties and properties are mutual exclusive'));
  }
  const mapType = schema['x-kubernetes-map-type'];
  if (mapType === undefined) return faults;
  const text = 'must be object if x-kubernetes-map-type is specified';
  if (schema.type === undefined) faults.push(required(`${path}.type`, text));
  else if (schema.type !== 'object') faults.push(invalid(`${path}.type`, schema.type, text));
  if (mapType !== 'atomic' && mapType !== 'granular') {
    faults.push(notSupported(`${path}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']));
  }
  return faults;
}

const scalars: ReadonlySet<string> = new Set(['string', 'integer', 'number', 'boolean']);

function listFaults(schema: CustomSchema, path: string): Causes {
  const { items, type } = schema;
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const at = `${path}.x-kubernetes-list-type`;
  const faults: Cause[] = [];
  if (type === 'array' && items === undefined) {
    faults.push(required(`${path}.items`, 'must be specified'));
  }
  if (listType !== undefined && type !== 'array') {
    const text = 'must be array if x-kubernetes-list-type is specified';
    faults.push(
      type === undefined ? required(`${path}.type`, text) : invalid(`${path}.type`, type, text),
    );
  }
  if (listType !== undefined && !['atomic', 'set', 'map'].includes(listType)) {
    faults.push(notSupported(at, listType, ['atomic', 'set', 'map']));
  }
  if (keys.length > 0 && listType !== 'map') {
    const text = 'must be map if x-kubernetes-list-map-keys is non-empty';
    faults.push(listType === undefined ? required(at, text) : invalid(at, listType, text));
  }
  if (listType === 'set' && items?.type === 'object') {
    const mapType = items['x-kubernetes-map-type'];
    const text = 'must be atomic as item of a list with x-kubernetes-list-type=set';
    if (mapType !== 'atomic')
      faults.push(invalid(`${path}.items.x-kubernetes-map-type`, mapType ?? null, text));
  }
  return listType === 'map' ? [...faults, ...mapKeyFaults(schema, keys, path)] : faults;
}

function mapKeyFaults(schema: CustomSchema, keys: readonly string[], path: string): Causes {
  const { items } = schema;
  const at = `${path}.x-kubernetes-list-map-keys`;
  if (keys.length === 0) {
    return [required(at, 'must not be empty if x-kubernetes-list-type is map')];
  }
  if (items === undefined) {
    return [required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map')];
  }
  const faults: Cause[] = [];
  if (items.type !== 'object') {
    const text = "must be object if parent array's x-kubernetes-list-type is map";
    return [invalid(`${path}.items.type`, items.type ?? '', text)];
  }
  if (new Set(keys).size < keys.length) {
    faults.push(invalid(at, [...keys], 'must not contain duplicate entries'));
  }
  for (const key of keys) {
    const property = items.properties?.[key];
    const own = `${path}.items.properties[${key}]`;
    if (property === undefined) {
      faults.push(invalid(at, [...keys], 'entries must all be names of item properties'));
      continue;
    }
    if (!scalars.has(property.type ?? '')) {
      const text = "must be a scalar type if parent array's x-kubernetes-list-type is map";
      faults.push(invalid(`${own}.type`, items.type ?? '', text));
    }
    if (property.default === undefined && items.required?.includes(key) !== true) {
      const text =
        'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
      faults.push(required(`${own}.default`, text));
    }
  }
  return faults;
}

function valueFaults(schema: CustomSchema, path: string): Causes {
  const faults: Cause[] = [];
  if (schema.uniqueItems === true) {
    const text = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    faults.push(forbidden(`${path}.uniqueItems`, text));
  }
  for (const key of ['$ref', 'id', 'patternProperties', 'definitions', 'dependencies']) {
    if ((schema as unknown as JsonObject)[key] === undefined) continue;
    faults.push(forbidden(`${path}.${key}`, `${key} is not supported`));
  }
  if (schema.pattern !== undefined && schema.pattern !== '') {
    const test = patternOf(schema.pattern);
    if (typeof test === 'string') {
      const text = `must be a valid regular expression, but isn't: ${test}`;
      faults.push(invalid(`${path}.pattern`, schema.pattern, text));
    }
  }
  return faults;
}

const reasons = [
  'FieldValueDuplicate',
  'FieldValueForbidden',
  'FieldValueInvalid',
  'FieldValueRequired',
];

function ruleTextFaults(schema: CustomSchema, path: string, level: Level): Causes {
  const rules = schema['x-kubernetes-validations'] ?? [];
  return rules.flatMap((rule, index): Causes => {
    const at = `${path}.x-kubernetes-validations[${index}]`;
    const faults: Cause[] = [];
    if (rule.rule.trim() === '') return [required(`${at}.rule`, 'rule is not specified')];
    const { message, reason } = rule;
    if (message !== undefined && message !== '' && message.trim() === '') {
      faults.push(invalid(`${at}.message`, message, 'must be non-empty if specified'));
    } else if (message?.trim().includes('\n') === true) {
      faults.push(invalid(`${at}.message`, message, 'must not contain line breaks'));
    } else if (rule.rule.trim().includes('\n') && (message ?? '') === '') {
      const text = 'message must be specified if rule contains line breaks';
      faults.push(required(`${at}.message`, text));
    }
    if (reason !== undefined && !reasons.includes(reason)) {
      faults.push(notSupported(`${at}.reason`, reason, reasons));
    }
    const isRoot = level === 'root' || isEmbedded(schema);
    const oldSelf = rule.optionalOldSelf === true ? 'optional' : 'present';
    const compiled = compileFault(rule.rule, schema, isRoot, 'bool', oldSelf);
    if (compiled !== undefined) faults.push(invalidStruct(`${at}.rule`, goRule(rule), compiled));
    if (rule.messageExpression !== undefined && rule.messageExpression !== '') {
      const told = compileFault(rule.messageExpression, schema, isRoot, 'string', oldSelf);
      if (told !== undefined) {
        faults.push(
          invalidStruct(
            `${at}.messageExpression`,
            goRule(rule),
            told.startsWith('messageExpression') ? told : `messageExpression ${told}`,
          ),
        );
      }
    }
    if (rule.optionalOldSelf !== undefined && !/\boldSelf\b/.test(rule.rule)) {
      const text = 'may not be set if oldSelf is not used in rule';
      faults.push(invalid(`${at}.optionalOldSelf`, rule.optionalOldSelf, text));
    }
    if (rule.fieldPath !== undefined && leadsNowhere(schema, rule.fieldPath)) {
      faults.push(invalid(`${at}.fieldPath`, rule.fieldPath, 'must be a valid path'));
    }
    return faults;
  });
}

/** Judged where it is made of plain members alone. */
function leadsNowhere(schema: CustomSchema, fieldPath: string): boolean {
  if (!/^(\.\w+)+$/.test(fieldPath)) return false;
  let place: CustomSchema | undefined = schema;
  for (const name of fieldPath.slice(1).split('.')) {
    const others: CustomSchema['additionalProperties'] = place?.additionalProperties;
    place = place?.properties?.[name] ?? (typeof others === 'object' ? others : undefined);
  }
  return place === undefined;
}

function goRule(rule: CustomRule): JsonObject {
  return {
    Rule: rule.rule,
    Message: rule.message ?? '',
    MessageExpression: rule.messageExpression ?? '',
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? '',
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  };
}

/** A default is pruned, complete and valid by itself. */
function defaultFaults(schema: CustomSchema, path: string): Causes {
  const value = schema.default;
  if (value === undefined || value === null) return [];
  const at = `${path}.default`;
  const unknown: string[] = [];
  if (typeof value === 'object' && !Array.isArray(value))
    pruned(value as JsonObject, schema, unknown);
  if (unknown.length > 0) return [invalid(at, value, 'must not have unknown fields')];
  const whole: Json = defaulted(value, schema);
  const faults = schemaFaults(schema, whole, '', undefined);
  const rules = faults.length > 0 ? [] : ruleFaults(schema, whole, undefined, '', false);
  const told = [...faults, ...rules].map((one) => ({
    ...one,
    field: one.field === '<nil>' ? at : `${at}.${one.field}`,
  }));
  return same(whole, value) || told.length === 0 ? told : told.slice(0, 1);
}
