/**
 * What orders and deaths do to connections: late orders stay in sockets, a claim ends the connections
 * of earlier ones, the end of a process ends them all.
 * Never here: when any of it happens (schedule.ts, faults.ts).
 */
import type { Outcome, TermUser } from '../../../src/sentinel/core/event';
import type { Order } from '../../../src/sentinel/core/ready';
import { noteExecution } from './ghosts';
import { execute } from './orders';
import { die } from './servers';
import {
  type Flight,
  type Model,
  type Note,
  replaceAt,
  type Step,
  sameUser,
  serverAt,
  type World,
  withLink,
  type Zombie,
} from './world';

const WATCH_MS = 200;

export const baseOrders: readonly Order['kind'][] = ['look', 'take', 'seal', 'yield'];

/** What was sent on a connection that we end may still stand in the server's socket. */
export function disconnect(world: World, leader: number, node: number): World {
  const link = world.leaders[leader]?.links[node];
  if (link === undefined) return world;
  const loose =
    link.flight?.phase === 'going'
      ? withZombie(world, node, link.flight.order, userOf(link.flight, link.user))
      : world;
  return withLink(loose, leader, node, {
    user: undefined,
    flight: undefined,
    closedAtMs: undefined,
  });
}

/** Orders that change nothing need not be remembered. */
export function withZombie(
  world: World,
  node: number,
  order: Order,
  user: TermUser | undefined,
): World {
  const harmless =
    order.kind === 'observe' ||
    order.kind === 'look' ||
    order.kind === 'ping' ||
    order.kind === 'knock' ||
    order.kind === 'killClients';
  const server = serverAt(world, node);
  if (harmless || server.life === 'dead') return world;
  const base = baseOrders.includes(order.kind);
  const zombie: Zombie = { node, run: server.run, order, user: base ? undefined : user };
  return { ...world, zombies: [...world.zombies, zombie] };
}

export function userOf(flight: Flight, user: TermUser | undefined): TermUser | undefined {
  return baseOrders.includes(flight.order.kind) ? undefined : user;
}

/** E4: the pod is deleted; kubelet kills the process within its grace period. */
export function killed(world: World, node: number): World {
  return node < 0 ? world : kill(world, node);
}

/** The process is gone: sockets end, links drop, and a watched container is reported a moment later. */
export function kill(world: World, node: number): World {
  const { podUid } = serverAt(world, node);
  const died: World = {
    ...world,
    servers: die(world.servers, podUid),
    ghost: { ...world.ghost, faults: 'some' },
    zombies: world.zombies.filter((zombie) => zombie.node !== node),
  };
  const cutOff = world.leaders.reduce(
    (so_far, _, index) => endConnection(so_far, index, node),
    died,
  );
  return watchPod(cutOff, node, (fact) =>
    fact.containerId === ''
      ? fact
      : { ...fact, containerId: '', terminatedIds: [...fact.terminatedIds, fact.containerId] },
  );
}

/** The far side ended the connection: an order that had not arrived brings its end, a reply still comes. */
export function endConnection(world: World, leader: number, node: number): World {
  const link = world.leaders[leader]?.links[node];
  if (link === undefined) return world;
  const cut =
    link.flight?.phase === 'going'
      ? failed(link.flight, world.nowMs, { kind: 'noReply', by: 'closed' })
      : link.flight;
  const closedAtMs = link.user === undefined ? undefined : world.nowMs + 1;
  return withLink(world, leader, node, { flight: cut, closedAtMs });
}

export function failed(flight: Flight, atMs: number, outcome: Outcome): Flight {
  return { ...flight, phase: 'back', atMs, outcome };
}

export function watchPod(
  world: World,
  node: number,
  change: (fact: World['pods'][number]) => World['pods'][number],
): World {
  const fact = world.pods[node];
  if (fact === undefined) return world;
  const changed = change(fact);
  return changed === fact
    ? world
    : watched({ ...world, pods: replaceAt(world.pods, node, changed) });
}

/** Something about the pods has changed: each leader hears of it a moment later. */
export function watched(world: World): World {
  const leaders = world.leaders.map((leader) =>
    leader.mode === 'absent' ? leader : { ...leader, podsAtMs: world.nowMs + WATCH_MS },
  );
  return { ...world, leaders };
}

/** An order takes effect on a server, with what its ACL commands do to other connections. */
export function executeAt(
  _model: Model,
  world: World,
  leader: number | 'late',
  node: number,
  order: Order,
  user: TermUser | undefined,
): { readonly step: Step; readonly outcome: Outcome } {
  const { podUid } = serverAt(world, node);
  const { servers, outcome } = execute(world.servers, podUid, order, user, world.nowMs);
  const effective =
    outcome.kind !== 'noReply' &&
    outcome.kind !== 'notSent' &&
    outcome.kind !== 'refused' &&
    outcome.kind !== 'userGone';
  const notes: Note[] = [{ kind: 'executed', leader, node, order, user, effective, before: world }];
  const changed = { ...world, servers };
  if (!effective) return { step: { world: changed, notes }, outcome };
  const executed = noteExecution(changed, world, node, order, user, leader);
  const ended =
    order.kind === 'take'
      ? endBase(executed, leader, node, notes)
      : order.kind === 'seal'
        ? endOthers(executed, node, notes)
        : executed;
  return { step: { world: ended, notes }, outcome };
}

/** CLIENT KILL USER gungnir: claims of others on this node end half way. */
function endBase(world: World, leader: number | 'late', node: number, notes: Note[]): World {
  const kept = world.zombies.filter((zombie) => zombie.node !== node || zombie.user !== undefined);
  return world.leaders.reduce(
    (so_far, other, index) => {
      const flight = other.links[node]?.flight;
      const base = flight?.phase === 'going' && baseOrders.includes(flight.order.kind);
      if (index === leader || !base || flight === undefined) return so_far;
      return withLink(so_far, index, node, {
        flight: failed(flight, world.nowMs + 1, { kind: 'noReply', by: 'closed' }),
      });
    },
    dropZombies(world, kept, notes),
  );
}

/** ACL DELUSER ends the connections of the deleted users, whoever opened them. */
function endOthers(world: World, node: number, notes: Note[]): World {
  const { users } = serverAt(world, node);
  const lives = (user: TermUser | undefined): boolean =>
    user === undefined || users.some((other) => sameUser(other, user));
  const kept = world.zombies.filter((zombie) => zombie.node !== node || lives(zombie.user));
  return world.leaders.reduce(
    (so_far, other, index) => {
      const user = other.links[node]?.user;
      return lives(user) ? so_far : endConnection(so_far, index, node);
    },
    dropZombies(world, kept, notes),
  );
}

function dropZombies(world: World, kept: readonly Zombie[], notes: Note[]): World {
  if (kept.length === world.zombies.length) return world;
  for (const zombie of world.zombies)
    if (!kept.includes(zombie)) notes.push({ kind: 'zombieDied', zombie });
  return { ...world, zombies: kept };
}
