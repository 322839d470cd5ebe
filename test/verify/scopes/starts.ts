/**
 * The worlds that scopes start in: a cluster that serves, or one to which some things have happened.
 * Each is reached by running the engine itself, never put together by hand.
 * Never here: a budget of faults to come.
 */

import { type Budget, noBudget } from '../env/budget';
import { kill } from '../env/connections';
import { choices } from '../env/faults';
import { isWritable, noteAcks } from '../env/ghosts';
import { settled } from '../env/replication';
import { happen, nextItem } from '../env/schedule';
import { die, patched } from '../env/servers';
import { type Model, newWorld, replaceAt, serverAt, type World } from '../env/world';

/** A cluster that serves, with one confirmed write, and the budgets to come. */
export function servingWorld(model: Model, budget: Budget): World {
  return servedFrom(model, newWorld(model, 3, noBudget), budget);
}

function servedFrom(model: Model, start: World, budget: Budget, writeMs = 1500): World {
  let world = start;
  for (let items = 0; items < 2000 && world.nowMs < 4000; items += 1) {
    const item = nextItem(world);
    if (item === undefined) break;
    world = happen(model, world, item).world;
  }
  const writable = world.servers.all.findIndex((server) => isWritable(world, server));
  if (writable < 0) throw new Error('the cluster did not start');
  return { ...withWrite(model, world, writable, writeMs), budget };
}

function withWrite(model: Model, before: World, node: number, forMs: number): World {
  const server = serverAt(before, node);
  const all = replaceAt(before.servers.all, node, { ...server, log: [...server.log, 'w1'] });
  let world: World = settled({
    ...before,
    servers: { ...before.servers, all },
    ghost: { ...before.ghost, written: 1, births: [1] },
  });
  const untilMs = world.nowMs + forMs;
  for (let items = 0; items < 500 && world.nowMs < untilMs; items += 1) {
    const item = nextItem(world);
    if (item === undefined) break;
    world = happen(model, world, item).world;
  }
  return noteAcks(world);
}

/** The primary was just killed: the engine's next event is the end of its socket. */
export function killedWorld(model: Model, budget: Budget): World {
  return settled(kill(servingWorld(model, budget), 0));
}

/** The first primary died with two writes that nobody had; the second one serves. */
export function divergedWorld(model: Model, budget: Budget): World {
  const before = servingWorld(model, budget);
  const old = serverAt(before, 0);
  const all = replaceAt(before.servers.all, 0, { ...old, log: [...old.log, 'w2', 'w3'] });
  const dead = kill(
    {
      ...before,
      servers: { ...before.servers, all },
      ghost: { ...before.ghost, written: 3, births: [1, 1, 1] },
    },
    0,
  );
  const served = goOn(model, settled(dead), 3000);
  const [write] = choices(model, served).filter(
    ({ name }) => name === 'write w4 to p1, confirmed by p2',
  );
  return write === undefined ? served : write.take().world;
}

/** The last replica was promoted with m = 0, the answer was lost, and the node is cut off since. */
export function aloneWorld(model: Model): World {
  let world = settled(
    kill(killedWorld(model, { ...noBudget, lose: 1, isolate: 1, restart: 1 }), 2),
  );
  const done = (): boolean =>
    world.leaders[0]?.links[1]?.flight?.order.kind === 'promote' &&
    world.servers.all[1]?.role === 'master';
  for (
    let item = nextItem(world);
    item !== undefined && !done() && world.nowMs < 60_000;
    item = nextItem(world)
  ) {
    world = happen(model, world, item).world;
  }
  return chosen(model, world, ['lose the reply of promote p1 of leader 0', 'isolate p1']);
}

/** Takes these choices, by name, one after the other. */
export function chosen(model: Model, start: World, wanted: readonly string[]): World {
  return wanted.reduce((world, name) => {
    const choice = choices(model, world).find((other) => other.name === name);
    if (choice === undefined)
      throw new Error(
        `no choice "${name}" here: ${choices(model, world)
          .map((other) => other.name)
          .join(', ')}`,
      );
    return choice.take().world;
  }, start);
}

export function goOn(model: Model, start: World, forMs: number): World {
  let world = start;
  for (
    let item = nextItem(world);
    item !== undefined && item.atMs <= start.nowMs + forMs;
    item = nextItem(world)
  ) {
    world = happen(model, world, item).world;
  }
  return world;
}

/** Runs until this is so; a start that cannot be reached is an error of the scope. */
function until(model: Model, start: World, done: (world: World) => boolean): World {
  let world = start;
  for (let items = 0; items < 20_000 && !done(world); items += 1) {
    const item = nextItem(world);
    if (item === undefined) break;
    world = happen(model, world, item).world;
  }
  if (!done(world)) throw new Error('the start of the scope was not reached');
  return world;
}

/** Two replicas, and a third pod that was never made. */
export function shortWorld(model: Model, budget: Budget): World {
  const world = newWorld(model, 3, noBudget);
  const servers = die(world.servers, 'u2');
  return servedFrom(model, { ...world, servers, unlisted: [2] }, budget);
}

/** A switchover was asked for, and its pause has begun. */
export function switchingWorld(model: Model, budget: Budget): World {
  const asked = chosen(model, servingWorld(model, { ...noBudget, wish: 1 }), [
    'the user asks for a switchover',
  ]);
  return { ...until(model, asked, (world) => serverAt(world, 0).paused), budget };
}

