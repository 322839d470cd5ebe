/**
 * The driver around the core: what it does in which order, how it stops, and what it tells the core of
 * its own standstill. Servers are fakes; the decisions are the core's own.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import type { Event } from '../../../src/sentinel/core/event';
import type { PodFact } from '../../../src/sentinel/core/facts';
import { initialState } from '../../../src/sentinel/core/on-lease';
import type { Ready } from '../../../src/sentinel/core/ready';
import { step } from '../../../src/sentinel/core/step';
import { systemClock } from '../../../src/sentinel/io/clock';
import { createDriver, type Driver, type DriverOptions } from '../../../src/sentinel/io/driver';
import { defaultConfig } from '../../../src/sentinel/io/embedded';
import {
  createMemoryAuthority,
  type MemoryAuthorityHost,
} from '../../../src/sentinel/io/memory-authority';
import { createRecorder, hashOf, type Recorded } from '../../../src/sentinel/io/recorder';
import { createFakeNet, type FakeNet, type Handler } from '../../kit/fake-transport';
import { until } from '../../kit/until';

const config = {
  ...defaultConfig,
  replicas: 2,
  killPort: 'absent',
  pingIntervalMs: millis(100),
} as const;

interface Rig {
  readonly driver: Driver;
  readonly net: FakeNet;
  readonly host: MemoryAuthorityHost;
  readonly events: Event[];
  readonly readies: Ready[];
  /** Every command that reached a server, in order. */
  readonly commands: string[];
  /** Connections that are open at the moment. */
  open(): number;
}

const rigs: Driver[] = [];
afterEach(async () => {
  for (const driver of rigs.splice(0)) await driver.stop();
});

function pod(ordinal: number): PodFact {
  return {
    pod: `v${ordinal}`,
    podUid: `uid-${ordinal}`,
    ordinal,
    ip: `10.0.0.${ordinal + 1}`,
    port: 6379,
    containerId: '',
    terminatedIds: [],
    lifecycle: 'live',
    node: 'ready',
    traffic: 'direct',
    pvcUid: `pvc-${ordinal}`,
    volume: 'older',
  };
}

const pods = [pod(0), pod(1)];

/** Lets everybody in, answers PING, and is silent to all else. */
const greeter: Handler = ([command]) => {
  if (command === 'AUTH') return { kind: 'status', text: 'OK' };
  return command === 'PING' ? { kind: 'status', text: 'PONG' } : 'silence';
};

/** Its users are listed too, so a claim goes on. */
const claimable: Handler = (command, peer) => {
  if (command.join(' ') === 'ACL USERS') return { kind: 'array', items: [] };
  return command[0] === 'CLIENT' ? { kind: 'status', text: 'OK' } : greeter(command, peer);
};

function rig(
  handler: Handler = greeter,
  changes: Partial<DriverOptions> = {},
  contender = 'driver',
): Rig {
  const net = createFakeNet();
  const host = createMemoryAuthority();
  const events: Event[] = [];
  const readies: Ready[] = [];
  const commands: string[] = [];
  let open = 0;
  for (const { ip, port } of pods) {
    net.listen({ host: ip ?? '', port }, (command, peer) => {
      commands.push(command.join(' '));
      return handler(command, peer);
    });
  }
  const driver = createDriver({
    config: () => config,
    base: { username: 'gungnir', password: 'secret' },
    transport: {
      async connect(address, timeoutMs, onEnd) {
        const connected = await net.connect(address, timeoutMs, () => {
          open -= 1;
          onEnd();
        });
        if (connected.kind === 'failed') return connected;
        open += 1;
        const { connection } = connected;
        let state: 'up' | 'destroyed' = 'up';
        const destroy = (): void => {
          if (state === 'up') open -= 1;
          state = 'destroyed';
          connection.destroy();
        };
        return {
          kind: 'open',
          connection: { request: (asked) => connection.request(asked), destroy },
        };
      },
    },
    authority: host.contender(contender),
    router: { route: () => {}, onSeen: () => {} },
    clock: systemClock,
    makeSecret: () => 'x'.repeat(64),
    onTell: () => {},
    recorder: (_, event, ready) => {
      events.push(event);
      readies.push(ready);
    },
    ...changes,
  });
  rigs.push(driver);
  return { driver, net, host, events, readies, commands, open: () => open };
}

function begin({ driver }: Rig): void {
  driver.start();
  driver.setPods(pods);
}

test('the term is written before anything is sent, and nothing is sent before the answer', async () => {
  const made = rig();
  begin(made);
  await until('orders go out', () => made.commands.length > 0);
  const swapped = made.events.findIndex(({ kind }) => kind === 'swapped');
  const sent = made.readies.findIndex(({ send }) => send.length > 0);
  expect(made.readies.findIndex(({ persist }) => persist !== undefined)).toBeLessThan(swapped);
  expect(sent).toBe(swapped);
});

test('a standby opens no connection', async () => {
  const made = rig();
  const other = made.host.contender('other');
  other.start(() => {});
  await new Promise((resolve) => setImmediate(resolve));
  begin(made);
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect({
    open: made.open(),
    commands: made.commands,
    events: made.events.map(({ kind }) => kind),
  }).toEqual({
    open: 0,
    commands: [],
    events: ['pods'],
  });
});

