/**
 * How many bytes a change of primary lost: what the old primary wrote beyond the point where the new
 * one's history begins. Known only while the same process is there to be read; never guessed.
 * Never here: what is done about it.
 */
import type { NodeFacts } from './facts';
import { claimedNode, isRun } from './process';
import type { Process } from './record';
import type { NodeState, State } from './state';
import { type Turn, withState } from './turn';

/** The old process came back after all: what it alone had is known now. */
export function withLossOf(turn: Turn, node: NodeState, primary: NodeState): Turn {
  const { lastFailover } = turn.state;
  if (lastFailover === undefined || lastFailover.lostBytes !== undefined) return turn;
  if (!isRun(node, lastFailover.old)) return turn;
  const lostBytes = lostBytesOf(turn.state, lastFailover.old, primary.facts);
  return withState(turn, { lastFailover: { ...lastFailover, lostBytes } });
}

/** Exact when the same process survived and was read after its demotion: what it wrote beyond the branch point. */
export function lostBytesOf(
  state: State,
  old: Process | undefined,
  facts: NodeFacts | undefined,
): number | undefined {
  const node = claimedNode(state, old);
  if (node?.facts === undefined || facts?.secondOffset === undefined) return undefined;
  if (node.leads !== 'no') return undefined;
  if (node.facts.replid === facts.replid) return 0;
  return node.facts.replid === facts.replid2
    ? Math.max(0, node.facts.offset - (facts.secondOffset - 1))
    : undefined;
}
