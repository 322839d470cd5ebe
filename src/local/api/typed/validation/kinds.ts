/**
 * Validation of each built-in kind by the name of its definition. A kind that is not here is taken as its
 * types allow.
 * Never here: the checks.
 */
import { objectAt } from '../../json';
import type { JsonObject } from '../../port';
import { definitionFaults, definitionUpdateFaults } from '../custom/definition';
import type { Causes } from './checks';
import {
  budgetFaults,
  claimFaults,
  claimUpdateFaults,
  configMapFaults,
  configMapUpdateFaults,
  leaseFaults,
  secretFaults,
  secretUpdateFaults,
  serviceFaults,
  serviceUpdateFaults,
  sliceFaults,
  sliceUpdateFaults,
  storageClassFaults,
  storageClassUpdateFaults,
} from './core';
import { coreEventFaults, eventFaults } from './events';
import { persistentVolumeFaults } from './persistent-volume';
import { podFaults, podUpdateFaults } from './pod';
import { podTemplateFaults } from './pod-spec';
import { bindingFaults, roleFaults, roleRefStays } from './roles';
import {
  daemonSetFaults,
  deploymentFaults,
  jobFaults,
  jobUpdateFaults,
  replicaSetFaults,
  revisionFaults,
  revisionUpdateFaults,
  selectorStays,
  statefulSetFaults,
  statefulSetUpdateFaults,
} from './workloads';

export interface Validators {
  readonly create: (object: JsonObject) => Causes;
  readonly update: (old: JsonObject, object: JsonObject, subresource: string) => Causes;
}

/** Judged the same whether new or changed. */
function always(create: Validators['create']): Validators {
  return { create, update: (_old, object) => create(object) };
}

/** With a selector that stays. */
function selecting(create: Validators['create']): Validators {
  return {
    create,
    update: (old, object) => [...create(object), ...selectorStays(old, object)],
  };
}

function binding(kinds: readonly string[]): Validators {
  return {
    create: (object) => bindingFaults(object, kinds),
    update: (old, object) => [...bindingFaults(object, kinds), ...roleRefStays(old, object)],
  };
}

const table: Readonly<Record<string, Validators>> = {
  'io.k8s.api.core.v1.Pod': { create: podFaults, update: podUpdateFaults },
  'io.k8s.api.core.v1.PodTemplate': always((object) =>
    podTemplateFaults(objectAt(object, 'template'), 'template'),
  ),
  'io.k8s.api.core.v1.Service': { create: serviceFaults, update: serviceUpdateFaults },
  'io.k8s.api.core.v1.Secret': { create: secretFaults, update: secretUpdateFaults },
  'io.k8s.api.core.v1.ConfigMap': { create: configMapFaults, update: configMapUpdateFaults },
  'io.k8s.api.core.v1.PersistentVolumeClaim': { create: claimFaults, update: claimUpdateFaults },
  'io.k8s.api.core.v1.PersistentVolume': always(persistentVolumeFaults),
  'io.k8s.api.apps.v1.ControllerRevision': {
    create: revisionFaults,
    update: revisionUpdateFaults,
  },
  'io.k8s.api.apps.v1.StatefulSet': {
    create: (object) => statefulSetFaults(object, 'checked'),
    update: statefulSetUpdateFaults,
  },
  'io.k8s.api.apps.v1.Deployment': selecting(deploymentFaults),
  'io.k8s.api.apps.v1.ReplicaSet': selecting(replicaSetFaults),
  'io.k8s.api.apps.v1.DaemonSet': selecting(daemonSetFaults),
  'io.k8s.api.batch.v1.Job': { create: jobFaults, update: jobUpdateFaults },
  'io.k8s.api.policy.v1.PodDisruptionBudget': always(budgetFaults),
  'io.k8s.api.coordination.v1.Lease': always(leaseFaults),
  'io.k8s.api.core.v1.Event': { create: coreEventFaults, update: () => [] },
  'io.k8s.api.events.v1.Event': { create: eventFaults, update: () => [] },
  'io.k8s.api.rbac.v1.Role': always((object) => roleFaults(object, 'namespace')),
  'io.k8s.api.rbac.v1.ClusterRole': always((object) => roleFaults(object, 'cluster')),
  'io.k8s.api.rbac.v1.RoleBinding': binding(['Role', 'ClusterRole']),
  'io.k8s.api.rbac.v1.ClusterRoleBinding': binding(['ClusterRole']),
  'io.k8s.api.discovery.v1.EndpointSlice': { create: sliceFaults, update: sliceUpdateFaults },
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition': {
    create: definitionFaults,
    update: definitionUpdateFaults,
  },
  'io.k8s.api.storage.v1.StorageClass': {
    create: storageClassFaults,
    update: storageClassUpdateFaults,
  },
};

const none: Validators = { create: () => [], update: () => [] };

/** A status is written by those who know it, and not judged; a subresource changes nothing else. */
export function validatorsOf(definition: string): Validators {
  const found = table[definition];
  if (found === undefined) return none;
  return {
    create: found.create,
    update: (old, object, subresource) =>
      subresource === 'status' ? [] : found.update(old, object, subresource),
  };
}
