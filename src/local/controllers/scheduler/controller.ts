/**
 * The scheduler: which pods it looks at, and when.
 * Never here: where they go (decide.ts).
 */
import { NOTHING } from '../frame/action';
import { type Controller, source } from '../frame/controller';
import { keyOf, splitKey } from '../frame/kind';
import type { Reader } from '../frame/reader';
import { NAMESPACES } from '../objects/namespace';
import { NODES } from '../objects/node';
import { isFinished, PODS, type Pod } from '../objects/pod';
import { CLAIMS, SELECTED_NODE, STORAGE_CLASSES, VOLUMES } from '../objects/storage';
import { decidePod, isWaiting, SCHEDULER } from './decide';
import type { Room } from './room';

export const scheduler: Controller = {
  name: SCHEDULER,
  sources: [
    source(PODS, (pod) => (isWaiting(pod) ? [keyOf(pod)] : [])),
    { ...source(PODS, (_, reader) => waiting(reader)), on: ['removed'] },
    // A pod that has ended leaves its room to others; one that stands may be what others need.
    source(PODS, (pod, reader) => {
      if (isFinished(pod)) return waiting(reader);
      return pod.spec.nodeName ? waiting(reader, needsOthers) : [];
    }),
    source(STORAGE_CLASSES, (_, reader) => waiting(reader, usesClaims)),
    source(VOLUMES, (_, reader) => waiting(reader, usesClaims)),
    source(NODES, (_, reader) => waiting(reader)),
    source(CLAIMS, ({ metadata }, reader) =>
      reader
        .list(PODS, metadata.namespace)
        .filter((pod) => isWaiting(pod) && uses(pod, metadata.name))
        .map(keyOf),
    ),
  ],
  reads: [NAMESPACES],
  decide(key, reader, nowMs) {
    const { namespace, name } = splitKey(key);
    const pod = reader.get(PODS, namespace, name);
    return pod === undefined || !isWaiting(pod)
      ? NOTHING
      : decidePod(pod, roomFor(pod, reader), nowMs);
  },
};

function waiting(reader: Reader, test: (pod: Pod) => boolean = () => true): readonly string[] {
  return reader
    .list(PODS)
    .filter((pod) => isWaiting(pod) && test(pod))
    .map(keyOf);
}

/** What only prefers a place near others or far from them never waits for it. */
function needsOthers({ spec }: Pod): boolean {
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  const { topologySpreadConstraints: spread = [] } = spec;
  return (
    podAffinity?.requiredDuringSchedulingIgnoredDuringExecution !== undefined ||
    podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution !== undefined ||
    spread.some(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule')
  );
}

function usesClaims({ spec }: Pod): boolean {
  return (spec.volumes ?? []).some(({ persistentVolumeClaim }) => persistentVolumeClaim);
}

function uses({ spec }: Pod, claim: string): boolean {
  return (spec.volumes ?? []).some((volume) => volume.persistentVolumeClaim?.claimName === claim);
}

function roomFor(asking: Pod, reader: Reader): Room {
  const standing = new Map<string, Pod[]>();
  for (const pod of reader.list(PODS)) {
    const seat = pod.spec.nodeName || seatByClaim(pod, reader);
    if (seat === undefined || isFinished(pod) || pod === asking) continue;
    const pods = standing.get(seat) ?? [];
    pods.push(pod);
    standing.set(seat, pods);
  }
  return {
    seats: reader
      .list(NODES)
      .map((node) => ({ node, pods: standing.get(node.metadata.name) ?? [] })),
    claimNamed: (namespace, name) => reader.get(CLAIMS, namespace, name),
    volumeNamed: (name) => reader.get(VOLUMES, undefined, name),
    classNamed: (name) => reader.get(STORAGE_CLASSES, undefined, name),
    labelsOfNamespace: (name) => reader.get(NAMESPACES, undefined, name)?.metadata.labels,
  };
}

/** A pod whose claims wait for their volumes has its place already. */
function seatByClaim(pod: Pod, reader: Reader): string | undefined {
  if (!isWaiting(pod)) return undefined;
  for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
    if (persistentVolumeClaim === undefined) continue;
    const claim = reader.get(CLAIMS, pod.metadata.namespace, persistentVolumeClaim.claimName);
    const node = claim?.metadata.annotations?.[SELECTED_NODE];
    if (node !== undefined) return node;
  }
  return undefined;
}
