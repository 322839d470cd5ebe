/**
 * Replication as it happens by itself: a replica that is behind its primary, or not linked to it yet,
 * hears from it a moment later.
 * Never here: a choice.
 */
import { noteAcks } from './ghosts';
import { canFollow, isRunning, serverIn, sync } from './servers';
import { type Note, replaceAt, type Step, serverAt, type World } from './world';

const SYNC_MS = 2;

export function replicate(world: World, node: number): Step {
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
export function settle(step: Step): Step {
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
  if (primary === undefined || !canFollow(replica)) return false;
  if (!isRunning(primary) || primary.role !== 'master') return false;
  return (
    replica.link === 'down' ||
    replica.replid !== primary.replid ||
    replica.log.length !== primary.log.length
  );
}
