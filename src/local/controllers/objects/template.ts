/**
 * Pods made from a template: what they take from it, and in which order they are given up again.
 * Never here: how many there should be.
 */
import type { ApiObject } from '../../api/port';
import type { Draft } from '../frame/action';
import { conditionOf } from './condition';
import { controllerReference } from './owner';
import { isReady, type Pod, type PodTemplate } from './pod';
import { timeOf } from './time';

export function podFrom(owner: ApiObject, template: PodTemplate): Draft {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  return {
    metadata: {
      generateName: `${owner.metadata.name}-`,
      namespace: owner.metadata.namespace,
      labels,
      annotations,
      ownerReferences: [controllerReference(owner)],
      ...(finalizers === undefined ? {} : { finalizers }),
    },
    spec: template.spec,
  };
}

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
const PHASES = ['Pending', 'Unknown', 'Running'];

/** The least missed first, as the real controllers choose: unplaced, unready, crowded, young. */
export function byWorth(pods: readonly Pod[]): readonly Pod[] {
  const crowd = (pod: Pod) =>
    pods.filter((other) => other.spec.nodeName === pod.spec.nodeName && isReady(other)).length;
  const keys: readonly ((pod: Pod) => number)[] = [
    ({ spec }) => (spec.nodeName ? 1 : 0),
    ({ status }) => PHASES.indexOf(status?.phase ?? 'Pending'),
    (pod) => (isReady(pod) ? 1 : 0),
    ({ metadata }) => Number(metadata.annotations?.[DELETION_COST] ?? 0),
    (pod) => -crowd(pod),
    (pod) => -(readySince(pod) ?? 0),
    ({ metadata }) => -(timeOf(metadata.creationTimestamp) ?? 0),
  ];
  return [...pods].sort((a, b) => {
    for (const key of keys) {
      const difference = key(a) - key(b);
      if (difference !== 0) return difference;
    }
    return a.metadata.uid < b.metadata.uid ? -1 : 1;
  });
}

function readySince({ status }: Pod): number | undefined {
  return timeOf(conditionOf(status?.conditions, 'Ready')?.lastTransitionTime);
}
