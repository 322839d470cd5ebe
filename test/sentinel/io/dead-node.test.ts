/** How often a node is dialled that does not come back, and how soon when it may. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { millis } from '../../../src/kit/brands';
import type { OrderLane } from '../../../src/sentinel/io/order-lane';
import { openLane } from '../../kit/claimed-lane';
import { createFakeNet, type FakeNet } from '../../kit/fake-transport';

const address = { host: '10.0.0.1', port: 6379 };

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

interface Scene {
  readonly net: FakeNet;
  readonly lane: Pick<OrderLane, 'hurry' | 'disconnect'>;
  /** Dials within each of the next seconds. */
  pass(seconds: number): Promise<readonly number[]>;
  urgency: 'urgent' | 'calm';
  /** What each look brought. */
  readonly outcomes: string[];
  stop(): void;
}

/** Looks at the node as the core does: again 0.1 s after each look that could not be sent. */
function scene(absence: 'refused' | 'timedOut' = 'refused'): Scene {
  const net = createFakeNet();
  net.vanish(address, absence);
  let dials = 0;
  const outcomes: string[] = [];
  let phase: 'running' | 'stopped' = 'running';
  const lane = openLane(address, {
    transport: {
      connect: (...given) => {
        dials += 1;
        return net.connect(...given);
      },
    },
    nowMs: () => millis(Date.now()),
    urgency: () => made.urgency,
  });
  const look = async (): Promise<void> => {
    while (phase === 'running') {
      const outcome = await lane.send({ kind: 'look' }, 250);
      outcomes.push(outcome === 'dropped' ? outcome : outcome.kind);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  void look();
  const made: Scene = {
    net,
    lane,
    urgency: 'calm',
    outcomes,
    stop: () => {
      phase = 'stopped';
    },
    async pass(seconds) {
      const counts: number[] = [];
      for (let second = 0; second < seconds; second += 1) {
        const before = dials;
        await vi.advanceTimersByTimeAsync(1000);
        counts.push(dials - before);
      }
      return counts;
    },
  };
  return made;
}

test.each(['refused', 'timedOut'] as const)(
  'quick for ten seconds, then once a second: %s',
  async (absence) => {
    const made = scene(absence);
    const early = await made.pass(10);
    expect(Math.min(...early.slice(0, 9))).toBeGreaterThanOrEqual(absence === 'refused' ? 9 : 2);
    await made.pass(2);
    expect(Math.max(...(await made.pass(20)))).toBe(1);
    made.stop();
  },
);

test('quick at once when something may have brought it back, for ten seconds more', async () => {
  const made = scene();
  await made.pass(20);
  made.lane.hurry();
  const quick = await made.pass(9);
  expect(Math.min(...quick)).toBeGreaterThanOrEqual(9);
  await made.pass(3);
  expect(Math.max(...(await made.pass(5)))).toBe(1);
  made.stop();
});

test('quick as long as somebody waits for it', async () => {
  const made = scene();
  made.urgency = 'urgent';
  expect(Math.min(...(await made.pass(20)))).toBeGreaterThanOrEqual(9);
  made.stop();
});

test('once it answers it is no dead node any more', async () => {
  const made = scene();
  await made.pass(12);
  made.net.listen(address, () => 'close');
  await made.pass(3);
  made.net.vanish(address, 'refused');
  await made.pass(1);
  expect(Math.min(...(await made.pass(5)))).toBeGreaterThanOrEqual(9);
  made.stop();
});

test('dropped while it rests: the order ends at once', async () => {
  const made = scene();
  await made.pass(12);
  made.stop();
  const count = made.outcomes.length;
  made.lane.disconnect();
  await vi.advanceTimersByTimeAsync(1);
  expect(made.outcomes.slice(count)).toEqual(['dropped']);
});
