/**
 * What the operator writes: the status of a ValkeyCluster. `record` is the failover engine's memory
 * (failover.md section 2); only the failover lane writes it, by compare-and-swap.
 * Never here: limits on values. A status that the API server refuses would stop a failover.
 */

/** One run of valkey-server. */
export interface ProcessStatus {
  /** Name of the pod. */
  readonly pod: string;
  /** Uid of the pod object. */
  readonly podUid: string;
  /** As Kubernetes writes it. */
  readonly containerId?: string;
  /** The server's run_id. */
  readonly runId: string;
  /** Uid of the volume claim. */
  readonly pvcUid?: string;
}

/** One history: what a primary of that epoch writes. */
export interface LineageStatus {
  /** The epoch. */
  readonly epoch: number;
  /** The replication id. */
  readonly replid: string;
  /** The first byte that belongs to this epoch. */
  readonly fromOffset: number;
  /** Cut: a full resynchronization, no second id leads back to the parent. Joined otherwise. */
  readonly cut: string;
}

/** Where the target of an unfinished change of primary stood. */
export interface StreamPosition {
  /** The replication id. */
  readonly replid: string;
  /** The offset in bytes. */
  readonly offset: number;
}

/** The engine's memory. */
export interface RecordStatus {
  /** Counts acquisitions of the lease. */
  readonly term: number;
  /** Counts changes of primary. */
  readonly epoch: number;
  /** The process that is the primary. */
  readonly primary?: ProcessStatus;
  /** Every process that was attached to the primary in this epoch. */
  readonly members: readonly ProcessStatus[];
  /** Whether any replica was attached in this epoch. */
  readonly everAttached: boolean;
  /** Whether the primary feeds a consumer outside the members. */
  readonly foreign: boolean;
  /** The chain of histories, oldest first. */
  readonly lineage: readonly LineageStatus[];
  /** Boot, Steady, Failover or Switchover. */
  readonly phase: string;
  /** The process that is to become the primary. */
  readonly target?: ProcessStatus;
  /** Where the target stood when the change was decided. */
  readonly from?: StreamPosition;
  /** The min-replicas-to-write in force; 0 is a grant. */
  readonly m: number;
  /** The min-replicas-max-lag in force, in seconds. */
  readonly L: number;
  /** The primary's offset when last written. */
  readonly offset: number;
  /** The primary's number of keys when last written. */
  readonly keys: number;
  /** When offset and keys were written, in milliseconds since 1970. */
  readonly at: number;
}

/** How one node is. */
export interface NodeStatus {
  /** Name of the pod. */
  readonly podName: string;
  /** Master, Replica or Unknown. */
  readonly role: string;
  /** Whether it answers as it should. */
  readonly healthy: boolean;
  /** When it last answered, in milliseconds since 1970. */
  readonly lastPingSuccess?: number;
  /** Probes without an answer since then. */
  readonly consecutivePingFailures?: number;
  /** Its replication offset in bytes. */
  readonly replOffset?: number;
}

/** The last failover. */
export interface LastFailoverStatus {
  /** Why. */
  readonly reason: string;
  /** The old primary's pod. */
  readonly from?: string;
  /** The new primary's pod. */
  readonly to?: string;
  /** From the verdict to the promotion, in milliseconds. */
  readonly durationMs?: number;
  /** Bytes that only the old primary had; absent while not known. */
  readonly lostBytes?: number;
}

/** Failovers so far. */
export interface FailoversStatus {
  /** How many. */
  readonly count: number;
  /** The last one. */
  readonly last?: LastFailoverStatus;
}

/** A condition, as Kubernetes writes it. */
export interface ConditionStatus {
  /** What it is about. */
  readonly type: string;
  /** True, False or Unknown. */
  readonly status: string;
  /** One word of the table of reasons. */
  readonly reason: string;
  /** A sentence. */
  readonly message: string;
  /** RFC 3339. */
  readonly lastTransitionTime: string;
  /** The generation of the spec that was seen. */
  readonly observedGeneration?: number;
}

/** The status of a ValkeyCluster. */
export interface ValkeyClusterStatus {
  /** Creating, Running, Updating, Failing or Failed. */
  readonly phase?: string;
  /** Name of the primary's pod. */
  readonly masterPod?: string;
  /** Address of the primary, ip:port. */
  readonly currentMaster?: string;
  /** Pods that exist, for the scale subresource. */
  readonly replicas?: number;
  /** Pods that are ready. */
  readonly readyReplicas?: number;
  /** RFC 3339. */
  readonly lastReconcileTime?: string;
  /** How each node is. */
  readonly nodeStatuses?: readonly NodeStatus[];
  /** The generation of the spec that this status is about. */
  readonly observedGeneration?: number;
  /** The engine's memory. */
  readonly record?: RecordStatus;
  /** Failovers so far. */
  readonly failovers?: FailoversStatus;
  /** Conditions by type. */
  readonly conditions?: readonly ConditionStatus[];
  /** Label selector of the data pods, for the scale subresource. */
  readonly selector?: string;
}
