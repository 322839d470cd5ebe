/**
 * What the operator may do: the least that works. It speaks RESP to the pods, so there is no
 * pods/exec; it names the Secrets that it reads, so it neither lists nor watches them.
 */

import type { JsonMap } from '../kube-object';
import { OPERATOR, operatorMeta } from './names';
import type { OperatorOptions } from './options';

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

/** Of the kinds that no namespace holds. */
const clusterWide: readonly string[] = ['nodes'];

/** Roles and their bindings: the cluster's, that of the lease, and last those of each namespace: they may become more. */
export function roles({ namespace, scope }: OperatorOptions): readonly JsonMap[] {
  const [wide, inside] = [true, false].map((wanted) =>
    GRANTS.filter(({ resources }) => clusterWide.includes(resources[0] ?? '') === wanted),
  );
  const subject = { kind: 'ServiceAccount', name: OPERATOR, namespace };
  const lease = pair('Role', OPERATOR, namespace, [LEASE_GRANT], subject);
  if (scope.kind === 'allNamespaces')
    return [...pair('ClusterRole', OPERATOR, undefined, GRANTS, subject), ...lease];
  return [
    ...pair('ClusterRole', `${OPERATOR}-${namespace}`, undefined, wide ?? [], subject),
    ...lease,
    ...scope.namespaces.flatMap((watched) =>
      pair('Role', `${OPERATOR}-clusters`, watched, inside ?? [], subject),
    ),
  ];
}

function pair(
  kind: 'Role' | 'ClusterRole',
  name: string,
  namespace: string | undefined,
  grants: readonly Grant[],
  subject: JsonMap,
): readonly JsonMap[] {
  const apiGroup = 'rbac.authorization.k8s.io';
  const common = { apiVersion: `${apiGroup}/v1`, metadata: operatorMeta(name, namespace) };
  return [
    { ...common, kind, rules: grants.map(rule) },
    { ...common, kind: `${kind}Binding`, roleRef: { apiGroup, kind, name }, subjects: [subject] },
  ];
}

function rule({ group, resources, verbs }: Grant): JsonMap {
  return { apiGroups: [group], resources, verbs };
}
