/**
 * What becomes of an object by its owners and dependents: deleted when all owners are gone, kept from
 * going while dependents block it, or its dependents let go. As the real collector's
 * attemptToDeleteItem and attemptToOrphan.
 * Never here: finding owners and dependents (controller.ts).
 */
import type { ApiObject, OwnerReference } from '../../api/port';
import type { Action } from '../frame/action';
import type { Kind } from '../frame/kind';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

/** `leaving`: goes in the foreground, so it waits for its dependents; `unknown`: not for us to judge. */
export type OwnerState = 'solid' | 'absent' | 'leaving' | 'unknown';

export interface Item {
  readonly of: Kind;
  readonly object: ApiObject;
}

export interface Relations extends Item {
  readonly owners: readonly { readonly reference: OwnerReference; readonly state: OwnerState }[];
  readonly dependents: readonly Item[];
}

export function decideGarbage(relations: Relations): readonly Action[] {
  const { object, owners } = relations;
  if (object.metadata.deletionTimestamp !== undefined) return leave(relations);
  if (owners.length === 0) return [];
  const inState = (...states: readonly OwnerState[]) =>
    owners.filter(({ state }) => states.includes(state)).map(({ reference }) => reference);
  if (inState('unknown').length > 0) return [];
  if (inState('solid').length > 0) {
    const lost = inState('absent', 'leaving');
    return lost.length === 0 ? [] : [withoutOwners(relations, lost)];
  }
  if (inState('leaving').length > 0 && relations.dependents.length > 0)
    return goInForeground(relations);
  return [remove(relations, policyOf(object))];
}

function policyOf({ metadata }: ApiObject): 'Orphan' | 'Foreground' | 'Background' {
  if (metadata.finalizers?.includes(ORPHAN)) return 'Orphan';
  return metadata.finalizers?.includes(FOREGROUND) ? 'Foreground' : 'Background';
}

function remove({ of, object }: Item, propagation: 'Orphan' | 'Foreground' | 'Background'): Action {
  return { kind: 'delete', of, object, propagation, onlyThisVersion: true };
}

/** Two that wait for each other would wait for ever: then this one blocks nobody. */
function goInForeground(relations: Relations): readonly Action[] {
  const { of, object, dependents } = relations;
  const isCircle = dependents.some((dependent) => isLeaving(dependent.object));
  if (!isCircle) return [remove(relations, 'Foreground')];
  const ownerReferences = (object.metadata.ownerReferences ?? []).map((reference) => ({
    ...reference,
    blockOwnerDeletion: false,
  }));
  return [
    { kind: 'patch', of, object, patch: { metadata: { ownerReferences } } },
    { kind: 'delete', of, object, propagation: 'Foreground' },
  ];
}

export function isLeaving({ metadata }: ApiObject): boolean {
  return (
    metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(FOREGROUND) === true
  );
}

function leave(relations: Relations): readonly Action[] {
  const { object, dependents } = relations;
  const { finalizers = [], uid } = object.metadata;
  if (finalizers.includes(ORPHAN))
    return [
      ...dependents.map((dependent) => withoutOwners(dependent, [{ uid }])),
      withoutFinalizer(relations, ORPHAN),
    ];
  if (!finalizers.includes(FOREGROUND)) return [];
  const isBlocked = dependents.some(({ object: dependent }) =>
    (dependent.metadata.ownerReferences ?? []).some(
      (reference) => reference.uid === uid && reference.blockOwnerDeletion === true,
    ),
  );
  return isBlocked ? [] : [withoutFinalizer(relations, FOREGROUND)];
}

function withoutOwners({ of, object }: Item, lost: readonly Pick<OwnerReference, 'uid'>[]): Action {
  const gone = new Set(lost.map(({ uid }) => uid));
  const ownerReferences = (object.metadata.ownerReferences ?? []).filter(
    ({ uid }) => !gone.has(uid),
  );
  return { kind: 'patch', of, object, patch: { metadata: { ownerReferences } } };
}

/** With its version: somebody else may change the list at the same time. */
function withoutFinalizer({ of, object }: Item, name: string): Action {
  const { finalizers = [], resourceVersion } = object.metadata;
  const others = finalizers.filter((finalizer) => finalizer !== name);
  const metadata = { finalizers: others, resourceVersion };
  return { kind: 'patch', of, object, patch: { metadata } };
}
