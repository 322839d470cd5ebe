/**
 * The user's answer where the engine stopped and asked: `accept: <pod>@<epoch>` (failover.md
 * section 7, end). It counts for the epoch it was given for, and only while something is asked.
 * Never here: whether anything is asked.
 */
import { livePods } from './on-pods';
import { servedEpoch } from './record';
import type { NodeState, State } from './state';

export function acceptedNode(state: State): NodeState | undefined {
  const { accept } = state.wishes;
  if (accept === undefined || accept.epoch !== servedEpoch(state.record)) return undefined;
  return livePods(state).find((node) => node.fact.pod === accept.pod);
}
