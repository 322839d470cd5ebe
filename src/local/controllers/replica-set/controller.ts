/**
 * The ReplicaSet controller: what it looks at.
 * Never here: what it does about it (decide.ts).
 */
import { NOTHING } from '../frame/action';
import { type Controller, source } from '../frame/controller';
import { keyOf, splitKey } from '../frame/kind';
import { candidatesFor, claim, takersOf } from '../objects/claiming';
import { isActive, PODS } from '../objects/pod';
import { REPLICA_SETS } from '../objects/workload';
import { decideReplicaSet } from './decide';

export const replicaSetController: Controller = {
  name: 'replicaset-controller',
  sources: [source(REPLICA_SETS, (set) => [keyOf(set)]), source(PODS, takersOf(REPLICA_SETS))],
  decide(key, reader, nowMs) {
    const { namespace, name } = splitKey(key);
    const set = reader.get(REPLICA_SETS, namespace, name);
    if (set === undefined) return NOTHING;
    const active = candidatesFor(reader, PODS, set).filter(isActive);
    const { owned, actions } = claim(set, PODS, active, set.spec.selector);
    const decision = decideReplicaSet(set, owned, nowMs);
    return { ...decision, actions: [...actions, ...decision.actions] };
  },
};
