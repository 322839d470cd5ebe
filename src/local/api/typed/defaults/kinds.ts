/**
 * The defaults of each built-in kind that has any, by the name of its definition, as Kubernetes 1.34
 * sets them.
 * Never here: pods (pod.ts), what needs a state such as addresses of Services.
 */
import { isObject } from '../../json';
import type { JsonObject } from '../../port';
import { at, type Change, defaulting, each, inTurn, objectsOf, where } from './change';
import { persistentVolumeClaimSpec, pod, podTemplate, resources } from './pod';

const deployment = at(
  'spec',
  defaulting({ replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 }),
  at(
    'strategy',
    defaulting({ type: 'RollingUpdate' }),
    where(
      ({ type }) => type === 'RollingUpdate',
      defaulting({ rollingUpdate: {} }),
      at('rollingUpdate', defaulting({ maxUnavailable: '25%', maxSurge: '25%' })),
    ),
  ),
  podTemplate,
);

const statefulSet = at(
  'spec',
  defaulting({
    podManagementPolicy: 'OrderedReady',
    replicas: 1,
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: {},
  }),
  at(
    'updateStrategy',
    where(
      ({ type }) => type === undefined,
      defaulting({ type: 'RollingUpdate', rollingUpdate: {} }),
    ),
    where(
      ({ type }) => type === 'RollingUpdate',
      at('rollingUpdate', defaulting({ partition: 0 })),
    ),
  ),
  at(
    'persistentVolumeClaimRetentionPolicy',
    defaulting({ whenDeleted: 'Retain', whenScaled: 'Retain' }),
  ),
  podTemplate,
  each('volumeClaimTemplates', claim()),
);

/** With its apiVersion and kind where it stands in a StatefulSet. */
function claim(): Change {
  return inTurn(
    defaulting({ apiVersion: 'v1', kind: 'PersistentVolumeClaim' }),
    persistentVolumeClaim(),
  );
}

function persistentVolumeClaim(): Change {
  return inTurn(
    at('spec', persistentVolumeClaimSpec),
    at('status', defaulting({ phase: 'Pending' })),
  );
}

const daemonSet = at(
  'spec',
  defaulting({ revisionHistoryLimit: 10 }),
  at(
    'updateStrategy',
    defaulting({ type: 'RollingUpdate' }),
    where(
      ({ type }) => type === 'RollingUpdate',
      defaulting({ rollingUpdate: {} }),
      at('rollingUpdate', defaulting({ maxUnavailable: 1, maxSurge: 0 })),
    ),
  ),
  podTemplate,
);

const jobSpec = inTurn(
  where(
    ({ completions, parallelism }) => completions === undefined && parallelism === undefined,
    defaulting({ completions: 1 }),
  ),
  (spec) =>
    defaulting({
      parallelism: 1,
      backoffLimit: spec.backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1,
      completionMode: 'NonIndexed',
      suspend: false,
      manualSelector: false,
      podReplacementPolicy: spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed',
    })(spec),
  podTemplate,
);

/** A Job without labels takes those of its pods. */
const jobLabels: Change = (job) => {
  const metadata = job.metadata as JsonObject;
  const labels = ((job.spec as JsonObject).template as JsonObject | undefined)?.metadata as
    | JsonObject
    | undefined;
  if (metadata.labels !== undefined || labels?.labels === undefined) return job;
  return { ...job, metadata: { ...metadata, labels: labels.labels } };
};

const cronJob = at(
  'spec',
  defaulting({
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  }),
  at('jobTemplate', at('spec', podTemplate)),
);

const servicePort: Change = (port) => {
  const { targetPort } = port;
  const absent = targetPort === undefined || targetPort === 0 || targetPort === '';
  return absent ? { ...port, targetPort: port.port ?? 0 } : port;
};

const service = at(
  'spec',
  defaulting({ sessionAffinity: 'None', type: 'ClusterIP' }),
  where(
    ({ sessionAffinity }) => sessionAffinity === 'None',
    ({ sessionAffinityConfig, ...rest }) => rest,
  ),
  where(
    ({ sessionAffinity }) => sessionAffinity === 'ClientIP',
    defaulting({ sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } }),
  ),
  each('ports', defaulting({ protocol: 'TCP' }), servicePort),
  where(
    ({ type, externalIPs }) =>
      type === 'NodePort' ||
      type === 'LoadBalancer' ||
      (type === 'ClusterIP' && objectsOrTexts(externalIPs)),
    defaulting({ externalTrafficPolicy: 'Cluster' }),
  ),
  where(({ type }) => type !== 'ExternalName', defaulting({ internalTrafficPolicy: 'Cluster' })),
  where(({ type }) => type === 'LoadBalancer', defaulting({ allocateLoadBalancerNodePorts: true })),
);

function objectsOrTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

const rbacGroup = 'rbac.authorization.k8s.io';

const binding = inTurn(
  at(
    'roleRef',
    where(
      ({ apiGroup }) => (apiGroup ?? '') === '',
      (ref) => ({ ...ref, apiGroup: rbacGroup }),
    ),
  ),
  each(
    'subjects',
    where(
      ({ kind, apiGroup }) => (kind === 'User' || kind === 'Group') && (apiGroup ?? '') === '',
      (subject) => ({ ...subject, apiGroup: rbacGroup }),
    ),
  ),
);

const customResourceDefinition = inTurn(
  at(
    'spec',
    at('names', (names) => {
      const kind = String(names.kind ?? '');
      return defaulting({
        singular: kind.toLowerCase(),
        ...(kind === '' ? {} : { listKind: `${kind}List` }),
      })(names);
    }),
    defaulting({ conversion: { strategy: 'None' } }),
  ),
  (definition) => {
    const { versions } = definition.spec as JsonObject;
    const stored = objectsOf(versions).find(({ storage }) => storage === true)?.name;
    return stored === undefined
      ? definition
      : at('status', defaulting({ storedVersions: [stored] }))(definition);
  },
);

const namespaceLabels: Change = (namespace) => {
  const metadata = namespace.metadata as JsonObject;
  if (typeof metadata.name !== 'string' || metadata.name === '') return namespace;
  const labels = {
    ...(metadata.labels as JsonObject),
    'kubernetes.io/metadata.name': metadata.name,
  };
  return { ...namespace, metadata: { ...metadata, labels } };
};

const networkPolicy = at('spec', (spec) => {
  const egress = objectsOf(spec.egress).length > 0 ? ['Egress'] : [];
  const ports = each('ports', defaulting({ protocol: 'TCP' }));
  return inTurn(
    each('ingress', ports),
    each('egress', ports),
  )(objectsOrTexts(spec.policyTypes) ? spec : { ...spec, policyTypes: ['Ingress', ...egress] });
});

const claimStatus = at('status', (status) => (isObject(status) ? resources(status) : status));

export const defaultsByDefinition: Readonly<Record<string, Change>> = {
  'io.k8s.api.core.v1.Pod': pod,
  'io.k8s.api.core.v1.PodTemplate': podTemplate,
  'io.k8s.api.core.v1.Service': service,
  'io.k8s.api.core.v1.Secret': defaulting({ type: 'Opaque' }),
  'io.k8s.api.core.v1.Namespace': inTurn(
    namespaceLabels,
    at('status', defaulting({ phase: 'Active' })),
  ),
  'io.k8s.api.core.v1.PersistentVolume': inTurn(
    at(
      'spec',
      defaulting({ persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' }),
      at('hostPath', defaulting({ type: '' })),
    ),
    at('status', defaulting({ phase: 'Pending' })),
  ),
  'io.k8s.api.core.v1.PersistentVolumeClaim': inTurn(persistentVolumeClaim(), claimStatus),
  'io.k8s.api.core.v1.Endpoints': each('subsets', each('ports', defaulting({ protocol: 'TCP' }))),
  'io.k8s.api.core.v1.ReplicationController': at('spec', defaulting({ replicas: 1 }), podTemplate),
  'io.k8s.api.core.v1.Node': at('status', (status) =>
    status.capacity === undefined ? status : defaulting({ allocatable: status.capacity })(status),
  ),
  'io.k8s.api.apps.v1.Deployment': deployment,
  'io.k8s.api.apps.v1.StatefulSet': statefulSet,
  'io.k8s.api.apps.v1.ReplicaSet': at('spec', defaulting({ replicas: 1 }), podTemplate),
  'io.k8s.api.apps.v1.DaemonSet': daemonSet,
  'io.k8s.api.batch.v1.Job': inTurn(jobLabels, at('spec', jobSpec)),
  'io.k8s.api.batch.v1.CronJob': cronJob,
  'io.k8s.api.discovery.v1.EndpointSlice': each('ports', defaulting({ name: '', protocol: 'TCP' })),
  'io.k8s.api.networking.v1.NetworkPolicy': networkPolicy,
  'io.k8s.api.rbac.v1.RoleBinding': binding,
  'io.k8s.api.rbac.v1.ClusterRoleBinding': binding,
  'io.k8s.api.storage.v1.StorageClass': defaulting({
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
  }),
  'io.k8s.api.scheduling.v1.PriorityClass': defaulting({
    preemptionPolicy: 'PreemptLowerPriority',
  }),
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition':
    customResourceDefinition,
};
