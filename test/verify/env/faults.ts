/**
 * The choices of the environment: every fault, client's write, takeover and late order that may come
 * between two steps of the engine, each paid from a budget.
 * Never here: what happens by itself (schedule.ts).
 */
import { millis } from '../../../src/kit/brands';
import { disconnect, executeAt, failed, kill, userOf, watchPod, withZombie } from './connections';
import { forgetSeal, isWritable, noteAcks } from './ghosts';
import { feed, settled, swapGo } from './schedule';
import { hang, patched, restart, sync } from './servers';
import {
  type Budget,
  type Flight,
  type Model,
  newLeader,
  replaceAt,
  type Step,
  serverAt,
  type World,
  withLeader,
  withLink,
} from './world';

export interface Choice {
  readonly name: string;
  readonly take: () => Step;
}

/** Slower than everything around it, and faster than any timeout. */
const DELAY_MS = 30;

export function choices(model: Model, world: World): readonly Choice[] {
  return [
    ...processFaults(world),
    ...messageFaults(world),
    ...lateOrders(model, world),
    ...takeovers(model, world),
    ...clientWrites(world),
    ...wishes(model, world),
  ];
}

function paid(world: World, item: keyof Budget): World {
  return { ...world, budget: { ...world.budget, [item]: world.budget[item] - 1 } };
}

function quiet(world: World): Step {
  return { world: settled(world), notes: [] };
}

function processFaults(world: World): readonly Choice[] {
  const { budget } = world;
  return world.servers.all.flatMap((server, node): readonly Choice[] => {
    const pod = `p${node}`;
    const list: Choice[] = [];
    if (server.life !== 'dead' && budget.crash > 0)
      list.push({ name: `kill -9 ${pod}`, take: () => quiet(kill(paid(world, 'crash'), node)) });
    if (server.life === 'dead' && budget.restart > 0)
      list.push(...restarts(paid(world, 'restart'), node, `restart ${pod}`));
    if (server.life === 'up' && budget.reboot > 0)
      list.push(...restarts(kill(paid(world, 'reboot'), node), node, `reboot ${pod}`));
    if (server.life === 'up' && budget.hang > 0) {
      list.push({
        name: `hang ${pod}`,
        take: () =>
          quiet({
            ...paid(world, 'hang'),
            servers: hang(world.servers, server.podUid, world.nowMs),
          }),
      });
    }
    if (server.life === 'hung' && budget.resume > 0)
      list.push({ name: `resume ${pod}`, take: () => quiet(revived(paid(world, 'resume'), node)) });
    if (server.life === 'up' && budget.isolate > 0)
      list.push({
        name: `isolate ${pod}`,
        take: () => quiet(isolated(paid(world, 'isolate'), node)),
      });
    if (server.life === 'isolated' && budget.heal > 0)
      list.push({ name: `heal ${pod}`, take: () => quiet(revived(paid(world, 'heal'), node)) });
    return list;
  });
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
    take: () => quiet(restarted(world, node, disk)),
  }));
}

function reborn(world: World, node: number, disk: Disk): World['servers'] {
  const { podUid, log } = serverAt(world, node);
  if (disk !== 'behind') return restart(world.servers, podUid, disk);
  return patched(restart(world.servers, podUid, 'kept'), podUid, { log: log.slice(0, -1) });
}

function restarted(world: World, node: number, disk: Disk): World {
  const born = { ...world, servers: reborn(world, node, disk) };
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
  return {
    ...world,
    servers: patched(world.servers, serverAt(world, node).podUid, { life: 'up', hungAtMs: 0 }),
  };
}

function isolated(world: World, node: number): World {
  return {
    ...world,
    servers: patched(world.servers, serverAt(world, node).podUid, {
      life: 'isolated',
      hungAtMs: world.nowMs,
    }),
  };
}

/** Lost on the way, lost on the way back, or slow: pings and looks are left to the hung server. */
function messageFaults(world: World): readonly Choice[] {
  const list: Choice[] = [];
  world.leaders.forEach((leader, index) => {
    if (leader.mode !== 'running') return;
    leader.links.forEach((link, node) => {
      const { flight } = link;
      if (flight === undefined || !canFail(flight) || serverAt(world, node).life !== 'up') return;
      const what = `${flight.order.kind} p${node} of leader ${index}`;
      if (world.budget.lose > 0)
        list.push({
          name: `lose ${flight.phase === 'going' ? '' : 'the reply of '}${what}`,
          take: () => lose(world, index, node, flight),
        });
      if (world.budget.delay > 0)
        list.push({
          name: `delay ${what} (${flight.phase})`,
          take: () => delay(world, index, node, flight),
        });
    });
    const { swap } = leader;
    if (swap !== undefined && world.budget.delay > 0) {
      const slow = { ...swap, atMs: swap.atMs + DELAY_MS };
      list.push({
        name: `delay CAS of leader ${index} (${swap.phase})`,
        take: () => quiet(withLeader(paid(world, 'delay'), index, { swap: slow })),
      });
    }
  });
  return list;
}

function canFail(flight: Flight): boolean {
  const failing = flight.outcome?.kind === 'noReply' || flight.outcome?.kind === 'notSent';
  return !failing && flight.order.kind !== 'observe' && flight.order.kind !== 'killClients';
}

