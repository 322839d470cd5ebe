/**
 * The one renderer: a definition in, plain objects out, the same bytes each time. The operator, the
 * cdk8s constructs and the Pulumi components call it. Never here: a fact of the running cluster.
 */
import type { ValkeyClusterDefinition } from '../spec/definition';
import { configMap } from './config-map';
import type { KubeObject } from './kube-object';
import { podDisruptionBudget } from './pod-disruption-budget';
import { secret } from './secret';
import { clientService, headlessService, replicasService } from './services';
import { statefulSet } from './stateful-set';

/**
 * In the order in which they are made: what pods need comes before the pods.
 * @param definition a valid one. With a uid the objects get it as their owner; without, they are
 * marked as Git's.
 */
export function render(definition: ValkeyClusterDefinition): readonly KubeObject[] {
  const budget = podDisruptionBudget(definition);
  return [
    secret(definition),
    configMap(definition),
    headlessService(definition),
    clientService(definition),
    replicasService(definition),
    ...(budget === undefined ? [] : [budget]),
    statefulSet(definition),
  ];
}
