/**
 * What `kubectl get` prints of nodes, storage, access rules, endpoints and workloads: each is named after its state.
 * Never here: pods, services and events (printing.ts), columns of custom kinds (printing-custom.ts).
 */
import type { JsonObject } from '../../../../src/local/api/port';
import { core, type Group, get, named, parked, patch, post, remove, silently } from '../row';
import { cells, table, tabled } from './tables';

const long = '2001-02-03T04:05:06Z';
const mine = '?labelSelector=row%20in%20(NS)';
/** Of a kind without a namespace: made, shown, removed. */
const cluster = (
  why: string,
  path: string,
  bodies: readonly JsonObject[],
  said: Readonly<Record<string, JsonObject>> = {},
): Group['rows'][number] => ({
  why,
  steps: [
    ...bodies.map(({ name, labels, annotations, ...body }) =>
      silently(
        post(path, {
          metadata: {
            name: `${name}-NS`,
            labels: { row: 'NS', ...(labels as JsonObject | undefined) },
            annotations: annotations ?? {},
          },
          ...body,
        }),
      ),
    ),
    ...Object.entries(said).map(([name, status]) =>
      silently(patch('strategic', `${path}/${name}-NS/status`, { status })),
    ),
    get(`${path}${mine}`, { accept: table, shown: cells }),
    ...bodies.map(({ name }) => silently(remove(`${path}/${name}-NS`))),
  ],
});

const nobody = [{ key: 'gungnir.test/nobody', effect: 'NoSchedule' }];
const condition = (type: string, status: string) => ({ type, status });
const nodes = cluster(
  'nodes in every state as a table',
  '/api/v1/nodes',
  [
    { name: 'unknown', spec: { taints: nobody } },
    { name: 'cordoned', spec: { taints: nobody, unschedulable: true } },
    { name: 'ready', spec: { taints: nobody } },
    { name: 'not-ready', spec: { taints: nobody, unschedulable: true } },
    {
      name: 'roles',
      labels: { 'node-role.kubernetes.io/b': '', 'node-role.kubernetes.io/a': 'x' },
      spec: { taints: nobody },
    },
    { name: 'old-role', labels: { 'kubernetes.io/role': 'old' }, spec: { taints: nobody } },
  ],
  {
    ready: {
      conditions: [condition('Ready', 'True')],
      addresses: [
        { type: 'InternalIP', address: '192.0.2.4' },
        { type: 'ExternalIP', address: '192.0.2.5' },
      ],
    },
    'not-ready': {
      conditions: [condition('MemoryPressure', 'True'), condition('Ready', 'False')],
    },
  },
);

const provisioner = 'gungnir.test/none';
const storage: Group['rows'] = [
  cluster('storage classes as a table', '/apis/storage.k8s.io/v1/storageclasses', [
    { name: 'plain', provisioner },
    {
      name: 'growing',
      provisioner,
      allowVolumeExpansion: true,
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
    {
      name: 'no-default',
      provisioner,
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'false' },
    },
  ]),
  {
    why: 'volumes of each access mode as a table',
    steps: [
      ...['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'].map((mode) =>
        silently(
          post('/api/v1/persistentvolumes', {
            metadata: { name: `v-${mode.toLowerCase()}-NS`, labels: { row: 'NS' } },
            spec: {
              capacity: { storage: '1Gi' },
              accessModes:
                mode === 'ReadOnlyMany' ? ['ReadWriteMany', mode, 'ReadWriteOnce'] : [mode],
              persistentVolumeReclaimPolicy: 'Retain',
              storageClassName: 'gungnir-volumes',
              hostPath: { path: '/none' },
              ...(mode === 'ReadWriteMany'
                ? { claimRef: { namespace: 'NS', name: 'c' }, volumeMode: 'Block' }
                : {}),
            },
          }),
        ),
      ),
      get(`/api/v1/persistentvolumes${mine}`, {
        accept: table,
        shown: cells,
        until: (body) => JSON.stringify(body).match(/"Available"/g)?.length === 4,
      }),
      silently(remove(`/api/v1/persistentvolumes${mine}`)),
    ],
  },
  {
    why: 'a claim shows its capacity and modes once it has a volume',
    steps: [
      silently(
        post('/api/v1/persistentvolumes', {
          metadata: { name: 'b-NS' },
          spec: {
            capacity: { storage: '2Gi' },
            accessModes: ['ReadWriteOnce', 'ReadOnlyMany'],
            persistentVolumeReclaimPolicy: 'Retain',
            storageClassName: 'gungnir-claims',
            hostPath: { path: '/none' },
            claimRef: { namespace: 'NS', name: 'bound' },
          },
        }),
      ),
      ...['without', 'bound', 'leaving'].map((name) =>
        silently(
          post(core('persistentvolumeclaims'), {
            metadata: { name, finalizers: ['gungnir.test/keep'] },
            spec: {
              accessModes: ['ReadWriteOnce', 'ReadOnlyMany'],
              storageClassName: 'gungnir-claims',
              resources: { requests: { storage: '1Gi' } },
              ...(name === 'leaving' ? { volumeName: 'none-such' } : {}),
            },
          }),
        ),
      ),
      silently(remove(core('persistentvolumeclaims', 'leaving'))),
      get(core('persistentvolumeclaims'), {
        accept: table,
        shown: cells,
        until: (body) => JSON.stringify(body).includes('"Bound"'),
      }),
      ...['without', 'bound', 'leaving'].map((name) =>
        silently(
          patch('merge', core('persistentvolumeclaims', name), { metadata: { finalizers: null } }),
        ),
      ),
      silently(remove('/api/v1/persistentvolumes/b-NS')),
    ],
  },
];

