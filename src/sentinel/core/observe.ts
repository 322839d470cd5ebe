/**
 * When each claimed node is looked at again, and when the next tick is due at the latest.
 * Never here: what is concluded from it.
 */
import { type Millis, millis } from '../../kit/brands';
import { follows } from './process';
import type { Failover, NodeState, State, Switchover } from './state';
import { nodeOf } from './state';
import { steadyWakeMs } from './steady';
import { eachNode, mayLook, REST_AFTER_REFUSAL_MS, send, type Turn, withNode } from './turn';
import { listenFromMs, quietAtMs } from './witness';

/** While two refused connects may still prove a death: as fast as replies come. */
const CHASE_MS = 3;
/** Milliseconds count for this long after a failover began; later only a wait of seconds is left. */
const CHASE_FOR_MS = 1000;
/** A cluster that nobody could take over for so long is looked at once for each ping. */
const PATIENT_AFTER_MS = 30_000;
/** While a ping is overdue: often enough to hear a witness, rare enough to disturb nobody. */
const WITNESS_MS = 100;
/** While a replica has yet to reach its primary. */
const JOINING_MS = 25;

export function advanceObservation(turn: Turn): Turn {
  return eachNode(turn, (so_far, node) => {
    if (node.claim.kind !== 'held' || !mayLook(node) || node.sight === 'asked') return so_far;
    if (so_far.state.nowMs < dueAtMs(so_far, node)) return so_far;
    return send(withNode(so_far, node.fact.podUid, {}), node.fact.podUid, { kind: 'observe' });
  });
}

function dueAtMs({ config, state }: Turn, node: NodeState): number {
  const lastAtMs = node.facts?.atMs ?? 0;
  const pace = paceMs(state, node);
  const quiet = quietAtMs(node);
  const decisive = quiet > lastAtMs ? quiet : Number.POSITIVE_INFINITY;
  return Math.min(node.observeAtMs, decisive, lastAtMs + (pace ?? config.pingIntervalMs));
}

/** undefined: once for each ping. */
function paceMs(state: State, node: NodeState): number | undefined {
  const primary = nodeOf(state, state.record?.primary?.podUid);
  const { work } = state;
  if (primary?.closed !== undefined && state.nowMs - primary.closed.atMs <= 1000) return CHASE_MS;
  if (work.kind === 'failover' && (work.stage === 'fence' || work.stage === 'observe'))
    return isChase(state, work) ? CHASE_MS : WITNESS_MS;
  if (primary !== undefined && isOverdue(state, primary)) return WITNESS_MS;
  if (node.facts?.activity !== 'ready') return WITNESS_MS;
  if (work.kind === 'steady' && primary !== undefined && isJoining(state, node, primary))
    return JOINING_MS;
  return undefined;
}

/** A blocked failover may last for hours: it must not be a storm of looks. */
function isChase(state: State, work: Failover | Switchover): boolean {
  return work.kind === 'switchover'
    ? work.stage !== 'route'
    : state.nowMs - work.sinceAtMs <= CHASE_FOR_MS;
}

function isOverdue(state: State, primary: NodeState): boolean {
  const from = listenFromMs(primary) ?? pendingFromMs(primary);
  return from !== undefined && state.nowMs >= from;
}

function pendingFromMs({ probe }: NodeState): Millis | undefined {
  return probe.pendingAtMs === undefined ? undefined : millis(probe.pendingAtMs + 100);
}

/** On its way to the primary, or the primary whose list is to show it. */
function isJoining(state: State, node: NodeState, primary: NodeState): boolean {
  if (node !== primary) return follows(node, primary) && node.facts?.link === 'down';
  const m = state.record?.m ?? 0;
  const online =
    primary.facts?.attached.filter((attached) => attached.state === 'online').length ?? 0;
  return state.nodes.some((other) => other !== primary && follows(other, primary)) && online < m;
}

/** The driver ticks at this moment at the latest; replies bring most turns earlier. */
export function wakeAtMs(turn: Turn): Millis {
  const { state, config } = turn;
  const { work } = state;
  const times = state.nodes.flatMap((node) => nodeTimes(turn, node));
  if (work.kind === 'failover' || work.kind === 'switchover')
    times.push(state.nowMs + (isChase(state, work) ? CHASE_MS : JOINING_MS));
  if (work.kind === 'switchover' && work.stage === 'route' && work.turnedAtMs !== undefined)
    times.push(work.turnedAtMs + (config.serviceSettleMs ?? 0));
  if (work.kind === 'resume') times.push(state.nowMs + resumePaceMs(state.nowMs - work.sinceAtMs));
  if (work.kind === 'steady') times.push(steadyWakeMs(turn, work));
  return millis(Math.max(state.nowMs + 1, Math.min(state.nowMs + config.pingIntervalMs, ...times)));
}

/** What waits for pods or for people may wait for hours, and many clusters may wait at once. */
function resumePaceMs(forMs: number): number {
  if (forMs <= CHASE_FOR_MS) return JOINING_MS;
  return forMs <= PATIENT_AFTER_MS ? WITNESS_MS : Number.POSITIVE_INFINITY;
}

function nodeTimes(turn: Turn, node: NodeState): readonly number[] {
  const { probe, claim, fact } = node;
  const { state, config } = turn;
  if (state.work.kind === 'standby') return [];
  const downAtMs = probe.aliveAtMs + config.downAfterMs;
  if (fact.ip === undefined || fact.lifecycle === 'gone')
    return downAtMs > state.nowMs ? [downAtMs] : [];
  const ping = probe.pendingAtMs === undefined ? [probe.nextAtMs] : [];
  const claimed = claim.kind === 'none' ? [claim.retryAtMs] : [];
  const looked = claim.kind === 'held' && mayLook(node) ? [dueAtMs(turn, node)] : [];
  const rested = node.refused === undefined ? [] : [node.refused.atMs + REST_AFTER_REFUSAL_MS];
  const swept = node.sweep === undefined ? [] : [node.sweep.atMs];
  return [...ping, ...claimed, ...looked, ...rested, ...swept, downAtMs].filter(
    (at) => at > state.nowMs,
  );
}
