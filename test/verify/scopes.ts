/**
 * The scopes of the explorer, each a start and budgets of faults. In all of them: three pods,
 * virtual time in which every message takes a millisecond unless a fault says otherwise, faults
 * between any two steps that change more than time.
 * Never here: longer runs (sim) and real servers (test/sentinel/io).
 */
import { millis } from '../../src/kit/brands';
import type { Config } from '../../src/sentinel/core/config';
import { initialState } from '../../src/sentinel/core/on-lease';
import { step } from '../../src/sentinel/core/step';
import { isWritable, noteAcks } from './env/ghosts';
import { happen, nextItem, settled } from './env/schedule';
import { type Budget, type Engine, type Model, newWorld, noBudget, replaceAt, serverAt, type World } from './env/world';
import type { Scope } from './mc/explore';

export const config: Config = {
  pingIntervalMs: millis(1000),
  downAfterMs: millis(2000),
  failoverTimeoutMs: millis(5000),
  waitForBestMs: millis(500),
  policy: 'Durable',
  prefer: 'Offset',
  minReplicasToWrite: 1,
  maxLagSeconds: 2,
  dataLossPolicy: 'Stop',
  onDiskError: 'Switchover',
  replicas: 3,
  clientUsers: ['default'],
  addresses: 'exclusive',
  killPort: 'absent',
  serviceQuietMs: millis(0),
  drainMs: millis(50),
};

export const shipped: Engine = { step, initialState };

export function modelOf(engine: Engine, patch: Partial<Model> = {}, settings: Partial<Config> = {}): Model {
  return { config: { ...config, ...settings }, engine, pods: 'addresses', deposed: 'freezes', zombieOrders: 'all', ...patch };
}

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
  let world: World = settled({ ...before, servers: { ...before.servers, all }, ghost: { ...before.ghost, written: 1 } });
  const untilMs = world.nowMs + 1500;
  for (let items = 0; items < 500 && world.nowMs < untilMs; items += 1) {
    const item = nextItem(world);
    if (item === undefined) break;
    world = happen(model, world, item).world;
  }
  return noteAcks(world);
}

export function scopesOf(engine: Engine): readonly Scope[] {
  const plain = modelOf(engine);
  const scope = (name: string, covers: string, model: Model, start: World, stateLimit: number, expectedStates: number): Scope =>
    ({ name, covers, model, start, stateLimit, expectedStates });
  return [
    scope('boot', 'first boot with a crash, a reboot and a lost message', plain,
      newWorld(plain, 3, { ...noBudget, crash: 1, restart: 1, lose: 1, write: 1 }), 400_000, 0),
    scope('crash', 'one crash, one restart, two writes', plain, servingWorld(plain, { ...noBudget, crash: 1, restart: 1, write: 2 }), 400_000, 0),
    scope('takeover', 'one crash, one lost message, one takeover, first leader stands still', plain,
      servingWorld(plain, { ...noBudget, crash: 1, lose: 1, takeover: 1, write: 1 }), 400_000, 0),
  ];
}
