/**
 * The part of a definition that the failover engine reads.
 * Never here: the engine's own defaults; defaults.ts has the only copy.
 */
import type {
  DataLossPolicy,
  DiskErrorPolicy,
  DivergencePolicy,
  FailoverPolicy,
  FailoverPreference,
} from './enums';

/** How soon a silent primary counts as down. */
export interface SentinelSpec {
  /**
   * Milliseconds between two probes. 100..600000.
   * @default 1000
   */
  readonly pingIntervalMs?: number;
  /**
   * Milliseconds of silence after which a node counts as down. 100..600000, at least 3 probes.
   * @default 5000
   */
  readonly downAfterMs?: number;
  /**
   * Milliseconds after which a failover that waits says why and tries again. 100..600000.
   * @default 60000
   */
  readonly failoverTimeoutMs?: number;
}

/** What a failover may risk. */
export interface FailoverSpec {
  /**
   * Which side gives way in a partition: Durable, Balanced or Available.
   * @default "Balanced"
   */
  readonly policy?: FailoverPolicy;
  /**
   * What ranks first among replicas: Offset or Priority.
   * @default - Offset when the policy is Durable, else Priority
   */
  readonly prefer?: FailoverPreference;
  /**
   * Replicas that must follow closely for the primary to take writes. 1..63; in force is at most
   * replicas - 1.
   * @default - 1
   */
  readonly minReplicasToWrite?: number;
  /**
   * Seconds of lag up to which a replica counts as following closely. 1..60.
   * @default 2
   */
  readonly maxLagSeconds?: number;
  /**
   * Milliseconds to wait for a better replica that cannot be reached. 0..600000.
   * @default 2000
   */
  readonly waitForBestMs?: number;
  /**
   * What is done with writes that only the old primary had: Report or KeepDump.
   * @default "Report"
   */
  readonly onDivergence?: DivergencePolicy;
  /**
   * What is done when going on would lose recorded data: Stop or Accept.
   * @default "Stop"
   */
  readonly dataLossPolicy?: DataLossPolicy;
  /**
   * What is done when the primary cannot write to its disk: Switchover or Ignore.
   * @default "Switchover"
   */
  readonly onDiskError?: DiskErrorPolicy;
}
