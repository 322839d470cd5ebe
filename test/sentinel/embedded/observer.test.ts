/**
 * What an observer makes of what it sees: silence to the millisecond, one primary or several.
 */
import { describe, expect, test } from 'vitest';
import { millis, offset, replId, runId } from '../../../src/kit/brands';
import type { NodeFacts } from '../../../src/sentinel/core/facts';
import {
  initialObserver,
  type Observation,
  type ObserverEvent,
  observe,
  observerWakeMs,
} from '../../../src/sentinel/core/observer';

const config = { downAfterMs: millis(5000) };
const hex = 'a'.repeat(40);

function facts(role: NodeFacts['role']): NodeFacts {
  return {
    atMs: millis(0),
    runId: runId(hex),
    activity: 'ready',
    role,
    replid: replId(hex),
    replid2: undefined,
    secondOffset: undefined,
    offset: offset(1),
    upstream: undefined,
    link: 'up',
    lastIoSeconds: 0,
    linkDownSeconds: 0,
    keys: 0,
    priority: 100,
    attached: [],
  };
}

const looked = (node: string, role: NodeFacts['role'], at: number): ObserverEvent => ({
  kind: 'looked',
  nowMs: millis(at),
  node,
  facts: facts(role),
});
const missed = (node: string, at: number): ObserverEvent => ({
  kind: 'missed',
  nowMs: millis(at),
  node,
});
const tick = (at: number): ObserverEvent => ({ kind: 'tick', nowMs: millis(at) });

function told(...events: readonly ObserverEvent[]): readonly Observation[] {
  let state = initialObserver(['a', 'b'], millis(0));
  return events.flatMap((event) => {
    const seen = observe(config, state, event);
    state = seen.state;
    return seen.tell;
  });
}
const kinds = (...events: readonly ObserverEvent[]): readonly string[] =>
  told(...events).map(({ kind }) => kind);

describe('silence', () => {
  test.each([
    { at: 4999, kinds: [], why: 'one ms short' },
    { at: 5000, kinds: ['down', 'down'], why: 'the limit itself counts' },
  ])('$at ms: $why', ({ at, kinds: want }) => {
    expect(kinds(tick(at))).toEqual(want);
  });

  test('an answer of any kind is a sign of life', () => {
    const answered: ObserverEvent = { kind: 'answered', nowMs: millis(4000), node: 'a' };
    expect(told(answered, missed('b', 4000), tick(5000))).toEqual([
      { kind: 'down', node: 'b', silentMs: 5000 },
    ]);
  });

  test('our own standstill is no silence of theirs', () => {
    const stalled: ObserverEvent = { kind: 'stalled', nowMs: millis(6000), forMs: millis(6000) };
    expect(kinds(stalled)).toEqual([]);
    expect(kinds(tick(6000))).toEqual(['down', 'down']);
  });

  test('back again, with how long it was away', () => {
    expect(told(tick(5000), looked('a', 'replica', 7000)).slice(2)).toEqual([
      { kind: 'up', node: 'a', downMs: 7000 },
      { kind: 'role', node: 'a', role: 'replica' },
    ]);
  });

  test('the next wake is when the first may be down, and none when all are', () => {
    const start = initialObserver(['a', 'b'], millis(0));
    const once = observe(config, start, looked('a', 'replica', 1000)).state;
    expect(observerWakeMs(config, once)).toBe(5000);
    expect(observerWakeMs(config, observe(config, start, tick(5000)).state)).toBeUndefined();
  });
});

describe('who is the primary', () => {
  test('the one that alone says so', () => {
    expect(told(looked('a', 'master', 1), looked('b', 'replica', 2))).toContainEqual({
      kind: 'moved',
      from: '',
      to: 'a',
    });
  });

  test('it has moved when another says so and the old one was not heard', () => {
    expect(told(looked('a', 'master', 1), missed('a', 2), looked('b', 'master', 3)).at(-1)).toEqual(
      { kind: 'moved', from: 'a', to: 'b' },
    );
  });

  test('two at once are said once, and move nothing', () => {
    const two = [looked('a', 'master', 1), looked('b', 'master', 2), looked('a', 'master', 3)];
    expect(kinds(...two)).toEqual(['role', 'moved', 'role', 'rivals']);
  });
});
