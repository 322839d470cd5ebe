/**
 * A master that section 9 recognizes: the recorded target, whose promotion was not seen to end, or
 * the one that leads a cluster without a record.
 * Never here: how it is recognized (resume.ts).
 */
import { epoch } from '../../kit/brands';
import { processOf } from './process';
import { confirm, lookAgain } from './promotion';
import { servedEpoch } from './record';
import type { Failover, NodeState } from './state';
import { canPersist, persist, type Turn, tell, withNode, withWork } from './turn';

export function adopt(turn: Turn, node: NodeState): Turn {
  const { record } = turn.state;
  const candidate = processOf(node);
  if (record === undefined || candidate === undefined || !canPersist(turn)) return turn;
  if (record.target === undefined) return intendFound(turn, node);
  const told = tell(turn, '+adopt', { pod: node.fact.pod, epoch: record.epoch });
  const work = adoption(turn, node);
  const read = withWork(withNode(told, node.fact.podUid, { sight: 'old' }), work);
  return confirm(read, work, lookAgain);
}

/**
 * Without a record the epoch is begun by the same intent that a promotion would have recorded. What m
 * the found primary has is not known, so no fence may count on one before grant.ts has set it.
 */
function intendFound(turn: Turn, node: NodeState): Turn {
  const { record } = turn.state;
  const target = processOf(node);
  if (record === undefined || target === undefined) return turn;
  const next = {
    ...record,
    epoch: epoch(Math.max(record.epoch, servedEpoch(record)) + 1),
    target,
    m: 0,
    L: turn.config.maxLagSeconds,
  };
  return persist(turn, next);
}

function adoption({ state }: Turn, node: NodeState): Failover {
  const before = state.work.kind === 'resume' ? state.work.sinceAtMs : state.nowMs;
  return {
    kind: 'failover',
    sinceAtMs: before,
    downSinceAtMs: before,
    stage: 'confirm',
    why: 'adopted',
    fencedBy: 'E2',
    candidate: processOf(node),
    at: undefined,
    killAskedAtMs: undefined,
    token: 'exempt',
    rule: 'failover',
  };
}
