/**
 * What happens by itself: the earliest thing that is due (an order arrives, a reply, a ping, a CAS,
 * replication, a tick) and its effect on the world. Deterministic; what may go wrong is faults.ts.
 * Never here: a choice.
 */
import { millis } from '../../../src/kit/brands';
import type { Event, Outcome, SwapOutcome } from '../../../src/sentinel/core/event';
import type { Order, Ready, Route } from '../../../src/sentinel/core/ready';
import type { ClusterRecord } from '../../../src/sentinel/core/record';
import { disconnect, executeAt, failed, killed, userOf, withZombie } from './connections';
import { noteAcks } from './ghosts';
import { probe, serverIn, sync } from './servers';
import {
  type Flight,
  indexOf,
  type Leader,
  type Model,
  type Note,
  replaceAt,
  type Step,
  serverAt,
  type World,
  withLeader,
  withLink,
} from './world';

/** How long replication, a Pod watch and an election take here. */
const SYNC_MS = 2;
const ELECTION_MS = 1000;

export type Item =
  | { readonly kind: 'sync'; readonly atMs: number; readonly node: number }
  | {
      readonly kind: 'arrive';
      readonly atMs: number;
      readonly leader: number;
      readonly node: number;
    }
  | {
      readonly kind: NodeNews;
      readonly atMs: number;
      readonly leader: number;
      readonly node: number;
    }
  | { readonly kind: 'swapGo'; readonly atMs: number; readonly leader: number }
  | {
      readonly kind: 'led' | 'pods' | 'swapBack' | 'tick';
      readonly atMs: number;
      readonly leader: number;
    };

type NodeNews = 'reply' | 'ping' | 'knock' | 'closed';

/** All that is due some time, in a fixed order; the earliest of it comes first. */
export function nextItem(world: World): Item | undefined {
  let best: Item | undefined;
  const offer = (item: Item): void => {
    if (best === undefined || item.atMs < best.atMs) best = item;
  };
  world.syncAtMs.forEach((atMs, node) => {
    if (atMs !== undefined) offer({ kind: 'sync', atMs, node });
  });
  world.leaders.forEach((leader, index) => {
    if (leader.mode === 'running') offerOf(leader, index, offer);
  });
  return best;
}

function offerOf(leader: Leader, index: number, offer: (item: Item) => void): void {
  if (leader.podsAtMs !== undefined) offer({ kind: 'pods', atMs: leader.podsAtMs, leader: index });
  if (leader.ledAtMs !== undefined) offer({ kind: 'led', atMs: leader.ledAtMs, leader: index });
  if (leader.swap !== undefined)
    offer({
      kind: leader.swap.phase === 'going' ? 'swapGo' : 'swapBack',
      atMs: leader.swap.atMs,
      leader: index,
    });
  leader.links.forEach((link, node) => {
    if (link.flight !== undefined) {
      const { phase, atMs } = link.flight;
      offer({ kind: phase === 'going' ? 'arrive' : 'reply', atMs, leader: index, node });
    }
    if (link.closedAtMs !== undefined)
      offer({ kind: 'closed', atMs: link.closedAtMs, leader: index, node });
    if (link.ping !== undefined) offer({ kind: 'ping', atMs: link.ping.atMs, leader: index, node });
    if (link.knock !== undefined)
      offer({ kind: 'knock', atMs: link.knock.atMs, leader: index, node });
  });
  offer({ kind: 'tick', atMs: leader.wakeAtMs, leader: index });
}

export function happen(model: Model, before: World, item: Item): Step {
  const nowMs = Math.max(before.nowMs, item.atMs);
  const world = nowMs === before.nowMs ? before : { ...before, nowMs };
  switch (item.kind) {
    case 'sync':
      return settle(replicate(world, item.node));
    case 'arrive':
      return settle(arrive(model, world, item.leader, item.node));
    case 'swapGo':
      return swapGo(world, item.leader);
    default:
      return settle(toLeader(model, world, item));
  }
}

type LeaderItem = Exclude<Item, { kind: 'sync' | 'arrive' | 'swapGo' }>;

function toLeader(model: Model, world: World, item: LeaderItem): Step {
  const { leader } = item;
  const nowMs = millis(world.nowMs);
  switch (item.kind) {
    case 'tick':
      return feed(model, world, leader, { kind: 'tick', nowMs });
    case 'led':
      return feed(model, withLeader(world, leader, { ledAtMs: undefined }), leader, {
        kind: 'led',
        nowMs,
        record: world.api,
      });
    case 'pods':
      return feed(model, withLeader(world, leader, { podsAtMs: undefined }), leader, {
        kind: 'pods',
        nowMs,
        pods: world.pods,
      });
    case 'swapBack':
      return feed(model, withLeader(world, leader, { swap: undefined }), leader, {
        kind: 'swapped',
        nowMs,
        outcome: swapOutcome(world, leader),
      });
    default:
      return fromNode(model, world, item.kind, leader, item.node);
  }
}

