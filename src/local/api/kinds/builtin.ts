/**
 * The built-in kinds as one table: names, endpoints and the ways in which one differs from the usual.
 * Never here: hooks that change objects (hooks.ts), types of fields (typed/).
 */
import { assert } from '../../../kit/assert';
import { at } from '../json';
import { label1035Name, labelName, pathName, subdomainName } from '../names';
import type { JsonObject } from '../port';
import type { Typings } from '../typing';
import { eventFromStored, eventToStored } from './events';
import { hooksOf } from './hooks';
import { apiVersionOf, type Kind, type ScalePaths, type Subresource } from './kind';

/** What differs from the usual kind: namespaced, no status, no generation, DNS subdomain names. */
interface Row {
  readonly kind: string;
  /** Default: lower case and an `s`. */
  readonly resource?: string;
  readonly short?: readonly string[];
  readonly all?: 'yes';
  readonly cluster?: 'yes';
  readonly status?: 'yes';
  readonly generation?: 'yes';
  readonly scale?: 'yes';
  readonly fields?: readonly string[];
  readonly also?: readonly Subresource[];
  readonly rules?: Partial<Kind>;
}

const everyVerb = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
] as const;

const collected = { deleteAnswers: 'object' } as const;
const scaled: ScalePaths = {
  spec: ['spec', 'replicas'],
  status: ['status', 'replicas'],
  selector: ['spec', 'selector'],
};

function sub(name: string, kind: string, verbs: readonly string[], apiVersion = ''): Subresource {
  return { name, kind, verbs, apiVersion };
}

const connect = ['create', 'get'];

const core: readonly Row[] = [
  { kind: 'ConfigMap', short: ['cm'] },
  {
    kind: 'Endpoints',
    resource: 'endpoints',
    short: ['ep'],
    rules: {
      createOnUpdate: 'allowed',
      deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
    },
  },
  {
    kind: 'Event',
    short: ['ev'],
    fields: [
      'involvedObject.kind',
      'involvedObject.namespace',
      'involvedObject.name',
      'involvedObject.uid',
      'involvedObject.apiVersion',
      'involvedObject.resourceVersion',
      'involvedObject.fieldPath',
      'reason',
      'type',
    ],
    rules: {
      createOnUpdate: 'allowed',
      garbage: 'never',
      nameRule: () => [],
    },
  },
  {
    kind: 'Namespace',
    short: ['ns'],
    cluster: 'yes',
    status: 'yes',
    fields: ['status.phase'],
    also: [sub('finalize', 'Namespace', ['update'])],
    rules: {
      ...collected,
      nameRule: labelName,
      verbs: everyVerb.filter((verb) => verb !== 'deletecollection'),
    },
  },
  { kind: 'Node', short: ['no'], cluster: 'yes', status: 'yes', fields: ['spec.unschedulable'] },
  { kind: 'PersistentVolumeClaim', short: ['pvc'], status: 'yes', rules: collected },
  { kind: 'PersistentVolume', short: ['pv'], cluster: 'yes', status: 'yes', rules: collected },
  {
    kind: 'Pod',
    short: ['po'],
    all: 'yes',
    status: 'yes',
    generation: 'yes',
    fields: [
      'spec.nodeName',
      'spec.restartPolicy',
      'spec.schedulerName',
      'spec.serviceAccountName',
      'spec.hostNetwork',
      'status.phase',
      'status.podIP',
      'status.nominatedNodeName',
    ],
    also: [
      sub('attach', 'PodAttachOptions', connect),
      sub('binding', 'Binding', ['create']),
      sub('eviction', 'Eviction', ['create'], 'policy/v1'),
      sub('exec', 'PodExecOptions', connect),
      sub('log', 'Pod', ['get']),
      sub('portforward', 'PodPortForwardOptions', connect),
    ],
    rules: collected,
  },
  { kind: 'PodTemplate', generation: 'yes', rules: collected },
  { kind: 'Secret', fields: ['type'] },
  {
    kind: 'ServiceAccount',
    short: ['sa'],
    also: [sub('token', 'TokenRequest', ['create'], 'authentication.k8s.io/v1')],
    rules: collected,
  },
  {
    kind: 'Service',
    short: ['svc'],
    all: 'yes',
    status: 'yes',
    fields: ['spec.clusterIP', 'spec.type'],
    rules: { ...collected, createOnUpdate: 'allowed', nameRule: label1035Name },
  },
  { kind: 'LimitRange', short: ['limits'], rules: { createOnUpdate: 'allowed' } },
  { kind: 'ResourceQuota', short: ['quota'], status: 'yes', rules: collected },
];

const apps: readonly Row[] = [
  { kind: 'ControllerRevision' },
  { kind: 'DaemonSet', short: ['ds'], all: 'yes', status: 'yes', generation: 'yes' },
  {
    kind: 'Deployment',
    short: ['deploy'],
    all: 'yes',
    status: 'yes',
    generation: 'yes',
    scale: 'yes',
    rules: { generationMetadata: ['annotations'] },
  },
  {
    kind: 'ReplicaSet',
    short: ['rs'],
    all: 'yes',
    status: 'yes',
    generation: 'yes',
    scale: 'yes',
  },
  {
    kind: 'StatefulSet',
    short: ['sts'],
    all: 'yes',
    status: 'yes',
    generation: 'yes',
    scale: 'yes',
    // A StatefulSet's name becomes a label value and a host name.
    rules: { nameRule: labelName },
  },
];

const rbac = { nameRule: pathName, createOnUpdate: 'allowed' } as const;

