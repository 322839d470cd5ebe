/**
 * What the real server itself writes into a new or changed built-in object: its first status, Service
 * addresses, the pod's service account and tolerations (strategies and default admission plugins).
 * Never here: validation, defaults of types.
 */

import { checkBinding, checkRole, isOnlyForCollector } from '../escalation';
import { isObject, listAt, objectAt, same, textAt, textsAt, withAt } from '../json';
import { withFinalizer } from '../metadata';
import type { Json, JsonObject } from '../port';
import { growingClaim, prepareClaim } from './claim-hooks';
import type { Hooks, Kind } from './kind';
import { agreeingPod, preparePod } from './pod-hooks';
import { prepareService, prepareServiceUpdate } from './service-hooks';

type Some = Pick<Kind, 'onDecode' | 'onCreate' | 'onUpdate'>;

/** Zero values that the real server's status types always carry. */
const firstStatus: Readonly<Record<string, JsonObject>> = {
  'apps/StatefulSet': { availableReplicas: 0, replicas: 0 },
  'apps/Deployment': {},
  'apps/ReplicaSet': { replicas: 0 },
  'apps/DaemonSet': {
    currentNumberScheduled: 0,
    desiredNumberScheduled: 0,
    numberMisscheduled: 0,
    numberReady: 0,
  },
  'batch/Job': {},
  'policy/PodDisruptionBudget': {
    currentHealthy: 0,
    desiredHealthy: 0,
    disruptionsAllowed: 0,
    expectedPods: 0,
  },
  '/Service': { loadBalancer: {} },
  '/PersistentVolumeClaim': { phase: 'Pending' },
  '/PersistentVolume': { phase: 'Pending' },
  '/ResourceQuota': {},
};

/** Nodes alone may be created with a status. */
const statusAtBirth = new Set(['/Node', '/Namespace', '/Pod']);

export function hooksOf(group: string, kind: string): Some {
  const id = `${group}/${kind}`;
  const own = table[id];
  const status = firstStatus[id];
  const onCreate = (object: JsonObject, hooks: Hooks): JsonObject => {
    const cleared =
      status === undefined || statusAtBirth.has(id) ? object : withAt(object, ['status'], status);
    return own?.onCreate?.(cleared, hooks) ?? cleared;
  };
  return { ...own, onCreate };
}

const table: Readonly<Record<string, Some>> = {
  '/Pod': { onDecode: agreeingPod, onCreate: preparePod },
  '/Service': { onCreate: prepareService, onUpdate: prepareServiceUpdate },
  '/Namespace': { onCreate: prepareNamespace },
  '/Secret': { onDecode: withStringData },
  '/PersistentVolumeClaim': { onCreate: prepareClaim, onUpdate: growingClaim },
  '/PersistentVolume': {
    onCreate: (volume) => withFinalizer(volume, 'kubernetes.io/pv-protection'),
  },
  'batch/Job': { onCreate: prepareJob },
  'rbac.authorization.k8s.io/Role': guarded(checkRole, 'roles'),
  'rbac.authorization.k8s.io/ClusterRole': guarded(checkRole, 'clusterroles'),
  'rbac.authorization.k8s.io/RoleBinding': guarded(checkBinding, 'rolebindings'),
  'rbac.authorization.k8s.io/ClusterRoleBinding': guarded(checkBinding, 'clusterrolebindings'),
  'apiextensions.k8s.io/CustomResourceDefinition': {
    onCreate: (definition) =>
      withAt(definition, ['status'], {
        conditions: null,
        acceptedNames: { plural: '', kind: '' },
        storedVersions: storageVersions(definition),
      }),
    onUpdate(_old, definition) {
      const before = listAt(definition, 'status', 'storedVersions');
      const more = storageVersions(definition).filter((name) => !before.includes(name));
      if (more.length === 0) return definition;
      return withAt(definition, ['status', 'storedVersions'], [...before, ...more]);
    },
  },
};

function storageVersions(definition: JsonObject): readonly string[] {
  return listAt(definition, 'spec', 'versions')
    .filter((version) => isObject(version) && version.storage === true)
    .map((version) => textAt(version, 'name'));
}

function guarded<Of extends string>(
  check: (granting: Hooks['granting'], resource: Of, object: JsonObject) => void,
  resource: Of,
): Some {
  return {
    onCreate(object, { granting }) {
      check(granting, resource, object);
      return object;
    },
    onUpdate(old, object, { granting }) {
      if (!isOnlyForCollector(old, object)) check(granting, resource, object);
      return object;
    },
  };
}

function prepareNamespace(namespace: JsonObject): JsonObject {
  const name = textAt(namespace, 'metadata', 'name');
  const labelled = withAt(namespace, ['metadata', 'labels'], {
    ...textsAt(namespace, 'metadata', 'labels'),
    'kubernetes.io/metadata.name': name,
  });
  const spec = { ...objectAt(labelled, 'spec') };
  const finalizers = listAt(spec, 'finalizers');
  const kept = finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'];
  return { ...labelled, spec: { ...spec, finalizers: kept }, status: { phase: 'Active' } };
}

/** stringData is write-only: it ends in data. */
function withStringData(secret: JsonObject): JsonObject {
  const { stringData, ...kept } = secret;
  if (stringData === undefined) return secret;
  const added = Object.entries(textsAt(secret, 'stringData')).map(
    ([key, value]): [string, Json] => [key, Buffer.from(value).toString('base64')],
  );
  if (added.length === 0) return kept;
  return { ...kept, data: { ...objectAt(secret, 'data'), ...Object.fromEntries(added) } };
}

/** The selector by the Job's uid, unless the user makes his own (pkg/registry/batch/job). */
function prepareJob(job: JsonObject): JsonObject {
  if (objectAt(job, 'spec').manualSelector === true) return job;
  const uid = textAt(job, 'metadata', 'uid');
  const name = textAt(job, 'metadata', 'name');
  const labels = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
    ...textsAt(job, 'spec', 'template', 'metadata', 'labels'),
  };
  const selecting = {
    'batch.kubernetes.io/controller-uid': uid,
    ...textsAt(job, 'spec', 'selector', 'matchLabels'),
  };
  const templated = withAt(job, ['spec', 'template', 'metadata', 'labels'], labels);
  const selected = withAt(templated, ['spec', 'selector', 'matchLabels'], selecting);
  if (!same(textsAt(job, 'metadata', 'labels'), {})) return selected;
  return withAt(selected, ['metadata', 'labels'], labels);
}
