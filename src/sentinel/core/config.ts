/**
 * The settings of one cluster's engine, made from the definition; the driver hands them in with
 * each event, so a change of the definition needs no restart.
 * Never here: defaults of the definition (spec) or anything observed.
 */
import type { Millis } from '../../kit/brands';

export type Settings = readonly (readonly [name: string, value: string])[];

export interface Config {
  /** How often each node is pinged. Default 1000. */
  readonly pingIntervalMs: Millis;
  /** Silence after which a node counts as down: at this very number, not one below. Default 5000. */
  readonly downAfterMs: Millis;
  /** How long to wait for every recorded volume, or for P while m is 0. Default 60 000. */
  readonly failoverTimeoutMs: Millis;
  /** How long to wait for an unreachable node with a higher known offset. Default 2000. */
  readonly waitForBestMs: Millis;
  readonly policy: 'Durable' | 'Balanced' | 'Available';
  readonly prefer: 'Offset' | 'Priority';
  /** The definition's minReplicasToWrite or 1, before it is cut to replicas - 1. */
  readonly minReplicasToWrite: number;
  /** min-replicas-max-lag, seconds. Default 2. */
  readonly maxLagSeconds: number;
  readonly dataLossPolicy: 'Stop' | 'Accept';
  readonly onDiskError: 'Switchover' | 'Ignore';
  /** All pods of the cluster as the definition says. */
  readonly replicas: number;
  /** Users whose connections a demotion ends, `default` among them. */
  readonly clientUsers: readonly string[];
  /** Whether an address belongs to one server for good (the embedded engine's E1a). */
  readonly addresses: 'exclusive' | 'reusable';
  /** Whether the world offers E4, a kill of a hung primary. */
  readonly killPort: 'present' | 'absent';
  /** Rest after a change of Services that planned work waits for (kube-proxy); 0 without one. */
  readonly serviceQuietMs: Millis;
  /**
   * A switchover turns the Service before it stops writers, and gives new connections this long to follow
   * once the EndpointSlice shows it. undefined: clients are told where to go, with the demotion.
   */
  readonly serviceSettleMs: Millis | undefined;
  /** Longest wait for a replica to read what the dead primary had sent. Default 50. */
  readonly drainMs: Millis;
  /** What running servers are brought to by CONFIG SET, beside what the protocol sets itself. */
  readonly settings: Settings;
}

/** min-replicas-to-write that the definition asks for: never more than there can be. */
export function wantedM(config: Config): number {
  return Math.max(0, Math.min(config.minReplicasToWrite, config.replicas - 1));
}

/** W of failover.md section 2: after this long without m good replicas a primary refuses writes. */
export function starvedAfterMs(lagSeconds: number): number {
  return lagSeconds * 1000 + 2500;
}
