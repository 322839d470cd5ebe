/**
 * Pod objects that come and go while processes live on: twins, pods of a cluster that shrinks or grows.
 * Never here: when they do.
 */
import { kill, watched } from './connections';
import { newborn } from './servers';
import { noLink, serverAt, type World } from './world';

/** How long the object of a deleted pod stays after its process has ended. */
const VANISH_MS = 500;

/** The old process may live on; the new one has a uid, an address, a container and a disk of its own. */
export function twinned(world: World, node: number, log: readonly string[]): World {
  const fact = world.pods[node];
  const { all, nextRun, nextReplid } = world.servers;
  if (fact === undefined) return world;
  const index = all.length;
  const born = { ...newborn(world.servers, `u${index}`, `10.0.0.${index}`), log };
  const { podUid, ip } = born;
  const containerId = fact.containerId === '' && fact.terminatedIds.length === 0 ? '' : `c${index}`;
  const volume = log.length === 0 ? 'ours' : 'older';
  const pvcUid = `v${index}`;
  const twin = { ...fact, podUid, ip, containerId, terminatedIds: [], pvcUid, volume } as const;
  const { ghost } = world;
  return watched({
    ...world,
    servers: { all: [...all, born], nextRun: nextRun + 1, nextReplid: nextReplid + 1 },
    syncAtMs: [...world.syncAtMs, undefined],
    pods: [...world.pods, twin],
    unlisted: [...world.unlisted, node],
    leaders: world.leaders.map((leader) => ({ ...leader, links: [...leader.links, noLink] })),
    ghost: {
      ...ghost,
      sealed: [...ghost.sealed, undefined],
      unread: [...ghost.unread, 'read'],
    },
  });
}

/** A pod that is not wanted any more: its process ends, then its object. */
export function removed(world: World, node: number): World {
  const dead = kill(world, node);
  return { ...dead, vanishing: [...dead.vanishing, { node, atMs: dead.nowMs + VANISH_MS }] };
}

/** A pod that was not there before, with an empty disk. */
export function added(world: World, node: number): World {
  const { podUid, ip } = serverAt(world, node);
  const { servers } = world;
  const born = newborn(servers, podUid, ip);
  return watched({
    ...world,
    servers: {
      all: servers.all.map((server, at) => (at === node ? born : server)),
      nextRun: servers.nextRun + 1,
      nextReplid: servers.nextReplid + 1,
    },
    unlisted: world.unlisted.filter((other) => other !== node),
  });
}
