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
import { kill } from './env/connections';
import { choices } from './env/faults';
import { isWritable, noteAcks } from './env/ghosts';
import { happen, nextItem, settled } from './env/schedule';
import {
  type Budget,
  type Engine,
  type Model,
  newWorld,
  noBudget,
  replaceAt,
  serverAt,
  type World,
} from './env/world';
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
  settings: [],
};

export const shipped: Engine = { step, initialState };

export function modelOf(
  engine: Engine,
  patch: Partial<Model> = {},
  settings: Partial<Config> = {},
): Model {
  return {
    config: { ...config, ...settings },
    engine,
    pods: 'addresses',
    deposed: 'freezes',
    zombieOrders: 'all',
    ...patch,
  };
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
function killedWorld(model: Model, budget: Budget): World {
  return settled(kill(servingWorld(model, budget), 0));
}

/** The first primary died with two writes that nobody had; the second one serves. */
function divergedWorld(model: Model, budget: Budget): World {
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
function aloneWorld(model: Model): World {
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
function chosen(model: Model, start: World, wanted: readonly string[]): World {
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

function goOn(model: Model, start: World, forMs: number): World {
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

/** Started when it is asked for: a mutant may not even get as far as another scope's start. */
function lazily(scope: Omit<Scope, 'start'>, begin: () => World): Scope {
  let started: World | undefined;
  return {
    ...scope,
    get start(): World {
      started ??= begin();
      return started;
    },
  };
}

interface Models {
  readonly plain: Model;
  readonly goesOn: Model;
  readonly watched: Model;
  readonly balanced: Model;
}

function modelsOf(engine: Engine): Models {
  return {
    plain: modelOf(engine),
    goesOn: modelOf(engine, { deposed: 'goesOn' }),
    watched: modelOf(engine, { pods: 'watched' }, { addresses: 'reusable', killPort: 'present' }),
    balanced: modelOf(engine, {}, { policy: 'Balanced' }),
  };
}

const scope = (name: string, covers: string, model: Model, begin: () => World): Scope =>
  lazily({ name, covers, model, stateLimit: 200_000 }, begin);
const serving = (model: Model, budget: Partial<Budget>): World =>
  servingWorld(model, { ...noBudget, ...budget });
const killed = (model: Model, budget: Partial<Budget>): World =>
  killedWorld(model, { ...noBudget, ...budget });

/** A cluster that starts for the first time. */
function bootScopes({ plain }: Models): readonly Scope[] {
  return [
    scope('boot', 'first boot with a crash and a write', plain, () =>
      newWorld(plain, 3, { ...noBudget, crash: 1, write: 1 }),
    ),
    scope('bootLost', 'first boot with a lost order', plain, () =>
      newWorld(plain, 3, { ...noBudget, lose: 1 }),
    ),
    scope('bootTakeover', 'first boot with a takeover', plain, () =>
      newWorld(plain, 3, { ...noBudget, takeover: 1 }),
    ),
  ];
}

/** Processes that die, come back, or lose the network. */
function crashScopes({ plain, balanced }: Models): readonly Scope[] {
  return [
    scope('crash', 'one crash, one restart, two writes', plain, () =>
      serving(plain, { crash: 1, restart: 1, write: 2 }),
    ),
    scope('reboot', 'a restart inside the detection window, two writes', plain, () =>
      serving(plain, { reboot: 1, write: 2 }),
    ),
    scope('lost', 'crash, one lost order', plain, () =>
      serving(plain, { crash: 1, lose: 1, write: 1 }),
    ),
    scope('slow', 'the primary was killed, two orders or CAS are slow, Balanced', balanced, () =>
      killed(balanced, { delay: 2 }),
    ),
    scope('double', 'two crashes, two restarts', plain, () =>
      killed(plain, { crash: 1, restart: 2 }),
    ),
    scope('isolated', 'a node cut off from all, and back', plain, () =>
      serving(plain, { isolate: 1, heal: 1, write: 2 }),
    ),
    scope(
      'rebootCrash',
      'a write that one replica confirmed, the primary dead, a replica restarts',
      plain,
      () =>
        settled(
          kill(
            chosen(plain, serving(plain, { reboot: 1, write: 1 }), [
              'write w2 to p0, confirmed by p1',
            ]),
            0,
          ),
        ),
    ),
    scope('targetLost', 'the primary was killed; a lost order, then a hung node', plain, () =>
      killed(plain, { lose: 1, hang: 1, resume: 1 }),
    ),
    scope(
      'diverged',
      'the first primary died with unconfirmed writes; a crash, a restart, Balanced',
      balanced,
      () => divergedWorld(balanced, { ...noBudget, crash: 1, restart: 1, write: 1 }),
    ),
    scope(
      'targetAlone',
      'one replica was left: its promotion was not heard of, it is cut off; restarts',
      balanced,
      () => aloneWorld(balanced),
    ),
    scope('island', 'two nodes cut off, together with each other, Balanced', balanced, () =>
      serving(balanced, { isolate: 2, write: 1 }),
    ),
  ];
}

/** Two leaders. */
function takeoverScopes({ plain, goesOn }: Models): readonly Scope[] {
  return [
    scope('takeover', 'crash, a takeover, the first leader stands still', plain, () =>
      serving(plain, { crash: 1, takeover: 1, write: 1 }),
    ),
    scope('takeoverLost', 'the primary was killed; a lost order, a takeover', plain, () =>
      killed(plain, { lose: 1, takeover: 1 }),
    ),
    scope('takeoverReboot', 'a takeover, a reboot', plain, () =>
      serving(plain, { reboot: 1, takeover: 1 }),
    ),
    scope(
      'twoLeaders',
      'crash, a takeover, the first leader goes on without a lease check',
      goesOn,
      () => serving(goesOn, { crash: 1, takeover: 1 }),
    ),
    scope('twoLeadersLost', 'the same, the primary killed, with a lost order', goesOn, () =>
      killed(goesOn, { lose: 1, takeover: 1 }),
    ),
  ];
}

/** Processes that stand still. */
function hangScopes({ plain, balanced }: Models): readonly Scope[] {
  return [
    scope('hang', 'a primary or replica stands still and goes on, Balanced', balanced, () =>
      serving(balanced, { hang: 1, resume: 1, write: 1 }),
    ),
    scope('hangTakeover', 'the same with a takeover, Durable', plain, () =>
      serving(plain, { hang: 1, resume: 1, takeover: 1 }),
    ),
    scope('hangLost', 'a primary stands still, one lost order', plain, () =>
      serving(plain, { hang: 1, resume: 1, lose: 1 }),
    ),
  ];
}

/** Planned moves. */
function switchoverScopes({ plain }: Models): readonly Scope[] {
  return [
    scope('switchover', 'a switchover with a crash', plain, () =>
      serving(plain, { wish: 1, crash: 1, write: 1 }),
    ),
    scope('switchoverLost', 'a switchover with a lost order', plain, () =>
      serving(plain, { wish: 1, lose: 1, write: 1 }),
    ),
    scope('switchoverTakeover', 'a switchover with a takeover', plain, () =>
      serving(plain, { wish: 1, takeover: 1, write: 1 }),
    ),
  ];
}

/** With what Kubernetes knows of pods. */
function watchedScopes({ watched }: Models): readonly Scope[] {
  return [
    scope('watched', 'crash, restart, with Kubernetes facts', watched, () =>
      serving(watched, { crash: 1, restart: 1, write: 1 }),
    ),
    scope('watchedHang', 'hang, kill by E4, with Kubernetes facts', watched, () =>
      serving(watched, { hang: 1, resume: 1, restart: 1, write: 1 }),
    ),
  ];
}

export function scopesOf(engine: Engine): readonly Scope[] {
  const models = modelsOf(engine);
  return [
    ...bootScopes(models),
    ...crashScopes(models),
    ...takeoverScopes(models),
    ...hangScopes(models),
    ...switchoverScopes(models),
    ...watchedScopes(models),
  ];
}
