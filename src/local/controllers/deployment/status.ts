/**
 * What a Deployment's status says: counts, Available, and Progressing, by which `kubectl rollout
 * status` and `kubectl wait` know the end.
 * Never here: a change of a ReplicaSet.
 */
import { type Condition, conditionOf } from '../objects/condition';
import { timeOf, timestamp } from '../objects/time';
import type { Deployment, DeploymentStatus, ReplicaSet } from '../objects/workload';
import { withoutZeros } from '../replica-set/decide';
import { wantedOf } from './scale';
import { leeway, type Sets, total } from './sets';

type Conditions = readonly Condition[];

/** @param progress `none`: the rollout does not move, so its progress is not judged. */
export function statusOf(
  deployment: Deployment,
  sets: Sets,
  conditions: Conditions,
  progress: 'judged' | 'none',
  nowMs: number,
): DeploymentStatus {
  const counts = countsOf(deployment, sets);
  const { collisionCount } = deployment.status ?? {};
  const judged =
    progress === 'none' ? conditions : judge(deployment, sets, counts, conditions, nowMs);
  return {
    ...withoutZeros(counts),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    conditions: availability(deployment, counts, judged, nowMs),
  };
}

type Counts = Required<Omit<DeploymentStatus, 'collisionCount' | 'conditions'>>;

function countsOf(deployment: Deployment, { fresh, old }: Sets): Counts {
  const all = fresh === undefined ? old : [...old, fresh];
  const sum = (field: 'replicas' | 'readyReplicas' | 'availableReplicas') =>
    all.reduce((count, { status }: ReplicaSet) => count + (status?.[field] ?? 0), 0);
  const availableReplicas = sum('availableReplicas');
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: sum('replicas'),
    updatedReplicas: fresh?.status?.replicas ?? 0,
    readyReplicas: sum('readyReplicas'),
    availableReplicas,
    unavailableReplicas: Math.max(0, total(all) - availableReplicas),
  };
}

function availability(
  deployment: Deployment,
  { availableReplicas }: Counts,
  conditions: Conditions,
  nowMs: number,
): Conditions {
  const enough = wantedOf(deployment) - leeway(deployment).unavailable;
  const condition: Condition =
    availableReplicas >= enough
      ? {
          ...{ type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
          message: 'Deployment has minimum availability.',
        }
      : {
          ...{ type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable' },
          message: 'Deployment does not have minimum availability.',
        };
  return set(conditions, condition, nowMs);
}

/** The same status and reason leave it as it is; a change brings it to the end of the list. */
export function set(conditions: Conditions, next: Condition, nowMs: number): Conditions {
  const old = conditionOf(conditions, next.type);
  if (old?.status === next.status && old.reason === next.reason) return conditions;
  const now = timestamp(nowMs);
  const lastTransitionTime = old?.status === next.status ? (old.lastTransitionTime ?? now) : now;
  const others = conditions.filter(({ type }) => type !== next.type);
  return [...others, { ...next, lastUpdateTime: now, lastTransitionTime }];
}

export function progressing(
  status: Condition['status'],
  reason: string,
  message: string,
): Condition {
  return { type: 'Progressing', status, reason, message };
}

/** Seconds without progress until a rollout counts as stuck; undefined: it never does. */
export function deadlineOf({ spec }: Deployment): number | undefined {
  const { progressDeadlineSeconds = 600 } = spec;
  return progressDeadlineSeconds === 2 ** 31 - 1 ? undefined : progressDeadlineSeconds;
}

function judge(
  deployment: Deployment,
  { fresh }: Sets,
  counts: Counts,
  conditions: Conditions,
  nowMs: number,
): Conditions {
  if (deadlineOf(deployment) === undefined)
    return conditions.filter(({ type }) => type !== 'Progressing');
  const before = deployment.status;
  const current = conditionOf(before?.conditions, 'Progressing');
  const isOver =
    counts.replicas === counts.updatedReplicas && current?.reason === 'NewReplicaSetAvailable';
  if (isOver) return conditions;
  const { name } = deployment.metadata;
  const subject =
    fresh === undefined ? `Deployment "${name}"` : `ReplicaSet "${fresh.metadata.name}"`;
  if (isComplete(deployment, counts)) {
    const message = `${subject} has successfully progressed.`;
    return set(conditions, progressing('True', 'NewReplicaSetAvailable', message), nowMs);
  }
  if (hasMoved(before, counts)) {
    const next = progressing('True', 'ReplicaSetUpdated', `${subject} is progressing.`);
    const now = timestamp(nowMs);
    const since = current?.status === 'True' ? (current.lastTransitionTime ?? now) : now;
    const others = conditions.filter(({ type }) => type !== 'Progressing');
    return [...others, { ...next, lastUpdateTime: now, lastTransitionTime: since }];
  }
  if (!isLate(deployment, conditions, nowMs)) return conditions;
  const message = `${subject} has timed out progressing.`;
  return set(conditions, progressing('False', 'ProgressDeadlineExceeded', message), nowMs);
}

export function isComplete(
  { spec, metadata }: Deployment,
  status: DeploymentStatus | undefined,
): boolean {
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status ?? {};
  return (
    [updatedReplicas, replicas, availableReplicas].every((n) => n === (spec.replicas ?? 1)) &&
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  );
}

function hasMoved(before: DeploymentStatus | undefined, counts: Counts): boolean {
  const {
    replicas = 0,
    updatedReplicas = 0,
    readyReplicas = 0,
    availableReplicas = 0,
  } = before ?? {};
  return (
    counts.updatedReplicas > updatedReplicas ||
    counts.replicas - counts.updatedReplicas < replicas - updatedReplicas ||
    counts.readyReplicas > readyReplicas ||
    counts.availableReplicas > availableReplicas
  );
}

function isLate(deployment: Deployment, conditions: Conditions, nowMs: number): boolean {
  const current = conditionOf(conditions, 'Progressing');
  if (current === undefined || current.reason === 'NewReplicaSetAvailable') return false;
  const since = timeOf(current.lastUpdateTime) ?? nowMs;
  return since + (deadlineOf(deployment) ?? 0) * 1000 < nowMs;
}

/** When a rollout that stands still has to be judged again. */
export function untilLate(
  deployment: Deployment,
  { conditions, ...counts }: DeploymentStatus,
  nowMs: number,
): number | undefined {
  const current = conditionOf(conditions, 'Progressing');
  const deadline = deadlineOf(deployment);
  if (deadline === undefined || current === undefined || isComplete(deployment, counts))
    return undefined;
  if (['ProgressDeadlineExceeded', 'NewReplicaSetAvailable'].includes(current.reason ?? ''))
    return undefined;
  return Math.max(0, (timeOf(current.lastUpdateTime) ?? nowMs) + deadline * 1000 - nowMs) + 1000;
}
