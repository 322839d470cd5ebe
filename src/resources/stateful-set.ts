/**
 * The StatefulSet. Pods start in parallel, each fenced; Kubernetes never restarts one for a new
 * template (OnDelete): the operator rolls, replicas first, the primary last after a switchover.
 */
import { resolve } from '../spec/defaults';
import type { ValkeyClusterDefinition } from '../spec/definition';
import { namesOf, podSelector } from '../spec/naming';
import type { JsonMap, KubeObject } from './kube-object';
import { metaOf } from './kube-object';
import { podTemplate } from './pod-template';

export function statefulSet(definition: ValkeyClusterDefinition): KubeObject {
  const { name } = definition.metadata;
  const { replicas, persistence } = resolve(definition.spec);
  const { statefulSet: objectName, headless } = namesOf(name);
  const storage: JsonMap = persistence.enabled
    ? {
        persistentVolumeClaimRetentionPolicy: { ...persistence.retention },
        volumeClaimTemplates: [dataClaim(definition)],
      }
    : {};
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metaOf(definition, objectName),
    spec: {
      serviceName: headless,
      replicas,
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'OnDelete' },
      selector: { matchLabels: podSelector(name) },
      template: podTemplate(
        definition,
        persistence.enabled ? undefined : { name: 'data', emptyDir: {} },
      ),
      ...storage,
    },
  };
}

/** Immutable in a StatefulSet, so it holds nothing that may change but the size. */
function dataClaim({ metadata, spec }: ValkeyClusterDefinition): JsonMap {
  const { storageSize, storageClassName } = resolve(spec).persistence;
  return {
    metadata: { name: 'data', labels: podSelector(metadata.name) },
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(storageClassName === undefined ? {} : { storageClassName }),
      resources: { requests: { storage: storageSize } },
    },
  };
}
