/**
 * The end that every change of primary shares: the order, the look at ROLE, the route, the record and
 * the replicas that follow (failover.md section 7 steps 4 to 6).
 * Never here: why this node, or whether the old primary is fenced.
 */
import { epoch, type Millis, millis, type Offset, offset } from '../../kit/brands';
import { attachability } from './attach';
import { attachReplicas, isAttachable } from './attach-replicas';
import { deadBy } from './evidence';
import type { NodeFacts } from './facts';
import { withHistory } from './lineage';
import { lostBytesOf } from './loss';
import { claimedNode, isRun, processOf } from './process';
import type { ClusterRecord, HistoryEntry, Process } from './record';
import { newestHistory, sameProcess } from './record';
import type { Failover, Finished, NodeState, State, Steady, Switchover } from './state';
import {
  canPersist,
  isReady,
  mayLook,
  persist,
  routeTo,
  send,
  type Turn,
  tell,
  withNode,
  withState,
  withWork,
} from './turn';

export type Promotion = Failover | Switchover;

/** Left like this, writers would stay paused or a promotion unseen until somebody else leads. */
export function isHalfway(work: State['work']): boolean {
  if (work.kind === 'switchover') return true;
  const promoting: readonly Failover['stage'][] = ['intend', 'promote', 'confirm', 'record'];
  return work.kind === 'failover' && promoting.includes(work.stage);
}

/** Sends the promotion once the intent is recorded; the node must still be the run that was chosen. */
export function sendPromotion(turn: Turn, work: Promotion, at: Offset | undefined): Turn {
  const node = claimedNode(turn.state, work.candidate);
  const { record } = turn.state;
  if (node?.facts === undefined || record === undefined || at === undefined) return lookAgain(turn);
  if (!isReady(node)) return turn;
  // I6: a primary that came back since the choice is demoted, or goes on, before another is promoted.
  if (work.kind === 'failover' && work.rule === 'failover' && isLed(turn)) return lookAgain(turn);
  const { podUid, pod } = node.fact;
  const order = {
    kind: 'promote',
    replid: node.facts.replid,
    offset: at,
    m: record.m,
    L: record.L,
  } as const;
  const unknown = withNode(send(turn, podUid, order), podUid, {
    leads: 'unknown',
    hold: { kind: 'free' },
    sight: 'old',
    minSet: undefined,
  });
  return tell(withWork(unknown, { ...work, stage: 'confirm' }), '+promote', { pod, offset: at });
}

/** A claimed master that is not proven dead meanwhile. */
function isLed({ config, state }: Turn): boolean {
  return state.nodes.some((node) => {
    const process = processOf(node);
    const leads = node.claim.kind === 'held' && node.leads === 'yes';
    return leads && process !== undefined && deadBy(config, state, process) === undefined;
  });
}

export function lookAgain(turn: Turn): Turn {
  return withWork(turn, { kind: 'resume', sinceAtMs: turn.state.nowMs });
}

/** Reads ROLE: master means promoted, whatever the promotion itself answered. */
export function confirm(turn: Turn, work: Promotion, otherwise: (turn: Turn) => Turn): Turn {
  const node = claimedNode(turn.state, work.candidate);
  if (node === undefined) return lookAgain(turn);
  if (node.pending === 'promote') return turn;
  if (node.sight === 'old') return mayLook(node) ? askAgain(turn, node) : turn;
  if (node.sight === 'asked') return turn;
  if (node.leads !== 'yes') return otherwise(turn);
  return openAndRecord(turn, work, node);
}

export function askAgain(turn: Turn, node: NodeState): Turn {
  const { podUid } = node.fact;
  return send(withNode(turn, podUid, { sight: 'asked' }), podUid, { kind: 'observe' });
}

/** Route and record at once; members whose history joins follow without waiting for the record. */
function openAndRecord(turn: Turn, work: Promotion, node: NodeState): Turn {
  const { record } = turn.state;
  if (record === undefined || !canPersist(turn)) return turn;
  const told = tell(turn, '+promoted', { pod: node.fact.pod, epoch: record.epoch });
  const open = routeTo(told, { kind: 'to', pod: node.fact.pod, epoch: record.epoch });
  const next = promotedRecord(open, node, work.kind === 'failover' && work.rule === 'reopen');
  const recording = withWork(persist(open, next), { ...work, stage: 'record' });
  return attachReplicas(recording, node);
}

