/**
 * What the operator may do: the least that works. It speaks RESP to the pods, so there is no
 * pods/exec; it names the Secrets that it reads, so it neither lists nor watches them.
 */

import type { JsonMap } from '../kube-object';
import { NAMESPACE, OPERATOR, operatorMeta } from './names';

interface Grant {
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Why: read by reviewers, not written into the role. */
  readonly why: string;
}

const read = ['get', 'list', 'watch'] as const;

export const GRANTS: readonly Grant[] = [
  {
    group: 'valkey.verilean.io',
    resources: ['valkeyclusters'],
    verbs: [...read, 'patch'],
    why: 'watches definitions; removes the annotations that ask for a switchover once it is done',
  },
  {
    group: 'valkey.verilean.io',
    resources: ['valkeyclusters/status'],
    verbs: ['get', 'update', 'patch'],
    why: 'the record, by compare-and-swap',
  },
  {
    group: 'valkey.verilean.io',
    resources: ['valkeyclusters/finalizers'],
    verbs: ['update'],
    why: 'owner references that block deletion, where OwnerReferencesPermissionEnforcement is on',
  },
  {
    group: '',
    resources: ['services', 'configmaps'],
    verbs: [...read, 'create', 'patch'],
    why: 'applies them; the client Service is routed by patch',
  },
  {
    group: '',
    resources: ['secrets'],
    verbs: ['get', 'create', 'patch'],
    why: 'reads passwords by name, writes the generated ones once',
  },
  {
    group: 'apps',
    resources: ['statefulsets'],
    verbs: [...read, 'create', 'patch'],
    why: 'applies them',
  },
  {
    group: 'policy',
    resources: ['poddisruptionbudgets'],
    verbs: [...read, 'create', 'patch', 'delete'],
    why: 'applies them; scaling to one pod removes the budget',
  },
  {
    group: '',
    resources: ['pods'],
    verbs: [...read, 'patch', 'delete'],
    why: 'evidence of death, role labels, rolling restarts, the kill of a hung primary',
  },
  {
    group: '',
    resources: ['persistentvolumeclaims'],
    verbs: [...read, 'patch'],
    why: 'identity of volumes; growth in place',
  },
  {
    group: 'discovery.k8s.io',
    resources: ['endpointslices'],
    verbs: [...read],
    why: 'verifies that the client Service leads to the primary',
  },
  {
    group: '',
    resources: ['nodes'],
    verbs: [...read],
    why: 'the out-of-service taint is proof that a node is down',
  },
  {
    group: 'events.k8s.io',
    resources: ['events'],
    verbs: ['create', 'patch'],
    why: 'tells what it did',
  },
];

/** In the operator's own namespace only. */
export const LEASE_GRANT: Grant = {
  group: 'coordination.k8s.io',
  resources: ['leases'],
  verbs: ['get', 'create', 'update'],
  why: 'elects the leader',
};

export function clusterRole(): JsonMap {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: operatorMeta(OPERATOR, undefined),
    rules: GRANTS.map(rule),
  };
}

export function clusterRoleBinding(): JsonMap {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: operatorMeta(OPERATOR, undefined),
    roleRef: roleRef('ClusterRole'),
    subjects: [subject],
  };
}

export function leaseRole(): JsonMap {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: operatorMeta(OPERATOR, NAMESPACE),
    rules: [rule(LEASE_GRANT)],
  };
}

export function leaseRoleBinding(): JsonMap {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: operatorMeta(OPERATOR, NAMESPACE),
    roleRef: roleRef('Role'),
    subjects: [subject],
  };
}

const subject = { kind: 'ServiceAccount', name: OPERATOR, namespace: NAMESPACE };

function roleRef(kind: 'Role' | 'ClusterRole'): JsonMap {
  return { apiGroup: 'rbac.authorization.k8s.io', kind, name: OPERATOR };
}

function rule({ group, resources, verbs }: Grant): JsonMap {
  return { apiGroups: [group], resources, verbs };
}
