/**
 * New objects, each with fields whose defaults, zero values or spellings Kubernetes changes; and some that
 * it refuses to read.
 * Never here: what comes of them.
 */
import type { JsonObject } from '../../../../src/local/api/port';

export interface Row {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly body: JsonObject;
  readonly scope?: 'cluster';
}

const template: JsonObject = {
  metadata: { labels: { a: 'b' } },
  spec: {
    serviceAccountName: 'x',
    containers: [
      {
        name: 'c',
        image: 'x:1',
        ports: [{ containerPort: 80 }],
        readinessProbe: { httpGet: { port: 80 } },
        livenessProbe: { exec: { command: ['a'] } },
        startupProbe: { grpc: { port: 3 } },
        resources: {
          limits: { memory: '1024Mi', cpu: '0.5' },
          requests: { memory: '1e3k', cpu: 2e-1 },
        },
        env: [
          { name: 'A', value: '' },
          { name: 'P', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
          { name: 'R', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
        ],
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
        securityContext: { runAsUser: 0, privileged: false },
      },
    ],
    volumes: [
      { name: 'v', configMap: { name: 'q' } },
      { name: 's', secret: { secretName: 'z', items: [] } },
      { name: 'e' },
      {
        name: 'p',
        projected: {
          sources: [
            { serviceAccountToken: { path: 't' } },
            { downwardAPI: { items: [{ path: 'x', fieldRef: { fieldPath: 'metadata.name' } }] } },
          ],
        },
      },
      { name: 'h', hostPath: { path: '/x' } },
    ],
  },
};
const selector = { matchLabels: { a: 'b' } };
const job = {
  template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } },
};
const rbac = 'rbac.authorization.k8s.io/v1';

const apps = (kind: string, more: JsonObject = {}): Row => ({
  apiVersion: 'apps/v1',
  kind,
  plural: `${kind.toLowerCase()}s`,
  body: { spec: { selector, template, ...more } },
});
const core = (kind: string, plural: string, body: JsonObject): Row => ({
  apiVersion: 'v1',
  kind,
  plural,
  body,
});
const cluster = (row: Row): Row => ({ ...row, scope: 'cluster' });
const claims = [
  {
    metadata: { name: 'd' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
];

export const objects: readonly Row[] = [
  apps('Deployment'),
  apps('Deployment', {
    replicas: 0,
    strategy: { type: 'Recreate' },
    minReadySeconds: 0,
    paused: false,
  }),
  apps('StatefulSet', { serviceName: 'x', volumeClaimTemplates: claims }),
  apps('StatefulSet', { updateStrategy: { type: 'OnDelete' }, podManagementPolicy: 'Parallel' }),
  apps('ReplicaSet'),
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    plural: 'cronjobs',
    body: { spec: { schedule: '* * * * *', jobTemplate: { spec: job } } },
  },
  core('Service', 'services', { spec: { selector: { a: 'b' }, ports: [{ port: 80 }] } }),
  core('Service', 'services', {
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      ports: [
        { port: 80, name: 'a', targetPort: 'x' },
        { port: 81, name: 'b', protocol: 'UDP' },
      ],
    },
  }),
  core('Service', 'services', { spec: { ports: [{ port: 80 }], sessionAffinity: 'ClientIP' } }),
  core('Service', 'services', { spec: { type: 'ExternalName', externalName: 'a.b' } }),
  core('Secret', 'secrets', { data: { a: 'YQ==' } }),
  core('ConfigMap', 'configmaps', {
    data: { a: 'x' },
    binaryData: { b: 'YQ==' },
    immutable: false,
  }),
  core('ConfigMap', 'configmaps', { data: {}, metadata: { labels: {}, annotations: null } }),
  core('PersistentVolumeClaim', 'persistentvolumeclaims', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } } },
  }),
  cluster(
    core('PersistentVolume', 'persistentvolumes', {
      spec: {
        capacity: { storage: '1000Mi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/x' },
      },
    }),
  ),
  core('ServiceAccount', 'serviceaccounts', { automountServiceAccountToken: false }),
  core('PodTemplate', 'podtemplates', { template }),
  core('Event', 'events', {
    involvedObject: { kind: 'Pod', namespace: 'NS', name: 'x' },
    reason: 'A',
    message: 'm',
    type: 'Normal',
    count: 1,
    firstTimestamp: '2026-01-01T01:00:00+01:00',
  }),
  {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    plural: 'events',
    body: {
      regarding: { kind: 'Pod', namespace: 'NS', name: 'x' },
      reason: 'A',
      note: 'm',
      type: 'Normal',
      eventTime: '2026-01-01T00:00:00.100000Z',
      action: 'X',
      reportingController: 'a.b/c',
      reportingInstance: 'i',
    },
  },
  {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    plural: 'leases',
    body: {
      spec: {
        holderIdentity: '',
        leaseDurationSeconds: 15,
        renewTime: '2026-01-01T00:00:00.123456Z',
        leaseTransitions: 0,
      },
    },
  },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    plural: 'poddisruptionbudgets',
    body: { spec: { maxUnavailable: 1, selector } },
  },
  {
    apiVersion: rbac,
    kind: 'Role',
    plural: 'roles',
    body: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
  },
  { apiVersion: rbac, kind: 'Role', plural: 'roles', body: {} },
  {
    apiVersion: rbac,
    kind: 'RoleBinding',
    plural: 'rolebindings',
    body: {
      roleRef: { kind: 'Role', name: 'x' },
      subjects: [
        { kind: 'ServiceAccount', name: 'a' },
        { kind: 'User', name: 'u' },
      ],
    },
  },
  cluster({
    apiVersion: rbac,
    kind: 'ClusterRole',
    plural: 'clusterroles',
    body: { rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] },
  }),
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    plural: 'endpointslices',
    body: {
      addressType: 'IPv4',
      endpoints: [
        {
          addresses: ['10.0.0.1'],
          conditions: { ready: true },
          targetRef: { kind: 'Pod', name: 'x' },
        },
      ],
      ports: [{ port: 80 }],
    },
  },
  core('Endpoints', 'endpoints', {
    subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }],
  }),
  {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    plural: 'controllerrevisions',
    body: { revision: 1, data: { spec: { a: 1 } } },
  },
  cluster({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    plural: 'storageclasses',
    body: { provisioner: 'x/y' },
  }),
  cluster({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    plural: 'priorityclasses',
    body: { value: 5 },
  }),
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    plural: 'networkpolicies',
    body: { spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] } },
  },
  // Refused before there is an object.
  apps('Deployment', { replica: 3, strategy: { kind: 'x' } }),
  apps('StatefulSet', { replicas: 'three' }),
  core('ConfigMap', 'configmaps', { data: { a: 1 } }),
  core('ConfigMap', 'configmaps', { metadata: { labels: { a: true }, nmae: 'x' } }),
  core('PodTemplate', 'podtemplates', {
    template: { spec: { containers: [{ name: 'c', img: 'x', env: [{ name: 'A', val: '1' }] }] } },
  }),
  core('PodTemplate', 'podtemplates', {
    template: {
      spec: { containers: [{ name: 'c', image: 'i', resources: { limits: { cpu: 'much' } } }] },
    },
  }),
  core('Secret', 'secrets', { data: { a: '!' } }),
  core('Event', 'events', { involvedObject: {}, firstTimestamp: 'now' }),
];
