/**
 * The claims of a StatefulSet's pods: making them, and who owns them. A claim goes with its set or
 * with its pod because the garbage collector finds the owner gone; so the retention policy is nothing
 * but owner references.
 * Never here: a deletion.
 */
import type { ApiObject, OwnerReference } from '../../api/port';
import type { Action, Draft } from '../frame/action';
import { controllerReference } from '../objects/owner';
import type { Pod } from '../objects/pod';
import { CLAIMS, type Claim } from '../objects/storage';
import type { StatefulSet } from '../objects/workload';
import { claimNameOf, podNameOf, rangeOf } from './pods';

/** By name, in the set's namespace. */
export type ClaimByName = (name: string) => Claim | undefined;

/** Claims of this ordinal that are missing. @returns `blocked` by one that is being deleted. */
export function missingClaims(
  set: StatefulSet,
  ordinal: number,
  claimNamed: ClaimByName,
): { readonly actions: readonly Action[]; readonly blocked: readonly string[] } {
  const actions: Action[] = [];
  const blocked: string[] = [];
  for (const object of draftClaims(set, ordinal)) {
    const { name = '' } = object.metadata;
    const present = claimNamed(name);
    if (present?.metadata.deletionTimestamp !== undefined) blocked.push(name);
    if (present !== undefined) continue;
    const pod = podNameOf(set, ordinal);
    const within = `in StatefulSet ${set.metadata.name}`;
    const success = `create Claim ${name} Pod ${pod} ${within} success`;
    const failure = `create Claim ${name} for Pod ${pod} ${within} failed error: `;
    actions.push(
      {
        kind: 'create',
        of: CLAIMS,
        object,
        onRefusal: { about: set, reason: 'FailedCreate', message: failure },
      },
      { kind: 'tell', about: set, reason: 'SuccessfulCreate', message: success },
    );
  }
  return { actions, blocked };
}

function draftClaims(set: StatefulSet, ordinal: number): readonly Draft[] {
  const { volumeClaimTemplates = [], selector } = set.spec;
  return volumeClaimTemplates.map(({ metadata, spec }) => ({
    metadata: {
      name: claimNameOf(set, metadata.name, ordinal),
      namespace: set.metadata.namespace,
      labels: { ...metadata.labels, ...selector.matchLabels },
      annotations: metadata.annotations,
    },
    spec,
  }));
}

/**
 * True if a claim of the ordinal belongs to an earlier pod of the name: it is about to go, so the pod
 * waits for it.
 */
export function hasStaleClaim(set: StatefulSet, ordinal: number, claimNamed: ClaimByName): boolean {
  if (policyOf(set).whenScaled === 'Retain') return false;
  return draftClaims(set, ordinal).some(({ metadata }) =>
    (claimNamed(metadata.name ?? '')?.metadata.ownerReferences ?? []).some(
      ({ kind, name }) => kind === 'Pod' && name === podNameOf(set, ordinal),
    ),
  );
}

/** Brings the owners of the pod's claims in line with the policy. */
export function claimOwners(
  set: StatefulSet,
  pod: Pod,
  ordinal: number,
  claimNamed: ClaimByName,
): readonly Action[] {
  const actions: Action[] = [];
  for (const { metadata } of draftClaims(set, ordinal)) {
    const present = claimNamed(metadata.name ?? '');
    const owners = present === undefined ? undefined : ownersFor(present, set, pod, ordinal);
    if (present === undefined || owners === undefined) continue;
    const object = { ...present, metadata: { ...present.metadata, ownerReferences: owners } };
    actions.push({ kind: 'update', of: CLAIMS, object });
  }
  return actions;
}

/** @returns undefined: as they should be, or not ours to touch. */
function ownersFor(
  claim: Claim,
  set: StatefulSet,
  pod: Pod,
  ordinal: number,
): readonly OwnerReference[] | undefined {
  const present = claim.metadata.ownerReferences ?? [];
  const ours = present.filter((owner) => names(owner, set) || names(owner, pod));
  const isStale = ours.some(({ uid }) => uid !== set.metadata.uid && uid !== pod.metadata.uid);
  if (isStale) return undefined;
  const others = present.filter((owner) => !ours.includes(owner));
  const policy = policyOf(set);
  const isKept = policy.whenScaled === 'Retain' && policy.whenDeleted === 'Retain';
  if (!isKept && others.some(({ controller }) => controller === true))
    return ours.length === 0 ? undefined : others;
  const wanted = ownersOf(set, pod, ordinal).map(controllerReference);
  const isInLine =
    wanted.length === ours.length &&
    wanted.every(({ uid }) => ours.some((owner) => owner.uid === uid && owner.controller === true));
  return isInLine ? undefined : [...others, ...wanted];
}

function names({ apiVersion, kind, name }: OwnerReference, object: ApiObject): boolean {
  return apiVersion === object.apiVersion && kind === object.kind && name === object.metadata.name;
}

function ownersOf(set: StatefulSet, pod: Pod, ordinal: number): readonly ApiObject[] {
  const { whenDeleted, whenScaled } = policyOf(set);
  const { start, end } = rangeOf(set.spec);
  const isScaledDown = ordinal < start || ordinal >= end;
  if (whenScaled === 'Delete' && isScaledDown) return [pod];
  return whenDeleted === 'Delete' ? [set] : [];
}

function policyOf(set: StatefulSet) {
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } =
    set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  return { whenDeleted, whenScaled };
}
