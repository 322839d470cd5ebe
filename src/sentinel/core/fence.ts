/**
 * Drain, hold, and fence (failover.md section 7 steps 0 to 2): who is held when, and by what each
 * process that may be writable is kept from writing before another is promoted (I2).
 * Never here: the choice of the next primary.
 */
import { millis } from '../../kit/brands';
import { isEligible } from './choose-replica';
import { starvedAfterMs } from './config';
import { deadBy, isReadOnly, recordedProcesses, starvedAtMs, suspectsOf } from './evidence';
import { isHeard } from './on-probe';
import { isRun, processOf } from './process';
import type { Process } from './record';
import type { Failover, NodeState, State } from './state';
import { eachNode, isReady, send, type Turn, tell } from './turn';
import { verdictOn } from './verdict';

/** A hung process gets this long to die by a kill before the policy decides. */
const KILL_WAIT_MS = 10_000;
const FLAP_WINDOW_MS = 600_000;
const FLAP_TOKENS = 3;

export type Fence = 'E1' | 'E2' | 'E3' | 'E5' | 'none';

const strength: readonly Fence[] = ['none', 'E5', 'E3', 'E2', 'E1'];

/** The weakest fence over all that may be writable. */
export function fenceNow(turn: Turn, work: Failover): Fence {
  const { record } = turn.state;
  const fences =
    record === undefined ? [] : suspectsOf(record).map((process) => fenceOf(turn, work, process));
  return fences.reduce<Fence>(
    (weakest, fence) => (strength.indexOf(fence) < strength.indexOf(weakest) ? fence : weakest),
    'E1',
  );
}

export function fenceOf(turn: Turn, work: Failover, process: Process): Fence {
  const { config, state } = turn;
  if (deadBy(config, state, process) !== undefined) return 'E1';
  if (isReadOnly(state, process)) return 'E2';
  const starved = starvedAtMs(config, state, work.sinceAtMs);
  if (starved !== undefined && state.nowMs >= starved) return 'E3';
  return consented(turn, work) ? 'E5' : 'none';
}

/** E5: the policy, or the user in person, accepts two writable nodes for the bound that is told. */
function consented({ config, state }: Turn, work: Failover): boolean {
  if (work.rule === 'accepted') return true;
  if (config.policy !== 'Available') return false;
  return work.killAskedAtMs === undefined
    ? !killApplies(config, state)
    : state.nowMs >= work.killAskedAtMs + KILL_WAIT_MS;
}

/** The bound of E5, for the Event: W where starvation is under way, else the partition itself. */
export function windowMs({ config, state }: Turn, work: Failover): number | undefined {
  const starved = starvedAtMs(config, state, work.sinceAtMs);
  return starved === undefined
    ? undefined
    : starvedAfterMs(state.record?.L ?? config.maxLagSeconds);
}

/** Every suspect is dead or read-only: nothing can be lost by acting, so no token is needed. */
export function isProven(turn: Turn, work: Failover): boolean {
  const fence = fenceNow(turn, work);
  return fence === 'E1' || fence === 'E2';
}

/** I9: three in ten minutes, at least 2W apart. @returns undefined when there is none left. */
export function takeToken({ config, state }: Turn): State['tokensAtMs'] | undefined {
  const recent = state.tokensAtMs.filter((atMs) => state.nowMs - atMs < FLAP_WINDOW_MS);
  const last = recent[recent.length - 1];
  const apartMs = 2 * starvedAfterMs(state.record?.L ?? config.maxLagSeconds);
  if (recent.length >= FLAP_TOKENS || (last !== undefined && state.nowMs - last < apartMs))
    return undefined;
  return [...recent, state.nowMs];
}

