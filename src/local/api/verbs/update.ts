/**
 * Every change of an existing object: version check, what the endpoint may not change, generation,
 * validation, deletion by the last finalizer.
 * Never here: how the new state came about (replace, patches, scale).
 */
import { listAt, numberAt, objectAt, same, textAt, withAt } from '../json';
import type { Kind } from '../kinds/kind';
import {
  finalizersOf,
  finalizerWarnings,
  generationOf,
  isEnding,
  metadataFaults,
  metadataUpdateFaults,
} from '../metadata';
import type { Json, JsonObject } from '../port';
import {
  changedMeanwhile,
  conflict,
  failure,
  invalid,
  invalidValue,
  quote,
  Refused,
} from '../status';
import { inNamespace } from './body';
import { type Call, commit, hooksOf, isDryRun, keyIn, namedOf } from './server';

/** What a write makes of the live object; managedFields are already in it. */
export interface Change {
  readonly name: string;
  readonly live: JsonObject;
  readonly object: JsonObject;
  /** '' or `status`, `scale`, `finalize`. */
  readonly subresource: string;
}

/** @throws Refused */
export function replace(call: Call, change: Change): JsonObject {
  const { live, name } = change;
  const versioned = withVersion(call, change);
  if (call.request.verb === 'update') checkUid(call, live, versioned);
  const prepared = withoutEmptyFinalizers(prepare(call, { ...change, object: versioned }));
  const object = unlessOnlyTimes(live, prepared);
  const causes = faultsOf(call, { ...change, object });
  if (causes.length > 0) throw new Refused(invalid(call.kind, name, causes));
  if (call.kind.origin === 'crd') call.warnings.push(...finalizerWarnings(live, object));
  const key = keyIn(call, name);
  if (isLastFinalizerGone(live, object)) {
    // Watches are told the last state that was stored, as it was before this write.
    const { store } = call.server;
    const stored = store.get(call.kind.collection, key);
    if (!isDryRun(call) && stored !== undefined) store.remove(call.kind.collection, key, stored);
    return object;
  }
  return same(live, object) ? live : commit(call, key, object);
}

/** Ensures that the version is the live one, or none where that is allowed. */
function withVersion(call: Call, { live, object, name, subresource }: Change): JsonObject {
  const asked = textAt(object, 'metadata', 'resourceVersion');
  const current = textAt(live, 'metadata', 'resourceVersion');
  if (asked === current) return object;
  if (!/^\d*$/.test(asked)) {
    const why = `strconv.ParseUint: parsing ${quote(asked)}: invalid syntax`;
    throw new Refused(failure(500, '', why));
  }
  if (asked === '' || asked === '0') {
    if (call.kind.unconditionalUpdate === 'allowed' || subresource === 'scale') {
      return withAt(object, ['metadata', 'resourceVersion'], current);
    }
    const cause = invalidValue('metadata.resourceVersion', 0, 'must be specified for an update');
    const { group, resource } = call.kind;
    throw new Refused(invalid({ group, kind: resource }, name, [cause]));
  }
  throw new Refused(conflict(namedOf(call), name, changedMeanwhile));
}

function checkUid(call: Call, live: JsonObject, object: JsonObject): void {
  const asked = textAt(object, 'metadata', 'uid');
  const found = textAt(live, 'metadata', 'uid');
  if (asked === '' || asked === found) return;
  const name = textAt(live, 'metadata', 'name');
  throw new Refused(
    conflict(
      namedOf(call),
      name,
      `StorageError: invalid object, Code: 4, Key: ${registryKey(call.kind, keyIn(call, name))}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${asked}, UID in object meta: ${found}`,
    ),
  );
}

/** Where the real server keeps it in etcd, which its messages show. */
function registryKey({ group, resource, origin }: Kind, key: string): string {
  if (origin === 'crd') return `/registry/${group}/${resource}/${key}`;
  if (resource === 'services' && group === '') return `/registry/services/specs/${key}`;
  return `/registry/${resource}/${key}`;
}

/** The endpoint's part of the new state over the rest of the live one. */
function prepare(call: Call, change: Change): JsonObject {
  const { kind } = call;
  const object = withServerMetadata(change.live, inNamespace(call, change.object));
  const { live, subresource } = change;
  if (subresource === 'status') return withStatus(kind, live, object);
  if (subresource === 'finalize') {
    return { ...live, metadata: live.metadata ?? {}, spec: object.spec ?? {} };
  }
  const kept =
    kind.status === 'kept' ? withAt(object, ['status'], live.status as Json | undefined) : object;
  const hooked = kind.onUpdate?.(live, kept, hooksOf(call)) ?? kept;
  if (kind.generation === 'none' || !counts(kind, live, hooked)) return hooked;
  return withAt(hooked, ['metadata', 'generation'], generationOf(live) + 1);
}

