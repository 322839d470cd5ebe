/**
 * What a script can ask of its world beside what the engine did: servers, record, engine, writes.
 * Never here: changes.
 */
import { goodReplicas, type Server, serverIn } from '../../verify/env/servers';
import { nameOf } from './network';
import { print, recordLine, syncWorld, type World } from './world';

export function showServers(world: World): void {
  syncWorld(world);
  for (const server of world.servers.all) print(world, serverLine(world, server));
}

function serverLine(world: World, server: Server): string {
  const { podUid, life, role, log, upstream, link, m, paused } = server;
  const follows = upstream === undefined ? 'nobody' : nameOf(world, upstream);
  const state = role === 'master' ? `master m=${m}` : `replica of ${follows} ${link}`;
  const rest = paused ? ' paused' : '';
  return `${nameOf(world, podUid)} ${life} ${state} [${log.join(' ')}]${rest}`;
}

export function showEngine({ state, ...world }: World): void {
  const { work, blocked } = state;
  const stage = 'stage' in work ? `/${work.stage}` : '';
  const why = blocked === undefined ? '' : ` blocked=${blocked.reason}`;
  print({ ...world, state }, `engine ${work.kind}${stage}${why}`);
}

export function showLast(world: World): void {
  const { from, to, lostBytes } = world.state.lastFailover ?? {};
  print(world, `last ${from}->${to} lost ${lostBytes ?? 'not known'}`);
}

export function showRecord(world: World): void {
  const { record } = world;
  if (record === undefined) {
    print(world, 'record none');
    return;
  }
  print(
    world,
    `record ${recordLine(record)} L=${record.L} offset=${record.offset} keys=${record.keys}`,
  );
  for (const { epoch, fromOffset, cut } of record.lineage) {
    print(world, `history epoch=${epoch} from=${fromOffset} ${cut}`);
  }
}

/** A write that WAIT counted on its way. */
export function noteWrite(world: World, podUid: string, id: string, accepted: boolean): void {
  if (!accepted) {
    print(world, `write ${id} refused`);
    return;
  }
  syncWorld(world);
  const replicas = world.servers.all.filter(
    (one) => one.upstream === podUid && one.log.includes(id),
  );
  world.writes.push({ id, replicas: replicas.length });
  print(
    world,
    `write ${id} ok, on ${replicas.length} of ${goodReplicas(world.servers, podUid)} replicas`,
  );
}

/** Writes that WAIT 1 had confirmed and the recorded primary does not have. */
export function showLost(world: World): void {
  const primary = serverIn(world.servers, world.record?.primary?.podUid);
  const missing = world.writes.filter(
    ({ id, replicas }) => replicas >= 1 && !primary?.log.includes(id),
  );
  print(world, `lost ${missing.length === 0 ? 'nothing' : missing.map(({ id }) => id).join(' ')}`);
}