function fromNode(model: Model, world: World, kind: NodeNews, leader: number, index: number): Step {
  const link = world.leaders[leader]?.links[index];
  const nowMs = millis(world.nowMs);
  const node = serverAt(world, index).podUid;
  if (kind === 'closed') {
    return feed(
      model,
      withLink(world, leader, index, { closedAtMs: undefined, user: undefined }),
      leader,
      { kind: 'closed', nowMs, node },
    );
  }
  if (kind === 'ping') {
    const result = link?.ping?.result ?? 'silent';
    return feed(model, withLink(world, leader, index, { ping: undefined }), leader, {
      kind: 'probed',
      nowMs,
      node,
      result,
    });
  }
  if (kind === 'knock') {
    const answers = link?.knock?.answers ?? 'unclear';
    const outcome = { kind: 'knocked', answers } as const;
    return feed(model, withLink(world, leader, index, { knock: undefined }), leader, {
      kind: 'replied',
      nowMs,
      node,
      order: 'knock',
      outcome,
    });
  }
  const outcome = readAt(link?.flight?.outcome ?? { kind: 'notSent' }, world.nowMs);
  const order = link?.flight?.order.kind ?? 'observe';
  return feed(model, withLink(world, leader, index, { flight: undefined }), leader, {
    kind: 'replied',
    nowMs,
    node,
    order,
    outcome,
  });
}

function readAt(outcome: Outcome, nowMs: number): Outcome {
  return outcome.kind === 'facts'
    ? { kind: 'facts', facts: { ...outcome.facts, atMs: millis(nowMs) } }
    : outcome;
}

/** One step of the engine, and all that it asks for. */
export function feed(model: Model, world: World, index: number, event: Event): Step {
  const leader = world.leaders[index];
  if (leader === undefined) return { world, notes: [] };
  const ready = model.engine.step(model.config, leader.state, event);
  const stepped = withLeader(world, index, { state: ready.state, wakeAtMs: ready.wakeAtMs });
  return elect(apply(stepped, index, ready), index);
}

/** Whoever holds the lease and was outrun is elected again. */
function elect(step: Step, index: number): Step {
  const leader = step.world.leaders[index];
  const idle =
    leader?.state.work.kind === 'standby' &&
    leader.ledAtMs === undefined &&
    leader.mode === 'running';
  if (!idle || step.world.holder !== index) return step;
  return {
    ...step,
    world: withLeader(step.world, index, { ledAtMs: step.world.nowMs + ELECTION_MS }),
  };
}

function apply(world: World, index: number, ready: Ready): Step {
  const notes: Note[] = [];
  let next = world;
  if (ready.persist !== undefined) {
    const swap = { ...ready.persist, phase: 'going', atMs: next.nowMs, won: false } as const;
    next = withLeader(next, index, { swap });
  }
  if (ready.close !== undefined) next = routed(next, index, ready.close, notes);
  for (const podUid of ready.disconnect) next = disconnect(next, index, indexOf(next, podUid));
  for (const { node, order, timeoutMs } of ready.send)
    next = depart(next, index, indexOf(next, node), order, timeoutMs, notes);
  if (ready.kill !== undefined) next = killed(next, indexOf(next, ready.kill.podUid));
  if (ready.open !== undefined) next = routed(next, index, ready.open, notes);
  return { world: next, notes };
}

/** The Service is written with the epoch beside it, so an older epoch never replaces a newer one. */
function routed(world: World, leader: number, route: Route, notes: Note[]): World {
  const applied = world.route === undefined || route.epoch >= world.route.epoch;
  const stale = world.holder !== leader;
  notes.push({ kind: 'routed', leader, route, applied: applied && !stale, before: world.route });
  return applied && !stale ? { ...world, route } : world;
}

