/**
 * `x-kubernetes-validations`: each rule of a schema on each value it stands at. Transition rules run
 * where there is an old value; a rule without oldSelf that fails on what has not changed is not told.
 * Never here: the language (program.ts).
 */
import { Optional } from '@marcbachmann/cel-js';
import { isObject, same } from '../../json';
import type { Json } from '../../port';
import type { Cause } from '../../typing';
import {
  type CustomRule,
  type CustomSchema,
  correlated,
  correlatedKey,
  othersOf,
} from '../custom/schema';
import { duplicate, forbidden, invalid, required } from '../fault';
import { evaluationFault, type OldSelf, programOf } from './program';
import { celValue } from './values';

/** @param path '' for the whole object. @param old undefined: there is none, or it cannot be told which. */
export function ruleFaults(
  schema: CustomSchema,
  value: Json | undefined,
  old: Json | undefined,
  path = '',
  isRoot = true,
): readonly Cause[] {
  if (value === undefined || value === null || !hasRules(schema)) return [];
  const own = ownFaults(schema, value, old ?? undefined, path, isRoot);
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return own;
    const inner = (value as readonly Json[]).flatMap((item, index) =>
      ruleFaults(items, item, correlated(schema, old, item), `${path}[${index}]`, false),
    );
    return [...own, ...inner];
  }
  if (!isObject(value)) return own;
  const others = othersOf(schema);
  const inner = Object.entries(value).flatMap(([key, child]) => {
    const before = correlatedKey(schema, old, key);
    const property = schema.properties?.[key];
    if (property !== undefined) {
      return ruleFaults(property, child, before, path === '' ? key : `${path}.${key}`, false);
    }
    return others === undefined ? [] : ruleFaults(others, child, before, `${path}[${key}]`, false);
  });
  return [...own, ...inner];
}

const ruled = new WeakMap<CustomSchema, boolean>();

/** Here or below. */
export function hasRules(schema: CustomSchema): boolean {
  const before = ruled.get(schema);
  if (before !== undefined) return before;
  const inner = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.items === undefined ? [] : [schema.items]),
    ...(typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []),
  ];
  const own = (schema['x-kubernetes-validations'] ?? []).length > 0;
  const found = own || inner.some(hasRules);
  ruled.set(schema, found);
  return found;
}

function ownFaults(
  schema: CustomSchema,
  value: Json,
  old: Json | undefined,
  path: string,
  isRoot: boolean,
): readonly Cause[] {
  const rules = schema['x-kubernetes-validations'] ?? [];
  if (rules.length === 0) return [];
  const self = celValue(value, schema, isRoot);
  const oldSelf = old === undefined ? undefined : celValue(old, schema, isRoot);
  const unchanged = old !== undefined && same(old, value);
  return rules.flatMap((rule) => {
    const fault = oneFault(rule, schema, { self, oldSelf }, path);
    if (fault === undefined) return [];
    return fault.ratchets && unchanged ? [] : [fault.cause];
  });
}

interface Values {
  readonly self: unknown;
  readonly oldSelf: unknown;
}

interface RuleFault {
  readonly cause: Cause;
  /** Is not told of a value that has not changed. */
  readonly ratchets: boolean;
}

function oneFault(
  rule: CustomRule,
  schema: CustomSchema,
  values: Values,
  path: string,
): RuleFault | undefined {
  const type = isIntOrStringType(schema);
  const oldSelf = rule.optionalOldSelf === true ? 'optional' : 'present';
  const program = programOf(rule.rule, oldSelf);
  if ('fault' in program) {
    const cause = invalid(path, type, `rule compile error: compilation failed: ${program.fault}`);
    return { cause, ratchets: false };
  }
  const { usesOldSelf } = program;
  if (usesOldSelf && values.oldSelf === undefined && rule.optionalOldSelf !== true) {
    return undefined;
  }
  const variables = rule.optionalOldSelf === true ? optional(values) : values;
  try {
    if (program.run({ ...variables }) === true) return undefined;
  } catch (error) {
    return { cause: invalid(path, type, evaluationText(error, rule)), ratchets: false };
  }
  const at = `${path}${rule.fieldPath ?? ''}`.replace(/^\./, '');
  const cause = causeOf(rule, at, type, messageOf(rule, variables));
  return { cause, ratchets: !usesOldSelf };
}

function isIntOrStringType(schema: CustomSchema): string {
  return schema.type ?? '';
}

function optional({ self, oldSelf }: Values): Values {
  return { self, oldSelf: oldSelf === undefined ? Optional.none() : Optional.of(oldSelf) };
}

function evaluationText(error: unknown, rule: CustomRule): string {
  const fault = evaluationFault(error);
  return fault.startsWith('no such overload')
    ? `'${fault}': call arguments did not match a supported operator, function or macro signature for rule: ${nameOf(rule)}`
    : `${fault} evaluating rule: ${nameOf(rule)}`;
}

function nameOf({ message = '', rule }: CustomRule): string {
  return (message === '' ? rule : message).trim();
}

function messageOf(rule: CustomRule, variables: Values): string {
  const text =
    rule.messageExpression === undefined
      ? ''
      : evaluated(
          rule.messageExpression,
          variables,
          rule.optionalOldSelf === true ? 'optional' : 'present',
        );
  if (text !== '') return text;
  return rule.message === undefined || rule.message === ''
    ? `failed rule: ${nameOf(rule)}`
    : rule.message.trim();
}

/** @returns '' where it says nothing, or nothing usable: the message counts then. */
function evaluated(expression: string, variables: Values, oldSelf: OldSelf): string {
  const program = programOf(expression, oldSelf);
  if ('fault' in program) return '';
  try {
    const text = program.run({ ...variables });
    return typeof text === 'string' && !text.includes('\n') ? text.trim() : '';
  } catch {
    return '';
  }
}

function causeOf({ reason }: CustomRule, path: string, type: string, message: string): Cause {
  switch (reason) {
    case 'FieldValueForbidden':
      return forbidden(path, message);
    case 'FieldValueRequired':
      return required(path, message);
    case 'FieldValueDuplicate':
      return duplicate(path, type);
    default:
      return invalid(path, type, message);
  }
}
