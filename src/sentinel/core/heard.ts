/**
 * Whose memory answers for the newest history (failover.md section 6, "heard"): WAIT confirms memory,
 * not disk, so only the very run that was a member can say what it confirmed.
 * Never here: whether that is enough (choose-replica.ts).
 */
import { joinedEpoch } from './lineage';
import { type ClusterRecord, newestHistory, type Process } from './record';
import { type NodeState, nodeOf, type State } from './state';

export interface Heard {
  /** Members that are here as the run they were, held before they were read, of the newest history. */
  readonly heard: number;
  /** Members that may have confirmed a write of the newest history: all but those that show they did not. */
  readonly confirmers: number;
}

export function hear(state: State, record: ClusterRecord): Heard {
  const answers = record.members.map((member) => answerOf(state, record, member));
  return {
    heard: answers.filter((answer) => answer === 'joined').length,
    confirmers: answers.filter((answer) => answer !== 'neverJoined').length,
  };
}

/**
 * A process is a member before its REPLICAOF is sent: one whose own run still shows an older history,
 * or none, has not read a byte of the newest and confirmed none.
 */
function answerOf(
  state: State,
  record: ClusterRecord,
  member: Process,
): 'joined' | 'neverJoined' | 'unheard' {
  const node = nodeOf(state, member.podUid);
  if (node?.facts === undefined || !isRead(node, member) || node.facts.activity !== 'ready')
    return 'unheard';
  const newest = newestHistory(record);
  const epoch = joinedEpoch(record, node.facts);
  if (epoch !== undefined && epoch >= (newest?.epoch ?? 0)) return 'joined';
  return node.facts.replid2 === newest?.replid ? 'unheard' : 'neverJoined';
}

/** A run that restarted has forgotten what it acknowledged. */
function isRead({ facts, sight, hold }: NodeState, member: Process): boolean {
  return facts?.runId === member.runId && sight === 'fresh' && hold.kind === 'held';
}
