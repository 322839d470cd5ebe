/**
 * What the properties remember of the past and the engine never sees: confirmed writes, promotions,
 * sealed claims, and whether section 6 of failover.md still claims that confirmed writes survive.
 * Never here: an effect on servers or leaders.
 */
import type { TermUser } from '../../../src/sentinel/core/event';
import type { Order, Tell } from '../../../src/sentinel/core/ready';
import { type ClusterRecord, servedEpoch } from '../../../src/sentinel/core/record';
import { isRunning, runIdOf, type Server, type Servers } from './servers';
import { type Intended, replaceAt, sameUser, serverAt, type World } from './world';

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

/** E5: the policy accepts a second writer, once the engine has said so. */
export function isAnnounced({ ghost, api }: World): boolean {
  return ghost.policy === 'Available' && ghost.announced === servedEpoch(api);
}

/** The first hold of an automatic failover whose old primary is, in truth, alive and a master. */
function begun(world: World): World {
  const { api, servers, ghost, nowMs } = world;
  const primary = servers.all.find(
    (server) => server.podUid === api?.primary?.podUid && runIdOf(server) === api.primary.runId,
  );
  const unproven = primary !== undefined && primary.life !== 'dead' && primary.role === 'master';
  if (ghost.begun !== undefined || api === undefined || !unproven || isConsented(world))
    return world;
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
  const { ghost } = after;
  const epoch = intentFor(after, server)?.epoch ?? before.api?.epoch ?? 0;
  const mark = `${epoch}:${server.podUid}/${server.run}`;
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

/** The newest intent that named this process: a promotion that comes late is still the one of then. */
export function intentFor({ ghost }: World, { podUid, run }: Server): Intended | undefined {
  return ghost.intents.filter(({ process }) => process === `${podUid}/${run}`).at(-1);
}

/**
 * A promotion whose reply was never read and whose target was given up: the next intent was written
 * while the policy or the user accepted a second writer, so that one is the target (section 9).
 */
export function isAcceptedLate(world: World, server: Server): boolean {
  const own = intentFor(world, server);
  return (
    own !== undefined &&
    world.ghost.intents.some(({ epoch, under }) => epoch === own.epoch + 1 && under === 'consent')
  );
}

/** A record was written: by whom, and whom it means to promote. */
export function noteWritten(after: World, before: World, leader: number): World {
  const taken = after.api?.term !== before.api?.term;
  return noteIntent(taken ? { ...after, ghost: { ...after.ghost, owner: leader } } : after, before);
}

function noteIntent(after: World, before: World): World {
  const { api, ghost, servers } = after;
  const target = servers.all.find(
    (server) => server.podUid === api?.target?.podUid && runIdOf(server) === api.target.runId,
  );
  if (api === undefined || target === undefined) return after;
  const process = `${target.podUid}/${target.run}`;
  const known = ghost.intents.some(
    (intent) => intent.epoch === api.epoch && intent.process === process,
  );
  if (known) return after;
  const under = isAnnounced(before) || isConsented(before) ? 'consent' : 'fence';
  const intents = [...ghost.intents, { epoch: api.epoch, process, under } as const];
  return { ...after, ghost: { ...ghost, intents } };
}

/**
 * The record of a failover leaves: the choice was made. Whether section 6 claims that confirmed writes
 * survive it, for k = 1: Durable refuses where it could lose, so it always does. Else every member is
 * heard, or the previous primary itself is. Judged on the servers, not by what the engine believes.
 */
export function noteChosen(world: World, next: ClusterRecord, leader: number): World {
  if (next.phase !== 'Failover' || next.epoch === world.api?.epoch) return world;
  return { ...world, ghost: { ...world.ghost, claims: isClaimed(world, leader) ? 'yes' : 'no' } };
}

function isClaimed(world: World, leader: number): boolean {
  const { api, ghost, servers } = world;
  if (api?.primary === undefined || ghost.policy === 'Durable') return true;
  const hears = (process: { readonly podUid: string; readonly runId: string }): boolean =>
    servers.all.some(
      (server, node) =>
        server.podUid === process.podUid &&
        runIdOf(server) === process.runId &&
        isHeard(world, server, node, leader),
    );
  return hears(api.primary) || api.members.every(hears);
}

/** Claimed, held, and read since: a hold that comes late, of a claim that is lost, is none of these. */
function isHeard(world: World, server: Server, node: number, leader: number): boolean {
  const link = world.leaders[leader]?.links[node];
  return (
    server.life === 'up' &&
    server.upstream === undefined &&
    server.role === 'replica' &&
    world.ghost.unread[node] === 'read' &&
    server.users.some((user) => sameUser(user, link?.user))
  );
}

export function forgetSeal(world: World, node: number): World {
  return {
    ...world,
    ghost: { ...world.ghost, sealed: replaceAt(world.ghost.sealed, node, undefined) },
  };
}
