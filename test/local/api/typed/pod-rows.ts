/**
 * Bad pods, and how a row of bad objects is written.
 * Never here: other kinds (validation-rows.ts).
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
  PersistentVolume: ['', 'persistentvolumes', 'cluster'],
  ControllerRevision: ['apps', 'controllerrevisions'],
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

/** A pair: the fault, and what is fine in its place. */
export const pair = (
  kind: Row['kind'],
  why: string,
  make: (value: never) => JsonObject,
  bad: Json,
  fine: Json,
): readonly Row[] => [
  { kind, why, body: make(bad as never) },
  { kind, why: `not so: ${why}`, body: make(fine as never) },
];

export const good = { name: 'c', image: 'i:1' };
const pod = (container: JsonObject, spec: JsonObject = {}): JsonObject => ({
  spec: { containers: [{ ...good, ...container }], ...spec },
});
const selector = { matchLabels: { a: 'b' } };

export const pods: readonly Row[] = [
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
