/**
 * How many pods each ReplicaSet of a Deployment should have next: in a rollout, and when the number
 * changes in its middle.
 * Never here: which sets there are (sets.ts).
 */
import type { Action } from '../frame/action';
import { type Deployment, REPLICA_SETS, type ReplicaSet } from '../objects/workload';
import { DESIRED, leeway, MAX, replicasOf, type Sets, sizeAnnotations, total } from './sets';

export function wantedOf({ spec }: Deployment): number {
  return spec.replicas ?? 1;
}

/** @returns nothing if the set has that number already. */
export function resize(deployment: Deployment, set: ReplicaSet, to: number): readonly Action[] {
  const from = replicasOf(set);
  const sizes = sizeAnnotations(deployment);
  const { annotations = {} } = set.metadata;
  const isTold = [DESIRED, MAX].every((key) => annotations[key] === sizes[key]);
  if (from === to && isTold) return [];
  const object = {
    ...set,
    metadata: { ...set.metadata, annotations: { ...annotations, ...sizes } },
    spec: { ...set.spec, replicas: to },
  };
  const update: Action = { kind: 'update', of: REPLICA_SETS, object };
  return from === to ? [update] : [update, scaled(deployment, set.metadata.name, from, to)];
}

function scaled(about: Deployment, name: string, from: number, to: number): Action {
  const way = to > from ? 'up' : 'down';
  const message = `Scaled ${way} replica set ${name} from ${from} to ${to}`;
  return { kind: 'tell', about, reason: 'ScalingReplicaSet', message };
}

/** What a set of the present template may have now, so that the sum stays within the surge. */
export function freshSize(
  deployment: Deployment,
  old: readonly ReplicaSet[],
  present: number,
): number {
  const wanted = wantedOf(deployment);
  if (deployment.spec.strategy?.type === 'Recreate') return wanted;
  const max = wanted + leeway(deployment).surge;
  const room = max - total(old) - present;
  return room <= 0 ? present : present + Math.min(room, wanted - present);
}

/** Old sets shrink: pods that are not available first, then as far as availability allows. */
export function shrinkOld(
  deployment: Deployment,
  fresh: ReplicaSet,
  old: Sets['old'],
): readonly Action[] {
  const wanted = wantedOf(deployment);
  const minAvailable = wanted - leeway(deployment).unavailable;
  const freshUnavailable = replicasOf(fresh) - availableOf(fresh);
  const max = total([...old, fresh]) - minAvailable - freshUnavailable;
  if (total(old) === 0 || max <= 0) return [];
  const sizes = new Map(old.map((set) => [set, replicasOf(set)]));
  const take = (set: ReplicaSet, limit: number): number => {
    const size = sizes.get(set) ?? 0;
    const taken = Math.max(0, Math.min(size, limit));
    sizes.set(set, size - taken);
    return taken;
  };
  let unhealthy = max;
  for (const set of old)
    unhealthy -= take(set, Math.min(unhealthy, replicasOf(set) - availableOf(set)));
  let healthy =
    availableOf(fresh) + old.reduce((sum, set) => sum + availableOf(set), 0) - minAvailable;
  for (const set of old) healthy -= take(set, healthy);
  return old
    .filter((set) => sizes.get(set) !== replicasOf(set))
    .flatMap((set) => resize(deployment, set, sizes.get(set) ?? 0));
}

function availableOf({ status }: ReplicaSet): number {
  return status?.availableReplicas ?? 0;
}

/** The wanted number changed since the sets were sized. */
export function isScaling(deployment: Deployment, { fresh, old }: Sets): boolean {
  return [fresh, ...old].some((set) => {
    if (set === undefined || replicasOf(set) === 0) return false;
    const told = set.metadata.annotations?.[DESIRED];
    return told !== undefined && Number(told) !== wantedOf(deployment);
  });
}

/** In proportion, so that a rollout that stands still stays as far as it was. */
export function rescale(deployment: Deployment, { fresh, old }: Sets): readonly Action[] {
  const wanted = wantedOf(deployment);
  const all = [...old, ...(fresh === undefined ? [] : [fresh])];
  const active = all.filter((set) => replicasOf(set) > 0);
  const newest = fresh ?? old.at(-1);
  const only = active.length === 0 ? newest : active[0];
  if (only === undefined) return [];
  if (active.length <= 1) return resize(deployment, only, wanted);
  if (fresh !== undefined && isSaturated(deployment, fresh))
    return old.filter((set) => replicasOf(set) > 0).flatMap((set) => resize(deployment, set, 0));
  if (deployment.spec.strategy?.type === 'Recreate') return [];
  return inProportion(deployment, active);
}

function isSaturated(deployment: Deployment, set: ReplicaSet): boolean {
  const wanted = wantedOf(deployment);
  const told = Number(set.metadata.annotations?.[DESIRED]);
  return replicasOf(set) === wanted && told === wanted && availableOf(set) === wanted;
}

function inProportion(deployment: Deployment, active: readonly ReplicaSet[]): readonly Action[] {
  const wanted = wantedOf(deployment);
  const max = wanted === 0 ? 0 : wanted + leeway(deployment).surge;
  const toAdd = max - total(active);
  const youngestFirst = toAdd > 0 ? [...active].reverse() : [...active];
  const sorted = youngestFirst.sort((a, b) => replicasOf(b) - replicasOf(a));
  let added = 0;
  const sizes = sorted.map((set) => {
    const size = replicasOf(set);
    const maxBefore = Number(set.metadata.annotations?.[MAX] ?? total(active));
    const share = maxBefore === 0 ? 0 : Math.round((size * max) / maxBefore) - size;
    const left = toAdd - added;
    const change =
      toAdd > 0 ? Math.min(Math.max(share, 0), left) : Math.max(Math.min(share, 0), left);
    added += change;
    return size + change;
  });
  return sorted.flatMap((set, index) => {
    const size = (sizes[index] ?? 0) + (index === 0 ? toAdd - added : 0);
    return resize(deployment, set, Math.max(0, size));
  });
}
