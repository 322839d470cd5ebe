/**
 * What the properties remember of the past and the engine never sees: confirmed writes, promotions,
 * sealed claims, and whether section 6 of failover.md still claims that confirmed writes survive.
 * Never here: an effect on servers or leaders.
 */
import type { TermUser } from '../../../src/sentinel/core/event';
import type { Order, Tell } from '../../../src/sentinel/core/ready';
import { servedEpoch } from '../../../src/sentinel/core/record';
import { isRunning, runIdOf, type Server, type Servers } from './servers';
import { replaceAt, serverAt, type World } from './world';

/** L + 2 s: a primary that lost its replicas' acknowledgements goes on for at most this long. */
const STARVES_AFTER_MS = 2000;

function linked(servers: Servers, master: Server): readonly Server[] {
  return servers.all.filter(
    (server) => server.upstream === master.podUid && server.link === 'up' && server.life !== 'dead',
  );
}

/** As min-replicas-to-write counts them. */
function feeds(servers: Servers, master: Server): number {
  return linked(servers, master).length + (master.consumer === 'attached' ? 1 : 0);
}

/** Whether a client that reaches this server could have a write accepted now or when it runs on. */
export function isWritable(world: World, server: Server): boolean {
  if (server.role !== 'master' || server.life === 'dead' || server.paused) return false;
  if (server.m === 0 || feeds(world.servers, server) >= server.m) return true;
  const lagMs = (world.api?.L ?? 2) * 1000 + STARVES_AFTER_MS;
  return server.life === 'isolated' && world.nowMs - server.hungAtMs < lagMs;
}

/** Whether WAIT 1 could be answered by this server. */
export function collectsAcks(world: World, server: Server): boolean {
  return server.role === 'master' && server.life !== 'dead' && feeds(world.servers, server) > 0;
}

/** WAIT k: confirmed once k linked replicas have it, while the primary runs. */
export function noteAcks(world: World): World {
  const { acked } = world.ghost;
  const fresh = world.servers.all.flatMap((master) => {
    if (master.role !== 'master' || !isRunning(master)) return [];
    const replicas = linked(world.servers, master).filter(isRunning);
    return master.log.filter(
      (id) =>
        !acked.includes(id) &&
        replicas.filter(({ log }) => log.includes(id)).length >= world.ghost.k,
    );
  });
  return fresh.length === 0
    ? world
    : { ...world, ghost: { ...world.ghost, acked: [...acked, ...new Set(fresh)].sort() } };
}

/** The epoch of a primary: that of its last promotion. */
export function epochOf(world: World, { podUid, run }: Server): number {
  const marks = world.ghost.promotions.filter((text) => text.endsWith(`:${podUid}/${run}`));
  return Number(marks[marks.length - 1]?.split(':')[0] ?? 0);
}

/** An answer counts when the engine had asked; what stands there before is none. */
export function noteConsent(world: World, epoch: number): World {
  const blocked = world.leaders[world.holder]?.state.blocked;
  return blocked === undefined ? world : { ...world, ghost: { ...world.ghost, consented: epoch } };
}

/** The user took the decision of this failover upon themselves. */
export function isConsented({ ghost, api }: World): boolean {
  return ghost.consented >= 0 && ghost.consented === servedEpoch(api);
}

export function noteTold(world: World, { reason }: Tell): World {
  if (reason !== 'TwoWritersAccepted') return world;
  return { ...world, ghost: { ...world.ghost, announced: servedEpoch(world.api) } };
}

/** The first hold of a failover whose old primary is, in truth, alive and a master. */
function begun(world: World): World {
  const { api, servers, ghost, nowMs } = world;
  const primary = servers.all.find(
    (server) => server.podUid === api?.primary?.podUid && runIdOf(server) === api.primary.runId,
  );
  const unproven = primary !== undefined && primary.life !== 'dead' && primary.role === 'master';
  if (ghost.begun !== undefined || api === undefined || !unproven) return world;
  return { ...world, ghost: { ...ghost, begun: { at: nowMs, term: api.term } } };
}

export function noteExecution(
  after: World,
  before: World,
  node: number,
  order: Order,
  user: TermUser | undefined,
  sender: number | 'late',
): World {
  if (order.kind === 'seal') return sealed(after, node, { term: order.term, n: order.n });
  if (order.kind === 'promote') return promoted(after, before, node, user);
  if (order.kind === 'handOver') {
    const stopped = serverAt(before, node).log;
    return { ...after, ghost: { ...after.ghost, stopped } };
  }
  if (order.kind === 'hold' && sender !== 'late') return begun(marked(after, node, 'unread'));
  if (order.kind === 'hold') return marked(after, node, 'unread');
  if (order.kind === 'demote') return marked(after, node, 'unread');
  if (order.kind === 'observe') return marked(after, node, 'read');
  return after;
}

function sealed(world: World, node: number, user: TermUser): World {
  const read = marked(world, node, 'read');
  return { ...read, ghost: { ...read.ghost, sealed: replaceAt(read.ghost.sealed, node, user) } };
}

function marked(world: World, node: number, sight: 'unread' | 'read'): World {
  if (world.ghost.unread[node] === sight) return world;
  return {
    ...world,
    ghost: { ...world.ghost, unread: replaceAt(world.ghost.unread, node, sight) },
  };
}

function promoted(after: World, before: World, node: number, user: TermUser | undefined): World {
  const server = serverAt(after, node);
  const epoch = before.api?.epoch ?? 0;
  const mark = `${epoch}:${server.podUid}/${server.run}`;
  const { ghost } = after;
  const promotions =
    ghost.promotions.includes(mark) || user === undefined
      ? ghost.promotions
      : [...ghost.promotions, mark];
  const unplanned = before.api?.phase === 'Failover';
  const unclaimed = ghost.unclaimed || (unplanned && ghost.claims === 'no');
  const last = ghost.begun ?? ghost.last;
  return {
    ...after,
    ghost: { ...ghost, promotions, unclaimed, stopped: undefined, begun: undefined, last },
  };
}

/** A record was written: by whom, and what it means to do. */
export function noteWritten(after: World, before: World, leader: number): World {
  const taken = after.api?.term !== before.api?.term;
  return noteIntent(taken ? { ...after, ghost: { ...after.ghost, owner: leader } } : after, before);
}

/**
 * Whether section 6 claims that confirmed writes survive this choice, for k = 1: Durable refuses where
 * it could lose, so it always does. Else every member stands alone and runs as it was recorded, or the
 * previous primary itself does. Judged on the servers, not by what the engine believes.
 */
function noteIntent(after: World, before: World): World {
  if (after.api?.phase !== 'Failover' || after.api.epoch === before.api?.epoch) return after;
  return { ...after, ghost: { ...after.ghost, claims: isClaimed(before) ? 'yes' : 'no' } };
}

function isClaimed({ api, ghost, servers }: World): boolean {
  if (api?.primary === undefined || ghost.policy === 'Durable') return true;
  const stands = (process: { readonly podUid: string; readonly runId: string }): boolean =>
    servers.all.some(
      (server) =>
        server.podUid === process.podUid &&
        runIdOf(server) === process.runId &&
        server.life === 'up' &&
        server.upstream === undefined &&
        server.role === 'replica',
    );
  return stands(api.primary) || api.members.every(stands);
}

export function forgetSeal(world: World, node: number): World {
  return {
    ...world,
    ghost: { ...world.ghost, sealed: replaceAt(world.ghost.sealed, node, undefined) },
  };
}
