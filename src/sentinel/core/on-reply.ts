/**
 * What an order brought, written into the node it went to. An unread reply costs the claim, since the
 * order may yet take effect; the next claim ends the connection that it came on.
 * Never here: what is done next (steady, failover, switchover, resume).
 */
import { millis, type Offset } from '../../kit/brands';
import { isAuthCode, loseClaim, onClaimRefused, onLooked, onTaken, onYielded } from './claim';
import type { Outcome } from './event';
import { recordedProcesses } from './evidence';
import type { NodeFacts } from './facts';
import { heardFrom, noteClosed, onKnocked } from './on-probe';
import type { OrderKind } from './ready';
import type { LinkBefore, NodeState, Upstream } from './state';
import { onSwitchoverRefused } from './switchover';
import { REST_AFTER_REFUSAL_MS, type Turn, tell, withNode, withWork } from './turn';
import { listen, listenFromMs } from './witness';

export function onReplied(turn: Turn, node: NodeState, order: OrderKind, outcome: Outcome): Turn {
  if (order === 'knock') return onKnocked(turn, node, outcome);
  if (node.pending !== order) return turn;
  const { podUid } = node.fact;
  if (outcome.kind === 'noReply' || outcome.kind === 'notSent')
    return onUnread(turn, node, order, outcome);
  const probe = heardFrom(node.probe, turn.state.nowMs);
  const idle = withNode(turn, podUid, { pending: undefined, probe });
  const now: NodeState = { ...node, pending: undefined, probe };
  if (outcome.kind === 'userGone') return loseClaim(idle, now, 0);
  if (outcome.kind === 'refused') return onRefused(idle, now, order, outcome);
  return onDone(idle, now, order, outcome);
}

/** `notSent` never reached the node, so nothing of ours is loose; the connection is gone all the same. */
function onUnread(turn: Turn, node: NodeState, order: OrderKind, outcome: Outcome): Turn {
  const retryAfterMs = node.claim.kind === 'held' ? 0 : Math.min(100, turn.config.pingIntervalMs);
  const free =
    order === 'follow' || order === 'promote'
      ? withNode(turn, podUid(node), { hold: { kind: 'free' } })
      : turn;
  const lost =
    outcome.kind === 'noReply' && outcome.by === 'closed'
      ? onClosed(free, node)
      : loseClaim(free, node, retryAfterMs);
  if (outcome.kind === 'notSent') return lost;
  return order === 'promote' ? tell(lost, '+unread', { pod: node.fact.pod, order }) : lost;
}

function podUid(node: NodeState): string {
  return node.fact.podUid;
}

function onRefused(
  turn: Turn,
  node: NodeState,
  order: OrderKind,
  outcome: Outcome & { kind: 'refused' },
): Turn {
  const { podUid } = node.fact;
  const claiming = order === 'look' || order === 'take' || order === 'seal' || order === 'yield';
  if (claiming) return onClaimRefused(turn, node, outcome.code, outcome.message);
  if (isAuthCode(outcome.code)) return loseClaim(turn, node, REST_AFTER_REFUSAL_MS);
  const facts = { pod: node.fact.pod, order, answer: outcome.message };
  const told = tell(turn, '+refused', facts, order === 'configure' ? 'SettingRefused' : undefined);
  const unread = withNode(told, podUid, {
    observeAtMs: turn.state.nowMs,
    sight: 'old',
    refused: { order, atMs: turn.state.nowMs },
    facts: outcome.code === 'LOADING' ? nowLoading(node) : node.facts,
  });
  return onSwitchoverRefused(unread, order);
}

function nowLoading({ facts }: NodeState): NodeFacts | undefined {
  return facts === undefined ? undefined : { ...facts, activity: 'loading' };
}

function onDone(turn: Turn, node: NodeState, order: OrderKind, outcome: Outcome): Turn {
  const { claim, fact } = node;
  if (outcome.kind === 'users' && claim.kind === 'looking')
    return onLooked(turn, node, outcome.users);
  if (outcome.kind === 'users' && claim.kind === 'taking')
    return onTaken(turn, node, claim.n, outcome.users);
  if (order === 'yield' && claim.kind === 'yielding') return onYielded(turn, node, claim.seen);
  if (outcome.kind === 'facts' && claim.kind === 'sealing') {
    const held = withNode(turn, fact.podUid, { claim: { kind: 'held', n: claim.n } });
    return onFacts(tell(held, '+claimed', { pod: fact.pod }), node, outcome.facts);
  }
  if (outcome.kind === 'facts') return onFacts(turn, node, outcome.facts);
  if (outcome.kind === 'handedOver') return onHandedOver(turn, node, outcome.offset);
  if (order === 'setMin') return onMinSet(turn, node);
  return onObeyed(turn, node, order);
}

/** An acknowledged order changes what may be believed without another look. */
function onObeyed(turn: Turn, node: NodeState, order: OrderKind): Turn {
  const { podUid } = node.fact;
  const soon = withNode(turn, podUid, { observeAtMs: turn.state.nowMs });
  if (order === 'hold')
    return withNode(soon, podUid, {
      hold: { kind: 'held', atMs: turn.state.nowMs, before: linkBefore(node) },
      leads: 'no',
      sight: 'old',
    });
  if (order === 'demote') {
    const held = {
      hold: { kind: 'held', atMs: turn.state.nowMs, before: 'upOrUnknown' },
      leads: 'no',
      sight: 'old',
      minSet: undefined,
    } as const;
    return tell(withNode(soon, podUid, { ...held, sweep: sweepSoon(turn) }), '+demoted', {
      pod: node.fact.pod,
    });
  }
  if (order === 'follow')
    return withNode(soon, podUid, { facts: nowFollowing(node), followAsked: undefined });
  if (order === 'promote')
    return withNode(soon, podUid, { hold: { kind: 'free' }, leads: 'unknown', sight: 'old' });
  return soon;
}

