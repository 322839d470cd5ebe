/**
 * Bad objects and bad changes, which the real server and the local types must refuse alike.
 * Never here: how they are sent.
 */
import type { Json, JsonObject } from '../../../../src/local/api/port';

export interface Row {
  readonly kind: keyof typeof kinds;
  readonly why: string;
  readonly body: JsonObject;
  /** A merge patch on the object, which is then valid itself. */
  readonly change?: JsonObject;
}

export const kinds = {
  Pod: ['', 'pods'],
  Service: ['', 'services'],
  Secret: ['', 'secrets'],
  ConfigMap: ['', 'configmaps'],
  PersistentVolumeClaim: ['', 'persistentvolumeclaims'],
  StatefulSet: ['apps', 'statefulsets'],
  Deployment: ['apps', 'deployments'],
  ReplicaSet: ['apps', 'replicasets'],
  Job: ['batch', 'jobs'],
  PodDisruptionBudget: ['policy', 'poddisruptionbudgets'],
  Lease: ['coordination.k8s.io', 'leases'],
  Role: ['rbac.authorization.k8s.io', 'roles'],
  RoleBinding: ['rbac.authorization.k8s.io', 'rolebindings'],
  EndpointSlice: ['discovery.k8s.io', 'endpointslices'],
} as const;

const good = { name: 'c', image: 'i:1' };
const pod = (container: JsonObject, spec: JsonObject = {}): JsonObject => ({
  spec: { containers: [{ ...good, ...container }], ...spec },
});
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

