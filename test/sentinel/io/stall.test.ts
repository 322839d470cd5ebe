/**
 * One beat for all engines of a process: a standstill is told to each of them, once, whoever sees it first.
 */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { millis } from '../../../src/kit/brands';
import type { Clock } from '../../../src/kit/clock';
import { startStallDetector } from '../../../src/sentinel/io/stall';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A clock by hand; timers do not follow it. */
function handClock(): Clock & { pass(forMs: number, wall?: number): void } {
  let monotonicMs = 0;
  let wallMs = 0;
  return {
    monotonicMs: () => millis(monotonicMs),
    wallMs: () => millis(wallMs),
    pass(forMs, wall = forMs) {
      monotonicMs += forMs;
      wallMs += wall;
    },
  };
}

function detectorOf(clock: Clock) {
  const told: number[] = [];
  return { ...startStallDetector(clock, (forMs) => told.push(forMs)), told };
}

test.each([
  { forMs: 250, wall: 250, seen: undefined, why: 'as long as is allowed' },
  { forMs: 251, wall: 251, seen: 251, why: 'longer' },
  { forMs: 10, wall: 9_000, seen: 9_000, why: 'the machine slept: the wall clock ran on' },
])('$forMs ms, by the wall $wall: $seen ($why)', ({ forMs, wall, seen }) => {
  const clock = handClock();
  const detector = detectorOf(clock);
  clock.pass(forMs, wall);
  expect(detector.check()).toBe(seen);
  expect(detector.check()).toBeUndefined();
  detector.stop();
});

test('whoever looks first does not take the standstill from the others', () => {
  const clock = handClock();
  const [first, second] = [detectorOf(clock), detectorOf(clock)];
  clock.pass(1_000);
  expect(first.check()).toBe(1_000);
  clock.pass(100);
  expect(second.check()).toBe(1_000);
  expect([first.check(), second.check()]).toEqual([undefined, undefined]);
  first.stop();
  second.stop();
});

test('the beat tells all of what nobody asked for, and those who asked no second time', () => {
  const clock = handClock();
  const [asked, silent, stopped] = [detectorOf(clock), detectorOf(clock), detectorOf(clock)];
  stopped.stop();
  clock.pass(400);
  expect(asked.check()).toBe(400);
  vi.advanceTimersByTime(50);
  expect([asked.told, silent.told, stopped.told]).toEqual([[], [400], []]);
  asked.stop();
  silent.stop();
});

test('one that begins after a standstill has read nothing before it', () => {
  const clock = handClock();
  const early = detectorOf(clock);
  clock.pass(1_000);
  const late = detectorOf(clock);
  expect([late.check(), early.check()]).toEqual([undefined, 1_000]);
  early.stop();
  late.stop();
});

test('with the last engine the beat ends, and a later one sees no standstill in the time between', () => {
  const clock = handClock();
  const first = detectorOf(clock);
  first.stop();
  expect(vi.getTimerCount()).toBe(0);
  clock.pass(5_000);
  const second = detectorOf(clock);
  expect(second.check()).toBeUndefined();
  second.stop();
});
