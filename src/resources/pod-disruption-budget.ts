/** How many pods a drain may take at once. Never here: our own restarts, which are one at a time. */
import { resolve } from '../spec/defaults';
import type { ValkeyClusterDefinition } from '../spec/definition';
import { DisruptionBudgetMode } from '../spec/enums';
import { namesOf, podSelector } from '../spec/naming';
import type { KubeObject } from './kube-object';
import { metaOf } from './kube-object';

/** @returns undefined for a single node: a budget would block every drain for ever. */
export function podDisruptionBudget(definition: ValkeyClusterDefinition): KubeObject | undefined {
  const { name } = definition.metadata;
  const { replicas, persistence, podDisruptionBudget: budget } = resolve(definition.spec);
  if (replicas === 1 || budget.mode === DisruptionBudgetMode.DISABLED) return undefined;
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metaOf(definition, namesOf(name).budget),
    spec: {
      maxUnavailable: Math.max(1, Math.floor((replicas - 1) / 2)),
      selector: { matchLabels: podSelector(name) },
      ...(persistence.enabled ? { unhealthyPodEvictionPolicy: 'AlwaysAllow' } : {}),
    },
  };
}
