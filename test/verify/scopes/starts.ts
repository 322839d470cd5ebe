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
import { type Model, newWorld, replaceAt, serverAt, type World } from '../env/world';

/** A cluster that serves, with one confirmed write, and the budgets to come. */
export function servingWorld(model: Model, budget: Budget): World {
  let world = newWorld(model, 3, noBudget);
  for (let items = 0; items < 2000 && world.nowMs < 4000; items += 1) {
    const item = nextItem(world);
    if (item === undefined) break;
    world = happen(model, world, item).world;
  }
  const writable = world.servers.all.findIndex((server) => isWritable(world, server));
  if (writable < 0) throw new Error('the cluster did not start');
  return { ...withWrite(model, world, writable), budget };
}

function withWrite(model: Model, before: World, node: number): World {
  const server = serverAt(before, node);
  const all = replaceAt(before.servers.all, node, { ...server, log: [...server.log, 'w1'] });
  let world: World = settled({
    ...before,
    servers: { ...before.servers, all },
    ghost: { ...before.ghost, written: 1 },
  });
  const untilMs = world.nowMs + 1500;
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
    { ...before, servers: { ...before.servers, all }, ghost: { ...before.ghost, written: 3 } },
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

export const serving = (model: Model, budget: Partial<Budget>): World =>
  servingWorld(model, { ...noBudget, ...budget });
export const killed = (model: Model, budget: Partial<Budget>): World =>
  killedWorld(model, { ...noBudget, ...budget });