const groups: readonly (readonly [group: string, version: string, rows: readonly Row[]])[] = [
  ['', 'v1', core],
  [
    'apiextensions.k8s.io',
    'v1',
    [
      {
        kind: 'CustomResourceDefinition',
        short: ['crd', 'crds'],
        cluster: 'yes',
        status: 'yes',
        generation: 'yes',
        rules: { categories: ['api-extensions'], unconditionalUpdate: 'refused' },
      },
    ],
  ],
  ['apps', 'v1', apps],
  [
    'batch',
    'v1',
    [
      {
        kind: 'Job',
        all: 'yes',
        status: 'yes',
        generation: 'yes',
        fields: ['status.successful'],
      },
    ],
  ],
  [
    'coordination.k8s.io',
    'v1',
    [{ kind: 'Lease', rules: { createOnUpdate: 'allowed', unconditionalUpdate: 'refused' } }],
  ],
  [
    'discovery.k8s.io',
    'v1',
    [{ kind: 'EndpointSlice', generation: 'yes', rules: { generationMetadata: ['labels'] } }],
  ],
  [
    'events.k8s.io',
    'v1',
    [
      {
        kind: 'Event',
        short: ['ev'],
        fields: [
          'regarding.kind',
          'regarding.namespace',
          'regarding.name',
          'regarding.uid',
          'regarding.apiVersion',
          'regarding.resourceVersion',
          'regarding.fieldPath',
          'reason',
          'type',
        ],
        rules: {
          createOnUpdate: 'allowed',
          garbage: 'never',
          nameRule: () => [],
          collection: 'events',
          storedApiVersion: 'v1',
          toVersion: eventFromStored,
          toStored: eventToStored,
        },
      },
    ],
  ],
  [
    'networking.k8s.io',
    'v1',
    [{ kind: 'NetworkPolicy', resource: 'networkpolicies', short: ['netpol'], generation: 'yes' }],
  ],
  [
    'policy',
    'v1',
    [
      {
        kind: 'PodDisruptionBudget',
        short: ['pdb'],
        status: 'yes',
        generation: 'yes',
        rules: { unconditionalUpdate: 'refused' },
      },
    ],
  ],
  [
    'rbac.authorization.k8s.io',
    'v1',
    [
      { kind: 'ClusterRoleBinding', cluster: 'yes', rules: rbac },
      { kind: 'ClusterRole', cluster: 'yes', rules: rbac },
      { kind: 'RoleBinding', rules: rbac },
      { kind: 'Role', rules: rbac },
    ],
  ],
  [
    'scheduling.k8s.io',
    'v1',
    [
      {
        kind: 'PriorityClass',
        resource: 'priorityclasses',
        short: ['pc'],
        cluster: 'yes',
        generation: 'yes',
      },
    ],
  ],
  [
    'storage.k8s.io',
    'v1',
    [
      {
        kind: 'StorageClass',
        resource: 'storageclasses',
        short: ['sc'],
        cluster: 'yes',
        rules: collected,
      },
    ],
  ],
];

/** Every built-in kind; those that have no types are left out, and named. */
export function builtinKinds(typings: Typings): readonly Kind[] {
  return groups.flatMap(([group, version, rows]) =>
    rows.map((row) => kindOf(typings, group, version, row)),
  );
}

function kindOf(typings: Typings, group: string, version: string, row: Row): Kind {
  const resource = row.resource ?? `${row.kind.toLowerCase()}s`;
  const typing = typings.builtin(group, version, row.kind);
  assert(typing !== undefined, `${row.kind} of '${group}/${version}' has no types in api/typed`);
  const hooks = hooksOf(group, row.kind);
  return {
    group,
    version,
    resource,
    singular: row.kind.toLowerCase(),
    kind: row.kind,
    listKind: `${row.kind}List`,
    shortNames: row.short ?? [],
    categories: row.all === 'yes' ? ['all'] : [],
    scope: row.cluster === 'yes' ? 'cluster' : 'namespaced',
    collection: group === '' ? resource : `${resource}.${group}`,
    storedApiVersion: apiVersionOf({ group, version }),
    origin: 'builtin',
    typing,
    verbs: everyVerb,
    subresources: subresourcesOf(row),
    ...(row.scale === 'yes' ? { scale: scaled } : {}),
    nameRule: subdomainName,
    status: row.status === 'yes' ? 'kept' : 'plain',
    generation: row.generation === 'yes' ? 'counted' : 'none',
    generationMetadata: [],
    unconditionalUpdate: 'allowed',
    createOnUpdate: 'refused',
    deleteAnswers: 'status',
    garbage: 'collected',
    fields: Object.fromEntries((row.fields ?? []).map((field) => [field, fieldReader(field)])),
    ...hooks,
    ...row.rules,
  };
}

function subresourcesOf(row: Row): readonly Subresource[] {
  const changing = ['get', 'patch', 'update'];
  return [
    ...(row.also ?? []),
    ...(row.scale === 'yes' ? [sub('scale', 'Scale', changing, 'autoscaling/v1')] : []),
    ...(row.status === 'yes' ? [sub('status', row.kind, changing)] : []),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Numbers and booleans as the real server prints them: 0 and false when absent. */
function fieldReader(field: string): (object: JsonObject) => string {
  const path = field === 'status.successful' ? ['status', 'succeeded'] : field.split('.');
  const zero =
    field === 'status.successful'
      ? '0'
      : field === 'spec.unschedulable' || field === 'spec.hostNetwork'
        ? 'false'
        : '';
  return (object) => {
    const value = at(object, ...path);
    if (typeof value === 'string') return value;
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : zero;
  };
}
