/**
 * The intent of a promotion (failover.md I10): the record names the target before the order is sent.
 * Never here: who the target is, and the promotion itself.
 */
import { epoch } from '../../kit/brands';
import { wantedM } from './config';
import { isDead } from './fence';
import { processOf } from './process';
import type { ClusterRecord } from './record';
import type { Failover, NodeState } from './state';
import { canPersist, persist, type Turn, tell, unblock, withWork } from './turn';

/** I10: the record holds the intent before the promotion is sent. */
export function intend(turn: Turn, work: Failover, node: NodeState): Turn {
  const { config, state } = turn;
  const { record } = state;
  const target = processOf(node);
  if (record === undefined || target === undefined || node.facts === undefined || !canPersist(turn))
    return withWork(turn, work);
  const { offset, replid } = node.facts;
  const boot = work.rule === 'boot';
  const alone = !state.nodes.some(
    (other) =>
      other !== node &&
      other.claim.kind === 'held' &&
      other.facts?.activity === 'ready' &&
      !isDead(turn, other),
  );
  const m = boot ? wantedM(config) : record.m;
  const next: ClusterRecord = {
    ...record,
    epoch: epoch(record.epoch + 1),
    phase: boot ? 'Boot' : 'Failover',
    target,
    from: { replid, offset },
    m: alone ? 0 : m,
    L: boot ? config.maxLagSeconds : record.L,
  };
  const told = tell(unblock(turn), '+intent', { pod: target.pod, epoch: next.epoch, offset });
  return withWork(persist(told, next), { ...work, stage: 'intend', candidate: target, at: offset });
}
