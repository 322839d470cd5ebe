/**
 * The first primary of a cluster without one (failover.md section 7, "First boot"): the empty
 * ordinal 0, or the data that was found on kept volumes if it is of one history.
 * Never here: the promotion itself, which is a failover's.
 */
import { acceptedNode } from './accept';
import type { Config } from './config';
import { intend } from './intent';
import { expectedPods, livePods } from './on-pods';
import { askAgain } from './promotion';
import { servedEpoch } from './record';
import type { Failover, NodeState, State } from './state';
import { block, eachNode, mayLook, type Turn } from './turn';

export function firstBoot(turn: Turn): Turn {
  const missing = unanswered(turn.config, turn.state);
  if (missing.length > 0) return block(turn, 'WaitingForFirstBoot', { pods: missing.join(',') });
  const answered = expectedPods(turn.config, turn.state).filter(isAnswer);
  const asked = eachNode(turn, (so_far, node) =>
    isAnswer(node) && node.sight === 'old' && mayLook(node) ? askAgain(so_far, node) : so_far,
  );
  if (answered.some(({ sight }) => sight !== 'fresh')) return asked;
  const first = firstPrimary(answered) ?? acceptedNode(turn.state);
  if (first !== undefined) return intend(asked, bootWork(asked), first);
  return block(asked, 'SeveralHistories', {
    pods: withData(answered)
      .map(({ fact }) => fact.pod)
      .join(','),
    epoch: servedEpoch(turn.state.record),
  });
}

function isAnswer(node: NodeState): boolean {
  return (
    node.claim.kind === 'held' &&
    node.facts?.activity === 'ready' &&
    node.leads === 'no' &&
    node.fact.lifecycle !== 'gone'
  );
}

/** Ordinal 0, and every ordinal whose volume may hold data from before. */
function unanswered(config: Config, state: State): readonly string[] {
  const pods = livePods(state);
  const wanted = Array.from(
    { length: config.replicas },
    (_, ordinal) => pods.find(({ fact }) => fact.ordinal === ordinal) ?? ordinal,
  );
  return wanted.flatMap((node) => {
    if (typeof node === 'number') return [`ordinal ${node}`];
    const needed = node.fact.ordinal === 0 || node.fact.volume === 'older';
    return needed && !isAnswer(node) ? [node.fact.pod] : [];
  });
}

/** @returns undefined when the data found is of several histories. */
export function firstPrimary(answered: readonly NodeState[]): NodeState | undefined {
  const full = withData(answered);
  const [first] = full;
  if (first === undefined) return answered.find(({ fact }) => fact.ordinal === 0);
  const histories = new Set(full.map(({ facts }) => facts?.replid));
  if (histories.size > 1) return undefined;
  return full.reduce(
    (best, node) => ((node.facts?.offset ?? 0) > (best.facts?.offset ?? 0) ? node : best),
    first,
  );
}

function withData(nodes: readonly NodeState[]): readonly NodeState[] {
  return nodes.filter(({ facts }) => (facts?.keys ?? 0) > 0);
}

function bootWork({ state }: Turn): Failover {
  return {
    kind: 'failover',
    sinceAtMs: state.nowMs,
    downSinceAtMs: state.nowMs,
    stage: 'observe',
    why: 'firstBoot',
    fencedBy: 'E2',
    candidate: undefined,
    at: undefined,
    killAskedAtMs: undefined,
    token: 'exempt',
    rule: 'boot',
  };
}
