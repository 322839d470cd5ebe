/**
 * A custom resource against its OpenAPI schema, in the words of kube-openapi's validation; on an update,
 * what has not changed is not judged again.
 * Never here: lists that are sets or maps (list-types.ts), CEL (rules.ts).
 */
import { isObject, own, same } from '../../json';
import type { Json, JsonObject } from '../../port';
import type { Cause } from '../../typing';
import { invalid, notSupported, required, tooLong, tooMany, typeInvalid } from '../fault';
import { validFormat } from './formats';
import { patternOf } from './pattern';
import { type CustomSchema, correlated, correlatedKey, isIntOrString, othersOf } from './schema';

/** @param path '' for the whole object. @param old the value before; undefined: nothing to compare with. */
export function schemaFaults(
  schema: CustomSchema,
  value: Json,
  path: string,
  old: Json | undefined,
): readonly Cause[] {
  if (old !== undefined && same(old, value)) return [];
  const name = path;
  if (value === null) {
    const types = typesOf(schema);
    const refused = types.length > 0 && schema.nullable !== true;
    return [
      ...(refused ? [typeFault(name, types.join(','), value)] : []),
      ...enumFaults(schema, value, path),
    ];
  }
  const wrong = wrongType(schema, value, name);
  return [
    ...(wrong === undefined ? [] : [wrong]),
    ...combinedFaults(schema, value, path, old),
    ...(typeof value === 'string' ? stringFaults(schema, value, name) : []),
    ...(typeof value === 'number' ? numberFaults(schema, value, name) : []),
    ...(Array.isArray(value) ? listFaults(schema, value as readonly Json[], name, old) : []),
    ...enumFaults(schema, value, path),
    ...(isObject(value) ? objectFaults(schema, value, name, old) : []),
  ];
}

function typesOf(schema: CustomSchema): readonly string[] {
  if (isIntOrString(schema)) return ['integer', 'string'];
  return schema.type === undefined || schema.type === '' ? [] : [schema.type];
}

function typeFault(name: string, types: string, value: Json): Cause {
  const is = nameOfType(value);
  const text = `${name} in body must be of type ${types}: ${JSON.stringify(is)}`;
  return typeInvalid(name, is, text);
}

