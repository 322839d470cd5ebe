/**
 * What holds every controller: one that throws ends nothing, is told once, and is tried again.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { boundedSet } from '../../../src/local/controllers/frame/bounded';
import type { Caches, Change } from '../../../src/local/controllers/frame/cache';
import { type Controller, run, source } from '../../../src/local/controllers/frame/controller';
import { keyOf } from '../../../src/local/controllers/frame/kind';
import { readerOf } from '../../../src/local/controllers/frame/reader';
import { systemTimers } from '../../../src/local/controllers/frame/timers';
import { CONFIG_MAPS } from '../../../src/local/controllers/objects/namespace';

const mapNamed = (name: string) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap' },
  metadata: {
    ...{ name, uid: name, namespace: 'default', resourceVersion: '1' },
    creationTimestamp: '2026-01-01T00:00:00Z',
  },
});

let problems: string[];
let decided: string[];
let listeners: ((change: Change) => void)[];
let stop: () => void;

function start(parts: Partial<Controller>): void {
  const caches: Caches = {
    ...readerOf(['broken', 'sound'].map((name) => [CONFIG_MAPS, mapNamed(name)])),
    ...{ follow: () => true, unfollow() {}, learn() {}, forget() {}, stop() {} },
    onChange: (listener) => void listeners.push(listener),
  };
  const controller: Controller = {
    name: 'test-controller',
    sources: [source(CONFIG_MAPS, (map) => [keyOf(map)])],
    decide(key) {
      decided.push(key);
      return { actions: [] };
    },
    ...parts,
  };
  const shell = { nowMs: () => 0, execute: () => true };
  stop = run(controller, caches, shell, systemTimers, (sentence) => void problems.push(sentence));
}

beforeEach(() => {
  vi.useFakeTimers();
  problems = [];
  decided = [];
  listeners = [];
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe('a controller that throws', () => {
  test('at one key goes on with the others and tries that one again, later and later', () => {
    let mended = false;
    start({
      decide(key) {
        decided.push(key);
        if (key === 'default/broken' && !mended) throw new TypeError('no rules');
        return { actions: [] };
      },
    });
    vi.advanceTimersByTime(4);
    expect(decided).toEqual(['default/broken', 'default/sound']);
    vi.advanceTimersByTime(1000);
    expect(decided.length).toBeGreaterThan(5);
    expect(decided.length).toBeLessThan(15);
    expect(problems).toEqual([
      'the test-controller failed at default/broken (no rules) and tries again; to fix: change or delete that object, and report this',
    ]);
    mended = true;
    vi.advanceTimersByTime(5000);
    const turns = decided.length;
    vi.advanceTimersByTime(100_000);
    expect(decided.length).toBe(turns);
  });

  test('before it knows the keys still hears of other objects', () => {
    start({
      sources: [
        source(CONFIG_MAPS, (map) => {
          if (map.metadata.name === 'broken') throw new TypeError('no labels');
          return [keyOf(map)];
        }),
      ],
    });
    for (const name of ['broken', 'sound', 'late'])
      for (const tell of listeners)
        tell({ kind: CONFIG_MAPS, before: undefined, after: mapNamed(name) });
    vi.advanceTimersByTime(10);
    expect(decided).toEqual(['default/sound', 'default/late']);
    expect(problems).toEqual([expect.stringContaining('failed at configmaps default/broken (')]);
  });

  test('is the exception: one that does not says nothing and rests', () => {
    start({});
    vi.advanceTimersByTime(1000);
    expect([decided, problems]).toEqual([['default/broken', 'default/sound'], []]);
  });
});

test('a bounded set forgets the oldest entry alone', () => {
  const set = boundedSet(2);
  for (const entry of ['a', 'b', 'b', 'c']) set.add(entry);
  expect(['a', 'b', 'c'].map((entry) => set.has(entry))).toEqual([false, true, true]);
});
