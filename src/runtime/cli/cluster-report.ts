/**
 * What `gungnir status` says of one ValkeyCluster, as facts; also its JSON, so fields keep their names, and
 * what is not known is null. Made from the object alone: nothing is asked of the Valkey servers.
 * Never here: how it looks in a terminal (status-text.ts).
 */
import { servedEpoch } from '../../sentinel/core/record';
import { resolve } from '../../spec/defaults';
import { ANNOTATIONS } from '../../spec/naming';
import type { FailoversStatus, NodeStatus, ValkeyClusterStatus } from '../../spec/status';
import type { ClusterObject } from '../lanes/record-store';

export interface ClusterReport {
  readonly name: string;
  readonly namespace: string;
  /** As in status.phase; Unknown before an operator has seen the cluster, Deleting at its end. */
  readonly phase: string;
  /** `paused`: spec.paused; objects are left as they are, failovers go on. */
  readonly reconciling: 'active' | 'paused';
  readonly primary: { readonly pod: string; readonly address: string } | null;
  readonly readyPods: number;
  readonly wantedPods: number;
  /** The one in force, which `accept=POD@EPOCH` names; the record may have counted on for a change that was given up. */
  readonly epoch: number | null;
  readonly term: number | null;
  /** The step that the engine is in, by its record: Boot, Steady, Failover or Switchover. */
  readonly step: string | null;
  /** How many replicas must have a write before it is acknowledged; of how many that the definition asks for. */
  readonly writes: { readonly waitFor: number; readonly of: number } | null;
  /** RFC 3339; an operator that is well writes at least once a minute. */
  readonly updatedAt: string | null;
  /** What a person would look at first. */
  readonly trouble: Trouble | null;
  /** The annotation that answers a question of the engine, as it stands on the object. */
  readonly accept: string | null;
  readonly nodes: readonly NodeStatus[];
  readonly conditions: readonly Told[];
  readonly failovers: FailoversStatus;
}

export interface Trouble {
  readonly reason: string;
  readonly message: string;
}

export interface Told extends Trouble {
  readonly type: string;
  readonly status: string;
  readonly since: string;
}

export function reportOf(object: ClusterObject): ClusterReport {
  const { metadata, spec = {}, status } = object;
  const { record } = status ?? {};
  const settings = resolve(spec);
  const pod = status?.masterPod ?? '';
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    phase: metadata.deletionTimestamp === undefined ? (status?.phase ?? 'Unknown') : 'Deleting',
    reconciling: settings.paused ? 'paused' : 'active',
    primary: pod === '' ? null : { pod, address: status?.currentMaster ?? '' },
    readyPods: status?.readyReplicas ?? 0,
    wantedPods: settings.replicas,
    epoch: record === undefined ? null : servedEpoch(record),
    term: record?.term ?? null,
    step: record?.phase ?? null,
    writes: record === undefined ? null : { waitFor: record.m, of: settings.replicas - 1 },
    updatedAt: status?.lastReconcileTime ?? null,
    trouble: troubleOf(status),
    accept: metadata.annotations?.[ANNOTATIONS.accept] ?? null,
    nodes: status?.nodeStatuses ?? [],
    conditions: (status?.conditions ?? []).map(
      ({ type, status: is, reason, message, lastTransitionTime }) => ({
        type,
        status: is,
        reason,
        message,
        since: lastTransitionTime,
      }),
    ),
    failovers: status?.failovers ?? { count: 0 },
  };
}

/** A cause before its effect, a worse one before a better one. */
const troubles: readonly (readonly [type: string, bad: string])[] = [
  ['Degraded', 'True'],
  ['PrimaryAvailable', 'False'],
  ['DataAtRisk', 'True'],
  ['Ready', 'False'],
];

function troubleOf(status: ValkeyClusterStatus | undefined): Trouble | null {
  if (status === undefined)
    return {
      reason: 'NotSeenYet',
      message:
        'no operator has looked at this cluster. To fix: check that one runs (kubectl -n gungnir-system get pods) and what it says of the cluster in its log.',
    };
  for (const [type, bad] of troubles) {
    const found = status.conditions?.find((one) => one.type === type && one.status === bad);
    if (found !== undefined) return { reason: found.reason, message: found.message };
  }
  return null;
}
