/**
 * Nodes and their leases, as far as controllers know them.
 * Never here: whether a node is lost (nodes/).
 */
import { kindOf, type Specified } from '../frame/kind';
import type { Condition } from './condition';

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  readonly timeAdded?: string;
}

export interface NodeSpec {
  readonly unschedulable?: boolean;
  readonly taints?: readonly Taint[];
}

export interface NodeStatus {
  readonly conditions?: readonly Condition[];
  readonly allocatable?: Readonly<Record<string, string>>;
}

export type Node = Specified<NodeSpec, NodeStatus>;
export const NODES = kindOf<Node>('v1', 'Node', 'nodes', 'Cluster');

export interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly renewTime?: string;
}

export type Lease = Specified<LeaseSpec, unknown>;
/** Where the leases of nodes are. */
export const LEASE_NAMESPACE = 'kube-node-lease';
export const LEASES = kindOf<Lease>('coordination.k8s.io/v1', 'Lease', 'leases');

export const ZONE_LABEL = 'topology.kubernetes.io/zone';
