/**
 * What one look at one node tells: INFO and ROLE on the order connection, and the pod object.
 * Facts carry the moment they were read; whether they still count is decided elsewhere.
 * Never here: a verdict.
 */
import type { Millis, Offset, ReplId, RunId } from '../../kit/brands';
import type { PodUid } from './record';

/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A replica as its primary sees it (INFO replication). */
export interface Attached extends Address {
  /** `online`: counted by min-replicas-to-write while its lag is small. */
  readonly state: 'online' | 'syncing';
  readonly offset: Offset;
  readonly lagSeconds: number;
}

export interface NodeFacts {
  readonly atMs: Millis;
  readonly runId: RunId;
  /** When the process began by its machine's clock, ms since 1970, within a second; absent: not told. */
  readonly startedAtMs?: number | undefined;
  /** Of a loading node the replid, offset and keys below mean nothing. */
  readonly activity: 'ready' | 'loading' | 'syncing';
  readonly role: 'master' | 'replica';
  readonly replid: ReplId;
  readonly replid2: ReplId | undefined;
  /** First byte that does not belong to replid2; undefined without one. */
  readonly secondOffset: Offset | undefined;
  /** slave_repl_offset of a replica, master_repl_offset of a master. */
  readonly offset: Offset;
  /** Whom a replica follows; a held one shows port 0. undefined for a master. */
  readonly upstream: Address | undefined;
  readonly link: 'up' | 'down';
  /** Seconds since the last byte from the primary; -1 without a link. */
  readonly lastIoSeconds: number;
  /** Seconds since the link broke; -1: never connected since this process began. */
  readonly linkDownSeconds: number;
  readonly keys: number;
  /** replica-priority: lower is better, 0 never. */
  readonly priority: number;
  /** Of a master: who follows it. Sorted by host and port. */
  readonly attached: readonly Attached[];
}

/** What the watch shows of one pod. Without Kubernetes: made once from the addresses given. */
export interface PodFact {
  readonly pod: string;
  readonly podUid: PodUid;
  readonly ordinal: number;
  /** undefined: no IP yet, or none any more. */
  readonly ip: string | undefined;
  readonly port: number;
  /** The running container; empty when none runs or where there are no containers. */
  readonly containerId: string;
  /** When it was started by the same machine's clock, within a second; absent: not told by the world. */
  readonly containerStartedAtMs?: number | undefined;
  /** state.terminated and lastState.terminated, without reason ContainerStatusUnknown. */
  readonly terminatedIds: readonly string[];
  readonly lifecycle: 'live' | 'deleting' | 'gone';
  /** `outOfService`: the node has that taint. `lost`: not Ready or deleted, which proves nothing. */
  readonly node: 'ready' | 'lost' | 'outOfService';
  /** Whether a sidecar may answer for a dead server (E1a is void then). */
  readonly traffic: 'direct' | 'intercepted';
  readonly pvcUid: string;
  /** Whether the volume is older than this ValkeyCluster: it may hold data at the first boot. */
  readonly volume: 'ours' | 'older';
}
