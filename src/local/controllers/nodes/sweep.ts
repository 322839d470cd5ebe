/**
 * Pods that no kubelet will ever end: their node is gone, or a user has declared it out of service.
 * They are failed and removed without grace.
 * Never here: a node that is only silent; its pods may live.
 */
import type { Action } from '../frame/action';
import { type Condition, conditionOf, timedCondition } from '../objects/condition';
import type { Node } from '../objects/node';
import { isFinished, isTerminating, PODS, type Pod } from '../objects/pod';

const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';

/** @param goneFor how long a node has been missing, in ms; undefined: it is there. */
export function sweepPods(
  pods: readonly Pod[],
  nodeNamed: (name: string) => Node | undefined,
  goneFor: (name: string) => number | undefined,
  quarantineMs: number,
  nowMs: number,
): readonly Action[] {
  return pods.flatMap((pod) => {
    const { nodeName } = pod.spec;
    if (!nodeName) return isTerminating(pod) ? remove(pod, undefined, nowMs) : [];
    const node = nodeNamed(nodeName);
    if (node !== undefined)
      return isTerminating(pod) && isOutOfService(node) ? remove(pod, undefined, nowMs) : [];
    if ((goneFor(nodeName) ?? 0) < quarantineMs) return [];
    const { generation } = pod.metadata;
    const why: Condition = {
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      ...{ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC' },
      message: 'PodGC: node no longer exists',
    };
    return remove(pod, why, nowMs);
  });
}

function isOutOfService({ spec, status }: Node): boolean {
  return (
    conditionOf(status?.conditions, 'Ready')?.status !== 'True' &&
    (spec.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE)
  );
}

function remove(pod: Pod, why: Condition | undefined, nowMs: number): readonly Action[] {
  const condition = why && timedCondition(pod.status?.conditions, why, nowMs);
  const conditions = condition === undefined ? [] : [condition];
  const patch = { status: { phase: 'Failed', conditions } };
  return [
    ...(isFinished(pod)
      ? []
      : [
          {
            ...({ kind: 'patch', type: 'strategic', of: PODS } as const),
            ...({ object: pod, patch, subresource: 'status' } as const),
          },
        ]),
    { kind: 'delete', of: PODS, object: pod, graceSeconds: 0 },
  ];
}