/** The leader hears nothing until its budget is over; what was not yet executed may be, any time. */
function lose(world: World, leader: number, node: number, flight: Flight): Step {
  const link = world.leaders[leader]?.links[node];
  const late = failed(flight, flight.sentAtMs + flight.timeoutMs, { kind: 'noReply', by: 'late' });
  const lost = withLink(paid(world, 'lose'), leader, node, { flight: late });
  return quiet(
    flight.phase === 'going'
      ? withZombie(lost, node, flight.order, userOf(flight, link?.user))
      : lost,
  );
}

function delay(world: World, leader: number, node: number, flight: Flight): Step {
  return quiet(
    withLink(paid(world, 'delay'), leader, node, {
      flight: { ...flight, atMs: flight.atMs + DELAY_MS },
    }),
  );
}

/** An order that its sender gave up on takes effect; its user decides whether it can. */
function lateOrders(model: Model, world: World): readonly Choice[] {
  const swaps = world.leaders.flatMap(({ mode, swap }, leader): readonly Choice[] =>
    mode === 'frozen' && swap?.phase === 'going'
      ? [{ name: `late CAS of leader ${leader}`, take: () => swapGo(world, leader) }]
      : [],
  );
  const orders = world.zombies.flatMap((zombie, index): readonly Choice[] => {
    const server = serverAt(world, zombie.node);
    if (server.life !== 'up' || server.run !== zombie.run) return [];
    const rest = { ...world, zombies: world.zombies.filter((_, other) => other !== index) };
    const name = `late ${zombie.order.kind} reaches p${zombie.node}`;
    return [
      {
        name,
        take: () => {
          const { step } = executeAt(model, rest, 'late', zombie.node, zombie.order, zombie.user);
          return { world: settled(step.world), notes: step.notes };
        },
      },
    ];
  });
  return [...swaps, ...orders];
}

/** A second process takes the lease; the first one is paused, or does not know it yet. */
function takeovers(model: Model, world: World): readonly Choice[] {
  if (world.budget.takeover === 0) return [];
  const next = world.leaders.findIndex(({ mode }) => mode === 'absent');
  if (next < 0) return [];
  const name = `leader ${next} takes the lease, leader ${world.holder} ${model.deposed === 'freezes' ? 'stands still' : 'goes on'}`;
  return [{ name, take: () => quiet(takeover(model, world, next)) }];
}

function takeover(model: Model, world: World, next: number): World {
  const before = world.holder;
  const begun = {
    ...newLeader(model, world.servers.all.length),
    mode: 'running',
    podsAtMs: world.nowMs,
    ledAtMs: world.nowMs,
  } as const;
  const taken = { ...withLeader(paid(world, 'takeover'), next, begun), holder: next };
  return model.deposed === 'freezes' ? frozen(taken, before) : taken;
}

/** Every order and CAS that had left may still arrive. */
function frozen(world: World, index: number): World {
  const orders = world.servers.all.reduce(
    (so_far, _, node) => disconnect(so_far, index, node),
    world,
  );
  return withLeader(orders, index, { mode: 'frozen' });
}

/** A client writes to whoever takes it; at first no replica, or one, has it. */
function clientWrites(world: World): readonly Choice[] {
  if (world.budget.write === 0) return [];
  const id = `w${world.ghost.written + 1}`;
  return world.servers.all.flatMap((server, node): readonly Choice[] => {
    if (!isWritable(world, server) || (server.life !== 'up' && server.life !== 'isolated'))
      return [];
    const replicas = world.servers.all.flatMap((other, index) =>
      other.upstream === server.podUid &&
      other.link === 'up' &&
      other.life === 'up' &&
      server.life === 'up'
        ? [index]
        : [],
    );
    return [undefined, ...replicas].map((first) => ({
      name: `write ${id} to p${node}${first === undefined ? '' : `, confirmed by p${first}`}`,
      take: () => quiet(written(paid(world, 'write'), node, id, first)),
    }));
  });
}

function written(world: World, node: number, id: string, first: number | undefined): World {
  const server = serverAt(world, node);
  const all = replaceAt(world.servers.all, node, { ...server, log: [...server.log, id] });
  const logged = { ...world.servers, all };
  const servers = first === undefined ? logged : sync(logged, serverAt(world, first).podUid);
  return noteAcks({
    ...world,
    servers,
    ghost: { ...world.ghost, written: world.ghost.written + 1 },
  });
}

/** The user asks for a switchover, once. */
function wishes(model: Model, world: World): readonly Choice[] {
  const leader = world.leaders[world.holder];
  const record = leader?.state.record;
  if (
    world.budget.wish === 0 ||
    record?.primary === undefined ||
    leader?.mode !== 'running' ||
    leader.state.work.kind !== 'steady'
  )
    return [];
  const switchover = { pod: '', epoch: record.epoch };
  const nowMs = millis(world.nowMs);
  const { holder } = world;
  return [
    {
      name: 'the user asks for a switchover',
      take: () =>
        feed(model, paid(world, 'wish'), holder, {
          kind: 'wishes',
          nowMs,
          wishes: { accept: undefined, leaving: [], switchover },
        }),
    },
  ];
}
