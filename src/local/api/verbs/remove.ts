/**
 * delete and deletecollection: preconditions, grace, finalizers and propagation, as
 * apiserver/pkg/registry decides them. What depends on a deleted object is the collector's work.
 * Never here: eviction (eviction.ts), the end of a Namespace's content.
 */

import { cleanupFinalizer } from '../definitions';
import { isObject, listAt, numberAt, objectAt, same, textAt, withAt } from '../json';
import {
  finalizersOf,
  foregroundFinalizer,
  generationOf,
  isEnding,
  orphanFinalizer,
  timeText,
} from '../metadata';
import type { JsonObject } from '../port';
import { conflict, forbidden, invalid, invalidValue, Refused } from '../status';
import { hasBodyOptions, unsupported } from './options';
import { selected } from './select';
import { type Call, commit, existing, isDryRun, keyIn, namedOf, now } from './server';

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagation?: 'Foreground' | 'Background' | 'Orphan';
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** From the body where there is one, or else from the query. @throws Refused */
export function deleteOptionsOf(call: Call, body: unknown): DeleteOptions {
  const query = hasBodyOptions(call.request) ? undefined : call.request.query;
  const options = isObject(body) ? body : {};
  const grace = numberAt(options, 'gracePeriodSeconds') ?? query?.gracePeriodSeconds;
  const orphan = options.orphanDependents ?? query?.orphanDependents;
  const policy = textAt(options, 'propagationPolicy') || (query?.propagationPolicy ?? '');
  const said = policy || (typeof orphan === 'boolean' ? (orphan ? 'Orphan' : 'Background') : '');
  if (said !== '' && !['Foreground', 'Background', 'Orphan'].includes(said)) {
    const cause = unsupported('propagationPolicy', said, [
      'Foreground',
      'Background',
      'Orphan',
      'nil',
    ]);
    throw new Refused(invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [cause]));
  }
  if (typeof orphan === 'boolean' && policy !== '') {
    const why = 'orphanDependents and deletionPropagation cannot be both set';
    throw new Refused(
      invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [
        invalidValue('propagationPolicy', said, why),
      ]),
    );
  }
  const uid = textAt(options, 'preconditions', 'uid');
  const resourceVersion = textAt(options, 'preconditions', 'resourceVersion');
  return {
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace < 0 ? 1 : grace }),
    ...(said === '' ? {} : { propagation: said as 'Foreground' | 'Background' | 'Orphan' }),
    ...(uid === '' ? {} : { uid }),
    ...(resourceVersion === '' ? {} : { resourceVersion }),
  };
}

/** @returns the object, or the Status that the kind answers. @throws Refused */
export function remove(call: Call, name: string): JsonObject {
  const options = deleteOptionsOf(call, call.request.body);
  const last = removeObject(call, name, options);
  const gone = isDryRun(call)
    ? !isEnding(last)
    : call.server.store.get(call.kind.collection, keyIn(call, name)) === undefined;
  return call.kind.deleteAnswers === 'status' && gone ? successOf(call, last) : last;
}

function successOf(call: Call, last: JsonObject): JsonObject {
  const { group, resource } = call.kind;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: textAt(last, 'metadata', 'name'),
      ...(group === '' ? {} : { group }),
      kind: resource,
      uid: textAt(last, 'metadata', 'uid'),
    },
  };
}

/** @returns the object's last or present state. @throws Refused */
export function removeObject(call: Call, name: string, options: DeleteOptions): JsonObject {
  const live = existing(call, name);
  const isNamespace = call.kind.resource === 'namespaces' && call.kind.group === '';
  if (isNamespace && immortal.has(name)) {
    throw new Refused(forbidden(namedOf(call), name, 'this namespace may not be deleted'));
  }
  checkPreconditions(call, live, options);
  if (isNamespace) return endNamespace(call, live, options);
  if (call.kind.kind === 'CustomResourceDefinition') return endDefinition(call, live);
  const graceful = call.kind.resource === 'pods' ? graceOf(live, options) : ungraceful;
  if (graceful.kind === 'pending') return live;
  const finalizers = finalizersAfter(call, live, options);
  const marked = graceful.kind === 'graceful' ? endingAfter(call, live, graceful.seconds) : live;
  const guarded = withFinalizers(marked, finalizers);
  if (graceful.kind === 'graceful') {
    if (finalizers.length > 0 || graceful.seconds > 0) return stored(call, guarded);
    return erased(call, stored(call, guarded));
  }
  if (finalizers.length === 0) return erased(call, guarded);
  return stored(call, markedEnding(call, guarded));
}

const immortal = new Set(['default', 'kube-system', 'kube-public']);

/** Unchanged: no write. */
function stored(call: Call, object: JsonObject): JsonObject {
  const name = textAt(object, 'metadata', 'name');
  const live = existing(call, name);
  return same(live, object) ? live : commit(call, keyIn(call, name), object);
}

function erased(call: Call, object: JsonObject): JsonObject {
  if (isDryRun(call)) return object;
  const last = call.kind.toStored?.(object) ?? object;
  const key = keyIn(call, textAt(object, 'metadata', 'name'));
  call.server.store.remove(call.kind.collection, key, last);
  return object;
}

