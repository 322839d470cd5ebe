/** A faulty engine rests longer each time, begins anew, and drags nobody along. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { EngineHost } from '../../../src/runtime/lanes/engine-host';
import { initialState } from '../../../src/sentinel/core/on-lease';
import { steadyFrom } from '../../../src/sentinel/core/promotion';
import type { State } from '../../../src/sentinel/core/state';
import type { Driver } from '../../../src/sentinel/io/driver';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

interface Scene {
  readonly host: EngineHost;
  /** When a driver was started anew, s. */
  readonly anewAt: number[];
  readonly faults: unknown[];
  readonly stopped: number[];
  /** Breaks the driver in charge. */
  breakNow(): void;
  state: State;
}

function scene(): Scene {
  const startMs = Date.now();
  const elapsedMs = (): number => Date.now() - startMs;
  const ends: ((error: unknown) => void)[] = [];
  const made = {
    anewAt: [] as number[],
    faults: [] as unknown[],
    stopped: [] as number[],
    state: initialState(),
    breakNow: () => ends[ends.length - 1]?.(new Error('planted')),
  };
  const host = new EngineHost({
    clock: { monotonicMs: () => millis(elapsedMs() + 1e6), wallMs: () => millis(0) },
    create: (onBroken) => {
      const number = ends.push(onBroken);
      const driver = { start: () => undefined, state: () => made.state } as unknown as Driver;
      return Object.assign(driver, { stop: async () => void made.stopped.push(number) });
    },
    onFault: (error) => made.faults.push(error),
    onAnew: () => made.anewAt.push(elapsedMs() / 1000),
  });
  return Object.assign(made, { host });
}

test('begun anew after 1, 2, 4 .. 30 s, and after a calm minute after 1 s again', async () => {
  const made = scene();
  for (let count = 0; count < 7; count += 1) {
    made.breakNow();
    await vi.advanceTimersByTimeAsync(30_000);
  }
  const rests = made.anewAt.map((at, index) => at - index * 30);
  expect(rests).toEqual([1, 2, 4, 8, 16, 30, 30]);
  await vi.advanceTimersByTimeAsync(60_001);
  made.breakNow();
  await vi.advanceTimersByTimeAsync(1000);
  expect(made.anewAt.length).toBe(8);
});

test('a fault is told once and stands until the new engine is at its everyday work', async () => {
  const made = scene();
  expect(made.host.faultNow()).toBeUndefined();
  made.breakNow();
  made.breakNow();
  expect([made.faults.length, made.host.faultNow()]).toEqual([1, 'planted']);
  await vi.advanceTimersByTimeAsync(1000);
  expect([made.anewAt, made.host.faultNow()]).toEqual([[1], 'planted']);
  made.state = { ...made.state, work: steadyFrom(millis(0)) };
  expect(made.host.faultNow()).toBeUndefined();
});

test('what a guarded call throws is a fault too, and what it does not is none', () => {
  const made = scene();
  made.host.guard(() => undefined);
  expect(made.faults).toEqual([]);
  made.host.guard(() => {
    throw new Error('of the lane');
  });
  expect(made.host.faultNow()).toBe('of the lane');
});

test('stopped meanwhile: nothing begins anew', async () => {
  const made = scene();
  made.breakNow();
  await made.host.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(made.anewAt).toEqual([]);
});
