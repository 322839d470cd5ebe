/**
 * Liveness, as far as a deterministic engine left alone needs it: from every state, once faults stop,
 * a primary serves and everybody follows it, or the engine says why not and the world bears it out;
 * and it does not give orders without end.
 * Never here: safety (safety.ts).
 */
import type { Reason } from '../../../src/kit/reasons';
import { type ClusterRecord, newestHistory, type Process } from '../../../src/sentinel/core/record';
import { isWritable } from '../env/ghosts';
import { happen, nextItem } from '../env/schedule';
import { keysOf, replIdOf, runIdOf, type Server } from '../env/servers';
import type { Model, Note, World } from '../env/world';

/** Longer than any wait of the engine under the model's configuration. */
const ALONE_MS = 60_000;
/** Orders that change a server, in the second half of that time: claims again after a fault are few. */
const ORDERS_LIMIT = 12;

/** What keeps this world from being at rest; undefined when it serves or rightly says why not. */
export function unrest(world: World): string | undefined {
  const leader = world.leaders[world.holder];
  if (leader === undefined) return 'nobody leads';
  const { state } = leader;
  if (state.blocked !== undefined) {
    const wrong = isBorneOut(world, state.blocked.reason) === 'no';
    return wrong ? `the engine stopped for ${state.blocked.reason}, which is not so` : undefined;
  }
  if (state.work.kind !== 'steady')
    return `the engine is at ${state.work.kind}${'stage' in state.work ? ` (${state.work.stage})` : ''} and says nothing`;
  return unserved(world);
}

function unserved(world: World): string | undefined {
  const { api, route } = world;
  const primary = running(world, api?.primary);
  if (primary?.life !== 'up') return 'the recorded primary does not run';
  if (primary.role !== 'master') return 'the recorded primary is no master';
  if (!isWritable(world, primary)) return 'the primary accepts no writes';
  if (route?.kind !== 'to' || route.pod !== api?.primary?.pod)
    return 'the Service does not select the primary';
  const apart = listed(world).find(
    (server) => server.life === 'up' && server !== primary && server.upstream !== primary.podUid,
  );
  return apart === undefined
    ? undefined
    : `${apart.podUid.replace('u', 'p')} does not follow the primary`;
}

function running(world: World, process: Process | undefined): Server | undefined {
  return world.servers.all.find(
    (server) => server.podUid === process?.podUid && runIdOf(server) === process.runId,
  );
}

/** The servers whose pods exist. */
function listed({ servers, unlisted }: World): readonly Server[] {
  return servers.all.filter((_, node) => !unlisted.includes(node));
}

/** Whether the reason that is told is one in this world, and one for which nothing can be done. */
function isBorneOut(world: World, reason: Reason): 'yes' | 'no' {
  return stops[reason]?.(world) === true ? 'yes' : 'no';
}

/** A reason that is not here is no reason to stand still in these scopes, or only for a while. */
const stops: Partial<Record<Reason, (world: World) => boolean>> = {
  WaitingForFirstBoot: (world) =>
    listed(world).length < world.replicas || listed(world).some(({ life }) => life !== 'up'),
  SeveralHistories: (world) =>
    new Set(
      listed(world)
        .filter(({ log }) => keysOf(log) > 0)
        .map(({ replid }) => replid),
    ).size > 1,
  PrimaryNotFenced: (world) =>
    [world.api?.primary, world.api?.target].some(
      (process) => process !== undefined && running(world, process)?.life !== 'up',
    ),
  CutOffFromPrimary: (world) => running(world, world.api?.primary)?.life === 'cut',
  UnknownPrimary: isLedByAStranger,
  TooFewReplicasHeard: (world) =>
    someLost(world, world.api?.members ?? []) || !someHasAll(world) || wroteAlone(world),
  VolumesMissing: (world) => someLost(world, recorded(world.api)),
  NoPromotableReplica: (world) => !someHasAll(world),
  AllEmpty: (world) =>
    !someHasAll(world) &&
    listed(world).every(({ life, log }) => life !== 'up' || keysOf(log) === 0),
  ForeignHistory: (world) =>
    listed(world).some((server) => server.life === 'up' && server.log.some(isStrange)),
  AcceptedAway: (world) =>
    listed(world).some(
      (server, node) => world.pods[node]?.pod === world.wishes.accept?.pod && server.life !== 'up',
    ),
};

/** Section 9: a master that can be reached is neither the recorded primary nor the target, and these do not lead. */
function isLedByAStranger(world: World): boolean {
  const named = [world.api?.primary, world.api?.target].map((process) => running(world, process));
  const leads = (server: Server | undefined): boolean =>
    server?.life === 'up' && server.role === 'master';
  return (
    !named.some(leads) &&
    world.servers.all.some((server) => leads(server) && !named.includes(server))
  );
}

/** Its m was 0, it is lost, and nobody who can be reached has read from it: what it wrote is not known. */
function wroteAlone(world: World): boolean {
  const { api, servers } = world;
  const newest = api === undefined ? undefined : newestHistory(api);
  const joined = servers.all.some(
    ({ life, replid }) => life === 'up' && replIdOf(replid) === newest?.replid,
  );
  return api?.m === 0 && running(world, api.primary)?.life !== 'up' && !joined;
}

function isStrange(id: string): boolean {
  return id.startsWith('x') || id.startsWith('y');
}

function recorded(record: ClusterRecord | undefined): readonly Process[] {
  return [record?.primary, record?.target, ...(record?.members ?? [])].flatMap(
    (process) => process ?? [],
  );
}

/** One of these processes does not run any more, or cannot be reached. */
function someLost(world: World, processes: readonly Process[]): boolean {
  return processes.some((process) => running(world, process)?.life !== 'up');
}

/** Somebody who can be reached has all that anybody has or confirmed, and can show whose data that is. */
function someHasAll({ servers, api, ghost }: World): boolean {
  const most = servers.all.reduce((length, { log }) => Math.max(length, log.length), 0);
  return servers.all.some(
    ({ life, log, replid }) =>
      life === 'up' &&
      log.length === most &&
      ghost.acked.every((id) => log.includes(id)) &&
      api?.lineage.some((entry) => entry.replid === replIdOf(replid)) === true,
  );
}

/** Runs a world without any more faults and says how that ends. */
export function leftAlone(model: Model, start: World): string | undefined {
  let world = start;
  let orders: readonly Note[] = [];
  for (let steps = 0; steps < 200_000; steps += 1) {
    const item = nextItem(world);
    if (item === undefined || item.atMs > start.nowMs + ALONE_MS) break;
    const step = happen(model, world, item);
    world = step.world;
    if (world.nowMs > start.nowMs + ALONE_MS / 2)
      orders = [...orders, ...step.notes.filter(changes)];
  }
  const kinds = orders.map((note) => (note.kind === 'sent' ? note.order.kind : ''));
  if (orders.length > ORDERS_LIMIT && world.servers.all.every(isReachable))
    return `${orders.length} orders in ${ALONE_MS / 2000} s without a fault: ${[...new Set(kinds)].join(', ')}`;
  return unrest(world);
}

function isReachable(server: Server): boolean {
  return server.life === 'dead' || server.life === 'up';
}

function changes(note: Note): boolean {
  return (
    note.kind === 'sent' &&
    note.order.kind !== 'observe' &&
    note.order.kind !== 'killClients' &&
    note.order.kind !== 'look'
  );
}
