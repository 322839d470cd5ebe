/**
 * The garbage collector: which objects have to be looked at again after a change, over all kinds.
 * Never here: what becomes of them (decide.ts).
 */
import type { ApiObject, OwnerReference } from '../../api/port';
import { type Decision, NOTHING } from '../frame/action';
import { type BoundedSet, boundedSet } from '../frame/bounded';
import type { Controller } from '../frame/controller';
import { idOf, type Kind, keyOf, splitKey } from '../frame/kind';
import type { Reader } from '../frame/reader';
import { decideGarbage, type Item, isLeaving, type OwnerState } from './decide';

/** Owners that are remembered as gone, as many as in a real controller. */
const GONE_MAX = 500;

/** It remembers owners that it saw go: of a kind that went with them nothing can be asked any more. */
export function garbageCollector(): Controller {
  const gone = boundedSet(GONE_MAX);
  return {
    name: 'garbage-collector-controller',
    sources: [],
    everything: (of, object, reader) => concerned(of, object, reader, gone),
    decide: (key, reader) => decide(key, reader, gone),
  };
}

/** It, all that depend on it, and owners that wait for it. */
function concerned(
  of: Kind,
  object: ApiObject,
  reader: Reader,
  gone: BoundedSet,
): readonly string[] {
  const { ownerReferences = [], deletionTimestamp, uid } = object.metadata;
  const { namespace, name } = object.metadata;
  const isGone = reader.get(of, namespace, name)?.metadata.uid !== uid;
  const own = ownerReferences.length > 0 || deletionTimestamp !== undefined ? [{ of, object }] : [];
  const below = isGone || isLeaving(object) ? dependentsOf(reader, uid) : [];
  if (isGone && below.length > 0) gone.add(uid);
  const above = ownerReferences.flatMap((reference) => {
    const kind = kindOfOwner(reader, reference);
    const owner = kind && ownerIn(reader.get, kind, object, reference);
    return kind !== undefined && owner !== undefined && isLeaving(owner)
      ? [{ of: kind, object: owner }]
      : [];
  });
  return [...own, ...below, ...above].map((item) => `${idOf(item.of)} ${keyOf(item.object)}`);
}

function decide(key: string, reader: Reader, gone: BoundedSet): Decision {
  const at = key.indexOf(' ');
  const of = reader.kinds().find((kind) => idOf(kind) === key.slice(0, at));
  if (of === undefined) return NOTHING;
  const { namespace, name } = splitKey(key.slice(at + 1));
  const object = reader.get(of, of.scope === 'Cluster' ? undefined : namespace, name);
  if (object === undefined) return NOTHING;
  const owners = (object.metadata.ownerReferences ?? []).map((reference) => ({
    reference,
    state: stateOf(reader, object, reference, gone),
  }));
  const dependents = dependentsOf(reader, object.metadata.uid);
  return { actions: decideGarbage({ of, object, owners, dependents }) };
}

function dependentsOf(reader: Reader, uid: string): readonly Item[] {
  return reader
    .kinds()
    .flatMap((of) => reader.ownedBy(of, uid).map((object): Item => ({ of, object })));
}

function kindOfOwner(reader: Reader, { apiVersion, kind }: OwnerReference): Kind | undefined {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return reader.kinds().find((candidate) => candidate.group === group && candidate.kind === kind);
}

type Get = (kind: Kind, namespace: string | undefined, name: string) => ApiObject | undefined;

function ownerIn(
  get: Get,
  kind: Kind,
  { metadata }: ApiObject,
  { name, uid }: OwnerReference,
): ApiObject | undefined {
  const namespace = kind.scope === 'Cluster' ? undefined : metadata.namespace;
  const owner = get(kind, namespace, name);
  return owner?.metadata.uid === uid ? owner : undefined;
}

function stateOf(
  reader: Reader,
  object: ApiObject,
  reference: OwnerReference,
  gone: BoundedSet,
): OwnerState {
  const kind = kindOfOwner(reader, reference);
  if (kind === undefined) return gone.has(reference.uid) ? 'absent' : 'unknown';
  if (kind.scope === 'Namespaced' && object.metadata.namespace === undefined) return 'unknown';
  const owner =
    ownerIn(reader.get, kind, object, reference) ?? ownerIn(reader.fresh, kind, object, reference);
  if (owner === undefined) return 'absent';
  return isLeaving(owner) ? 'leaving' : 'solid';
}
