/**
 * Which dependents are an owner's: its own that still fit, and orphans that fit and are adopted; its
 * own that fit no more are let go.
 * Never here: what the owner does with them.
 */
import type { ApiObject } from '../../api/port';
import type { Action } from '../frame/action';
import { joinKey, type Kind, keyOf } from '../frame/kind';
import { NOBODY, type Reader } from '../frame/reader';
import { controllerOf, controllerReference } from './owner';
import type { LabelSelector } from './selector';
import { selects } from './selector';

export interface Claimed<Known extends ApiObject> {
  readonly owned: readonly Known[];
  readonly actions: readonly Action[];
}

/** What an owner may have: its own, and objects without any owner. */
export function candidatesFor<Known extends ApiObject>(
  reader: Reader,
  kind: Kind<Known>,
  { metadata }: ApiObject,
): readonly Known[] {
  const free = reader
    .ownedBy(kind, NOBODY)
    .filter((object) => object.metadata.namespace === metadata.namespace);
  return [...reader.ownedBy(kind, metadata.uid), ...free];
}

/** Owners of a kind that a change of a dependent concerns: its controller; without one, all that would take it. */
export function takersOf<Owner extends ApiObject & { readonly spec: { selector: LabelSelector } }>(
  of: Kind<Owner>,
): (dependent: ApiObject, reader: Reader) => readonly string[] {
  return (dependent, reader) => {
    const { namespace, labels } = dependent.metadata;
    const owner = controllerOf(dependent);
    if (owner !== undefined) return owner.kind === of.kind ? [joinKey(namespace, owner.name)] : [];
    return reader
      .list(of, namespace)
      .filter(({ spec }) => selects(spec.selector, labels))
      .map(keyOf);
  };
}

/** @param candidates at least all that the owner may have. */
export function claim<Known extends ApiObject>(
  owner: ApiObject,
  kind: Kind<Known>,
  candidates: readonly Known[],
  selector: LabelSelector | undefined,
  fits: (object: Known) => boolean = () => true,
): Claimed<Known> {
  const owned: Known[] = [];
  const actions: Action[] = [];
  const isLeaving = owner.metadata.deletionTimestamp !== undefined;
  for (const object of candidates) {
    const controller = controllerOf(object);
    if (controller !== undefined && controller.uid !== owner.metadata.uid) continue;
    const isWanted = selects(selector, object.metadata.labels) && fits(object);
    if (controller !== undefined) {
      if (isWanted) owned.push(object);
      else if (!isLeaving) actions.push(release(owner, kind, object));
    } else if (isWanted && !isLeaving && object.metadata.deletionTimestamp === undefined) {
      actions.push(adopt(owner, kind, object));
      owned.push(object);
    }
  }
  return { owned, actions };
}

function adopt(owner: ApiObject, of: Kind, object: ApiObject): Action {
  const others = object.metadata.ownerReferences ?? [];
  const ownerReferences = [...others, controllerReference(owner)];
  return { kind: 'patch', of, object, patch: { metadata: { ownerReferences } } };
}

function release(owner: ApiObject, of: Kind, object: ApiObject): Action {
  const ownerReferences = (object.metadata.ownerReferences ?? []).filter(
    ({ uid }) => uid !== owner.metadata.uid,
  );
  return { kind: 'patch', of, object, patch: { metadata: { ownerReferences } } };
}
