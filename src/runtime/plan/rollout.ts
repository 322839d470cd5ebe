/**
 * Which pod is replaced next when the template has changed: replicas first, one at a time and only
 * while all others are well; the primary last, after the engine has moved it away.
 * Never here: the switchover; a pod that is about to go is a wish to the engine.
 */
import type { Facts, Reason } from '../../kit/reasons';

export interface RolloutPod {
  readonly pod: string;
  readonly podUid: string;
  readonly ordinal: number;
  readonly template: 'current' | 'outdated';
  readonly lifecycle: 'live' | 'deleting';
  /** `synced`: its link is up and the primary counts it as online; the primary itself too. */
  readonly health: 'synced' | 'behind';
}

export interface RolloutView {
  readonly pods: readonly RolloutPod[];
  readonly wantedReplicas: number;
  /** -1: no primary serves. */
  readonly primaryOrdinal: number;
  /** The StatefulSet controller has seen the newest template. */
  readonly statefulSet: 'seen' | 'unseen';
  /** Pods that the engine knows to be about to go: told before they are deleted. */
  readonly announced: readonly string[];
  readonly primaryUpdate: 'Automatic' | 'Manual';
  /** `perishable`: the data of a pod ends with it, and nobody has said that this is all right. */
  readonly data: 'kept' | 'perishable';
}

export type RolloutStep =
  | { readonly kind: 'settled' }
  | { readonly kind: 'wait'; readonly on: Reason; readonly facts: Facts }
  | { readonly kind: 'restart'; readonly pod: string; readonly podUid: string };

export function nextRestart(view: RolloutView): RolloutStep {
  if (view.statefulSet === 'unseen') return { kind: 'wait', on: 'StatefulSetUnseen', facts: {} };
  const next = candidate(view);
  if (next === undefined) return { kind: 'settled' };
  if (wouldLoseData(view))
    return { kind: 'wait', on: 'RolloutWouldLoseData', facts: { pod: next.pod } };
  if (view.primaryOrdinal < 0) return { kind: 'wait', on: 'RolloutNeedsPrimary', facts: {} };
  const unwell = unwellBeside(view, next);
  if (unwell.length > 0 || !isComplete(view))
    return {
      kind: 'wait',
      on: 'RolloutWaitsForReplicas',
      facts: { pods: unwell.map(({ pod }) => pod).join(',') },
    };
  if (!view.announced.includes(next.pod))
    return { kind: 'wait', on: 'RolloutAnnounced', facts: { pod: next.pod } };
  const single = view.wantedReplicas === 1;
  if (next.ordinal === view.primaryOrdinal && !single)
    return { kind: 'wait', on: 'RolloutMovesPrimary', facts: { pod: next.pod } };
  return { kind: 'restart', pod: next.pod, podUid: next.podUid };
}

/** Pods that the engine must expect to go: beyond the wanted number, or next to be replaced. */
export function leavingPods(view: RolloutView): readonly string[] {
  const beyond = view.pods
    .filter(({ ordinal }) => ordinal >= view.wantedReplicas)
    .map(({ pod }) => pod);
  const next = view.statefulSet === 'seen' ? candidate(view) : undefined;
  if (next === undefined || wouldLoseData(view)) return beyond;
  if (!isComplete(view) || unwellBeside(view, next).length > 0) return beyond;
  return [...beyond, next.pod];
}

/** A single pod has no replica that would keep the data meanwhile. */
function wouldLoseData({ wantedReplicas, data }: RolloutView): boolean {
  return wantedReplicas === 1 && data === 'perishable';
}

/** Told too early, a pod that is to go next would count as gone while the one before it is still away. */
function unwellBeside(view: RolloutView, next: RolloutPod): readonly RolloutPod[] {
  return view.pods.filter(
    ({ pod, health, lifecycle }) =>
      pod !== next.pod && (health === 'behind' || lifecycle === 'deleting'),
  );
}

function isComplete(view: RolloutView): boolean {
  return view.pods.length >= view.wantedReplicas;
}

/** Highest ordinal first, as a StatefulSet does it; the primary last. */
function candidate(view: RolloutView): RolloutPod | undefined {
  const outdated = view.pods.filter(
    ({ template, lifecycle }) => template === 'outdated' && lifecycle === 'live',
  );
  const replicas = outdated.filter(({ ordinal }) => ordinal !== view.primaryOrdinal);
  const [best] = [...replicas].sort((left, right) => right.ordinal - left.ordinal);
  if (best !== undefined) return best;
  return view.primaryUpdate === 'Manual' && view.wantedReplicas > 1 ? undefined : outdated[0];
}
