/**
 * The times after which a node counts as lost and its pods are given up; the defaults are those of a
 * real controller-manager.
 * Never here: how often a kubelet renews its Lease.
 */
export interface NodeSettings {
  /** Without a renewed Lease or status for so long a node is Unknown. Above 0, default 50 (--node-monitor-grace-period). */
  readonly graceSeconds: number;
  /** The same for a node that never said anything. Above 0, default 60. */
  readonly startupGraceSeconds: number;
  /** Between two sweeps for pods whose node is gone or out of service. Above 0, default 20. */
  readonly sweepSeconds: number;
  /** So long a node must be missing until its pods are removed. 0 or more, default 40. */
  readonly quarantineSeconds: number;
}

export const NODE_SETTINGS: NodeSettings = {
  graceSeconds: 50,
  startupGraceSeconds: 60,
  sweepSeconds: 20,
  quarantineSeconds: 40,
};
