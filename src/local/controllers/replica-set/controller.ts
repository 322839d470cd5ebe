/**
 * The ReplicaSet controller: what it looks at.
 * Never here: what it does about it (decide.ts).
 */
import { NOTHING } from '../frame/action';
import { type Controller, source } from '../frame/controller';
import { joinKey, keyOf, splitKey } from '../frame/kind';
import type { Reader } from '../frame/reader';
import { candidatesFor, claim } from '../objects/claiming';
import { controllerOf } from '../objects/owner';
import { isActive, PODS, type Pod } from '../objects/pod';
import { selects } from '../objects/selector';
import { REPLICA_SETS } from '../objects/workload';
import { decideReplicaSet } from './decide';

export const replicaSetController: Controller = {
  name: 'replicaset-controller',
  sources: [source(REPLICA_SETS, (set) => [keyOf(set)]), source(PODS, setsOf)],
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

function setsOf(pod: Pod, reader: Reader): readonly string[] {
  const { namespace, labels } = pod.metadata;
  const owner = controllerOf(pod);
  if (owner !== undefined)
    return owner.kind === REPLICA_SETS.kind ? [joinKey(namespace, owner.name)] : [];
  return reader
    .list(REPLICA_SETS, namespace)
    .filter(({ spec }) => selects(spec.selector, labels))
    .map(keyOf);
}
