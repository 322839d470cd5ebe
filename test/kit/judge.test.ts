import { expect, test } from 'vitest';
import { judge } from './judge';
import type { Write, WriteOutcome } from './writer';
import { parseLine } from './writer-pod';

/** One write each 10 ms, from 1000 ms on, that ended as the letters say. */
function written(letters: string): readonly Write[] {
  const outcomes: Readonly<Record<string, WriteOutcome>> = {
    a: 'acked',
    s: 'safe',
    r: 'refused',
    u: 'unknown',
  };
  return [...letters].map((letter, index) => ({
    key: `w:${index}`,
    sentMs: 995 + index * 10,
    endedMs: 1000 + index * 10,
    outcome: outcomes[letter] ?? 'unknown',
    to: '',
  }));
}

const all = { fromMs: 1000, toMs: 1100 };

test.each([
  { letters: 'sss', without: [], safeLost: [], ackedLost: [], why: 'everything is there' },
  {
    letters: 'sss',
    without: ['w:1'],
    safeLost: ['w:1'],
    ackedLost: ['w:1'],
    why: 'a safe one is gone',
  },
  {
    letters: 'sas',
    without: ['w:1'],
    safeLost: [],
    ackedLost: ['w:1'],
    why: 'WAIT had not said it was safe',
  },
  { letters: 'sus', without: ['w:1'], safeLost: [], ackedLost: [], why: 'nobody promised it' },
  { letters: 'srs', without: ['w:1'], safeLost: [], ackedLost: [], why: 'it was refused' },
])('$letters without $without: $why', ({ letters, without, safeLost, ackedLost }) => {
  const history = written(letters);
  const present = new Set(history.map(({ key }) => key).filter((key) => !without.includes(key)));
  const verdict = judge(history, present, all);
  expect(verdict.safeLost).toEqual(safeLost);
  expect(verdict.ackedLost).toEqual(ackedLost);
});

test('a refused write that is there all the same is told, one that is not there is fine', () => {
  expect(judge(written('srs'), new Set(['w:0', 'w:1', 'w:2']), all).refusedKept).toEqual(['w:1']);
  expect(judge(written('srs'), new Set(['w:0', 'w:2']), all).refusedKept).toEqual([]);
});

test('a write that ended after the keys were read is not judged', () => {
  const verdict = judge(written('ss'), new Set(['w:0']), { fromMs: 1000, toMs: 1005 });
  expect(verdict).toMatchObject({ safe: 1, safeLost: [] });
});

test.each([
  { letters: 'ssssss', gapMs: 10, why: 'one write each 10 ms' },
  { letters: 'ssuuus', gapMs: 40, why: 'three in a row brought nothing' },
  { letters: 'ssssrr', gapMs: 20, why: 'the end of the span counts: nothing came back' },
])('the gap of $letters is $gapMs ms: $why', ({ letters, gapMs }) => {
  const history = written(letters);
  const present = new Set(history.map(({ key }) => key));
  expect(judge(history, present, { fromMs: 1000, toMs: 1050 }).gapMs).toBe(gapMs);
});

test('the last acknowledgement before the span begins its first gap', () => {
  const history = written('suuss');
  expect(judge(history, new Set(['w:0', 'w:3', 'w:4']), { fromMs: 1015, toMs: 1040 }).gapMs).toBe(
    30,
  );
});

test('a line of the program becomes its writes; a line that is not its own is trouble', () => {
  const line = '{"first":5,"sent":10.5,"ended":12,"outcomes":"sau"}';
  expect(parseLine(line)).toMatchObject({
    kind: 'writes',
    writes: [
      { key: 'w:5', outcome: 'safe', sentMs: 10.5, endedMs: 12 },
      { key: 'w:6', outcome: 'acked' },
      { key: 'w:7', outcome: 'unknown' },
    ],
  });
  const full = parseLine(
    '{"first":5,"sent":10.5,"ended":12,"outcomes":"ssssss","connection":2,"process":"p","history":"h"}',
  );
  expect(full).toMatchObject({
    registers: [{ key: 'r:1', number: 11, connection: 2, process: 'p', history: 'h' }],
  });
  expect(parseLine('TypeError: x is not a function').kind).toBe('trouble');
  expect(parseLine('{"at":1,"connected":"10.0.0.1"}').kind).toBe('nothing');
});
