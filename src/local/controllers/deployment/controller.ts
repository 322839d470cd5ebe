/**
 * The Deployment controller: what it looks at.
 * Never here: what it does about it (decide.ts).
 */
import { NOTHING } from '../frame/action';
import { type Controller, source } from '../frame/controller';
import { joinKey, keyOf, splitKey } from '../frame/kind';
import type { Reader } from '../frame/reader';
import { candidatesFor, claim } from '../objects/claiming';
import { controllerOf } from '../objects/owner';
import { PODS } from '../objects/pod';
import { selects } from '../objects/selector';
import { DEPLOYMENTS, REPLICA_SETS, type ReplicaSet } from '../objects/workload';
import { decideDeployment } from './decide';

export const deploymentController: Controller = {
  name: 'deployment-controller',
  sources: [
    source(DEPLOYMENTS, (deployment) => [keyOf(deployment)]),
    source(REPLICA_SETS, deploymentsOf),
    {
      ...source(PODS, ({ metadata }, reader) =>
        (metadata.ownerReferences ?? []).flatMap(({ kind, name }) => {
          const set =
            kind === REPLICA_SETS.kind
              ? reader.get(REPLICA_SETS, metadata.namespace, name)
              : undefined;
          return set === undefined ? [] : deploymentsOf(set, reader);
        }),
      ),
      on: ['removed'],
    },
  ],
  decide(key, reader, nowMs) {
    const { namespace, name } = splitKey(key);
    const deployment = reader.get(DEPLOYMENTS, namespace, name);
    if (deployment === undefined) return NOTHING;
    const { selector } = deployment.spec;
    const { owned, actions } = claim(
      deployment,
      REPLICA_SETS,
      candidatesFor(reader, REPLICA_SETS, deployment),
      selector,
    );
    const pods = owned.flatMap(({ metadata }) => reader.ownedBy(PODS, metadata.uid));
    const setNamed = (set: string) => reader.get(REPLICA_SETS, namespace, set);
    const decision = decideDeployment({ deployment, owned, pods, setNamed }, nowMs);
    return { ...decision, actions: [...actions, ...decision.actions] };
  },
};

function deploymentsOf(set: ReplicaSet, reader: Reader): readonly string[] {
  const { namespace, labels } = set.metadata;
  const owner = controllerOf(set);
  if (owner !== undefined)
    return owner.kind === DEPLOYMENTS.kind ? [joinKey(namespace, owner.name)] : [];
  return reader
    .list(DEPLOYMENTS, namespace)
    .filter(({ spec }) => selects(spec.selector, labels))
    .map(keyOf);
}
