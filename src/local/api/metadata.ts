/**
 * `metadata`: what is valid, what may not change, and what the server itself writes there.
 * Messages as apimachinery/pkg/api/validation/objectmeta.go words them.
 * Never here: fields outside metadata, resource versions (store).
 */
import { isObject, listAt, numberAt, same, textAt, textsAt, withAt } from './json';
import { labelValueFaults, type NameRule, qualifiedName } from './names';
import type { Json, JsonObject } from './port';
import { forbiddenValue, invalidValue, quote, requiredValue } from './status';
import type { Cause } from './typing';

const annotationBytesMax = 256 * 1024;

export const orphanFinalizer = 'orphan';
export const foregroundFinalizer = 'foregroundDeletion';

export function metadataFaults(
  object: JsonObject,
  {
    scope,
    origin,
  }: { readonly scope: 'namespaced' | 'cluster'; readonly origin: 'builtin' | 'crd' },
  rule: NameRule,
): readonly Cause[] {
  const name = textAt(object, 'metadata', 'name');
  const generate = textAt(object, 'metadata', 'generateName');
  const namespace = textAt(object, 'metadata', 'namespace');
  const found: Cause[] = [];
  for (const text of generate === '' ? [] : rule(generate, 'prefix')) {
    found.push(invalidValue('metadata.generateName', generate, text));
  }
  if (name === '') found.push(requiredValue('metadata.name', 'name or generateName is required'));
  else {
    for (const text of rule(name, 'name')) found.push(invalidValue('metadata.name', name, text));
  }
  if (scope === 'namespaced' && namespace === '') {
    found.push(requiredValue('metadata.namespace', ''));
  }
  if (scope === 'cluster' && namespace !== '') {
    found.push(forbiddenValue('metadata.namespace', 'not allowed on this type'));
  }
  return [
    ...found,
    ...mapFaults(object),
    ...ownerFaults(object),
    ...finalizerFaults(object, origin),
  ];
}

function mapFaults(object: JsonObject): readonly Cause[] {
  const found: Cause[] = [];
  for (const [key, value] of Object.entries(textsAt(object, 'metadata', 'labels'))) {
    for (const text of qualifiedName(key)) found.push(invalidValue('metadata.labels', key, text));
    for (const text of labelValueFaults(value)) {
      found.push(invalidValue('metadata.labels', value, text));
    }
  }
  let bytes = 0;
  for (const [key, value] of Object.entries(textsAt(object, 'metadata', 'annotations'))) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
    for (const text of qualifiedName(key.toLowerCase())) {
      found.push(invalidValue('metadata.annotations', key, text));
    }
  }
  if (bytes > annotationBytesMax) {
    const message = `Too long: may not be more than ${annotationBytesMax} bytes`;
    found.push({ reason: 'FieldValueTooLong', message, field: 'metadata.annotations' });
  }
  return found;
}

