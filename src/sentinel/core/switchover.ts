/**
 * The planned switchover (failover.md section 8): pause, wait for equal offsets, demote first,
 * promote. Any surprise hands over to section 9, which loses nothing: nothing is promoted before the
 * old primary said that it stopped.
 * Never here: why a switchover is wanted (wishes.ts).
 */
import { epoch, millis, offset } from '../../kit/brands';
import type { Wishes } from './event';
import { addressOf, claimedNode, processOf } from './process';
import { askAgain, confirm, lookAgain, sendPromotion, steadyFrom } from './promotion';
import type { OrderKind } from './ready';
import { type ClusterRecord, servedEpoch } from './record';
import type { NodeState, Switchover } from './state';
import {
  canPersist,
  isFree,
  persist,
  routeTo,
  send,
  type Turn,
  tell,
  withNode,
  withWork,
} from './turn';

export const PAUSE_MS = millis(5000);
/** A Service that takes longer than this would leave clients with a primary that is none any more. */
const ROUTE_MS = 2000;
/** Giving up costs one pause; a slow replica is no reason to stop writers longer than this. */
const LEVEL_MS = 2000;
/** Nothing begins in the last second of the pause: writers may be let go by then. */
const PAUSE_MARGIN_MS = 1000;
const CATCH_UP_MS = 2000;
const REST_AFTER_GIVE_UP_MS = 5000;

export function beginSwitchover(turn: Turn, node: NodeState, why: string): Turn {
  const { record, nowMs } = turn.state;
  const candidate = processOf(node);
  if (record === undefined || candidate === undefined || !canPersist(turn)) return turn;
  const next: ClusterRecord = {
    ...record,
    epoch: epoch(record.epoch + 1),
    phase: 'Switchover',
    target: candidate,
    from: undefined,
  };
  const work: Switchover = {
    kind: 'switchover',
    sinceAtMs: nowMs,
    stage: 'intend',
    why,
    candidate,
    routedAtMs: nowMs,
    turnedAtMs: undefined,
    pausedAtMs: nowMs,
    equal: 0,
    stoppedAt: offset(0),
  };
  const told = tell(turn, '+switchover', { from: record.primary?.pod, to: candidate.pod, why });
  return withWork(persist(told, next), work);
}

export function advanceSwitchover(turn: Turn, work: Switchover): Turn {
  if (work.stage === 'intend' || work.stage === 'record' || work.stage === 'clear') return turn;
  const primary = claimedNode(turn.state, turn.state.record?.primary);
  const candidate = claimedNode(turn.state, work.candidate);
  if (work.stage === 'confirm') return confirm(turn, work, lookAgain);
  if (primary === undefined) return lookAgain(turn);
  if (work.stage === 'giveUp') return advanceGiveUp(turn, work, primary);
  if (candidate === undefined)
    return work.stage === 'catchUp' || work.stage === 'promote'
      ? lookAgain(turn)
      : giveUp(turn, work, 'candidate lost');
  switch (work.stage) {
    case 'route':
      return advanceRoute(turn, work, primary, candidate);
    case 'pause':
      return advancePause(turn, work, primary);
    case 'level':
      return advanceLevel(turn, work, primary, candidate);
    case 'handOver':
      return advanceHandOver(turn, work, primary, candidate);
    case 'catchUp':
      return advanceCatchUp(turn, work, candidate);
    case 'promote':
      return sendPromotion(turn, work, work.stoppedAt);
  }
}

/**
 * The Service turns while writers still write: whom the demotion lets go finds the candidate at once. One
 * that does not turn is no time for planned work, except where the primary ends anyway: a pod that is being
 * deleted hands over all the same, as a crash would have the same Service and lose writes beside.
 */
function advanceRoute(
  turn: Turn,
  work: Switchover,
  primary: NodeState,
  candidate: NodeState,
): Turn {
  const { nowMs, service } = turn.state;
  const { serviceSettleMs } = turn.config;
  if (primary.leads !== 'yes') return lookAgain(turn);
  const stop = { ...work, stage: 'pause' } as const;
  if (serviceSettleMs === undefined) return advanceSwitchover(withWork(turn, stop), stop);
  // A replica's preStop ends at once: promoted now, it would be killed as the primary.
  if (candidate.fact.lifecycle !== 'live') return giveUp(turn, work, 'the candidate is leaving');
  const routed = routeToCandidate(turn, work);
  const { pod } = work.candidate;
  const hasTurned = service.selected === pod && service.endpoints.join() === pod;
  const turnedAtMs = hasTurned ? (work.turnedAtMs ?? nowMs) : undefined;
  if (turnedAtMs !== undefined && nowMs >= turnedAtMs + serviceSettleMs)
    return advanceSwitchover(withWork(routed, stop), stop);
  if (nowMs >= work.routedAtMs + ROUTE_MS)
    return primary.fact.lifecycle === 'deleting'
      ? advanceSwitchover(withWork(routed, stop), stop)
      : giveUp(routed, work, 'the Service did not turn');
  return turnedAtMs === work.turnedAtMs ? routed : withWork(routed, { ...work, turnedAtMs });
}

function routeToCandidate(turn: Turn, { candidate }: Switchover): Turn {
  return routeTo(turn, { kind: 'to', pod: candidate.pod, epoch: turn.state.record?.epoch ?? 0 });
}

