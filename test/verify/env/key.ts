/**
 * What makes two worlds the same to the explorer: everything but time, looks under way and numbers
 * that only count. Time enters as a few regions (a ping, downAfterMs, W). Two worlds of one key may
 * differ in exact times: the first one found stands for both, so a run is real, but not every
 * timing is tried. Each component is interned, so a key is a short exact string, no hash.
 * Never here: anything the engine reads.
 */
import type { NodeFacts } from '../../../src/sentinel/core/facts';
import type { NodeState, Work } from '../../../src/sentinel/core/state';
import type { Server } from './servers';
import { type Leader, type Link, sameUser, type World, type Zombie } from './world';

/** Interned component -> small number; lives as long as one exploration. */
export class Interner {
  private readonly numbers = new Map<string, number>();
  private readonly objects = new WeakMap<object, number>();

  number(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.numbers.size);
    return this.numbers.size - 1;
  }

  /** For immutable values that live long: written out once for each object. */
  object(value: object | undefined, write: (value: never) => string): number {
    if (value === undefined) return -1;
    const known = this.objects.get(value);
    if (known !== undefined) return known;
    const fresh = this.number(write(value as never));
    this.objects.set(value, fresh);
    return fresh;
  }
}

const silentRegionsMs = [1100, 2000, 3500];
const workRegionsMs = [50, 500, 4500, 10_000];

function region(limits: readonly number[], elapsedMs: number): number {
  const index = limits.findIndex((limit) => elapsedMs < limit);
  return index < 0 ? limits.length : index;
}

export function keyOf(interner: Interner, world: World): string {
  const servers = world.servers.all.map(
    (server, node) =>
      `${interner.object(server, (value: Server) => writeServer(value))}${usersOf(world, server, node)}${world.syncAtMs[node] === undefined ? '' : '~'}`,
  );
  const leaders = world.leaders.map((leader) =>
    leader.mode === 'absent' ? '-' : interner.number(writeLeader(interner, world, leader)),
  );
  const rest = [
    interner.object(world.api, plain),
    interner.object(world.route, plain),
    interner.object(world.budget, plain),
    interner.object(world.ghost, plain),
    interner.object(world.pods, plain),
    interner.object(world.wishes, plain),
    `${world.replicas}:${world.unlisted.join('.')}:${world.vanishing.map(({ node }) => node).join('.')}`,
    world.holder,
    world.zombies.map(writeZombie).join('+'),
  ];
  return `${servers.join(';')}|${leaders.join(';')}|${rest.join(';')}`;
}

function plain(value: object): string {
  return JSON.stringify(value, (name, part: unknown) => (name === 'at' ? 0 : part));
}

function writeServer(server: Server): string {
  return JSON.stringify(server, (name, part: unknown) => {
    if (name === 'users') return undefined;
    if (name === 'hungAtMs') return part !== 0;
    return name === 'loadsUntilMs' ? true : part;
  });
}

/** Users by what they are to us: whose connection they are, not which number they have. */
function usersOf(world: World, server: Server, node: number): string {
  return server.users
    .map((user) => {
      const owner = world.leaders.findIndex(({ links }) => sameUser(links[node]?.user, user));
      return `u${user.term}${owner < 0 ? '' : `@${owner}`}`;
    })
    .join('');
}

function writeZombie({ node, order, user }: Zombie): string {
  const to = order.kind === 'follow' ? order.primary.host : '';
  return `${node}${order.kind}${to}${user?.term ?? 'b'}`;
}

function writeLeader(
  interner: Interner,
  world: World,
  { mode, state, links, swap, podsAtMs, turnedAtMs, ledAtMs, missing, stall }: Leader,
): string {
  const { nowMs } = world;
  const nodes = state.nodes.map((node) => writeNode(interner, node, nowMs));
  return [
    mode,
    interner.number(writeWork(state.work, nowMs)),
    interner.object(state.record, plain),
    interner.object(state.swap, plain),
    nodes.join('!'),
    links.map(writeLink).join('!'),
    swap === undefined ? '' : `${swap.phase}${swap.answer}`,
    state.blocked?.reason ?? '',
    interner.object(state.service.asked, plain),
    interner.object(state.wishes, plain),
    state.spentAccept ?? '?',
    state.shown.join('.'),
    podsAtMs === undefined ? '' : 'p',
    turnedAtMs === undefined ? '' : 't',
    state.service.endpoints.join('.'),
    ledAtMs === undefined ? '' : 'l',
    state.tokensAtMs.length,
    missing.join('.'),
    stall === undefined ? '' : 's',
  ].join(',');
}

function writeWork(work: Work, nowMs: number): string {
  const copy: Record<string, unknown> = { ...work };
  for (const name of Object.keys(copy)) {
    const value = copy[name];
    if (name.endsWith('AtMs') && typeof value === 'number')
      copy[name] = name === 'sinceAtMs' ? region(workRegionsMs, nowMs - value) : value > nowMs;
  }
  return JSON.stringify(copy);
}

function writeFacts(facts: NodeFacts): string {
  return JSON.stringify(facts, (name, part: unknown) =>
    name === 'atMs' || name === 'lastIoSeconds' || name === 'linkDownSeconds' ? undefined : part,
  );
}

function writeNode(interner: Interner, node: NodeState, nowMs: number): string {
  const { claim, probe, hold, closed, pending } = node;
  const quiet = isLook(pending) ? '' : pending;
  const claimed = claim.kind === 'looking' ? 'none' : claim.kind;
  return [
    interner.object(node.fact, plain),
    claimed,
    probe.last,
    probe.runId === undefined ? '' : 'r',
    region(silentRegionsMs, nowMs - probe.aliveAtMs),
    interner.object(node.facts, writeFacts),
    node.sight,
    hold.kind,
    hold.kind === 'held' ? region([4500], nowMs - hold.atMs) : '',
    hold.kind === 'held' ? hold.before : '',
    node.leads,
    `d${node.deaths.length}`,
    node.upstream.kind,
    closed === undefined ? '' : `${closed.knock}${nowMs - closed.atMs <= 1000}`,
    node.witness === undefined ? '' : node.witness.contactAtMs === undefined ? 'w' : 'W',
    quiet ?? '',
    node.refused?.order ?? '',
    node.minSet === undefined ? '' : `${node.minSet.m}`,
  ].join(',');
}

function writeLink({ user, flight, knock, closedAtMs }: Link): string {
  const seen =
    flight === undefined || isLook(flight.order.kind) ? '' : `${flight.order.kind}${flight.phase}`;
  return `${user?.term ?? ''}${seen}${seen !== '' && flight?.outcome?.kind === 'noReply' ? 'x' : ''}${knock === undefined ? '' : 'k'}${closedAtMs === undefined ? '' : 'c'}`;
}

/** Asked again and again of a silent node: with them every wait would look like a circle. */
function isLook(order: string | undefined): boolean {
  return order === 'observe' || order === 'look' || order === 'killClients';
}
