/**
 * The StatefulSet controller: what it looks at.
 * Never here: what it does about it (decide.ts).
 */
import { type Decision, NOTHING } from '../frame/action';
import { type Controller, source } from '../frame/controller';
import { keyOf, splitKey } from '../frame/kind';
import type { Reader } from '../frame/reader';
import { candidatesFor, claim, takersOf } from '../objects/claiming';
import { PODS, type Pod } from '../objects/pod';
import { CLAIMS } from '../objects/storage';
import { CONTROLLER_REVISIONS, STATEFUL_SETS } from '../objects/workload';
import { decideStatefulSet } from './decide';
import { ordinalOf } from './pods';
import { inOrder } from './revisions';

export const statefulSetController: Controller = {
  name: 'statefulset-controller',
  sources: [source(STATEFUL_SETS, (set) => [keyOf(set)]), source(PODS, takersOf(STATEFUL_SETS))],
  reads: [CONTROLLER_REVISIONS, CLAIMS],
  decide,
};

function decide(key: string, reader: Reader, nowMs: number): Decision {
  const { namespace, name } = splitKey(key);
  const set = reader.get(STATEFUL_SETS, namespace, name);
  if (set === undefined) return NOTHING;
  const isMember = (pod: Pod) => ordinalOf(set, pod.metadata.name) !== undefined;
  const { selector } = set.spec;
  const pods = claim(set, PODS, candidatesFor(reader, PODS, set), selector, isMember);
  const revisions = candidatesFor(reader, CONTROLLER_REVISIONS, set);
  const history = claim(set, CONTROLLER_REVISIONS, revisions, selector);
  const decision = decideStatefulSet(
    {
      set,
      pods: pods.owned,
      history: inOrder(history.owned),
      revisionNamed: (revision) => reader.get(CONTROLLER_REVISIONS, namespace, revision),
      claimNamed: (claimName) => reader.get(CLAIMS, namespace, claimName),
    },
    nowMs,
  );
  return { ...decision, actions: [...pods.actions, ...history.actions, ...decision.actions] };
}