const apiGroup = 'rbac.authorization.k8s.io';
const rbac = `${apiGroup}/v1`;
const subjects = [
  { kind: 'User', name: 'u', apiGroup },
  { kind: 'ServiceAccount', name: 's', namespace: 'NS' },
  { kind: 'Group', name: 'g', apiGroup },
  { kind: 'User', name: 'v', apiGroup },
  { kind: 'ServiceAccount', name: 't', namespace: 'other' },
];
const roleRef = { apiGroup, kind: 'ClusterRole', name: 'none-such' };
const access: Group['rows'] = [
  tabled(
    'a binding tells its users, groups and accounts apart',
    named(rbac, 'rolebindings'),
    { metadata: { name: 'all' }, roleRef, subjects },
    { metadata: { name: 'nobody' }, roleRef: { ...roleRef, kind: 'Role' } },
  ),
  cluster('bindings of the cluster as a table', `/apis/${rbac}/clusterrolebindings`, [
    { name: 'all', roleRef, subjects },
    { name: 'nobody', roleRef },
  ]),
  cluster('roles of the cluster as a table', `/apis/${rbac}/clusterroles`, [{ name: 'r' }]),
  cluster('priorities as a table', '/apis/scheduling.k8s.io/v1/priorityclasses', [
    { name: 'low', value: -5, preemptionPolicy: 'Never' },
    { name: 'high', value: 7 },
  ]),
];

const expressions = [
  { key: 'in', operator: 'In', values: ['y', 'x'] },
  { key: 'not', operator: 'NotIn', values: ['z'] },
  { key: 'there', operator: 'Exists' },
  { key: 'absent', operator: 'DoesNotExist' },
];
const policy = (name: string, podSelector: JsonObject) => ({
  metadata: { name },
  spec: { podSelector },
});
const addresses = (count: number) =>
  Array.from({ length: count }, (_none, i) => `192.0.2.${i + 1}`);
const slice = (name: string, ports: readonly JsonObject[] | null, count: number): JsonObject => ({
  metadata: { name },
  addressType: 'IPv4',
  ...(ports === null ? {} : { ports }),
  endpoints: addresses(count).map((one) => ({ addresses: [one] })),
});
const endpoints = (name: string, count: number, ports: readonly JsonObject[]): JsonObject => ({
  metadata: { name },
  subsets: [{ addresses: addresses(count).map((ip) => ({ ip })), ports }],
});
const two = [
  { port: 1, name: 'a' },
  { port: 2, name: 'b' },
];
const network: Group['rows'] = [
  tabled(
    'network policies show how they select',
    named('networking.k8s.io/v1', 'networkpolicies'),
    policy('all', {}),
    policy('equal', { matchLabels: { b: '2', a: '1' } }),
    policy('each-operator', { matchLabels: { a: '1' }, matchExpressions: expressions }),
  ),
  tabled(
    'of endpoints three are shown, and how many more there are',
    named('discovery.k8s.io/v1', 'endpointslices'),
    slice('none', [], 0),
    slice('three', [{ port: 1 }, { port: 2, name: 'b' }, { port: 3, name: 'c' }], 3),
    slice(
      'five',
      [1, 2, 3, 4].map((port) => ({ port, name: `p${port}` })),
      5,
    ),
    slice('any-port', [{ name: 'any' }], 1),
    slice('without-ports', null, 1),
  ),
  {
    why: 'endpoints of the older kind as a table',
    steps: [
      ...[
        { metadata: { name: 'none' } },
        endpoints('without-ports', 2, []),
        endpoints('one-by-two', 1, two),
        endpoints('two-by-two', 2, two),
        {
          metadata: { name: 'nobody-ready' },
          subsets: [{ notReadyAddresses: [{ ip: '192.0.2.1' }], ports: [{ port: 1 }] }],
        },
      ].flatMap((body) => [
        // Without a Service they would be nobody's.
        silently(
          post(core('services'), {
            metadata: body.metadata as JsonObject,
            spec: { clusterIP: 'None' },
          }),
        ),
        silently(post(core('endpoints'), body)),
      ]),
      get(core('endpoints'), { accept: table, shown: cells }),
    ],
  },
];