function ownerFaults(object: JsonObject): readonly Cause[] {
  const found: Cause[] = [];
  const field = 'metadata.ownerReferences';
  const owners = listAt(object, 'metadata', 'ownerReferences');
  let controller = '';
  for (const owner of owners) {
    const apiVersion = textAt(owner, 'apiVersion');
    const version = apiVersion.slice(apiVersion.lastIndexOf('/') + 1);
    if (version === '') {
      found.push(invalidValue(`${field}.apiVersion`, apiVersion, 'version must not be empty'));
    }
    for (const part of ['kind', 'name', 'uid']) {
      if (textAt(owner, part) !== '') continue;
      found.push(invalidValue(`${field}.${part}`, '', 'must not be empty'));
    }
    if (apiVersion === 'v1' && textAt(owner, 'kind') === 'Event') {
      found.push(invalidValue(field, owner, '/v1, Kind=Event is disallowed from being an owner'));
    }
    if (!isObject(owner) || owner.controller !== true) continue;
    const name = `${textAt(owner, 'kind')}/${textAt(owner, 'name')}`;
    if (controller === '') controller = name;
    else {
      const text = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`;
      found.push(invalidValue(field, owners, text));
    }
  }
  return found;
}

const standardFinalizers = new Set(['kubernetes', orphanFinalizer, foregroundFinalizer]);

function finalizerFaults(object: JsonObject, kind: 'builtin' | 'crd'): readonly Cause[] {
  const finalizers = finalizersOf(object);
  const field = 'metadata.finalizers';
  const found = finalizers.flatMap((name) =>
    qualifiedName(name).map((text) => invalidValue(field, name, text)),
  );
  if (kind === 'builtin') {
    const text = 'name is neither a standard finalizer name nor is it fully qualified';
    for (const [i, name] of finalizers.entries()) {
      if (name.includes('/') || standardFinalizers.has(name)) continue;
      found.push(invalidValue(`${field}[${i}]`, name, text));
    }
  }
  const both = finalizers.includes(orphanFinalizer) && finalizers.includes(foregroundFinalizer);
  if (!both) return found;
  const text = `finalizer ${orphanFinalizer} and ${foregroundFinalizer} cannot be both set`;
  return [...found, invalidValue(field, finalizers, text)];
}

const immutable = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
];

/** Of custom resources: names of new finalizers that may meet another writer's. */
export function finalizerWarnings(
  old: JsonObject | undefined,
  object: JsonObject,
): readonly string[] {
  const before = old === undefined ? [] : finalizersOf(old);
  return finalizersOf(object)
    .filter(
      (name) => !before.includes(name) && !name.includes('/') && !standardFinalizers.has(name),
    )
    .map((name) => {
      const path = name.includes('.') ? ' including a path (/)' : '';
      return `metadata.finalizers: ${quote(name)}: prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`;
    });
}

/** Of an update; the values that the server keeps by itself are already those of `old`. */
export function metadataUpdateFaults(old: JsonObject, object: JsonObject): readonly Cause[] {
  const found: Cause[] = [];
  if (isEnding(old)) {
    const before = finalizersOf(old);
    const added = finalizersOf(object).filter((name) => !before.includes(name));
    if (added.length > 0) {
      const list = `[]string{${[...added].sort().map(quote).join(', ')}}`;
      const text = `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`;
      found.push(forbiddenValue('metadata.finalizers', text));
    }
  }
  for (const part of immutable) {
    const [before, after] = [memberOf(old, part), memberOf(object, part)];
    if (same(before, after)) continue;
    found.push(invalidValue(`metadata.${part}`, after ?? '', 'field is immutable'));
  }
  return found;
}

function memberOf(object: JsonObject, part: string): Json | undefined {
  const metadata = object.metadata;
  return isObject(metadata) ? metadata[part] : undefined;
}

export function finalizersOf(object: JsonObject): readonly string[] {
  return listAt(object, 'metadata', 'finalizers').filter(
    (name): name is string => typeof name === 'string',
  );
}

/** Behind those that it has already. */
export function withFinalizer(object: JsonObject, name: string): JsonObject {
  const finalizers = finalizersOf(object);
  if (finalizers.includes(name)) return object;
  return withAt(object, ['metadata', 'finalizers'], [...finalizers, name]);
}

export function isEnding(object: JsonObject): boolean {
  return textAt(object, 'metadata', 'deletionTimestamp') !== '';
}

export function generationOf(object: JsonObject): number {
  return numberAt(object, 'metadata', 'generation') ?? 0;
}

/** RFC 3339 in whole seconds, as metadata carries it. */
export function timeText(wallMs: number): string {
  return `${new Date(wallMs).toISOString().slice(0, 19)}Z`;
}

/** RFC 3339 in microseconds, as Leases and Events carry it. */
export function microTimeText(wallMs: number): string {
  return `${new Date(wallMs).toISOString().slice(0, 23)}000Z`;
}
