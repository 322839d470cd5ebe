/**
 * What a StatefulSet's status says of its pods.
 * Never here: an action on a pod.
 */
import { isTerminating, msUntilAvailable, type Pod } from '../objects/pod';
import type { StatefulSet, StatefulSetStatus } from '../objects/workload';
import { isRunningAndReady, revisionOf } from './pods';
import type { Revisions } from './revisions';

/** @param deleted pods that this turn deletes for an update: they count as current no more. */
export function statusOf(
  set: StatefulSet,
  pods: readonly Pod[],
  { current, update, collisionCount }: Revisions,
  deleted: number,
  nowMs: number,
): StatefulSetStatus {
  const minReadySeconds = set.spec.minReadySeconds ?? 0;
  const created = pods.filter(({ status }) => status?.phase !== undefined);
  const staying = created.filter((pod) => !isTerminating(pod));
  const ready = pods.filter(isRunningAndReady);
  const at = (name: string) => staying.filter((pod) => revisionOf(pod) === name).length;
  const counts = {
    replicas: created.length,
    readyReplicas: ready.length,
    availableReplicas: ready.filter((pod) => msUntilAvailable(pod, minReadySeconds, nowMs) === 0)
      .length,
    currentReplicas: at(current.name) - deleted,
    updatedReplicas: at(update.name),
  };
  const wanted = set.spec.replicas ?? 1;
  const isRolled =
    set.spec.updateStrategy?.type === 'RollingUpdate' &&
    [counts.updatedReplicas, counts.readyReplicas, counts.replicas].every((n) => n === wanted);
  const { availableReplicas, replicas, ...others } = {
    ...counts,
    ...(isRolled ? { currentReplicas: counts.updatedReplicas } : {}),
  };
  const { generation } = set.metadata;
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    replicas,
    ...Object.fromEntries(Object.entries(others).filter(([, count]) => count > 0)),
    currentRevision: isRolled ? update.name : current.name,
    updateRevision: update.name,
    collisionCount,
    availableReplicas,
  };
}

const COMPARED = [
  ...['replicas', 'currentReplicas', 'readyReplicas', 'updatedReplicas', 'availableReplicas'],
  ...['currentRevision', 'updateRevision'],
] as const;

/** Whether the status must be written; a count that is absent is 0. */
export function isChanged(old: StatefulSetStatus | undefined, next: StatefulSetStatus): boolean {
  if ((next.observedGeneration ?? 0) > (old?.observedGeneration ?? 0)) return true;
  const before = { ...old } as Readonly<Record<string, unknown>>;
  const after = { ...next } as Readonly<Record<string, unknown>>;
  return COMPARED.some((field) => (before[field] || 0) !== (after[field] || 0));
}
