/**
 * The recorded primary leads (section 9, first row): whatever was begun is given up, writers are let
 * go on, and the record says so before anything else is planned.
 * Never here: the upkeep that follows (steady.ts).
 */
import { steadyFrom } from './promotion';
import { type ClusterRecord, servedEpoch } from './record';
import type { NodeState } from './state';
import { canPersist, isFree, persist, routeTo, send, type Turn, unblock, withWork } from './turn';

export function beginRestore(turn: Turn, node: NodeState): Turn {
  const { record, nowMs } = turn.state;
  if (record === undefined || !isFree(node)) return turn;
  const settled = record.phase === 'Steady' && record.target === undefined;
  if (!settled && !canPersist(turn)) return turn;
  const freed = send(turn, node.fact.podUid, { kind: 'unpause' });
  if (settled) {
    const route = { kind: 'to', pod: node.fact.pod, epoch: servedEpoch(record) } as const;
    return withWork(routeTo(unblock(freed), route), steadyFrom(nowMs));
  }
  const cleared: ClusterRecord = { ...record, phase: 'Steady', target: undefined, from: undefined };
  return persist(freed, cleared);
}