function depart(
  world: World,
  leader: number,
  node: number,
  order: Order,
  timeoutMs: number,
  notes: Note[],
): World {
  const { nowMs, servers } = world;
  const server = serverAt(world, node);
  if (order.kind === 'ping') {
    const result = probe(servers, server.podUid);
    const quiet = result === 'silent' || result === 'unreachable';
    return withLink(world, leader, node, {
      ping: { atMs: nowMs + (quiet ? timeoutMs : 1), result },
    });
  }
  if (order.kind === 'knock') {
    const answers =
      server.life === 'dead'
        ? 'bothRefused'
        : server.life === 'up' || server.life === 'hung'
          ? 'accepted'
          : 'unclear';
    return withLink(world, leader, node, { knock: { atMs: nowMs + 1, answers } });
  }
  notes.push({ kind: 'sent', leader, node, order });
  const flight: Flight = {
    order,
    phase: 'going',
    atMs: nowMs,
    sentAtMs: nowMs,
    timeoutMs,
    outcome: undefined,
  };
  return withLink(world, leader, node, { flight });
}

function arrive(model: Model, world: World, leader: number, node: number): Step {
  const link = world.leaders[leader]?.links[node];
  const flight = link?.flight;
  if (flight === undefined) return { world, notes: [] };
  const server = serverAt(world, node);
  const user = userOf(flight, link?.user);
  if (server.life === 'dead')
    return {
      world: withLink(world, leader, node, {
        flight: failed(flight, world.nowMs + 1, { kind: 'notSent' }),
      }),
      notes: [],
    };
  if (server.life !== 'up') {
    const late = failed(flight, flight.sentAtMs + flight.timeoutMs, {
      kind: 'noReply',
      by: 'late',
    });
    return {
      world: withZombie(withLink(world, leader, node, { flight: late }), node, flight.order, user),
      notes: [],
    };
  }
  const done = executeAt(model, world, leader, node, flight.order, user);
  const back = failed(flight, world.nowMs + 1, done.outcome);
  const sealed =
    flight.order.kind === 'seal' && done.outcome.kind === 'facts'
      ? { user: { term: flight.order.term, n: flight.order.n } }
      : {};
  return {
    world: withLink(done.step.world, leader, node, { flight: back, ...sealed }),
    notes: done.step.notes,
  };
}

export function swapGo(world: World, leader: number): Step {
  const swap = world.leaders[leader]?.swap;
  if (swap === undefined) return { world, notes: [] };
  const won = sameRecord(swap.expected, world.api);
  const note: Note = {
    kind: 'swapped',
    leader,
    won,
    expected: swap.expected,
    next: swap.next,
    actual: world.api,
  };
  const written = won ? { ...world, api: swap.next } : world;
  return {
    world: withLeader(written, leader, {
      swap: { ...swap, phase: 'back', atMs: world.nowMs + 1, won },
    }),
    notes: [note],
  };
}

function swapOutcome(world: World, leader: number): SwapOutcome {
  return world.leaders[leader]?.swap?.won === true
    ? { kind: 'ok' }
    : { kind: 'conflict', actual: world.api };
}

export function sameRecord(
  left: ClusterRecord | undefined,
  right: ClusterRecord | undefined,
): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}

function replicate(world: World, node: number): Step {
  const replica = serverAt(world, node);
  const servers = sync(world.servers, replica.podUid);
  const synced: World = { ...world, servers, syncAtMs: replaceAt(world.syncAtMs, node, undefined) };
  const after = serverAt(synced, node);
  const lost = replica.log.filter((id) => !after.log.includes(id));
  const from = serverIn(servers, replica.upstream);
  const notes: readonly Note[] =
    lost.length === 0 || from === undefined ? [] : [{ kind: 'overwritten', node, lost, from }];
  return { world: noteAcks(synced), notes };
}

/** A replica that is behind its primary, or not yet linked, hears from it soon. */
function settle(step: Step): Step {
  const { world } = step;
  const syncAtMs = world.syncAtMs.map((atMs, node) => {
    const behind = isBehind(world, node);
    return behind ? (atMs ?? world.nowMs + SYNC_MS) : undefined;
  });
  const same = syncAtMs.every((atMs, node) => atMs === world.syncAtMs[node]);
  return same ? step : { ...step, world: { ...world, syncAtMs } };
}

export function settled(world: World): World {
  return settle({ world, notes: [] }).world;
}

function isBehind(world: World, node: number): boolean {
  const replica = serverAt(world, node);
  const primary = serverIn(world.servers, replica.upstream);
  if (replica.life !== 'up' || replica.role !== 'replica' || primary === undefined) return false;
  if ((primary.life !== 'up' && primary.life !== 'cut') || primary.role !== 'master') return false;
  return (
    replica.link === 'down' ||
    replica.replid !== primary.replid ||
    replica.log.length !== primary.log.length
  );
}
