/**
 * One turn of the engine: the state so far and what the driver will have to do. Every decision takes
 * a turn and returns one; nothing is mutated.
 * Never here: a decision. What may be sent at all (one order for each node) is held here.
 */
import { assert } from '../../kit/assert';
import { type Millis, millis } from '../../kit/brands';
import type { Facts, Reason } from '../../kit/reasons';
import type { Config } from './config';
import type { Order, Ready, Route, Send, Tell } from './ready';
import type { ClusterRecord, PodUid } from './record';
import { type NodeState, nodeOf, type State, type Work } from './state';

export interface Turn {
  readonly config: Config;
  readonly state: State;
  readonly persist: Ready['persist'];
  readonly close: Route | undefined;
  readonly disconnect: readonly PodUid[];
  readonly send: readonly Send[];
  readonly kill: Ready['kill'];
  readonly open: Route | undefined;
  readonly tell: readonly Tell[];
}

export function beginTurn(config: Config, state: State, nowMs: Millis): Turn {
  const now = millis(Math.max(nowMs, state.nowMs));
  return {
    config,
    state: { ...state, nowMs: now },
    persist: undefined,
    close: undefined,
    disconnect: [],
    send: [],
    kill: undefined,
    open: undefined,
    tell: [],
  };
}

export function withState(turn: Turn, patch: Partial<State>): Turn {
  return { ...turn, state: { ...turn.state, ...patch } };
}

export function withWork(turn: Turn, work: Work): Turn {
  return withState(turn, { work });
}

export function withNode(turn: Turn, podUid: PodUid, patch: Partial<NodeState>): Turn {
  const nodes = turn.state.nodes.map((node) =>
    node.fact.podUid === podUid ? { ...node, ...patch } : node,
  );
  return withState(turn, { nodes });
}

/** Applies `change` to each node in order; the later ones see the state the earlier ones left. */
export function eachNode(turn: Turn, change: (turn: Turn, node: NodeState) => Turn): Turn {
  return turn.state.nodes.reduce((so_far, { fact }) => {
    const node = nodeOf(so_far.state, fact.podUid);
    return node === undefined ? so_far : change(so_far, node);
  }, turn);
}

/** Whether an order may be sent to this node within this turn. */
export function isFree(node: NodeState): boolean {
  return node.pending === undefined;
}

/** How long a node that refused an order is left alone: what it said does not change at once. */
export const REST_AFTER_REFUSAL_MS = 200;

/** Whether an order that it may refuse as it refused the last one may be sent. */
export function isReady(node: NodeState): boolean {
  return isFree(node) && node.refused === undefined;
}

/** A refused order is a reason to look at once; a refused look is none. */
export function mayLook(node: NodeState): boolean {
  return isFree(node) && node.refused?.order !== 'observe';
}

/** Rested, and looked at since: what was refused may be tried again. */
export function endRests(turn: Turn): Turn {
  return eachNode(turn, (so_far, node) => {
    const { refused, facts, fact } = node;
    if (refused === undefined || so_far.state.nowMs < refused.atMs + REST_AFTER_REFUSAL_MS)
      return so_far;
    const looked = refused.order === 'observe' || (facts?.atMs ?? 0) >= refused.atMs;
    return looked ? withNode(so_far, fact.podUid, { refused: undefined }) : so_far;
  });
}

/** Budget for one order, connect included: long enough for a busy server, short beside downAfterMs. */
export function orderTimeoutMs(config: Config): Millis {
  return millis(Math.min(1000, Math.max(250, config.pingIntervalMs)));
}

export function send(turn: Turn, podUid: PodUid, order: Order): Turn {
  const node = nodeOf(turn.state, podUid);
  assert(node !== undefined, `order ${order.kind} to an unknown node ${podUid}`);
  const aside = order.kind === 'ping' || order.kind === 'knock';
  assert(aside || isFree(node), `order ${order.kind} beside ${node.pending} on ${node.fact.pod}`);
  const issued = { ...turn, send: [...turn.send, sendOf(turn.config, podUid, order)] };
  return aside ? issued : withNode(issued, podUid, { pending: order.kind });
}

function sendOf(config: Config, node: PodUid, order: Order): Send {
  return {
    node,
    order,
    timeoutMs: order.kind === 'ping' ? config.pingIntervalMs : orderTimeoutMs(config),
  };
}

/** Starts a compare-and-swap; at most one is under way, so the caller asks `canPersist` first. */
export function persist(turn: Turn, next: ClusterRecord): Turn {
  assert(canPersist(turn), 'two records on their way at once');
  const expected = turn.state.record;
  const swap = withFigures(turn.state, next);
  return withState({ ...turn, persist: { expected, next: swap } }, { swap });
}

/** Every write of a serving primary's record carries how far it has come. */
function withFigures({ work, nodes, nowMs }: State, next: ClusterRecord): ClusterRecord {
  if (work.kind !== 'steady') return next;
  const node = nodes.find(({ fact }) => fact.podUid === next.primary?.podUid);
  const facts = node?.claim.kind === 'held' ? node.facts : undefined;
  if (facts?.role !== 'master' || facts.runId !== next.primary?.runId) return next;
  return { ...next, offset: facts.offset, keys: facts.keys, at: millis(Math.round(nowMs)) };
}

export function canPersist(turn: Turn): boolean {
  return turn.state.swap === undefined;
}

export function tell(turn: Turn, event: string, facts: Facts = {}, reason?: Reason): Turn {
  return { ...turn, tell: [...turn.tell, { event, reason, facts }] };
}

/** Says why nothing moves; the same reason with the same facts is told once. */
export function block(turn: Turn, reason: Reason, facts: Facts = {}): Turn {
  const before = turn.state.blocked;
  if (before?.reason === reason && JSON.stringify(before.facts) === JSON.stringify(facts))
    return turn;
  return tell(withState(turn, { blocked: { reason, facts } }), '+blocked', facts, reason);
}

export function unblock(turn: Turn): Turn {
  if (turn.state.blocked === undefined) return turn;
  const { reason } = turn.state.blocked;
  return tell(withState(turn, { blocked: undefined }), '-blocked', {}, reason);
}

/** Points the client Service at a pod, or at none; the same wish is sent once. */
export function routeTo(turn: Turn, wished: Route): Turn {
  const { service, record } = turn.state;
  // A switchover that was given up keeps its number: beside the Service it must not fall either.
  const route = { ...wished, epoch: Math.max(wished.epoch, record?.epoch ?? 0) };
  if (sameRoute(service.asked, route)) return turn;
  const asked = withState(turn, {
    service: { ...service, asked: route, changedAtMs: turn.state.nowMs },
  });
  return route.kind === 'to' ? { ...asked, open: route } : { ...asked, close: route };
}

function sameRoute(left: Route | undefined, right: Route): boolean {
  if (left === undefined || left.kind !== right.kind || left.epoch !== right.epoch) return false;
  return left.kind === 'none' || (right.kind === 'to' && left.pod === right.pod);
}