test('deposed: every connection ends at once, and no outcome of before is delivered', async () => {
  const made = rig();
  const other = made.host.contender('other');
  begin(made);
  await until('connections are open', () => made.open() >= 4);
  other.start(() => {});
  made.host.takeOver('other', 'told');
  expect(made.open()).toBe(0);
  const count = made.events.length;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(made.events.slice(count)).toEqual([]);
});

test('a standstill of our own is told before anything that was read after it', async () => {
  const made = rig();
  begin(made);
  await until('pings are answered', () => made.events.some(({ kind }) => kind === 'probed'));
  const count = made.events.length;
  const endMs = performance.now() + 320;
  while (performance.now() < endMs);
  await until('something is taken in again', () => made.events.length > count + 1);
  expect(made.events[count]).toMatchObject({ kind: 'stalled' });
  const stalled = made.events[count];
  expect(stalled?.kind === 'stalled' ? stalled.forMs : 0).toBeGreaterThanOrEqual(300);
});

test('a loop that runs tells no standstill', async () => {
  const made = rig();
  begin(made);
  // On a machine under load our own loop may really stand still: then that window does not count.
  const calm = await until('a window in which this loop ran', async () => {
    const from = made.events.length;
    return (await longestGapMs(400)) < 150 && made.events.slice(from);
  });
  expect(calm.filter(({ kind }) => kind === 'stalled')).toEqual([]);
  expect(calm.length).toBeGreaterThan(0);
});

async function longestGapMs(forMs: number): Promise<number> {
  const beganMs = performance.now();
  let lastMs = beganMs;
  let gapMs = 0;
  while (lastMs < beganMs + forMs) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    gapMs = Math.max(gapMs, performance.now() - lastMs);
    lastMs = performance.now();
  }
  return gapMs;
}

test('what a port does within a call is taken in after the event at hand, never within it', async () => {
  let depth = 0;
  let deepest = 0;
  const made: Rig = rig(greeter, {
    recorder: () => {
      depth += 1;
      deepest = Math.max(deepest, depth);
      depth -= 1;
    },
    onTell: () => {
      depth += 1;
      made.driver.setWishes({ accept: undefined, switchover: undefined, leaving: [] });
      depth -= 1;
    },
  });
  begin(made);
  await until('something was told', () => made.driver.state().work.kind === 'resume');
  expect(deepest).toBe(1);
});

describe('stop', () => {
  test('waits for the orders under way, begins none, then ends all and gives the lease back', async () => {
    const made = rig();
    let led = 0;
    begin(made);
    await until('an order waits for its reply', () =>
      made.commands.some((command) => command.startsWith('ACL') || command.startsWith('CLIENT')),
    );
    const count = made.events.length;
    made.host.contender('next').start(() => {
      led += 1;
    });
    const beganMs = performance.now();
    await made.driver.stop();
    const tookMs = performance.now() - beganMs;
    expect(tookMs, 'no longer than the longest budget').toBeLessThan(3_000);
    expect(made.events.length, 'nothing is taken in any more').toBe(count);
    expect(made.open()).toBe(0);
    expect(led).toBe(1);
  });

  test('twice is once', async () => {
    const made = rig();
    begin(made);
    await Promise.all([made.driver.stop(), made.driver.stop()]);
    expect(made.open()).toBe(0);
  });
});

describe('an engine that contradicts itself', () => {
  const planted = new Error('planted');
  const throwing = (): never => {
    throw planted;
  };

  test.each([
    { why: 'in a step', changes: { config: throwing } },
    { why: 'in what it told', changes: { onTell: throwing } },
    { why: 'in an order', changes: { makeSecret: throwing } },
  ])('is told once and lets everything go: $why', async ({ changes }) => {
    const broken: unknown[] = [];
    // It refuses no look, so that an order of every kind is reached.
    const made = rig(claimable, { ...changes, onBroken: (error) => broken.push(error) });
    const well = rig(greeter);
    begin(made);
    begin(well);
    await until('the fault is told', () => broken.length > 0);
    expect(made.open()).toBe(0);
    const count = made.events.length;
    made.driver.setPods([]);
    await until('the other one goes on', () => well.events.length > 20);
    expect({ broken, events: made.events.length }).toEqual({ broken: [planted], events: count });
    await made.driver.stop();
  });

  test('without anybody to tell, whoever told the event has to bear it', () => {
    const made = rig(greeter, { config: throwing });
    made.driver.start();
    expect(() => made.driver.setPods(pods)).toThrow('planted');
  });
});

test('an event before the start is a mistake of the caller', () => {
  const made = rig();
  expect(() => made.driver.setPods(pods)).toThrow(/before the driver was started/);
});

test('what was recorded replays to the same orders and states', async () => {
  const lines: string[] = [];
  const made = rig(greeter, { recorder: createRecorder((line) => lines.push(line)) });
  begin(made);
  await until('it has recorded enough', () => lines.length > 20);
  await made.driver.stop();
  let state = initialState();
  let used = config as Parameters<typeof step>[0];
  for (const line of lines) {
    const recorded = JSON.parse(line) as Recorded;
    used = recorded.config ?? used;
    const { state: next, ...orders } = step(used, state, recorded.event);
    state = next;
    expect(JSON.parse(JSON.stringify(orders))).toEqual(recorded.ready);
    expect(hashOf(state)).toBe(recorded.stateHash);
  }
});
