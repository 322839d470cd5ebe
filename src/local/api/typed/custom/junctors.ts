/**
 * What may stand inside of allOf, anyOf, oneOf and not: constraints on values alone, so that the schema
 * around them says the whole structure (apiextensions/pkg/apiserver/schema/validation.go).
 * Never here: the structure itself (structural.ts).
 */
import type { JsonObject } from '../../port';
import type { Cause } from '../../typing';
import { forbidden } from '../fault';
import { type CustomSchema, isIntOrString } from './schema';

const emptyText = 'must be empty to be structural';
const undefinedText = 'must be undefined to be structural';

export function junctorFaults(schema: CustomSchema, path: string): readonly Cause[] {
  const own = schema as unknown as JsonObject;
  const mayType = isIntOrString(schema) ? 'types' : 'none';
  return [
    ...(['allOf', 'anyOf', 'oneOf'] as const).flatMap((key) =>
      ((own[key] ?? []) as unknown as readonly JsonObject[]).flatMap((one, index) =>
        innerFaults(one, `${path}.${key}[${index}]`, mayType),
      ),
    ),
    ...(own.not === undefined ? [] : innerFaults(own.not as JsonObject, `${path}.not`, mayType)),
  ];
}

/** @param mayType of a number or text: each of its two types. */
function innerFaults(
  schema: JsonObject,
  path: string,
  mayType: 'types' | 'none',
): readonly Cause[] {
  const faults: Cause[] = [];
  const texts = mayType === 'types' ? ['title', 'description'] : ['type', 'title', 'description'];
  for (const key of texts) {
    if (typeof schema[key] === 'string') faults.push(forbidden(`${path}.${key}`, emptyText));
  }
  for (const key of ['default', 'additionalProperties']) {
    if (schema[key] !== undefined) faults.push(forbidden(`${path}.${key}`, undefinedText));
  }
  if (schema.nullable === true) {
    faults.push(forbidden(`${path}.nullable`, 'must be false to be structural'));
  }
  const properties = Object.entries((schema.properties ?? {}) as JsonObject);
  const items = schema.items === undefined ? [] : [['items', schema.items] as const];
  const nested = [
    ...properties.map(([key, one]) => [`properties[${key}]`, one] as const),
    ...items,
  ].flatMap(([at, one]) => innerFaults(one as JsonObject, `${path}.${at}`, 'none'));
  const deeper = (['allOf', 'anyOf', 'oneOf'] as const).flatMap((key) =>
    ((schema[key] ?? []) as readonly JsonObject[]).flatMap((one, index) =>
      innerFaults(one, `${path}.${key}[${index}]`, mayType),
    ),
  );
  return [...faults, ...nested, ...deeper];
}
