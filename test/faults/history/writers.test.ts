/** Two writers at once: planted, and against a model whose windows are known. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sample, write } from './planted';
import { type Observation, observationsOf, overlapsOf, SILENT_MS } from './writers';

const seed = 20_261_121;

/** Answers of a process at these times, 1 ms each. */
function answers(process: string, taken: readonly number[], refused: readonly number[] = []) {
  return [
    ...taken.map((sentMs) => sample(process, sentMs)),
    ...refused.map((sentMs) => sample(process, sentMs, { took: 'nothing' })),
  ];
}
const longest = (...samples: readonly ReturnType<typeof answers>[]): number | undefined =>
  overlapsOf(observationsOf(samples.flat(), [], 'raw'))[0]?.ms;

test.each([
  { p: [0, 20, 40], q: [60, 80], ms: undefined, why: 'one after the other' },
  { p: [0, 100, 200], q: [100, 200, 300], ms: 99, why: 'q began while p went on' },
  { p: [0, 100, 200], q: [150], ms: 0, why: 'a single write is a moment, but a certain one' },
  { p: [0, 100, 200], q: [200], ms: undefined, why: 'it may have come after the last of p' },
  { p: [0], q: [0], ms: undefined, why: 'two single ones in the same ms prove no common moment' },
])('p at $p and q at $q: $ms ms, $why', ({ p, q, ms }) => {
  expect(longest(answers('p', p), answers('q', q))).toBe(ms);
});

test('a refusal in between ends what was taken before', () => {
  expect(longest(answers('p', [0, 200], [100]), answers('q', [50, 120]))).toBeUndefined();
  expect(longest(answers('p', [0, 200]), answers('q', [50, 120]))).toBe(69);
});

test(`a process that is silent for more than ${SILENT_MS} ms may have been frozen`, () => {
  expect(longest(answers('p', [0, 490]), answers('q', [100, 200]))).toBe(99);
  expect(longest(answers('p', [0, 510]), answers('q', [100, 200]))).toBeUndefined();
});

test('a frozen process whose last write is answered when it goes on took nothing meanwhile', () => {
  const frozen = [sample('p', 0), sample('p', 20, { endedMs: 5_000 }), sample('p', 5_001)];
  expect(longest(frozen, answers('q', [1_000, 1_100, 1_200]))).toBeUndefined();
});

test('acknowledged writes count as answers, only confirmed ones where safe is asked for', () => {
  const samples = answers('q', [1_000, 1_050, 1_100]);
  const writes = [write({ number: 2, process: 'p', outcome: 'acked' })];
  expect(overlapsOf(observationsOf(samples, writes, 'raw'))[0]?.ms).toBe(0);
  expect(overlapsOf(observationsOf(samples, writes, 'safe'))).toEqual([]);
  const safe = samples.map((one) => ({ ...one, took: 'safe' as const }));
  const confirmed = [write({ number: 2, process: 'p' })];
  expect(overlapsOf(observationsOf(safe, confirmed, 'safe'))[0]?.ms).toBe(0);
});

/** A process that takes writes within one window, asked every few ms. */
const anyProcess = fc.record({
  fromMs: fc.nat(300),
  forMs: fc.nat(300),
  asked: fc.array(
    fc.record({ afterMs: fc.integer({ min: 1, max: 40 }), tookMs: fc.nat(20), at: fc.nat(100) }),
    {
      minLength: 5,
      maxLength: 30,
    },
  ),
});

test('nothing is claimed that the true windows do not hold', () => {
  fc.assert(
    fc.property(anyProcess, anyProcess, (left, right) => {
      const observations = [left, right].flatMap(({ fromMs, forMs, asked }, index) => {
        let nowMs = 0;
        return asked.map(({ afterMs, tookMs, at }): Observation => {
          const sentMs = nowMs + afterMs;
          nowMs = sentMs + tookMs;
          const executedMs = sentMs + (tookMs * at) / 100;
          const taken = executedMs >= fromMs && executedMs <= fromMs + forMs;
          return {
            process: `p${index}`,
            sentMs,
            endedMs: nowMs,
            took: taken ? 'taken' : 'refused',
          };
        });
      });
      const trueMs =
        Math.min(left.fromMs + left.forMs, right.fromMs + right.forMs) -
        Math.max(left.fromMs, right.fromMs);
      const claimed = overlapsOf(observations)[0]?.ms ?? -1;
      if (claimed >= 0) expect(claimed).toBeLessThanOrEqual(trueMs);
    }),
    { seed, numRuns: 2_000 },
  );
});

test('asked every 5 ms, at most 12 ms of a common window escape', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.integer({ min: 20, max: 300 }), (fromMs, forMs) => {
      const every = Array.from({ length: 200 }, (_, index) => index * 5);
      const taken = every.filter((atMs) => atMs >= fromMs && atMs + 1 <= fromMs + forMs);
      const claimed = longest(answers('p', every), answers('q', taken)) ?? -1;
      expect(claimed).toBeGreaterThanOrEqual(forMs - 12);
    }),
    { seed },
  );
});
