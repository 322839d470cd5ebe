/**
 * What happens by itself: the earliest thing that is due (an order arrives, a reply, a ping, a CAS,
 * replication, a tick) and its effect on the world. Deterministic; what may go wrong is faults.ts.
 * Never here: a choice.
 */
import { millis } from '../../../src/kit/brands';
import type { Outcome } from '../../../src/sentinel/core/event';
import { executeAt, failed, userOf, watched, withZombie } from './connections';
import { feed, swapGo, swapOutcome } from './leader';
import { replicate, settle } from './replication';
import { patched } from './servers';
import {
  type Leader,
  type Model,
  noWishes,
  type Step,
  serverAt,
  type World,
  withLeader,
  withLink,
} from './world';

/** A list that left a pod out is followed by a whole one after this long. */
const LIST_AGAIN_MS = 300;

export type Item =
  | {
      readonly kind: 'sync' | 'loaded' | 'vanish';
      readonly atMs: number;
      readonly node: number;
    }
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
      readonly kind: 'stalled' | 'led' | 'pods' | 'service' | 'swapBack' | 'tick';
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
  world.servers.all.forEach(({ loadsUntilMs, life }, node) => {
    if (loadsUntilMs !== undefined && life === 'up')
      offer({ kind: 'loaded', atMs: loadsUntilMs, node });
  });
  for (const { node, atMs } of world.vanishing) offer({ kind: 'vanish', atMs, node });
  world.leaders.forEach((leader, index) => {
    if (leader.mode !== 'running') return;
    const { stall } = leader;
    if (stall === undefined) {
      offerOf(leader, index, offer);
      return;
    }
    // What comes in while the process stands still waits; first of all it learns how long it stood.
    offer({ kind: 'stalled', atMs: stall.untilMs, leader: index });
    offerOf(leader, index, (item) =>
      offer(isOutside(item) ? item : { ...item, atMs: Math.max(item.atMs, stall.untilMs) }),
    );
  });
  return best;
}

/** Orders that have left arrive, whatever became of their sender. */
function isOutside({ kind }: Item): boolean {
  return kind === 'arrive' || kind === 'swapGo';
}

function offerOf(leader: Leader, index: number, offer: (item: Item) => void): void {
  if (leader.podsAtMs !== undefined) offer({ kind: 'pods', atMs: leader.podsAtMs, leader: index });
  if (leader.turnedAtMs !== undefined)
    offer({ kind: 'service', atMs: leader.turnedAtMs, leader: index });
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
    case 'loaded': {
      const { podUid } = serverAt(world, item.node);
      const servers = patched(world.servers, podUid, { loadsUntilMs: undefined });
      return settle({ world: { ...world, servers }, notes: [] });
    }
    case 'vanish':
      return { world: vanished(world, item.node), notes: [] };
    default:
      return settle(toLeader(model, world, item));
  }
}

function vanished(world: World, node: number): World {
  return watched({
    ...world,
    unlisted: [...world.unlisted, node],
    vanishing: world.vanishing.filter((other) => other.node !== node),
  });
}

type LeaderItem = Exclude<Item, { kind: 'sync' | 'loaded' | 'vanish' | 'arrive' | 'swapGo' }>;

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
    case 'stalled':
      return feed(model, withLeader(world, leader, { stall: undefined }), leader, {
        kind: 'stalled',
        nowMs,
        forMs: millis(world.leaders[leader]?.stall?.forMs ?? 0),
      });
    case 'pods':
      return listPods(model, world, leader);
    case 'service': {
      const pod = world.route?.kind === 'to' ? world.route.pod : '';
      return feed(model, withLeader(world, leader, { turnedAtMs: undefined }), leader, {
        kind: 'service',
        nowMs,
        selected: pod,
        endpoints: pod === '' ? [] : [pod],
        proxies: 'asBefore',
      });
    }
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

/** The pods as they are listed, and what the user's object says. */
function listPods(model: Model, world: World, leader: number): Step {
  const nowMs = millis(world.nowMs);
  const { missing = [] } = world.leaders[leader] ?? {};
  const pods = world.pods.filter(
    (_, node) => !world.unlisted.includes(node) && !missing.includes(node),
  );
  const podsAtMs = missing.length === 0 ? undefined : world.nowMs + LIST_AGAIN_MS;
  const listed = feed(model, withLeader(world, leader, { podsAtMs, missing: [] }), leader, {
    kind: 'pods',
    nowMs,
    pods,
  });
  if (world.wishes === noWishes) return listed;
  const told = feed(model, listed.world, leader, { kind: 'wishes', nowMs, wishes: world.wishes });
  return { world: told.world, notes: [...listed.notes, ...told.notes] };
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
