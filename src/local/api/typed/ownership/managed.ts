/**
 * `metadata.managedFields` read and written: who owns what since when.
 * Never here: how ownership changes (apply.ts, update.ts).
 */
import { isObject } from '../../json';
import type { Json, JsonObject } from '../../port';
import type { Writer } from '../../typing';
import { decodeSet, emptySet, encodeSet, type FieldSet } from './field-set';

/** One entry. An applier is one whatever its apiVersion. */
export interface Owner {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** By `ownerKey`. */
export type Owners = ReadonlyMap<string, Owner>;

export function ownerKey(
  owner: Pick<Owner, 'manager' | 'operation' | 'apiVersion' | 'subresource'>,
): string {
  const apiVersion = owner.operation === 'Apply' ? '' : owner.apiVersion;
  return [owner.operation, owner.manager, apiVersion, owner.subresource].join('\n');
}

export function ownerOf(writer: Writer, fields: FieldSet): Owner {
  return {
    manager: writer.manager === '' ? 'unknown' : writer.manager,
    operation: writer.operation,
    apiVersion: writer.apiVersion,
    subresource: writer.subresource,
    time: writer.now,
    fields,
  };
}

/** @returns undefined where an entry is malformed. */
export function decodeOwners(entries: Json | undefined): Owners | undefined {
  const owners = new Map<string, Owner>();
  for (const entry of Array.isArray(entries) ? (entries as readonly Json[]) : []) {
    const owner = isObject(entry) ? decodeOwner(entry) : undefined;
    if (owner === undefined) return undefined;
    owners.set(ownerKey(owner), owner);
  }
  return owners;
}

function decodeOwner(entry: JsonObject): Owner | undefined {
  const { operation, apiVersion, fieldsType, fieldsV1, manager, subresource, time } = entry;
  if (operation !== 'Apply' && operation !== 'Update') return undefined;
  if (typeof apiVersion !== 'string' || apiVersion === '' || fieldsType !== 'FieldsV1') {
    return undefined;
  }
  return {
    manager: typeof manager === 'string' ? manager : '',
    operation,
    apiVersion,
    subresource: typeof subresource === 'string' ? subresource : '',
    time: typeof time === 'string' ? time : undefined,
    fields: isObject(fieldsV1) ? decodeSet(fieldsV1) : emptySet,
  };
}

/** Appliers first, then by time, name, version and subresource. */
export function encodeOwners(owners: Owners): readonly JsonObject[] {
  return [...owners.values()].sort(compareOwners).map((owner) => ({
    ...(owner.manager === '' ? {} : { manager: owner.manager }),
    operation: owner.operation,
    apiVersion: owner.apiVersion,
    ...(owner.time === undefined ? {} : { time: owner.time }),
    fieldsType: 'FieldsV1',
    fieldsV1: encodeSet(owner.fields),
    ...(owner.subresource === '' ? {} : { subresource: owner.subresource }),
  }));
}

function compareOwners(a: Owner, b: Owner): number {
  const order = [
    compareTexts(a.operation, b.operation),
    compareTexts(a.time ?? '', b.time ?? ''),
    compareTexts(a.manager, b.manager),
    compareTexts(a.apiVersion, b.apiVersion),
    compareTexts(a.subresource, b.subresource),
  ];
  return order.find((one) => one !== 0) ?? 0;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function managedFieldsOf(object: JsonObject | undefined): Json | undefined {
  const metadata = object?.metadata;
  return isObject(metadata) ? metadata.managedFields : undefined;
}

/** @param owners undefined or empty: without the field. */
export function withOwners(object: JsonObject, owners: Owners | undefined): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const { managedFields, ...rest } = metadata;
  if (owners === undefined || owners.size === 0) {
    return managedFields === undefined ? object : { ...object, metadata: rest };
  }
  return { ...object, metadata: { ...rest, managedFields: encodeOwners(owners) } };
}