/** What a client can neither set nor remove. */
function withServerMetadata(live: JsonObject, object: JsonObject): JsonObject {
  const before = objectAt(live, 'metadata');
  const metadata: Record<string, Json> = { ...objectAt(object, 'metadata') };
  for (const member of ['generation', 'uid', 'creationTimestamp', 'deletionTimestamp']) {
    const value = before[member];
    if (value === undefined) {
      // A deletionTimestamp that the client sets is told as a change of an immutable field.
      if (member !== 'deletionTimestamp') delete metadata[member];
    } else if (member !== 'uid' || !metadata.uid) metadata[member] = value;
  }
  const grace = before.deletionGracePeriodSeconds;
  if (grace !== undefined && metadata.deletionGracePeriodSeconds === undefined) {
    metadata.deletionGracePeriodSeconds = grace;
  }
  delete metadata.selfLink;
  return { ...object, metadata };
}

function withStatus(kind: Kind, live: JsonObject, object: JsonObject): JsonObject {
  const status = object.status as Json | undefined;
  const managed = objectAt(object, 'metadata').managedFields as Json | undefined;
  if (kind.origin === 'crd') {
    return withAt(withAt(live, ['metadata', 'managedFields'], managed), ['status'], status);
  }
  const before = objectAt(live, 'metadata');
  const metadata: JsonObject = objectAt(object, 'metadata');
  const kept =
    kind.resource === 'pods'
      ? withAt(metadata, ['ownerReferences'], before.ownerReferences)
      : kind.resource === 'deployments'
        ? withAt(metadata, ['labels'], before.labels)
        : metadata;
  const whole = withAt({ ...live, metadata: kept }, ['status'], status);
  if (kind.resource !== 'pods' || textAt(whole, 'status', 'qosClass') !== '') return whole;
  return withAt(whole, ['status', 'qosClass'], textAt(live, 'status', 'qosClass'));
}

function counts(kind: Kind, live: JsonObject, object: JsonObject): boolean {
  const { metadata: _live, ...before } = live;
  const { metadata: _object, ...after } = object;
  if (kind.origin === 'crd') return !same(before, after);
  // EndpointSlices have no spec: everything but metadata counts.
  const changed =
    'spec' in after || 'spec' in before
      ? !same(before.spec, after.spec)
      : !same({ ...before, status: null }, { ...after, status: null });
  return (
    changed ||
    kind.generationMetadata.some(
      (part) => !same(objectAt(live, 'metadata', part), objectAt(object, 'metadata', part)),
    )
  );
}

function withoutEmptyFinalizers(object: JsonObject): JsonObject {
  return listAt(object, 'metadata', 'finalizers').length === 0 &&
    objectAt(object, 'metadata').finalizers !== undefined
    ? withAt(object, ['metadata', 'finalizers'], undefined)
    : object;
}

/** A write that changes nothing but times of managedFields changes nothing. */
function unlessOnlyTimes(live: JsonObject, object: JsonObject): JsonObject {
  const bare = (value: JsonObject): JsonObject =>
    withAt(value, ['metadata', 'managedFields'], undefined);
  const timeless = (value: JsonObject): Json =>
    listAt(value, 'metadata', 'managedFields').map((entry) => ({
      ...objectAt({ entry }, 'entry'),
      time: null,
    }));
  const unchanged = same(bare(live), bare(object)) && same(timeless(live), timeless(object));
  return unchanged ? live : object;
}

function faultsOf(call: Call, { live, object, subresource }: Change) {
  const { kind } = call;
  return [
    ...metadataFaults(object, kind, () => []),
    // Twice, as the real server lists them: of every kind, and of this one.
    ...metadataUpdateFaults(live, object),
    ...metadataUpdateFaults(live, object),
    ...kind.typing.validateUpdate(live, object, subresource),
  ];
}

function isLastFinalizerGone(live: JsonObject, object: JsonObject): boolean {
  if (!isEnding(live) || finalizersOf(object).length > 0) return false;
  // A Namespace ends by its own controller, through spec.finalizers.
  if (listAt(object, 'spec', 'finalizers').length > 0 && live.kind === 'Namespace') return false;
  return (numberAt(live, 'metadata', 'deletionGracePeriodSeconds') ?? 0) === 0;
}