function nameOfType(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function wrongType(schema: CustomSchema, value: Json, name: string): Cause | undefined {
  const types = typesOf(schema);
  if (types.length === 0) return undefined;
  const is = nameOfType(value);
  const fits = types.includes(is) || (is === 'integer' && types.includes('number'));
  return fits ? undefined : typeFault(name, types.join(','), value);
}

function stringFaults(schema: CustomSchema, value: string, name: string): readonly Cause[] {
  const characters = [...value].length;
  const formatFaults = validFormat(schema.format, value)
    ? []
    : [
        typeInvalid(
          name,
          value,
          `${name} in body must be of type ${schema.format}: ${JSON.stringify(value)}`,
        ),
      ];
  if (schema.maxLength !== undefined && characters > schema.maxLength) {
    return [tooLong(name, schema.maxLength), ...formatFaults];
  }
  if (schema.minLength !== undefined && characters < schema.minLength) {
    const text = `${name} in body should be at least ${schema.minLength} chars long`;
    return [invalid(name, value, text), ...formatFaults];
  }
  if (schema.pattern !== undefined && schema.pattern !== '') {
    const test = patternOf(schema.pattern);
    if (typeof test === 'string' || !test(value)) {
      const text = `${name} in body should match '${schema.pattern}'`;
      return [invalid(name, value, text), ...formatFaults];
    }
  }
  return formatFaults;
}

/** The format of a number is not looked at, as by a real server. */
function numberFaults(schema: CustomSchema, value: number, name: string): readonly Cause[] {
  const faults: Cause[] = [];
  const say = (text: string) =>
    faults.push(invalid(name, value, `${name} in body should be ${text}`));
  const { multipleOf, minimum, maximum } = schema;
  if (multipleOf !== undefined) {
    const factor = Number.isInteger(value) ? Math.trunc(multipleOf) : multipleOf; // as Go converts it
    if (factor <= 0) {
      const text = `factor MultipleOf declared for ${name} must be positive: ${factor}`;
      faults.push(invalid(name, value, text));
    } else if (!Number.isInteger(value / factor)) say(`a multiple of ${multipleOf}`);
  }
  if (minimum !== undefined) {
    if (schema.exclusiveMinimum === true && value <= minimum) say(`greater than ${minimum}`);
    else if (value < minimum) say(`greater than or equal to ${minimum}`);
  }
  if (maximum !== undefined) {
    if (schema.exclusiveMaximum === true && value >= maximum) say(`less than ${maximum}`);
    else if (value > maximum) say(`less than or equal to ${maximum}`);
  }
  return faults;
}

function listFaults(
  schema: CustomSchema,
  items: readonly Json[],
  name: string,
  old: Json | undefined,
): readonly Cause[] {
  const { items: inner, minItems, maxItems } = schema;
  const faults: Cause[] = [];
  if (inner !== undefined) {
    for (const [index, item] of items.entries()) {
      faults.push(...schemaFaults(inner, item, `${name}[${index}]`, correlated(schema, old, item)));
    }
  }
  if (minItems !== undefined && items.length < minItems) {
    const text = `${name} in body should have at least ${minItems} items`;
    faults.push(invalid(name, items.length, text));
  }
  if (maxItems !== undefined && items.length > maxItems) {
    faults.push(tooMany(name, items.length, maxItems));
  }
  if (schema.uniqueItems === true && hasTwins(items)) {
    faults.push(invalid(name, '', `${name} in body shouldn't contain duplicates`));
  }
  return faults;
}

function hasTwins(items: readonly Json[]): boolean {
  return items.some((item, index) => items.slice(0, index).some((other) => same(item, other)));
}

function enumFaults(schema: CustomSchema, value: Json, path: string): readonly Cause[] {
  const values = schema.enum ?? [];
  if (values.length === 0 || values.some((one) => same(one, value))) return [];
  const texts = values.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  return [notSupported(path, value, texts)];
}

function objectFaults(
  schema: CustomSchema,
  value: JsonObject,
  name: string,
  old: Json | undefined,
): readonly Cause[] {
  const faults: Cause[] = [];
  const count = Object.keys(value).length;
  const { minProperties, maxProperties, properties = {} } = schema;
  if (minProperties !== undefined && count < minProperties) {
    const text = `${name} in body should have at least ${minProperties} properties`;
    faults.push(invalid(name, count, text));
  }
  if (maxProperties !== undefined && count > maxProperties) {
    faults.push(tooMany(name, count, maxProperties));
  }
  const others = othersOf(schema);
  for (const [key, child] of Object.entries(value)) {
    const inner = own(properties, key);
    const before = correlatedKey(schema, old, key);
    const at = inner === undefined || name !== '' ? `${name}.${key}` : key;
    if (inner !== undefined) faults.push(...schemaFaults(inner, child, at, before));
    else if (others !== undefined) faults.push(...schemaFaults(others, child, at, before));
  }
  for (const key of schema.required ?? []) {
    if (!Object.hasOwn(value, key)) faults.push(required(name === '' ? key : `${name}.${key}`));
  }
  return faults;
}

/** allOf, anyOf, oneOf and not. */
function combinedFaults(
  schema: CustomSchema,
  value: Json,
  path: string,
  old: Json | undefined,
): readonly Cause[] {
  const faults: Cause[] = [];
  const say = (text: string) => faults.push(invalid('', '', `${JSON.stringify(path)} ${text}`));
  const judge = (one: CustomSchema) => schemaFaults(one, value, path, old);
  if (schema.anyOf !== undefined && schema.anyOf.length > 0) {
    const found = schema.anyOf.map(judge);
    if (found.every((one) => one.length > 0)) {
      say('must validate at least one schema (anyOf)');
      faults.push(...fewest(found));
    }
  }
  if (schema.oneOf !== undefined && schema.oneOf.length > 0) {
    const found = schema.oneOf.map(judge);
    const valid = found.filter((one) => one.length === 0).length;
    if (valid !== 1) {
      const why = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
      say(`must validate one and only one schema (oneOf). ${why}`);
      if (valid === 0) faults.push(...fewest(found));
    }
  }
  if (schema.allOf !== undefined && schema.allOf.length > 0) {
    const found = schema.allOf.map(judge);
    faults.push(...found.flat());
    const valid = found.filter((one) => one.length === 0).length;
    if (valid < found.length) {
      say(`must validate all the schemas (allOf)${valid === 0 ? '. None validated' : ''}`);
    }
  }
  if (schema.not !== undefined && judge(schema.not).length === 0) {
    say('must not validate the schema (not)');
  }
  return faults;
}

function fewest(found: readonly (readonly Cause[])[]): readonly Cause[] {
  return found.reduce((best, one) => (one.length < best.length ? one : best));
}
