/**
 * What may befall the processes of valkey-server: they die, come back with more or less of their
 * data, stand still, lose the network, load, or are replaced under their own name.
 * Never here: messages, leaders, users.
 */
import { type Choice, paid, quiet } from './choice';
import { kill, watchPod } from './connections';
import { forgetSeal, isWritable } from './ghosts';
import { twinned } from './pods';
import { hang, isRunning, patched, restart, type Server, serverIn } from './servers';
import { serverAt, type World } from './world';

/** What another cluster wrote. */
const strange = ['x1', 'x2', 'x3'];
/** Longer than every wait for replies, shorter than those for data. */
const LOAD_MS = 700;

export function processFaults(world: World): readonly Choice[] {
  return world.servers.all.flatMap((_, node): readonly Choice[] =>
    isAbsent(world, node)
      ? []
      : [
          ...deaths(world, node),
          ...standstills(world, node),
          ...partitions(world, node),
          ...loads(world, node),
          ...twins(world, node),
        ],
  );
}

/** Its pod is gone, or was never made. */
function isAbsent(world: World, node: number): boolean {
  return world.unlisted.includes(node) && serverAt(world, node).life === 'dead';
}

function deaths(world: World, node: number): readonly Choice[] {
  const { budget } = world;
  const { life } = serverAt(world, node);
  const pod = `p${node}`;
  const list: Choice[] = [];
  if (life !== 'dead' && budget.crash > 0)
    list.push({ name: `kill -9 ${pod}`, take: () => quiet(kill(paid(world, 'crash'), node)) });
  if (life === 'dead' && budget.restart > 0)
    list.push(...restarts(paid(world, 'restart'), node, `restart ${pod}`));
  if (life === 'up' && budget.reboot > 0)
    list.push(...restarts(kill(paid(world, 'reboot'), node), node, `reboot ${pod}`));
  if (life === 'dead' && budget.foreign > 0)
    list.push({
      name: `${pod} is made again over a volume of another cluster`,
      take: () => quiet(twinned(paid(world, 'foreign'), node, strange)),
    });
  return list;
}

function standstills(world: World, node: number): readonly Choice[] {
  const { budget, servers, nowMs } = world;
  const { life, podUid } = serverAt(world, node);
  const hung = (): World => ({ ...paid(world, 'hang'), servers: hang(servers, podUid, nowMs) });
  if (life === 'up' && budget.hang > 0)
    return [{ name: `hang p${node}`, take: () => quiet(hung()) }];
  if (life === 'hung' && budget.resume > 0)
    return [{ name: `resume p${node}`, take: () => quiet(revived(paid(world, 'resume'), node)) }];
  return [];
}

function isFed(world: World, node: number): boolean {
  const server = serverAt(world, node);
  return server.role === 'master' && isWritable(world, server);
}

function partitions(world: World, node: number): readonly Choice[] {
  const { budget, nowMs } = world;
  const { life } = serverAt(world, node);
  const list: Choice[] = [];
  if (life === 'up' && budget.isolate > 0)
    list.push({
      name: `isolate p${node}`,
      take: () => {
        // Acknowledgements ended now, or long ago: without them it does not go on for a while.
        const fedAtMs = isFed(world, node) ? nowMs : 0;
        const lost = { life: 'isolated', hungAtMs: fedAtMs } as const;
        return quiet(changed(paid(world, 'isolate'), node, lost));
      },
    });
  if (life === 'up' && budget.cut > 0)
    list.push({
      name: `cut p${node} off from the engine`,
      take: () => quiet(changed(paid(world, 'cut'), node, { life: 'cut' })),
    });
  if ((life === 'isolated' || life === 'cut') && budget.heal > 0)
    list.push({ name: `heal p${node}`, take: () => quiet(revived(paid(world, 'heal'), node)) });
  return list;
}

type Disk = 'kept' | 'behind' | 'noIdentity' | 'empty';

/** `behind`: the disk had not yet got the last write, which memory may have confirmed. */
function restarts(world: World, node: number, name: string): readonly Choice[] {
  const { length } = serverAt(world, node).log;
  const disks: readonly Disk[] =
    length === 0
      ? ['kept', 'noIdentity']
      : length === 1
        ? ['kept', 'noIdentity', 'empty']
        : ['kept', 'behind', 'noIdentity', 'empty'];
  return disks.map((disk) => ({
    name: `${name} (disk ${disk})`,
    take: () => quiet(restarted(world, node, reborn(world, node, disk))),
  }));
}

function reborn(world: World, node: number, disk: Disk): World['servers'] {
  const { podUid, log } = serverAt(world, node);
  if (disk !== 'behind') return restart(world.servers, podUid, disk);
  return patched(restart(world.servers, podUid, 'kept'), podUid, { log: log.slice(0, -1) });
}

function restarted(world: World, node: number, servers: World['servers']): World {
  const born = { ...world, servers };
  const { run } = serverAt(born, node);
  const closed = forgetSeal(
    { ...born, zombies: born.zombies.filter((zombie) => zombie.node !== node) },
    node,
  );
  return watchPod(closed, node, (fact) => {
    const before =
      fact.containerId === '' ? fact.terminatedIds : [...fact.terminatedIds, fact.containerId];
    return before.length === 0 && fact.containerId === ''
      ? fact
      : { ...fact, containerId: `c${node}-${run}`, terminatedIds: before };
  });
}

function revived(world: World, node: number): World {
  const ghost = { ...world.ghost, revived: { at: world.nowMs } };
  return { ...changed(world, node, { life: 'up', hungAtMs: 0 }), ghost };
}

function changed(world: World, node: number, patch: Partial<Server>): World {
  return { ...world, servers: patched(world.servers, serverAt(world, node).podUid, patch) };
}

/** A replica loads what its primary sent, a fresh process what its disk holds. */
function loads(world: World, node: number): readonly Choice[] {
  const server = serverAt(world, node);
  if (world.budget.load === 0 || server.life !== 'up' || server.role === 'master') return [];
  if (server.loadsUntilMs !== undefined) return [];
  const primary = serverIn(world.servers, server.upstream);
  const fresh = server.upstream === undefined && server.users.length === 0 && server.log.length > 0;
  const fed = primary !== undefined && isRunning(primary) && primary.role === 'master';
  if (!fresh && !fed) return [];
  const sent = fed
    ? ({ log: primary.log, replid: primary.replid, replid2: undefined, second: -1 } as const)
    : {};
  const loading = { ...sent, link: 'down', loadsUntilMs: world.nowMs + LOAD_MS } as const;
  return [
    {
      name: `${server.podUid.replace('u', 'p')} loads ${fed ? 'what it was sent' : 'its disk'}`,
      take: () => quiet(changed(paid(world, 'load'), node, loading)),
    },
  ];
}

/** The object of a lost process is deleted by force; its name goes to a new one with an empty disk. */
function twins(world: World, node: number): readonly Choice[] {
  const server = serverAt(world, node);
  const lost = server.life === 'isolated' || server.life === 'hung';
  if (world.budget.twin === 0 || !lost || world.unlisted.includes(node)) return [];
  const name = `the pod of ${server.podUid.replace('u', 'p')} is force-deleted and made again`;
  return [{ name, take: () => quiet(twinned(paid(world, 'twin'), node, [])) }];
}
