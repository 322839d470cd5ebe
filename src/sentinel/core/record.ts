/**
 * What the authority keeps by compare-and-swap (failover.md section 2): the only memory of the
 * engine that outlives its process. In Kubernetes it stands in `status.record` of the ValkeyCluster.
 * Never here: observations, addresses, anything that can be read again from the nodes.
 */
import type { Epoch, Millis, Offset, ReplId, RunId, Term } from '../../kit/brands';

/** The pod object's uid; without Kubernetes the name given to the address. Names prove nothing. */
export type PodUid = string;

/** One run of valkey-server. A pod of the same name with another uid is another process. */
export interface Process {
  readonly pod: string;
  readonly podUid: PodUid;
  /** As Kubernetes writes it (`containerd://...`). Empty where there are no containers. */
  readonly containerId: string;
  readonly runId: RunId;
  /** Identity of the volume under /data; the pod's name where there are no claims. */
  readonly pvcUid: string;
}

/** One history: what a primary of that epoch writes. */
export interface HistoryEntry {
  readonly epoch: Epoch;
  readonly replid: ReplId;
  /** The first byte that belongs to this epoch: the offset at the promotion, plus one. */
  readonly fromOffset: Offset;
  /** `Cut`: promoted by a full resynchronization, so no second replid leads back to the parent. */
  readonly cut: 'Cut' | 'Joined';
}

export type Phase = 'Boot' | 'Steady' | 'Failover' | 'Switchover';

/** What is kept of a cluster, and all that a next leader knows of it; swapped as a whole. */
export interface ClusterRecord {
  readonly term: Term;
  /** May run ahead of the lineage: a switchover that was given up keeps its number. */
  readonly epoch: Epoch;
  readonly primary: Process | undefined;
  /** Every process that was attached to the primary in the lineage's newest epoch. */
  readonly members: readonly Process[];
  /** Whether any replica was ever attached in the lineage's newest epoch. */
  readonly everAttached: boolean;
  /** Whether the primary feeds a consumer outside the members, which keeps it writable. */
  readonly foreign: boolean;
  /** Oldest first, the newest is the epoch in force; at most 16 are kept. */
  readonly lineage: readonly HistoryEntry[];
  readonly phase: Phase;
  readonly target: Process | undefined;
  readonly from: { readonly replid: ReplId; readonly offset: Offset } | undefined;
  /** min-replicas-to-write in force; 0 is the grant of section 10. */
  readonly m: number;
  /** min-replicas-max-lag in force, seconds. */
  readonly L: number;
  /** The primary's offset and key count when last written, wall clock beside it. */
  readonly offset: Offset;
  readonly keys: number;
  readonly at: Millis;
}

/** The newest history that was recorded, if the cluster ever had a primary. */
export function newestHistory(record: ClusterRecord): HistoryEntry | undefined {
  return record.lineage[record.lineage.length - 1];
}

/** The epoch in force, which the client Service and `<pod>@<epoch>` name: the newest that had a primary. */
export function servedEpoch(
  record: { readonly lineage: readonly { readonly epoch: number }[] } | undefined,
): number {
  return record?.lineage.at(-1)?.epoch ?? 0;
}

/** The same run of valkey-server. */
export function sameProcess(left: Process | undefined, right: Process | undefined): boolean {
  return left !== undefined && left.podUid === right?.podUid && left.runId === right.runId;
}

/** Volumes that carry the cluster's own data, whatever their server says of its history. */
export function recordVolumes(record: ClusterRecord): readonly string[] {
  const processes = [record.primary, record.target, ...record.members];
  return processes.flatMap((process) =>
    process === undefined || process.pvcUid === '' ? [] : [process.pvcUid],
  );
}