function checkPreconditions(call: Call, live: JsonObject, options: DeleteOptions): void {
  const { group, kind } = call.kind;
  const name = textAt(live, 'metadata', 'name');
  const uid = textAt(live, 'metadata', 'uid');
  const version = textAt(live, 'metadata', 'resourceVersion');
  const of = { group, resource: kind };
  if (options.uid !== undefined && options.uid !== uid) {
    const why = `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    throw new Refused(conflict(of, name, why));
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== version) {
    const why = `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${version}). The object might have been modified`;
    throw new Refused(conflict(of, name, why));
  }
}

type Grace =
  | { readonly kind: 'graceful'; readonly seconds: number }
  /** It ends already, and not later than asked. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'none' };

const ungraceful: Grace = { kind: 'none' };

function graceOf(pod: JsonObject, options: DeleteOptions): Grace {
  const asked = options.gracePeriodSeconds;
  if (isEnding(pod)) {
    const left = numberAt(pod, 'metadata', 'deletionGracePeriodSeconds') ?? 0;
    if (left === 0) return ungraceful;
    if (asked === undefined || asked >= left) return { kind: 'pending' };
    return { kind: 'graceful', seconds: asked };
  }
  const phase = textAt(pod, 'status', 'phase');
  const unscheduled = textAt(pod, 'spec', 'nodeName') === '';
  if (unscheduled || phase === 'Failed' || phase === 'Succeeded') {
    return { kind: 'graceful', seconds: 0 };
  }
  const own = numberAt(pod, 'spec', 'terminationGracePeriodSeconds') ?? 0;
  return { kind: 'graceful', seconds: Math.max(asked ?? own, 0) };
}

/** A first request sets when it ends; a later one may only bring that forward, to now at the most. */
function endingAfter(call: Call, live: JsonObject, seconds: number): JsonObject {
  const nowMs = call.server.nowMs();
  if (!isEnding(live)) {
    return withEnd(counted(live), timeText(nowMs + seconds * 1_000), seconds);
  }
  const before = numberAt(live, 'metadata', 'deletionGracePeriodSeconds') ?? 0;
  const asked = Date.parse(textAt(live, 'metadata', 'deletionTimestamp')) - before * 1_000;
  const end = asked + seconds * 1_000;
  if (end >= nowMs) return withEnd(live, timeText(end), seconds);
  return withEnd(live, timeText(nowMs), seconds === 0 ? 0 : 1);
}

function withEnd(object: JsonObject, time: string, seconds: number): JsonObject {
  const dated = withAt(object, ['metadata', 'deletionTimestamp'], time);
  return withAt(dated, ['metadata', 'deletionGracePeriodSeconds'], seconds);
}

/** An end counts as a change of what is wanted. */
function counted(object: JsonObject): JsonObject {
  const generation = generationOf(object);
  return generation === 0 ? object : withAt(object, ['metadata', 'generation'], generation + 1);
}

function markedEnding(call: Call, object: JsonObject): JsonObject {
  if (isEnding(object)) return withAt(object, ['metadata', 'deletionGracePeriodSeconds'], 0);
  return withEnd(counted(object), now(call), 0);
}

function withFinalizers(object: JsonObject, finalizers: readonly string[]): JsonObject {
  if (same(finalizersOf(object), finalizers)) return object;
  const path = ['metadata', 'finalizers'];
  return withAt(object, path, finalizers.length === 0 ? undefined : finalizers);
}

/** What was asked wins over the finalizers that the object already has. */
function finalizersAfter(
  call: Call,
  live: JsonObject,
  { propagation }: DeleteOptions,
): readonly string[] {
  const finalizers = finalizersOf(live);
  if (call.kind.garbage === 'never') return finalizers;
  const wanted =
    propagation === undefined
      ? finalizers.filter((name) => name === orphanFinalizer || name === foregroundFinalizer)
      : propagation === 'Orphan'
        ? [orphanFinalizer]
        : propagation === 'Foreground'
          ? [foregroundFinalizer]
          : [];
  const others = finalizers.filter(
    (name) => name !== orphanFinalizer && name !== foregroundFinalizer,
  );
  const after = [...others, ...wanted.slice(0, 1)];
  return same([...after].sort(), [...finalizers].sort()) ? finalizers : after;
}

/** First it ends; what is in it is removed by its controller, which then clears spec.finalizers. */
function endNamespace(call: Call, live: JsonObject, options: DeleteOptions): JsonObject {
  if (!isEnding(live)) {
    const ending = withAt(live, ['metadata', 'deletionTimestamp'], now(call));
    const guarded = withFinalizers(ending, finalizersAfter(call, live, options));
    const status = { ...objectAt(guarded, 'status'), phase: 'Terminating' };
    return stored(call, { ...guarded, status });
  }
  if (listAt(live, 'spec', 'finalizers').length > 0) return live;
  const finalizers = finalizersAfter(call, live, options);
  const guarded = withFinalizers(live, finalizers);
  return finalizers.length === 0 ? erased(call, guarded) : stored(call, guarded);
}

/** Its objects go first (definitions.ts). */
function endDefinition(call: Call, live: JsonObject): JsonObject {
  if (isEnding(live)) return live;
  const finalizers = finalizersOf(live).filter((name) => name !== cleanupFinalizer);
  const ending = withAt(live, ['metadata', 'deletionTimestamp'], now(call));
  return stored(call, withFinalizers(ending, [...finalizers, cleanupFinalizer]));
}

/** Every object that the query's selectors choose, as a list of their last states. @throws Refused */
export function removeCollection(call: Call): readonly JsonObject[] {
  const options = deleteOptionsOf(call, call.request.body);
  return selected(call).map((object) => {
    const { namespace, name } = objectAt(object, 'metadata');
    const request = { ...call.request, ...(namespace ? { namespace: String(namespace) } : {}) };
    return removeObject({ ...call, request }, String(name), options);
  });
}
