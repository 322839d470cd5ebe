/**
 * A second look, past every cache, before a step that cannot be taken back: what was planned on a cache
 * that is behind is not carried out (kubernetes.md section 4).
 * Never here: the plan.
 */
import { LABELS } from '../../spec/naming';
import type { Answer, Failure } from '../kube/answer';
import type { KubeClient } from '../kube/client';
import { type Pod, resources, type StatefulSet } from '../kube/types';
import type { RolloutView } from '../plan/rollout';
import { type ClusterObject, clusters } from './record-store';

export interface Live {
  readonly statefulSet: StatefulSet;
  readonly pods: readonly Pod[];
}

/** @returns `conflict` when the definition, the StatefulSet or a pod is another one than was planned on. */
export async function readLive(
  client: KubeClient,
  { metadata }: ClusterObject,
  seen: RolloutView,
): Promise<Answer<Live>> {
  const { namespace, name } = metadata;
  const [cluster, statefulSet, pods] = await Promise.all([
    client.get(clusters, { namespace, name }),
    client.get(resources.statefulSets, { namespace, name }),
    client.list(resources.pods, {
      namespace,
      labelSelector: `${LABELS.cluster}=${name},${LABELS.app}=valkey`,
    }),
  ]);
  if (cluster.kind !== 'ok') return cluster;
  if (statefulSet.kind !== 'ok') return statefulSet;
  if (pods.kind !== 'ok') return pods;
  const { uid, generation } = cluster.value.metadata;
  if (uid !== metadata.uid || generation !== metadata.generation)
    return behind('the ValkeyCluster has changed');
  const live = { statefulSet: statefulSet.value, pods: pods.value.items };
  return samePods(seen, live.pods) ? { kind: 'ok', value: live } : behind('the pods have changed');
}

/** The same pods, and those deleted that were known to be. */
function samePods({ pods }: RolloutView, live: readonly Pod[]): boolean {
  const known = pods.map(({ podUid, lifecycle }) => `${podUid} ${lifecycle}`);
  const found = live.map(({ metadata }) => {
    return `${metadata.uid} ${metadata.deletionTimestamp === undefined ? 'live' : 'deleting'}`;
  });
  return known.sort().join() === found.sort().join();
}

/** As the server would have said it. */
export function behind(message: string): Failure {
  const status = { code: 409, reason: 'CacheBehind', message, retryAfterMs: undefined };
  return { kind: 'conflict', status };
}
