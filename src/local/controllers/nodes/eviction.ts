/**
 * Pods on a node with NoExecute taints: deleted at once, after their toleration's time, or never.
 * Never here: who taints a node (health.ts, or a user).
 */
import { type Action, type Decision, NOTHING } from '../frame/action';
import { timedCondition } from '../objects/condition';
import type { Taint } from '../objects/node';
import { isTerminating, PODS, type Pod } from '../objects/pod';
import { tolerates } from '../objects/taints';

/** @param sinceMs when a taint began to count for this pod. */
export function decideEviction(
  pod: Pod,
  taints: readonly Taint[],
  sinceMs: (taint: Taint) => number,
  nowMs: number,
): Decision {
  if (isTerminating(pod)) return NOTHING;
  const ends = taints
    .filter(({ effect }) => effect === 'NoExecute')
    .map((taint) => endOf(pod, taint, sinceMs(taint)));
  const end = Math.min(...ends);
  if (ends.length === 0 || end === Number.POSITIVE_INFINITY) return NOTHING;
  if (end > nowMs) return { actions: [], recheckAfterMs: end - nowMs };
  return { actions: evict(pod, nowMs) };
}

/** The shortest of the matching tolerations counts; one without a time lasts for ever. */
function endOf({ spec }: Pod, taint: Taint, sinceMs: number): number {
  const matching = (spec.tolerations ?? []).filter((toleration) => tolerates(toleration, taint));
  if (matching.length === 0) return 0;
  const seconds = matching.map(
    ({ tolerationSeconds }) => tolerationSeconds ?? Number.POSITIVE_INFINITY,
  );
  return sinceMs + Math.max(0, Math.min(...seconds)) * 1000;
}

function evict(pod: Pod, nowMs: number): readonly Action[] {
  const { namespace, name, generation } = pod.metadata;
  const condition = timedCondition(
    pod.status?.conditions,
    {
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      ...{ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager' },
      message: 'Taint manager: deleting due to NoExecute taint',
    },
    nowMs,
  );
  const message = `Marking for deletion Pod ${namespace}/${name}`;
  return [
    { kind: 'tell', about: pod, reason: 'TaintManagerEviction', message },
    {
      ...{ kind: 'patch', type: 'strategic', of: PODS, object: pod, subresource: 'status' },
      patch: { status: { conditions: [condition] } },
    },
    { kind: 'delete', of: PODS, object: pod },
  ];
}