const template = { metadata: { labels: { app: 't' } }, spec: parked };
const selector = { matchLabels: { app: 't' } };
const job = (name: string, spec: JsonObject, status: JsonObject) => [
  silently(
    post(named('batch/v1', 'jobs'), {
      metadata: { name },
      // Of another controller: no pods, and the status is ours.
      spec: {
        managedBy: 'gungnir.test/none',
        template: { spec: { ...parked, restartPolicy: 'Never' } },
        ...spec,
      },
    }),
  ),
  silently(patch('merge', named('batch/v1', 'jobs', `${name}/status`), { status })),
];
const done = (...types: readonly string[]) =>
  types.map((type) => ({
    type,
    status: 'True',
    reason: 'Because',
    message: 'm',
    lastTransitionTime: long,
    lastProbeTime: long,
  }));
const startTime = '2001-02-03T04:00:00Z';
const owned = (name: string, owners: readonly JsonObject[]) =>
  silently(
    post(named('apps/v1', 'controllerrevisions'), {
      metadata: { name, ownerReferences: owners },
      revision: 3,
      data: {},
    }),
  );
const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: '$uid' };
const set = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 's', uid: '$set' };
const workloads: Group['rows'] = [
  {
    why: 'how far a job is, and how long it has taken',
    steps: [
      ...job('idle', {}, {}),
      ...job('wanted', { completions: 3, parallelism: 2 }, { startTime, succeeded: 1 }),
      ...job('queue', { parallelism: 4 }, { startTime }),
      ...job('suspended', { suspend: true }, { conditions: done('Suspended') }),
      ...job('failing', {}, { startTime, conditions: done('FailureTarget') }),
      ...job('failed', {}, { startTime, conditions: done('FailureTarget', 'Failed') }),
      ...job('met', {}, { startTime, succeeded: 1, conditions: done('SuccessCriteriaMet') }),
      ...job(
        'complete',
        {},
        {
          startTime,
          completionTime: long,
          succeeded: 1,
          conditions: done('SuccessCriteriaMet', 'Complete'),
        },
      ),
      get(named('batch/v1', 'jobs'), { accept: table, shown: cells }),
    ],
  },
  {
    why: 'revisions name their controller with its group',
    steps: [
      silently(
        post(core('configmaps'), { metadata: { name: 'o' } }, { keep: { uid: 'metadata.uid' } }),
      ),
      silently(
        post(
          named('apps/v1', 'statefulsets'),
          {
            metadata: { name: 's' },
            spec: {
              replicas: 0,
              serviceName: 's',
              selector: { matchLabels: { a: 'b' } },
              template: { metadata: { labels: { a: 'b' } }, spec: parked },
            },
          },
          { keep: { set: 'metadata.uid' } },
        ),
      ),
      owned('none', []),
      owned('owned', [owner]),
      owned('core', [{ ...owner, controller: true }]),
      owned('apps', [owner, { ...set, controller: true }]),
      get(
        `${named('apps/v1', 'controllerrevisions')}?labelSelector=${encodeURIComponent('!controller.kubernetes.io/hash')}`,
        {
          accept: table,
          shown: (body) => ({
            ...cells(body),
            // The set's own has a name of chance.
            rows: cells(body).rows.filter((row) => !String(row[0]).startsWith('s-')),
          }),
        },
      ),
    ],
  },
  tabled('daemon sets show the nodes that they want', named('apps/v1', 'daemonsets'), {
    metadata: { name: 'd' },
    spec: { selector, template },
  }),
  tabled(
    'budgets of numbers and of parts',
    named('policy/v1', 'poddisruptionbudgets'),
    { metadata: { name: 'part' }, spec: { minAvailable: '50%', selector } },
    { metadata: { name: 'number' }, spec: { maxUnavailable: 0, selector } },
    { metadata: { name: 'neither' }, spec: { selector } },
  ),
  tabled(
    'config maps count both sorts of data',
    core('configmaps'),
    { metadata: { name: 'empty' } },
    { metadata: { name: 'text' }, data: { a: '1', b: '2' } },
    { metadata: { name: 'both' }, data: { a: '1' }, binaryData: { b: 'eA==' } },
  ),
  tabled(
    'accounts count their secrets',
    core('serviceaccounts'),
    { metadata: { name: 'none' } },
    { metadata: { name: 'two' }, secrets: [{ name: 'a' }, { name: 'b' }] },
  ),
];

export const printingKinds: Group = {
  name: 'printing-kinds',
  rows: [nodes, ...storage, ...access, ...network, ...workloads],
};