/** The pause runs from the moment it is sent; what is read before its acknowledgement is too early. */
function advancePause(turn: Turn, work: Switchover, primary: NodeState): Turn {
  if (!isFree(primary)) return turn;
  const { nowMs } = turn.state;
  const { podUid } = primary.fact;
  const unread = withNode(turn, work.candidate.podUid, { sight: 'old' });
  const sent = send(withNode(unread, podUid, { sight: 'old' }), podUid, {
    kind: 'pause',
    forMs: PAUSE_MS,
  });
  return withWork(tell(sent, '+pause', { pod: primary.fact.pod }), {
    ...work,
    stage: 'level',
    pausedAtMs: nowMs,
  });
}

/** Both are asked side by side; two rounds in a row must show the same offset. */
function advanceLevel(
  turn: Turn,
  work: Switchover,
  primary: NodeState,
  candidate: NodeState,
): Turn {
  if (primary.pending === 'pause') return turn;
  if (primary.leads !== 'yes') return lookAgain(turn);
  if (turn.state.nowMs - work.pausedAtMs >= LEVEL_MS)
    return giveUp(turn, work, 'offsets did not meet');
  const pair = [primary, candidate];
  if (pair.every(({ sight }) => sight === 'fresh'))
    return afterRound(turn, work, primary, candidate);
  return pair.reduce(
    (so_far, node) => (node.sight === 'old' && isFree(node) ? askAgain(so_far, node) : so_far),
    turn,
  );
}

function afterRound(turn: Turn, work: Switchover, primary: NodeState, candidate: NodeState): Turn {
  const same =
    primary.facts?.offset === candidate.facts?.offset &&
    primary.facts?.replid === candidate.facts?.replid;
  const equal = same ? work.equal + 1 : 0;
  const stale = [primary, candidate].reduce(
    (so_far, node) => withNode(so_far, node.fact.podUid, { sight: 'old' }),
    turn,
  );
  const counted = { ...work, equal };
  if (equal >= 2)
    return advanceSwitchover(withWork(stale, { ...counted, stage: 'handOver' }), {
      ...counted,
      stage: 'handOver',
    });
  return advanceSwitchover(withWork(stale, counted), counted);
}

/** Demote first (I6), in one transaction with the end of the pause; clients are sent on at the latest now. */
function advanceHandOver(
  turn: Turn,
  work: Switchover,
  primary: NodeState,
  candidate: NodeState,
): Turn {
  if (primary.pending === 'handOver') return turn;
  if (primary.leads !== 'yes') return lookAgain(turn);
  const address = addressOf(candidate);
  const tooLate = turn.state.nowMs - work.pausedAtMs >= PAUSE_MS - PAUSE_MARGIN_MS;
  if (address === undefined || tooLate) return giveUp(turn, work, 'the pause is nearly over');
  if (!isFree(primary)) return turn;
  const order = {
    kind: 'handOver',
    primary: address,
    clientUsers: turn.config.clientUsers,
  } as const;
  return routeToCandidate(send(turn, primary.fact.podUid, order), work);
}

/** Promoted only at the very offset where the old primary stopped: the rest is in its socket. */
function advanceCatchUp(turn: Turn, work: Switchover, candidate: NodeState): Turn {
  if (turn.state.nowMs - work.pausedAtMs >= PAUSE_MS + CATCH_UP_MS) return lookAgain(turn);
  if (candidate.sight === 'fresh' && candidate.facts?.offset === work.stoppedAt) {
    const ready = { ...work, stage: 'promote' } as const;
    return advanceSwitchover(withWork(turn, ready), ready);
  }
  if (candidate.sight === 'asked' || !isFree(candidate)) return turn;
  return askAgain(turn, candidate);
}

/** EXECABORT and the like: nothing of the order took effect, so writers are let go on. */
export function onSwitchoverRefused(turn: Turn, order: OrderKind): Turn {
  const { work } = turn.state;
  if (work.kind !== 'switchover' || (order !== 'pause' && order !== 'handOver')) return turn;
  return giveUp(turn, work, `${order} was refused`);
}

/** Writers are let go first, then the record is cleared; the epoch's number stays used. */
function giveUp(turn: Turn, work: Switchover, why: string): Turn {
  return withWork(tell(turn, '-switchover', { to: work.candidate.pod, why }), {
    ...work,
    stage: 'giveUp',
  });
}

function advanceGiveUp(turn: Turn, work: Switchover, primary: NodeState): Turn {
  const { record } = turn.state;
  if (!isFree(primary) || !canPersist(turn) || record === undefined) return turn;
  const back = routeTo(turn, { kind: 'to', pod: primary.fact.pod, epoch: servedEpoch(record) });
  const freed = send(back, primary.fact.podUid, { kind: 'unpause' });
  const cleared: ClusterRecord = { ...record, phase: 'Steady', target: undefined, from: undefined };
  return withWork(persist(freed, cleared), { ...work, stage: 'clear' });
}

/** A user's wish that was given up once is not tried again by itself: each try pauses the writers. */
export function gaveUpKey(wish: Wishes['switchover']): string {
  return `gave up ${wish?.pod}@${wish?.epoch}`;
}

/** A switchover that was given up rests before the next one. */
export function afterGiveUp(turn: Turn, { why }: Switchover): Turn {
  const { nowMs, wishes } = turn.state;
  const refused = why === 'asked' ? [gaveUpKey(wishes.switchover)] : [];
  return withWork(turn, {
    ...steadyFrom(nowMs),
    refused,
    restUntilAtMs: millis(nowMs + REST_AFTER_GIVE_UP_MS),
  });
}
