/**
 * Bad objects and bad changes, which the real server and the local types must refuse alike.
 * Never here: how they are sent.
 */
import type { Json, JsonObject } from '../../../../src/local/api/port';
import { details } from './detail-rows';
import { good, pair, pods, type Row } from './pod-rows';

const labelled = { metadata: { labels: { a: 'b' } }, spec: { containers: [good] } };
const selector = { matchLabels: { a: 'b' } };
const set = (spec: JsonObject): JsonObject => ({
  spec: { serviceName: 's', replicas: 0, selector, template: labelled, ...spec },
});
const deployment = (spec: JsonObject): JsonObject => ({
  spec: { replicas: 0, selector, template: labelled, ...spec },
});
const claim = (spec: JsonObject): JsonObject => ({
  spec: {
    storageClassName: 'none',
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    ...spec,
  },
});
const service = (spec: JsonObject): JsonObject => ({ spec: { ports: [{ port: 80 }], ...spec } });
const data = (values: Json): JsonObject => ({ data: values });

const workloads: readonly Row[] = [
  {
    kind: 'StatefulSet',
    why: 'no selector',
    body: { spec: { serviceName: 's', template: labelled } },
  },
  { kind: 'StatefulSet', why: 'an empty selector', body: set({ selector: {} }) },
  {
    kind: 'StatefulSet',
    why: 'another selector',
    body: set({ selector: { matchLabels: { a: 'c' } } }),
  },
  { kind: 'StatefulSet', why: 'fewer than none', body: set({ replicas: -1 }) },
  { kind: 'StatefulSet', why: 'no such management', body: set({ podManagementPolicy: 'X' }) },
  { kind: 'StatefulSet', why: 'no such strategy', body: set({ updateStrategy: { type: 'X' } }) },
  {
    kind: 'StatefulSet',
    why: 'a partition of OnDelete',
    body: set({ updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } } }),
  },
  {
    kind: 'StatefulSet',
    why: 'no such retention',
    body: set({ persistentVolumeClaimRetentionPolicy: { whenScaled: 'X' } }),
  },
  {
    kind: 'StatefulSet',
    why: 'pods that end',
    body: set({ template: { ...labelled, spec: { containers: [good], restartPolicy: 'Never' } } }),
  },
  { kind: 'StatefulSet', why: 'a bad service name', body: set({ serviceName: 'A_' }) },
  {
    kind: 'StatefulSet',
    why: 'a bad selector',
    body: set({
      selector: { matchLabels: { a: 'b' }, matchExpressions: [{ key: 'x', operator: 'In' }] },
    }),
  },
  {
    kind: 'StatefulSet',
    why: 'another service name later',
    body: set({}),
    change: { spec: { serviceName: 't' } },
  },
  {
    kind: 'StatefulSet',
    why: 'another selector later',
    body: set({}),
    change: { spec: { selector: { matchLabels: { a: 'c' } } } },
  },
  {
    kind: 'StatefulSet',
    why: 'more later is fine',
    body: set({}),
    change: { spec: { minReadySeconds: 3 } },
  },
  { kind: 'Deployment', why: 'no selector', body: { spec: { template: labelled } } },
  {
    kind: 'Deployment',
    why: 'another selector',
    body: deployment({ selector: { matchLabels: { a: 'c' } } }),
  },
  { kind: 'Deployment', why: 'no such strategy', body: deployment({ strategy: { type: 'X' } }) },
  {
    kind: 'Deployment',
    why: 'a rollout of Recreate',
    body: deployment({ strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
  },
  {
    kind: 'Deployment',
    why: 'a rollout that cannot move',
    body: deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
  },
  {
    kind: 'Deployment',
    why: 'a rollout of strange parts',
    body: deployment({ strategy: { rollingUpdate: { maxSurge: 'x', maxUnavailable: '101%' } } }),
  },
  {
    kind: 'Deployment',
    why: 'a deadline too short',
    body: deployment({ progressDeadlineSeconds: 1, minReadySeconds: 1 }),
  },
  {
    kind: 'Deployment',
    why: 'another selector later',
    body: deployment({}),
    change: {
      spec: {
        selector: { matchLabels: { a: 'b', c: 'd' } },
        template: { metadata: { labels: { c: 'd' } } },
      },
    },
  },
  {
    kind: 'ReplicaSet',
    why: 'another selector',
    body: deployment({ selector: { matchLabels: { a: 'c' } } }),
  },
  {
    kind: 'Job',
    why: 'pods that never end',
    body: { spec: { template: { spec: { containers: [good] } } } },
  },
  {
    kind: 'Job',
    why: 'fewer than none',
    body: {
      spec: { completions: -1, template: { spec: { restartPolicy: 'Never', containers: [good] } } },
    },
  },
];

const cores: readonly Row[] = [
  { kind: 'Service', why: 'no ports', body: { spec: {} } },
  {
    kind: 'Service',
    why: 'two ports without names',
    body: service({ ports: [{ port: 80 }, { port: 81 }] }),
  },
  { kind: 'Service', why: 'a port too high', body: service({ ports: [{ port: 70_000 }] }) },
  { kind: 'Service', why: 'a bad name', body: service({ ports: [{ port: 80, name: 'A' }] }) },
  {
    kind: 'Service',
    why: 'one port twice',
    body: service({
      ports: [
        { port: 80, name: 'a' },
        { port: 80, name: 'b' },
      ],
    }),
  },
  { kind: 'Service', why: 'no such type', body: service({ type: 'X' }) },
  { kind: 'Service', why: 'no such affinity', body: service({ sessionAffinity: 'X' }) },
  {
    kind: 'Service',
    why: 'a target that is none',
    body: service({ ports: [{ port: 80, targetPort: 'A_' }] }),
  },
  { kind: 'Service', why: 'a bad selector', body: service({ selector: { 'a b': 'c d' } }) },
  {
    kind: 'Service',
    why: 'an external name that is none',
    body: { spec: { type: 'ExternalName' } },
  },
  {
    kind: 'Service',
    why: 'a node port of ClusterIP',
    body: service({ ports: [{ port: 80, nodePort: 30_000 }] }),
  },
  {
    kind: 'Service',
    why: 'another address later',
    body: service({}),
    change: { spec: { clusterIP: '10.96.7.7' } },
  },
  {
    kind: 'Service',
    why: 'another selector later is fine',
    body: service({}),
    change: { spec: { selector: { a: 'c' } } },
  },
  { kind: 'Secret', why: 'a bad key', body: data({ 'a/b': 'eA==' }) },
  { kind: 'Secret', why: 'no base64', body: data({ a: '!!' }) },
  {
    kind: 'Secret',
    why: 'a certificate without a key',
    body: { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } },
  },
  { kind: 'Secret', why: 'another type later', body: data({}), change: { type: 'x/y' } },
  {
    kind: 'Secret',
    why: 'frozen',
    body: { ...data({ a: 'eA==' }), immutable: true },
    change: data({ a: 'eQ==' }),
  },
  { kind: 'Secret', why: 'thawed', body: { immutable: true }, change: { immutable: false } },
  { kind: 'ConfigMap', why: 'a bad key', body: data({ 'a/b': 'x' }) },
  { kind: 'ConfigMap', why: 'a key of two dots', body: data({ '..': 'x' }) },
  {
    kind: 'ConfigMap',
    why: 'one key in both',
    body: { data: { a: 'x' }, binaryData: { a: 'eA==' } },
  },
  { kind: 'ConfigMap', why: 'a number for a text', body: data({ a: 1 }) },
  { kind: 'ConfigMap', why: 'a text for the data', body: data('x') },
  {
    kind: 'ConfigMap',
    why: 'frozen',
    body: { ...data({ a: 'x' }), immutable: true },
    change: data({ a: 'y' }),
  },
  { kind: 'PersistentVolumeClaim', why: 'no mode', body: claim({ accessModes: [] }) },
  { kind: 'PersistentVolumeClaim', why: 'no such mode', body: claim({ accessModes: ['X'] }) },
  { kind: 'PersistentVolumeClaim', why: 'no size', body: claim({ resources: {} }) },
  {
    kind: 'PersistentVolumeClaim',
    why: 'a size of nothing',
    body: claim({ resources: { requests: { storage: '0' } } }),
  },
  { kind: 'PersistentVolumeClaim', why: 'no such volume mode', body: claim({ volumeMode: 'X' }) },
  {
    kind: 'PodDisruptionBudget',
    why: 'both bounds',
    body: { spec: { minAvailable: 1, maxUnavailable: 1, selector } },
  },
  {
    kind: 'PodDisruptionBudget',
    why: 'more than all',
    body: { spec: { minAvailable: '101%', selector } },
  },
  {
    kind: 'PodDisruptionBudget',
    why: 'a bound below 0',
    body: { spec: { maxUnavailable: -1, selector } },
  },
  {
    kind: 'PodDisruptionBudget',
    why: 'a bound that is none',
    body: { spec: { maxUnavailable: 'x', selector } },
  },
  { kind: 'Lease', why: 'no duration', body: { spec: { leaseDurationSeconds: 0 } } },
  { kind: 'Lease', why: 'a time that is none', body: { spec: { renewTime: 'yesterday' } } },
  {
    kind: 'Lease',
    why: 'a time without its digits',
    body: { spec: { renewTime: '2026-01-01T00:00:00Z' } },
  },
  { kind: 'Role', why: 'no verbs', body: { rules: [{ apiGroups: [''], resources: ['pods'] }] } },
  { kind: 'Role', why: 'no resources', body: { rules: [{ verbs: ['get'] }] } },
  { kind: 'Role', why: 'a URL', body: { rules: [{ verbs: ['get'], nonResourceURLs: ['/x'] }] } },
  { kind: 'RoleBinding', why: 'no such kind', body: { roleRef: { kind: 'X', name: 'a' } } },
  {
    kind: 'RoleBinding',
    why: 'another role later',
    body: { roleRef: { kind: 'Role', name: 'a', apiGroup: 'rbac.authorization.k8s.io' } },
    change: { roleRef: { name: 'b' } },
  },
  { kind: 'EndpointSlice', why: 'no such type', body: { addressType: 'X', endpoints: [] } },
  {
    kind: 'EndpointSlice',
    why: 'no address',
    body: { addressType: 'IPv4', endpoints: [{ addresses: [] }] },
  },
  {
    kind: 'EndpointSlice',
    why: 'a name for an address',
    body: { addressType: 'IPv4', endpoints: [{ addresses: ['x'] }] },
  },
];

