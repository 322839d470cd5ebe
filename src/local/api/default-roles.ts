/**
 * Roles and bindings that every cluster has from the start, as a real 1.34 server lists them.
 * Never here: roles of controllers (the rooms of this process are trusted), evaluation.
 */
import { own } from './json';
import type { JsonObject } from './port';

type Rule = readonly [group: string, resources: string, verbs: string];

const read = 'get list watch';
const write = 'create delete deletecollection patch update';

const viewing: readonly Rule[] = [
  [
    '',
    'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
    read,
  ],
  [
    '',
    'bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status',
    read,
  ],
  ['', 'namespaces', read],
  ['discovery.k8s.io', 'endpointslices', read],
  [
    'apps',
    'controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status',
    read,
  ],
  ['autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status', read],
  ['batch', 'cronjobs cronjobs/status jobs jobs/status', read],
  ['policy', 'poddisruptionbudgets poddisruptionbudgets/status', read],
  ['networking.k8s.io', 'ingresses ingresses/status networkpolicies', read],
  [
    'extensions',
    'daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale',
    read,
  ],
  ['resource.k8s.io', 'resourceclaims resourceclaims/status resourceclaimtemplates', read],
];

const editing: readonly Rule[] = [
  ['', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy', read],
  ['', 'serviceaccounts', 'impersonate'],
  ['', 'pods pods/attach pods/exec pods/portforward pods/proxy', write],
  ['', 'pods/eviction', 'create'],
  [
    '',
    'configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy',
    write,
  ],
  ['', 'serviceaccounts/token', 'create'],
  [
    'apps',
    'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale',
    write,
  ],
  ['autoscaling', 'horizontalpodautoscalers', write],
  ['batch', 'cronjobs jobs', write],
  ['policy', 'poddisruptionbudgets', write],
  ['networking.k8s.io', 'ingresses networkpolicies', write],
  [
    'extensions',
    'daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale',
    write,
  ],
  ['resource.k8s.io', 'resourceclaims resourceclaimtemplates', write],
  ['coordination.k8s.io', 'leases', `${read} ${write}`],
];

const administering: readonly Rule[] = [
  ['authorization.k8s.io', 'localsubjectaccessreviews', 'create'],
  ['rbac.authorization.k8s.io', 'rolebindings roles', `${read} ${write}`],
];

function ruleOf([group, resources, verbs]: Rule): JsonObject {
  return {
    apiGroups: [group],
    resources: resources.split(' '),
    verbs: verbs.split(' ').sort(),
  };
}

function pathRule(paths: string): JsonObject {
  return { nonResourceURLs: paths.split(' '), verbs: ['get'] };
}

const roles: Readonly<Record<string, readonly JsonObject[]>> = {
  'cluster-admin': [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['*'] },
  ],
  admin: [...editing, ...viewing, ...administering].map(ruleOf),
  edit: [...editing, ...viewing].map(ruleOf),
  view: viewing.map(ruleOf),
  'system:aggregate-to-admin': administering.map(ruleOf),
  'system:aggregate-to-edit': editing.map(ruleOf),
  'system:aggregate-to-view': viewing.map(ruleOf),
  'system:discovery': [
    pathRule(
      '/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/',
    ),
  ],
  'system:basic-user': [
    ruleOf(['authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews', 'create']),
    ruleOf(['authentication.k8s.io', 'selfsubjectreviews', 'create']),
  ],
  'system:public-info-viewer': [pathRule('/healthz /livez /readyz /version /version/')],
  'system:auth-delegator': [
    ruleOf(['authentication.k8s.io', 'tokenreviews', 'create']),
    ruleOf(['authorization.k8s.io', 'subjectaccessreviews', 'create']),
  ],
};

const bindings: Readonly<Record<string, readonly string[]>> = {
  'cluster-admin': ['system:masters'],
  'system:discovery': ['system:authenticated'],
  'system:basic-user': ['system:authenticated'],
  'system:public-info-viewer': ['system:authenticated', 'system:unauthenticated'],
};

/** Roles that are made of those that say so by a label. */
const aggregated: ReadonlySet<string> = new Set(['admin', 'edit', 'view']);
/** Into which of them a role goes. */
const goesInto: Readonly<Record<string, string>> = {
  edit: 'admin',
  view: 'edit',
  'system:aggregate-to-admin': 'admin',
  'system:aggregate-to-edit': 'edit',
  'system:aggregate-to-view': 'view',
};
const aggregationLabel = (name: string): JsonObject => ({
  [`rbac.authorization.k8s.io/aggregate-to-${name}`]: 'true',
});

const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };
const group = 'rbac.authorization.k8s.io';

/** Manifests, to be created where they are not there. */
export function defaultRoles(): readonly JsonObject[] {
  const metadata = (name: string): JsonObject => {
    const into = own(goesInto, name);
    const more = into === undefined ? {} : aggregationLabel(into);
    return { name, labels: { ...labels, ...more }, annotations };
  };
  return [
    ...Object.entries(roles).map(([name, rules]) => ({
      apiVersion: `${group}/v1`,
      kind: 'ClusterRole',
      metadata: metadata(name),
      ...(aggregated.has(name)
        ? { aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregationLabel(name) }] } }
        : {}),
      rules,
    })),
    ...Object.entries(bindings).map(([name, groups]) => ({
      apiVersion: `${group}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: metadata(name),
      roleRef: { apiGroup: group, kind: 'ClusterRole', name },
      subjects: groups.map((one) => ({ apiGroup: group, kind: 'Group', name: one })),
    })),
  ];
}
