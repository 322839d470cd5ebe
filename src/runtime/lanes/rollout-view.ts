/**
 * The rollout's view of one cluster, put together from the watches and the engine's state.
 * Never here: what is replaced next (plan/rollout.ts).
 */
import { follows } from '../../sentinel/core/process';
import type { NodeState, State } from '../../sentinel/core/state';
import { resolve } from '../../spec/defaults';
import { DataLossPolicy } from '../../spec/enums';
import { namesOf } from '../../spec/naming';
import { ordinalOf } from '../plan/pod-facts';
import type { RolloutView } from '../plan/rollout';
import { servingPrimary } from '../plan/status';
import type { ClusterObject } from './record-store';
import type { View } from './view';

export function rolloutOf(
  view: View,
  object: ClusterObject,
  state: State,
  announced: readonly string[],
): RolloutView {
  const { namespace = '', name } = object.metadata;
  const { replicas, updateStrategy, persistence, failover } = resolve(object.spec ?? {});
  const accepts = failover.dataLossPolicy === DataLossPolicy.ACCEPT;
  const statefulSet = view.statefulSet(namespace, namesOf(name).statefulSet);
  const primary = servingPrimary(state);
  const seen =
    statefulSet !== undefined &&
    statefulSet.status?.observedGeneration === statefulSet.metadata.generation;
  const revision = statefulSet?.status?.updateRevision;
  return {
    pods: view.pods(namespace, name).map((pod) => {
      const node = state.nodes.find(({ fact }) => fact.podUid === pod.metadata.uid);
      const synced = node !== undefined && (node === primary || isOnline(node, primary));
      return {
        pod: pod.metadata.name,
        podUid: pod.metadata.uid,
        ordinal: ordinalOf(pod.metadata.name),
        template:
          pod.metadata.labels?.['controller-revision-hash'] === revision ? 'current' : 'outdated',
        lifecycle: pod.metadata.deletionTimestamp === undefined ? 'live' : 'deleting',
        health: synced ? 'synced' : 'behind',
      } as const;
    }),
    wantedReplicas: replicas,
    primaryOrdinal: primary?.fact.ordinal ?? -1,
    statefulSet: seen ? 'seen' : 'unseen',
    announced,
    primaryUpdate: updateStrategy.primary,
    data: persistence.enabled || accepts ? 'kept' : 'perishable',
  };
}

/** The primary's own word counts: a replica calls its link up before the primary calls it online. */
function isOnline(node: NodeState, primary: NodeState | undefined): boolean {
  if (primary === undefined || !follows(node, primary) || node.facts?.link !== 'up') return false;
  const { ip, port } = node.fact;
  const seen = primary.facts?.attached.find((one) => one.host === ip && one.port === port);
  return seen?.state === 'online';
}