const hosts = { key: 'kubernetes.io/hostname', operator: 'In', values: ['n1'] };
const volume = (spec: JsonObject): JsonObject => ({
  spec: {
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    hostPath: { path: '/x' },
    ...spec,
  },
});
const on = (required: Json): JsonObject => volume({ nodeAffinity: { required } });
const terms: JsonObject = { nodeSelectorTerms: [{ matchExpressions: [hosts] }] };

const volumes: readonly Row[] = [
  ...pair('PersistentVolume', 'nodes without a term', on, {}, terms),
  { kind: 'PersistentVolume', why: 'nodes without nodes', body: volume({ nodeAffinity: {} }) },
  ...pair(
    'PersistentVolume',
    'no access mode',
    (accessModes: Json) => volume({ accessModes }),
    [],
    ['ReadWriteMany'],
  ),
  {
    kind: 'PersistentVolume',
    why: 'no source',
    body: { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] } },
  },
  ...pair(
    'PersistentVolume',
    'a folder of no node',
    (more: JsonObject) => ({
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        local: { path: '/x' },
        ...more,
      },
    }),
    {},
    { nodeAffinity: { required: terms } },
  ),
];

const before: JsonObject = { revision: 1, data: { spec: { b: 1, a: 2 } } };

const revisions: readonly Row[] = [
  {
    kind: 'ControllerRevision',
    why: 'less than none',
    body: { ...before, revision: -1 },
  },
  { kind: 'ControllerRevision', why: 'no data', body: { revision: 1 } },
  { kind: 'ControllerRevision', why: 'null for data', body: { revision: 1, data: null } },
  { kind: 'ControllerRevision', why: 'data that are none', body: { revision: 1, data: [1] } },
  { kind: 'ControllerRevision', why: 'data later gone', body: before, change: { data: null } },
  {
    kind: 'ControllerRevision',
    why: 'other data later',
    body: before,
    change: { data: { spec: { a: 3 } } },
  },
  {
    kind: 'ControllerRevision',
    why: 'not so: a later number',
    body: before,
    change: { revision: 2 },
  },
];

export const rows: readonly Row[] = [
  ...pods,
  ...workloads,
  ...cores,
  ...details,
  ...volumes,
  ...revisions,
];