function linkBefore({ facts, hold }: NodeState): LinkBefore {
  if (hold.kind === 'held') return hold.before;
  const seen = facts !== undefined && isAttached(facts) && facts.link === 'down';
  return seen ? 'down' : 'upOrUnknown';
}

/** An acknowledged REPLICAOF is known to point there; whether the link is up is for the next look. */
function nowFollowing({ facts, followAsked }: NodeState): NodeFacts | undefined {
  if (facts === undefined || followAsked === undefined) return facts;
  return { ...facts, role: 'replica', upstream: followAsked, link: 'down', lastIoSeconds: -1 };
}

function onHandedOver(turn: Turn, node: NodeState, stoppedAt: Offset): Turn {
  const { work } = turn.state;
  const demoted = withNode(turn, node.fact.podUid, {
    leads: 'no',
    sight: 'old',
    minSet: undefined,
    sweep: sweepSoon(turn),
  });
  const told = tell(demoted, '+demoted', { pod: node.fact.pod, offset: stoppedAt });
  return work.kind === 'switchover'
    ? withWork(told, { ...work, stage: 'catchUp', stoppedAt })
    : told;
}

/** The kills of section 7 step 6 that follow the one in the demotion itself: a second later, once. */
function sweepSoon(turn: Turn): NodeState['sweep'] {
  return { atMs: millis(turn.state.nowMs + 1000), left: 1 };
}

/** What was acknowledged is what the record asked for when the order was sent. */
function onMinSet(turn: Turn, node: NodeState): Turn {
  return withNode(turn, node.fact.podUid, { minSet: node.minAsked, minAsked: undefined });
}

/** Facts read in this claim; another run than before has neither our hold nor our settings. */
function onFacts(turn: Turn, node: NodeState, facts: NodeFacts): Turn {
  const { podUid, pod } = node.fact;
  const reborn = node.facts !== undefined && node.facts.runId !== facts.runId;
  const told = reborn ? tell(turn, '+reboot', { pod }) : turn;
  const socket =
    node.probe.last === 'closed' || node.probe.last === 'refused' ? undefined : facts.runId;
  const probe = { ...heardFrom(node.probe, turn.state.nowMs), runId: socket };
  return withNode(told, podUid, {
    facts,
    probe,
    container: containerOf(turn, node, facts),
    leads: facts.role === 'master' ? 'yes' : 'no',
    sight: node.sight === 'asked' ? 'fresh' : node.sight,
    hold: reborn || isAttached(facts) ? { kind: 'free' } : node.hold,
    upstream: upstreamOf(node, facts),
    closed: node.closed?.runId === facts.runId ? undefined : node.closed,
    refused: reborn ? undefined : node.refused,
    minSet: reborn ? undefined : node.minSet,
    configured: reborn ? '' : node.configured,
    witness: witnessOf(turn, node, facts),
    observeAtMs: millis(turn.state.nowMs + turn.config.pingIntervalMs),
  });
}

/** A container runs one server: another run under the same id means that the watch lags behind. */
function containerOf(turn: Turn, node: NodeState, facts: NodeFacts): NodeState['container'] {
  const { podUid, containerId } = node.fact;
  if (node.facts !== undefined && node.facts.runId !== facts.runId) return 'predecessor';
  const { record } = turn.state;
  const earlier = (record === undefined ? [] : recordedProcesses(record)).some(
    (process) =>
      process.podUid === podUid &&
      process.containerId === containerId &&
      process.runId !== facts.runId,
  );
  return earlier && containerId !== '' ? 'predecessor' : node.container;
}

function isAttached(facts: NodeFacts): boolean {
  return facts.upstream !== undefined && facts.upstream.port !== 0;
}

/** A hold blurs how long the link was down, so what was seen before it is kept. */
function upstreamOf(node: NodeState, facts: NodeFacts): Upstream {
  if (facts.role === 'master') return { kind: 'unknown' };
  if (facts.link === 'up') return { kind: 'linked' };
  if (node.upstream.kind === 'since') return node.upstream;
  const linked = node.upstream.kind === 'linked';
  if (facts.linkDownSeconds < 0)
    return linked ? { kind: 'since', sinceAtMs: facts.atMs } : { kind: 'never' };
  return { kind: 'since', sinceAtMs: millis(facts.atMs - facts.linkDownSeconds * 1000) };
}

function witnessOf(turn: Turn, node: NodeState, facts: NodeFacts): NodeState['witness'] {
  const primary = turn.state.nodes.find(
    ({ fact }) => fact.podUid === turn.state.record?.primary?.podUid,
  );
  return primary === undefined
    ? undefined
    : listen(node.witness, node.facts, facts, listenFromMs(primary));
}

/** The order connection ended by itself. */
export function onClosed(turn: Turn, node: NodeState): Turn {
  const run = node.claim.kind === 'held' ? node.facts?.runId : undefined;
  const lost = loseClaim(turn, node, 0);
  return run === undefined ? lost : noteClosed(lost, node.fact.podUid, run);
}
