/** Holes against brute force: every log and every cut of it that could explain what is there. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAck } from '../../kit/writer';
import type { WriteLine } from './lines';
import { holesOf, precedes, withoutOverwritten } from './order';
import { write } from './planted';

const seed = 20_261_121;

test.each([
  { present: ['w:0', 'w:1', 'w:2'], holes: [], why: 'everything is there' },
  { present: ['w:0'], holes: [], why: 'the end is lost: that is what a crash takes' },
  { present: [], holes: [], why: 'all is lost' },
  { present: ['w:0', 'w:2'], holes: ['w:1'], why: 'a middle one is lost' },
  { present: ['w:2'], holes: ['w:0', 'w:1'], why: 'the beginning is lost' },
])('$present of w:0 w:1 w:2 has the holes $holes: $why', ({ present, holes }) => {
  const writes = [0, 1, 2].map((number) => write({ number }));
  expect(holesOf(writes, new Set(present)).map(({ lost }) => lost.key)).toEqual(holes);
});

test.each([
  {
    change: { outcome: 'unknown' } as const,
    holes: 0,
    why: 'nobody knows whether it was executed',
  },
  { change: { outcome: 'refused' } as const, holes: 0, why: 'it was never executed' },
  { change: { history: 'h2' }, holes: 0, why: 'the same process in another epoch' },
  { change: { process: 'p2' }, holes: 0, why: 'another process' },
  { change: { process: '' }, holes: 0, why: 'no server said who it was' },
  { change: { connection: 2, sentMs: 1_000, endedMs: 1_099 }, holes: 0, why: 'at the same time' },
  { change: { connection: 2 }, holes: 1, why: 'another connection, but later' },
])('w:0 lost with $change before w:1 has $holes holes: $why', ({ change, holes }) => {
  const writes = [{ ...write({ number: 0 }), ...change }, write({ number: 1 })];
  expect(holesOf(writes, new Set(['w:1']))).toHaveLength(holes);
});

test('a register that holds an older value than a later key proves is a hole', () => {
  const writes = [
    write({ number: 0, key: 'r:0' }),
    write({ number: 1, key: 'r:1' }),
    write({ number: 2 }),
  ];
  expect(holesOf(writes, new Set(['r:0', 'w:2'])).map(({ lost }) => lost.key)).toEqual(['r:1']);
  expect(holesOf(writes, new Set(['r:0', 'r:1', 'w:2']))).toEqual([]);
});

test('a register overwritten by another stream says nothing of the older one', () => {
  const old = [write({ number: 0 }), write({ number: 1, key: 'r:0' })];
  const later = write({ number: 3, key: 'r:1', process: 'p2', history: 'h2' });
  const writes = [...old, later];
  const keysOf = (register: number): readonly string[] =>
    withoutOverwritten(writes, register).map(({ key }) => key);
  expect(keysOf(1), 'p2 wrote last').toEqual(['w:0', 'r:1']);
  expect(keysOf(0), 'p1 wrote last, and r:1 is lost').toEqual(['w:0', 'r:0', 'r:1']);
  expect(keysOf(-1), 'all are lost').toEqual(['w:0', 'r:0', 'r:1']);
});

/** Whether some order of execution and some cut of it leave exactly what is there. */
function isExplained(writes: readonly WriteLine[], present: ReadonlySet<string>): boolean {
  const maybe = writes.filter(({ outcome }) => outcome === 'unknown');
  const must = writes.filter(isAck);
  return subsetsOf(maybe).some((some) =>
    ordersOf([...must, ...some]).some((log) =>
      Array.from({ length: log.length + 1 }, (_, cut) => new Set(log.slice(0, cut))).some((kept) =>
        writes.every(
          (write) => write.outcome === 'refused' || kept.has(write) === present.has(write.key),
        ),
      ),
    ),
  );
}

function subsetsOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  return Array.from({ length: 2 ** items.length }, (_, mask) =>
    items.filter((_item, index) => (mask >> index) % 2 === 1),
  );
}

/** Every order that no certain precedence forbids. */
function ordersOf(writes: readonly WriteLine[]): readonly (readonly WriteLine[])[] {
  if (writes.length === 0) return [[]];
  return writes
    .filter((first) => !writes.some((other) => other !== first && precedes(other, first)))
    .flatMap((first) =>
      ordersOf(writes.filter((other) => other !== first)).map((rest) => [first, ...rest]),
    );
}

const anyWrite = fc.record({
  connection: fc.nat(1),
  sentMs: fc.nat(6),
  tookMs: fc.nat(3),
  outcome: fc.constantFrom(
    'acked' as const,
    'safe' as const,
    'unknown' as const,
    'refused' as const,
  ),
  kept: fc.boolean(),
});

test('a stream has a hole exactly when no order and no cut explain it', () => {
  fc.assert(
    fc.property(fc.array(anyWrite, { maxLength: 6 }), (drawn) => {
      // A connection sends one after the other, so its times rise with its numbers.
      const sorted = [...drawn].sort((left, right) => left.sentMs - right.sentMs);
      const freeAtMs = [0, 0];
      const writes = sorted.map(({ connection, sentMs, tookMs, outcome }, number) => {
        const from = Math.max(sentMs, freeAtMs[connection] ?? 0);
        freeAtMs[connection] = from + tookMs + 1;
        return write({ number, connection, sentMs: from, endedMs: from + tookMs, outcome });
      });
      const present = new Set(
        writes.filter((_, index) => sorted[index]?.kept === true).map(({ key }) => key),
      );
      expect(holesOf(writes, present).length === 0).toBe(isExplained(writes, present));
    }),
    { seed, numRuns: 2_000 },
  );
});
