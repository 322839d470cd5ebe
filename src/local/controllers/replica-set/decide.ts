/**
 * What a ReplicaSet does next: makes pods that are missing, takes down those that are too many.
 * Never here: which template is current (deployment/).
 */
import type { Action, Decision } from '../frame/action';
import { goJson } from '../objects/hash';
import { isAvailable, isReady, msUntilAvailable, PODS, type Pod } from '../objects/pod';
import { containsAll } from '../objects/selector';
import { byWorth, podFrom } from '../objects/template';
import { REPLICA_SETS, type ReplicaSet, type ReplicaSetStatus } from '../objects/workload';

/** Pods that one turn makes or deletes. */
const BURST_MAX = 500;

/** @param pods its own that neither ended nor are on their way out. */
export function decideReplicaSet(set: ReplicaSet, pods: readonly Pod[], nowMs: number): Decision {
  const { replicas = 1, minReadySeconds = 0 } = set.spec;
  const isLeaving = set.metadata.deletionTimestamp !== undefined;
  const status = statusOf(set, pods, nowMs);
  const isSame = goJson(withoutZeros(set.status)) === goJson(withoutZeros(status));
  const object = { ...set, status };
  const waits = pods
    .map((pod) => msUntilAvailable(pod, minReadySeconds, nowMs) ?? 0)
    .filter((ms) => ms > 0);
  return {
    actions: [
      ...(isLeaving ? [] : manage(set, pods, replicas)),
      ...(isSame ? [] : [{ kind: 'status', of: REPLICA_SETS, object } as const]),
    ],
    recheckAfterMs: waits.length === 0 ? undefined : Math.min(...waits),
  };
}

function manage(set: ReplicaSet, pods: readonly Pod[], replicas: number): readonly Action[] {
  const missing = Math.min(replicas - pods.length, BURST_MAX);
  if (missing > 0)
    return Array.from({ length: missing }, () => ({
      kind: 'create',
      of: PODS,
      object: podFrom(set, set.spec.template),
      onSuccess: { about: set, reason: 'SuccessfulCreate', message: 'Created pod: {name}' },
      onRefusal: { about: set, reason: 'FailedCreate', message: 'Error creating: ' },
    }));
  return byWorth(pods)
    .slice(0, Math.min(pods.length - replicas, BURST_MAX))
    .flatMap((pod): readonly Action[] => {
      const { name } = pod.metadata;
      const failed = { about: set, reason: 'FailedDelete', message: `Error deleting: ` };
      return [
        { kind: 'delete', of: PODS, object: pod, onRefusal: failed },
        {
          ...{ kind: 'tell', about: set, reason: 'SuccessfulDelete' },
          message: `Deleted pod: ${name}`,
        },
      ];
    });
}

function statusOf(set: ReplicaSet, pods: readonly Pod[], nowMs: number): ReplicaSetStatus {
  const { template, minReadySeconds = 0 } = set.spec;
  const labels = template.metadata?.labels ?? {};
  const { generation } = set.metadata;
  const counts = {
    fullyLabeledReplicas: pods.filter((pod) => containsAll(pod.metadata.labels, labels)).length,
    readyReplicas: pods.filter(isReady).length,
    availableReplicas: pods.filter((pod) => isAvailable(pod, minReadySeconds, nowMs)).length,
  };
  return {
    replicas: pods.length,
    ...withoutZeros(counts),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...(set.status?.conditions === undefined ? {} : { conditions: set.status.conditions }),
  };
}

/** As Go writes counts: 0 is not there. */
export function withoutZeros(fields: object | undefined): Readonly<Record<string, number>> {
  const entries = Object.entries(fields ?? {}).filter(([, value]) => value !== 0);
  return Object.fromEntries(entries);
}