/** A foreign consumer keeps the primary writable, and the record says so. */
export function consumerWorld(model: Model, budget: Budget): World {
  const before = servingWorld(model, noBudget);
  const servers = patched(before.servers, 'u0', { consumer: 'attached' });
  return { ...until(model, { ...before, servers }, ({ api }) => api?.foreign === true), budget };
}

/** A replica is cut off for good; nothing proves that it is dead. */
export function lostNodeWorld(model: Model, budget: Budget): World {
  const lost = chosen(model, servingWorld(model, { ...noBudget, isolate: 1 }), ['isolate p2']);
  return { ...goOn(model, lost, 8000), budget };
}

/** Both replicas died, and the primary was let go on alone. */
export function grantedWorld(model: Model, budget: Budget): World {
  const before = servingWorld(model, { ...noBudget, crash: 2 });
  const alone = chosen(model, before, ['kill -9 p1', 'kill -9 p2']);
  const granted = (world: World): boolean => world.api?.m === 0 && serverAt(world, 0).m === 0;
  return { ...until(model, alone, granted), budget };
}

/** Every process died, just after a write that one replica confirmed. */
export function reopeningWorld(model: Model, budget: Budget): World {
  const given = servingWorld(model, { ...noBudget, write: 1, crash: 3 });
  const steps = ['write w2 to p0, confirmed by p1', 'kill -9 p0', 'kill -9 p1', 'kill -9 p2'];
  return { ...chosen(model, given, steps), budget };
}

/** The same with only the first write, before the record says that there are keys. */
export function bootDeadWorld(model: Model, budget: Budget): World {
  const given = servedFrom(model, newWorld(model, 3, noBudget), { ...noBudget, crash: 3 }, 5);
  if ((given.api?.keys ?? 0) > 0) throw new Error('the record says already that there are keys');
  return { ...chosen(model, given, ['kill -9 p0', 'kill -9 p1', 'kill -9 p2']), budget };
}

/** A second write, which p1 has and p2 does not have yet. */
export function confirmedWorld(model: Model, budget: Budget): World {
  const given = servingWorld(model, { ...noBudget, write: 1 });
  return { ...chosen(model, given, ['write w2 to p0, confirmed by p1']), budget };
}

/** It serves long enough for its keys to stand in the record. */
export function countedWorld(model: Model, budget: Budget): World {
  const before = servingWorld(model, noBudget);
  return { ...until(model, before, ({ api }) => (api?.keys ?? 0) > 0), budget };
}

/** The primary is cut off from all, and the engine asks. */
export function askedWorld(model: Model, budget: Budget): World {
  const lost = chosen(model, servingWorld(model, { ...noBudget, isolate: 1 }), ['isolate p0']);
  const asks = ({ leaders }: World): boolean => leaders[0]?.state.blocked !== undefined;
  return { ...until(model, lost, asks), budget };
}

/** The primary died, and its successor stands still with the order to lead in its socket. */
export function lateTargetWorld(model: Model, budget: Budget): World {
  const ordered = until(
    model,
    killedWorld(model, { ...noBudget, hang: 1 }),
    ({ leaders }) => leaders[0]?.links[1]?.flight?.order.kind === 'promote',
  );
  return { ...chosen(model, ordered, ['hang p1']), budget };
}

/** Longer than a claim takes to be tried again. */
const SLOW_API_MS = 1500;

/** The primary stands still, it is fenced, and the API takes its time with the intent. */
export function slowIntentWorld(model: Model, budget: Budget): World {
  const hung = chosen(model, servingWorld(model, { ...noBudget, hang: 1 }), ['hang p0']);
  const chose = until(model, hung, ({ leaders }) => leaders[0]?.swap?.next.phase === 'Failover');
  const leaders = chose.leaders.map((leader) =>
    leader.swap === undefined
      ? leader
      : { ...leader, swap: { ...leader.swap, atMs: leader.swap.atMs + SLOW_API_MS } },
  );
  return { ...chose, leaders, budget };
}

/** p1 leads since p0 died; p0 is back and confirmed a write; p2 slept through all of it until now. */
export function unsyncedWorld(model: Model, budget: Budget): World {
  const given = { ...noBudget, hang: 1, resume: 1, crash: 1, restart: 1, write: 1 };
  const dead = chosen(model, servingWorld(model, given), ['hang p2', 'kill -9 p0']);
  const led = until(model, dead, ({ api }) => api?.primary?.pod === 'p1');
  const back = goOn(model, chosen(model, led, ['restart p0 (disk kept)']), 3000);
  const awake = chosen(model, back, ['write w2 to p1, confirmed by p0', 'resume p2']);
  return { ...awake, budget };
}

/** Volumes that were kept from before: each history by the first letter of its writes. */
export function volumesWorld(
  model: Model,
  logs: readonly (readonly string[])[],
  budget: Budget,
): World {
  const world = newWorld(model, 3, budget);
  const histories = ['x', 'y'];
  const all = world.servers.all.map((server, node) => {
    const log = logs[node] ?? [];
    const history = histories.indexOf(log[0]?.charAt(0) ?? '');
    return history < 0 ? server : { ...server, log, replid: 100 + history };
  });
  return {
    ...world,
    servers: { ...world.servers, all },
    pods: world.pods.map((fact) => ({ ...fact, volume: 'older' as const })),
    ghost: { ...world.ghost, acked: [...new Set(logs.flat())].sort() },
  };
}

export const serving = (model: Model, budget: Partial<Budget>): World =>
  servingWorld(model, { ...noBudget, ...budget });
export const killed = (model: Model, budget: Partial<Budget>): World =>
  killedWorld(model, { ...noBudget, ...budget });