const pods: readonly Row[] = [
  { kind: 'Pod', why: 'no container', body: { spec: {} } },
  { kind: 'Pod', why: 'a container without a name', body: pod({ name: '' }) },
  { kind: 'Pod', why: 'a bad name', body: pod({ name: 'A_b' }) },
  { kind: 'Pod', why: 'no image', body: { spec: { containers: [{ name: 'c' }] } } },
  { kind: 'Pod', why: 'an image with a blank', body: pod({ image: ' i' }) },
  { kind: 'Pod', why: 'a twin', body: { spec: { containers: [good, good] } } },
  { kind: 'Pod', why: 'no such pull policy', body: pod({ imagePullPolicy: 'Sometimes' }) },
  { kind: 'Pod', why: 'no such restart policy', body: pod({}, { restartPolicy: 'Perhaps' }) },
  { kind: 'Pod', why: 'no such DNS policy', body: pod({}, { dnsPolicy: 'X' }) },
  { kind: 'Pod', why: 'a port of 0', body: pod({ ports: [{ containerPort: 0 }] }) },
  { kind: 'Pod', why: 'a port too high', body: pod({ ports: [{ containerPort: 70_000 }] }) },
  {
    kind: 'Pod',
    why: 'a port with a bad name',
    body: pod({ ports: [{ containerPort: 1, name: 'A--1234567890123-' }] }),
  },
  {
    kind: 'Pod',
    why: 'two ports of one name',
    body: pod({
      ports: [
        { containerPort: 1, name: 'a' },
        { containerPort: 2, name: 'a' },
      ],
    }),
  },
  {
    kind: 'Pod',
    why: 'no such protocol',
    body: pod({ ports: [{ containerPort: 1, protocol: 'ICMP' }] }),
  },
  { kind: 'Pod', why: 'a variable without a name', body: pod({ env: [{ name: '' }] }) },
  { kind: 'Pod', why: 'a variable with =', body: pod({ env: [{ name: 'a=b' }] }) },
  {
    kind: 'Pod',
    why: 'a variable with a value and a source',
    body: pod({
      env: [{ name: 'a', value: 'b', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
    }),
  },
  {
    kind: 'Pod',
    why: 'a variable from a field that is none',
    body: pod({ env: [{ name: 'a', valueFrom: { fieldRef: { fieldPath: 'status.phase' } } }] }),
  },
  { kind: 'Pod', why: 'an empty source', body: pod({ env: [{ name: 'a', valueFrom: {} }] }) },
  {
    kind: 'Pod',
    why: 'no such volume',
    body: pod({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
  },
  {
    kind: 'Pod',
    why: 'a path mounted twice',
    body: pod(
      {
        volumeMounts: [
          { name: 'v', mountPath: '/v' },
          { name: 'v', mountPath: '/v' },
        ],
      },
      { volumes: [{ name: 'v', emptyDir: {} }] },
    ),
  },
  {
    kind: 'Pod',
    why: 'two sources of a volume',
    body: pod({}, { volumes: [{ name: 'v', emptyDir: {}, secret: { secretName: 's' } }] }),
  },
  {
    kind: 'Pod',
    why: 'a secret without a name',
    body: pod({}, { volumes: [{ name: 'v', secret: {} }] }),
  },
  {
    kind: 'Pod',
    why: 'two volumes of one name',
    body: pod({}, { volumes: [{ name: 'v' }, { name: 'v' }] }),
  },
  { kind: 'Pod', why: 'a volume with a bad name', body: pod({}, { volumes: [{ name: 'V_' }] }) },
  {
    kind: 'Pod',
    why: 'a mode that is none',
    body: pod({}, { volumes: [{ name: 'v', configMap: { name: 'x', defaultMode: 4096 } }] }),
  },
  { kind: 'Pod', why: 'a probe without a handler', body: pod({ readinessProbe: {} }) },
  {
    kind: 'Pod',
    why: 'a probe with two handlers',
    body: pod({ livenessProbe: { exec: { command: ['a'] }, tcpSocket: { port: 1 } } }),
  },
  {
    kind: 'Pod',
    why: 'a probe that is never late',
    body: pod({
      livenessProbe: { exec: { command: ['a'] }, periodSeconds: -1, successThreshold: 2 },
    }),
  },
  { kind: 'Pod', why: 'a probe without a command', body: pod({ startupProbe: { exec: {} } }) },
  { kind: 'Pod', why: 'a hook without a handler', body: pod({ lifecycle: { preStop: {} } }) },
  {
    kind: 'Pod',
    why: 'more asked than allowed',
    body: pod({
      resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '2', memory: '2Gi' } },
    }),
  },
  { kind: 'Pod', why: 'less than nothing', body: pod({ resources: { limits: { cpu: '-1' } } }) },
  { kind: 'Pod', why: 'no such resource', body: pod({ resources: { limits: { gpu: '1' } } }) },
  {
    kind: 'Pod',
    why: 'an amount that is none',
    body: pod({ resources: { limits: { cpu: '1x' } } }),
  },
  { kind: 'Pod', why: 'an id below 0', body: pod({ securityContext: { runAsUser: -1 } }) },
  {
    kind: 'Pod',
    why: 'a toleration without a key',
    body: pod({}, { tolerations: [{ value: 'x' }] }),
  },
  {
    kind: 'Pod',
    why: 'a toleration that is several wrongs',
    body: pod(
      {},
      { tolerations: [{ key: 'a b', operator: 'Like', effect: 'Never', tolerationSeconds: 3 }] },
    ),
  },
  { kind: 'Pod', why: 'a bad node selector', body: pod({}, { nodeSelector: { 'a b': 'c d' } }) },
  {
    kind: 'Pod',
    why: 'a spread that is none',
    body: pod(
      {},
      { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'X' }] },
    ),
  },
  {
    kind: 'Pod',
    why: 'an affinity without a topology',
    body: pod(
      {},
      {
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: selector, topologyKey: '' },
            ],
          },
        },
      },
    ),
  },
  { kind: 'Pod', why: 'a bad host name', body: pod({}, { hostname: 'A.b' }) },
  {
    kind: 'Pod',
    why: 'an init container with a probe',
    body: pod(
      {},
      { initContainers: [{ name: 'i', image: 'i', readinessProbe: { tcpSocket: { port: 1 } } }] },
    ),
  },
  { kind: 'Pod', why: 'a text for a number', body: pod({ ports: [{ containerPort: 'x' }] }) },
  { kind: 'Pod', why: 'an object for a list', body: { spec: { containers: {} } } },
  { kind: 'Pod', why: 'a number for a text', body: pod({ image: 5 }) },
  { kind: 'Pod', why: 'a list for an object', body: { spec: [] } },
  { kind: 'Pod', why: 'a number for a word', body: pod({}, { restartPolicy: 3 }) },
  { kind: 'Pod', why: 'a text for a flag', body: pod({}, { hostNetwork: 'yes' }) },
  { kind: 'Pod', why: 'a fraction for a whole number', body: pod({}, { priority: 1.5 }) },
  {
    kind: 'Pod',
    why: 'labels that are no texts',
    body: { metadata: { labels: { a: 1 } }, ...pod({}) },
  },
];

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

export const rows: readonly Row[] = [...pods, ...workloads, ...cores];