/** Holds replicas that have read all they will, and demotes every suspect that answers (I6). */
export function advanceHolds(turn: Turn, work: Failover): Turn {
  return eachNode(turn, (so_far, node) => {
    if (node.claim.kind !== 'held' || !isReady(node) || isDead(so_far, node)) return so_far;
    const gives = work.rule === 'accepted' || isSuspect(so_far.state, node);
    if (gives && node.leads === 'yes') return demote(so_far, node);
    return wantsHold(so_far, work, node) ? hold(so_far, node) : so_far;
  });
}

function isSuspect(state: State, node: NodeState): boolean {
  return (
    state.record !== undefined && suspectsOf(state.record).some((process) => isRun(node, process))
  );
}

function demote(turn: Turn, node: NodeState): Turn {
  return send(turn, node.fact.podUid, { kind: 'demote', clientUsers: turn.config.clientUsers });
}

function hold(turn: Turn, node: NodeState): Turn {
  return tell(send(turn, node.fact.podUid, { kind: 'hold' }), '+hold', { pod: node.fact.pod });
}

/** As soon as its link is down, or after drainMs: holding earlier throws away what it had yet to read. */
function wantsHold({ config, state }: Turn, work: Failover, node: NodeState): boolean {
  if (node.facts?.activity === 'loading' || node.leads !== 'no' || node.hold.kind === 'held')
    return false;
  const drained = node.facts?.link === 'down' && node.facts.atMs >= work.sinceAtMs;
  return drained || state.nowMs - work.sinceAtMs >= config.drainMs;
}

/** Every reachable replica that is not loading stands alone. */
export function allHeld(turn: Turn, work: Failover): boolean {
  return turn.state.nodes.every((node) => isApart(turn, work, node));
}

function isApart(turn: Turn, work: Failover, node: NodeState): boolean {
  if (node.fact.lifecycle === 'gone' || node.fact.ip === undefined) return true;
  if (isDead(turn, node)) return true;
  if (node.claim.kind === 'held')
    return node.facts?.activity === 'loading' || (node.leads === 'no' && node.hold.kind === 'held');
  // Not asked yet in this term: it may be as reachable as any.
  const unheard = node.probe.last !== 'none' && !isHeard(turn, node);
  if (node.probe.last === 'authFailed' || unheard) return true;
  return turn.state.nowMs - work.sinceAtMs >= turn.config.waitForBestMs;
}

/**
 * The run that we claimed there has ended, or all that were recorded there and none was seen since:
 * nothing is to be waited for, however late its replies, and a new run need not be waited for.
 */
export function isDead({ config, state }: Turn, node: NodeState): boolean {
  const recorded = state.record === undefined ? [] : recordedProcesses(state.record);
  const runs = recorded.filter(({ podUid }) => podUid === node.fact.podUid);
  const known = node.facts === undefined ? runs : runs.filter((process) => isRun(node, process));
  const seen = known.length > 0 ? known : [processOf(node)].flatMap((process) => process ?? []);
  return seen.length > 0 && seen.every((process) => deadBy(config, state, process) !== undefined);
}

/** E4: the recorded primary is hung on a live node, and somebody else could take over. */
export function killApplies(config: Turn['config'], state: State): boolean {
  const primary = state.record?.primary;
  if (config.killPort === 'absent' || primary === undefined) return false;
  const verdict = verdictOn(config, state, primary);
  const someone = state.nodes.some((node) => isEligible(config, state, node));
  return (
    verdict.kind === 'down' && verdict.how === 'hung' && someone && !isReadOnly(state, primary)
  );
}

/** Asks once for the kill; E3 goes on running beside it. */
export function advanceKill(
  turn: Turn,
  work: Failover,
): { readonly turn: Turn; readonly work: Failover } {
  const primary = turn.state.record?.primary;
  if (
    work.killAskedAtMs !== undefined ||
    primary === undefined ||
    !killApplies(turn.config, turn.state)
  )
    return { turn, work };
  const asked = tell({ ...turn, kill: { pod: primary.pod, podUid: primary.podUid } }, '+kill', {
    pod: primary.pod,
  });
  return { turn: asked, work: { ...work, killAskedAtMs: millis(turn.state.nowMs) } };
}
