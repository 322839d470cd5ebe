/**
 * The three Services: names of the pods, the primary, the replicas.
 * Never here: the client Service's selector. The operator owns it (failover.md I7): no selector means
 * no endpoints, so the Service is closed until a primary is known.
 */
import { resolve } from '../spec/defaults';
import type { ValkeyClusterDefinition } from '../spec/definition';
import { LABELS, namesOf, podSelector, ROLES } from '../spec/naming';
import type { JsonMap, KubeObject } from './kube-object';
import { metaOf } from './kube-object';

/** Gives each pod a name, ready or not. */
export function headlessService(definition: ValkeyClusterDefinition): KubeObject {
  const { name } = definition.metadata;
  return service(definition, namesOf(name).headless, {
    clusterIP: 'None',
    publishNotReadyAddresses: true,
    selector: podSelector(name),
  });
}

/** Leads to the primary. Readiness never decides who that is, so addresses that are not ready count. */
export function clientService(definition: ValkeyClusterDefinition): KubeObject {
  const { type, annotations } = resolve(definition.spec).service;
  return service(
    definition,
    namesOf(definition.metadata.name).client,
    { type, publishNotReadyAddresses: true },
    annotations,
  );
}

/** Leads to replicas that are ready. */
export function replicasService(definition: ValkeyClusterDefinition): KubeObject {
  const { name } = definition.metadata;
  return service(definition, namesOf(name).replicas, {
    type: 'ClusterIP',
    selector: { ...podSelector(name), [LABELS.role]: ROLES.replica },
  });
}

function service(
  definition: ValkeyClusterDefinition,
  name: string,
  spec: JsonMap,
  annotations?: Readonly<Record<string, string>>,
): KubeObject {
  const { port } = resolve(definition.spec);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metaOf(definition, name, annotations),
    spec: { ...spec, ports: [{ name: 'valkey', port, targetPort: port, protocol: 'TCP' }] },
  };
}
