/**
 * The disruption controller: what it looks at.
 * Never here: how many pods may go (decide.ts).
 */
import { NOTHING } from '../frame/action';
import { type Controller, source } from '../frame/controller';
import { keyOf, splitKey } from '../frame/kind';
import type { Reader } from '../frame/reader';
import { BUDGETS } from '../objects/budget';
import { controllerOf } from '../objects/owner';
import { PODS, type Pod } from '../objects/pod';
import { selects } from '../objects/selector';
import { DEPLOYMENTS, REPLICA_SETS, STATEFUL_SETS } from '../objects/workload';
import { decideBudget } from './decide';

export const disruptionController: Controller = {
  name: 'controllermanager',
  sources: [
    source(BUDGETS, (budget) => [keyOf(budget)]),
    source(PODS, ({ metadata }, reader) =>
      reader
        .list(BUDGETS, metadata.namespace)
        .filter(({ spec }) => selects(spec.selector, metadata.labels))
        .map(keyOf),
    ),
  ],
  reads: [STATEFUL_SETS, REPLICA_SETS, DEPLOYMENTS],
  decide(key, reader, nowMs) {
    const { namespace, name } = splitKey(key);
    const budget = reader.get(BUDGETS, namespace, name);
    if (budget === undefined) return NOTHING;
    const pods = reader
      .list(PODS, namespace)
      .filter(({ metadata }) => selects(budget.spec.selector, metadata.labels));
    return decideBudget({ budget, pods, scaleOf: (pod) => scaleOf(pod, reader) }, nowMs);
  },
};

/** A Deployment's number counts, not that of its ReplicaSets. */
function scaleOf(pod: Pod, reader: Reader): { uid: string; replicas: number } | undefined {
  const { namespace } = pod.metadata;
  const { kind, name } = controllerOf(pod) ?? {};
  if (name === undefined) return undefined;
  const set =
    kind === STATEFUL_SETS.kind
      ? reader.get(STATEFUL_SETS, namespace, name)
      : reader.get(REPLICA_SETS, namespace, name);
  if (set === undefined) return undefined;
  const above = controllerOf(set);
  const deployment =
    above?.kind === DEPLOYMENTS.kind ? reader.get(DEPLOYMENTS, namespace, above.name) : undefined;
  const { metadata, spec } = deployment ?? set;
  return { uid: metadata.uid, replicas: spec.replicas ?? 1 };
}