/** The record of the new epoch. `keepUnreached`: members of a reopened cluster that are still away. */
export function promotedRecord(turn: Turn, node: NodeState, keepUnreached: boolean): ClusterRecord {
  const { config, state } = turn;
  const { record } = state;
  const primary = processOf(node);
  if (record === undefined || node.facts === undefined || primary === undefined)
    throw new TypeError('promoted without facts');
  const followers = state.nodes.flatMap((other) => followerOf(record, other, node) ?? []);
  const away = keepUnreached
    ? record.members.filter((member) => isAway(turn, member, followers, primary))
    : [];
  const members = [...followers, ...away];
  const lineage = withHistory(rooted(record), historyEntry(record, node.facts));
  return {
    ...record,
    primary,
    members,
    everAttached: node.facts.attached.length > 0,
    foreign: false,
    lineage,
    phase: 'Steady',
    target: undefined,
    from: undefined,
    m: Math.min(record.m, Math.max(0, config.replicas - 1)),
    offset: node.facts.offset,
    keys: node.facts.keys,
    at: millis(Math.round(state.nowMs)),
  };
}

function isAway(
  turn: Turn,
  member: Process,
  followers: readonly Process[],
  primary: Process,
): boolean {
  const reached =
    followers.some((other) => other.podUid === member.podUid) || sameProcess(member, primary);
  return !reached && deadBy(turn.config, turn.state, member) === undefined;
}

/** Data found at the first boot has a history of its own, which siblings may carry: epoch 0. */
function rooted(record: ClusterRecord): ClusterRecord {
  const { from, lineage } = record;
  if (lineage.length > 0 || from === undefined || from.offset === 0) return record;
  return {
    ...record,
    lineage: [{ epoch: epoch(0), replid: from.replid, fromOffset: offset(0), cut: 'Cut' }],
  };
}

/** Joined when the node itself says that its new history branches off the one that was intended. */
export function historyEntry(record: ClusterRecord, facts: NodeFacts): HistoryEntry {
  const parent = record.from?.replid ?? newestHistory(record)?.replid;
  const joined =
    facts.replid2 !== undefined && facts.replid2 === parent && facts.secondOffset !== undefined;
  const start = joined
    ? (facts.secondOffset ?? 0)
    : record.from === undefined
      ? 0
      : record.from.offset + 1;
  return {
    epoch: record.epoch,
    replid: facts.replid,
    fromOffset: offset(start),
    cut: joined ? 'Joined' : 'Cut',
  };
}

/** A claimed, loaded node that will follow the new primary; unknown data stays apart. */
function followerOf(
  record: ClusterRecord,
  node: NodeState,
  primary: NodeState,
): Process | undefined {
  if (node === primary || !isAttachable(node)) return undefined;
  if (attachability(record, node, primary.facts).kind === 'foreign') return undefined;
  return processOf(node);
}

/** The record of the new epoch is written: the change of primary is over. */
export function finish(
  turn: Turn,
  work: Promotion,
  before: ClusterRecord,
  after: ClusterRecord,
): Turn {
  const { state } = turn;
  const { nowMs } = state;
  const node = state.nodes.find((other) => isRun(other, after.primary));
  const sinceAtMs = work.kind === 'failover' ? work.downSinceAtMs : work.sinceAtMs;
  const lastFailover: Finished = {
    reason: work.why,
    from: before.primary?.pod ?? '',
    old: before.primary,
    to: after.primary?.pod ?? '',
    epoch: after.epoch,
    durationMs: nowMs - sinceAtMs,
    lostBytes: lostBytesOf(state, before.primary, node?.facts),
    countInTerm: (state.lastFailover?.countInTerm ?? 0) + 1,
  };
  const facts = {
    from: lastFailover.from,
    to: lastFailover.to,
    epoch: after.epoch,
    fencedBy: work.kind === 'failover' ? work.fencedBy : 'E2',
    why: work.why,
    lostBytes: lastFailover.lostBytes,
  };
  return tell(
    withWork(withState(turn, { lastFailover, blocked: undefined }), steadyFrom(nowMs)),
    '+switch-master',
    facts,
  );
}

export function steadyFrom(nowMs: Millis): Steady {
  return {
    kind: 'steady',
    starvedSinceAtMs: undefined,
    restUntilAtMs: nowMs,
    leaveMark: undefined,
    unquietSinceAtMs: undefined,
    refused: [],
  };
}
