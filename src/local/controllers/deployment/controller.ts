/**
 * The Deployment controller: what it looks at.
 * Never here: what it does about it (decide.ts).
 */
import { NOTHING } from '../frame/action';
import { type Controller, source } from '../frame/controller';
import { keyOf, splitKey } from '../frame/kind';
import { candidatesFor, claim, takersOf } from '../objects/claiming';
import { PODS } from '../objects/pod';
import { DEPLOYMENTS, REPLICA_SETS } from '../objects/workload';
import { decideDeployment } from './decide';

const deploymentsOf = takersOf(DEPLOYMENTS);

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
