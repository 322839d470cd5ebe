/**
 * The pods of a StatefulSet: their names, labels, volumes and revision.
 * Never here: when one is made or deleted (decide.ts).
 */
import type { Draft } from '../frame/action';
import { controllerReference } from '../objects/owner';
import { isAvailable, isReady, isTerminating, type Pod } from '../objects/pod';
import type { StatefulSet, StatefulSetSpec } from '../objects/workload';
import type { Revision } from './revisions';

const NAME_LABEL = 'statefulset.kubernetes.io/pod-name';
const INDEX_LABEL = 'apps.kubernetes.io/pod-index';
const REVISION_LABEL = 'controller-revision-hash';

/** @returns the number at the end of the name, if the rest is the set's name. */
export function ordinalOf(set: StatefulSet, podName: string): number | undefined {
  const [, parent, digits] = /^(.*)-([0-9]+)$/.exec(podName) ?? [];
  return parent === set.metadata.name ? Number(digits) : undefined;
}

export function podNameOf(set: StatefulSet, ordinal: number): string {
  return `${set.metadata.name}-${ordinal}`;
}

export function claimNameOf(set: StatefulSet, template: string, ordinal: number): string {
  return `${template}-${set.metadata.name}-${ordinal}`;
}

export function rangeOf({ ordinals, replicas = 1 }: StatefulSetSpec): {
  readonly start: number;
  readonly end: number;
} {
  const start = ordinals?.start ?? 0;
  return { start, end: start + replicas };
}

export function draftPod(set: StatefulSet, ordinal: number, { name, template }: Revision): Draft {
  const podName = podNameOf(set, ordinal);
  const claims = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => ({
    name: metadata.name,
    persistentVolumeClaim: { claimName: claimNameOf(set, metadata.name, ordinal) },
  }));
  const claimed = new Set(claims.map((volume) => volume.name));
  const others = (template.spec.volumes ?? []).filter((volume) => !claimed.has(volume.name));
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const { serviceName } = set.spec;
  return {
    metadata: {
      name: podName,
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace,
      labels: {
        ...labels,
        [NAME_LABEL]: podName,
        [INDEX_LABEL]: String(ordinal),
        [REVISION_LABEL]: name,
      },
      annotations,
      ownerReferences: [controllerReference(set)],
      ...(finalizers === undefined ? {} : { finalizers }),
    },
    spec: {
      ...template.spec,
      hostname: podName,
      ...(serviceName ? { subdomain: serviceName } : {}),
      ...(claims.length + others.length === 0 ? {} : { volumes: [...claims, ...others] }),
    },
  };
}

/** The labels that a member must have; undefined if it has them. */
export function identityPatch(pod: Pod, ordinal: number): object | undefined {
  const { name, labels } = pod.metadata;
  if (labels?.[NAME_LABEL] === name) return undefined;
  return { metadata: { labels: { [NAME_LABEL]: name, [INDEX_LABEL]: String(ordinal) } } };
}

/**
 * Which revision a pod of this ordinal is made at. A set that rolls makes those below its partition,
 * or without one those that have not been rolled, as they were.
 */
export function revisionFor(
  set: StatefulSet,
  ordinal: number,
  current: Revision,
  update: Revision,
): Revision {
  const { updateStrategy, ordinals } = set.spec;
  const start = ordinals?.start ?? 0;
  const { rollingUpdate, type } = updateStrategy ?? {};
  if (rollingUpdate !== undefined)
    return ordinal < start + (rollingUpdate.partition ?? 0) ? current : update;
  const isOld = type === 'RollingUpdate' && ordinal < start + (set.status?.currentReplicas ?? 0);
  return isOld ? current : update;
}

export function revisionOf({ metadata }: Pod): string | undefined {
  return metadata.labels?.[REVISION_LABEL];
}

export function isRunningAndReady(pod: Pod): boolean {
  return pod.status?.phase === 'Running' && isReady(pod);
}

export function isUnavailable(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  return !isAvailable(pod, minReadySeconds, nowMs) || isTerminating(pod);
}
