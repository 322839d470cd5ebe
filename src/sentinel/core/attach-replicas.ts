/**
 * REPLICAOF the primary for every claimed node that should follow it and does not (section 7 step 6).
 * Only members are attached: a process enters the record before its REPLICAOF is sent.
 * Never here: the membership itself (members.ts).
 */
import { attachability } from './attach';
import { withLossOf } from './loss';
import { addressOf, follows, isMember } from './process';
import { servedEpoch } from './record';
import type { NodeState } from './state';
import { block, eachNode, isReady, send, type Turn, tell, withNode } from './turn';

export function attachReplicas(turn: Turn, primary: NodeState): Turn {
  const { record } = turn.state;
  if (record === undefined) return turn;
  return eachNode(turn, (so_far, node) => {
    const ready =
      node !== primary &&
      isAttachable(node) &&
      isReady(node) &&
      isMember(record, node) &&
      isRead(node);
    if (!ready || node.fact.podUid === primary.fact.podUid || follows(node, primary)) return so_far;
    return attachOne(so_far, node, primary);
  });
}

/** Claimed, read, and a replica: a stray master is demoted first. */
export function isAttachable(node: NodeState): boolean {
  return (
    node.claim.kind === 'held' &&
    node.leads === 'no' &&
    node.facts !== undefined &&
    node.facts.activity !== 'loading' &&
    node.fact.lifecycle !== 'gone'
  );
}

/** What it wrote up to our own demotion is counted before it gives way. */
function isRead({ hold, facts }: NodeState): boolean {
  return hold.kind === 'free' || (facts?.atMs ?? 0) >= hold.atMs;
}

function attachOne(turn: Turn, node: NodeState, primary: NodeState): Turn {
  const address = addressOf(primary);
  const { record } = turn.state;
  if (address === undefined || record === undefined) return turn;
  const { podUid, pod } = node.fact;
  const judged = attachability(record, node, primary.facts);
  if (judged.kind === 'foreign' && !consents(turn, node))
    return block(turn, 'ForeignHistory', { pod, epoch: servedEpoch(record) });
  const told =
    judged.kind === 'diverged'
      ? tell(turn, '+divergence', { pod, lostBytes: judged.lostBytes ?? 'unknown' })
      : turn;
  const ordered = send(withLossOf(told, node, primary), podUid, {
    kind: 'follow',
    primary: address,
  });
  return withNode(ordered, podUid, { hold: { kind: 'free' }, sight: 'old', followAsked: address });
}

/**
 * A user who accepted this primary accepted that other data gives way to it: the data that was there
 * when they answered, not what came later.
 */
export function consents(turn: Turn, node: NodeState): boolean {
  const { accept } = turn.state.wishes;
  const { record, shown } = turn.state;
  if (!shown.includes(node.fact.podUid)) return false;
  if (accept === undefined || record === undefined || accept.pod !== record.primary?.pod)
    return false;
  const parent = record.lineage[record.lineage.length - 2]?.epoch ?? 0;
  return accept.epoch >= parent && accept.epoch <= record.epoch;
}
