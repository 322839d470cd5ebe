/**
 * The recorded primary leads (section 9, first row): whatever was begun is given up, writers are let
 * go on, and the record says so before anything else is planned.
 * Never here: the upkeep that follows (steady.ts).
 */
import { servedEpoch } from './failover';
import { steadyFrom } from './promotion';
import type { ClusterRecord } from './record';
import type { NodeState } from './state';
import { canPersist, isFree, persist, routeTo, send, type Turn, unblock, withWork } from './turn';

export function beginRestore(turn: Turn, node: NodeState): Turn {
  const { record, nowMs } = turn.state;
  if (record === undefined) return turn;
  if (record.phase === 'Steady' && record.target === undefined) {
    const open = routeTo(unblock(turn), {
      kind: 'to',
      pod: node.fact.pod,
      epoch: servedEpoch(record),
    });
    return withWork(open, steadyFrom(nowMs));
  }
  if (!isFree(node) || !canPersist(turn)) return turn;
  const cleared: ClusterRecord = { ...record, phase: 'Steady', target: undefined, from: undefined };
  return persist(send(turn, node.fact.podUid, { kind: 'unpause' }), cleared);
}
