/** A good history has no problem; each planted violation is told, and its harmless twin is not. */
import { expect, test } from 'vitest';
import { type Bounds, strictest } from './bounds';
import { judgeHistory } from './judge-history';
import type { HistoryLine } from './lines';
import { quiet, read, record, route, run, sample, write } from './planted';

function problemsOf(
  lines: readonly HistoryLine[],
  bounds: Partial<Bounds> = {},
): readonly string[] {
  const header = { ...run, bounds: { ...strictest, ...bounds } };
  return judgeHistory([header, ...lines.filter(({ kind }) => kind !== 'run')]).problems;
}

/** The good history with one line changed, found by what it is. */
function changed(fits: (line: HistoryLine) => boolean, change: object): readonly HistoryLine[] {
  return quiet.map((line) => (fits(line) ? ({ ...line, ...change } as HistoryLine) : line));
}
const writeOf = (number: number) => (line: HistoryLine) =>
  line.kind === 'write' && line.number === number;
const isRead = ({ kind }: HistoryLine): boolean => kind === 'read';
const lastLost = changed(isRead, { keys: '0-8' });

test('a quiet run has no problem, and is counted', () => {
  expect(problemsOf(quiet)).toEqual([]);
  expect(judgeHistory(quiet)).toMatchObject({ acked: 10, safe: 10, changes: 0, gapMs: 10 });
});

const primaryMoved = (lineageEpoch: number, process: string): readonly HistoryLine[] => [
  ...quiet,
  record(1_050, { epoch: lineageEpoch, lineageEpoch, primary: { pod: 'cart-1', process } }),
];

const told = (reason: string, message = 'words'): HistoryLine => ({
  kind: 'told',
  by: 'event',
  reason,
  message,
});

interface Case {
  readonly what: string;
  readonly lines: readonly HistoryLine[];
  readonly bounds?: Partial<Bounds>;
  /** Undefined: no problem. */
  readonly said: RegExp | undefined;
}
const cases: readonly Case[] = [
  {
    what: 'one of two nodes does not answer in the end',
    lines: quiet.filter((line) => !(isRead(line) && 'pod' in line && line.pod === 'cart-1')),
    said: /1 of 2 nodes could be read in the end/,
  },
  {
    what: 'one of two nodes does not answer where the cluster should have stopped',
    lines: quiet.filter((line) => !isRead(line)),
    bounds: { end: 'stopped' },
    said: undefined,
  },
  {
    what: 'a process was never asked whether it takes writes',
    lines: changed((line) => isRead(line) && 'pod' in line && line.pod === 'cart-1', {
      process: 'p9',
    }),
    said: /nobody asked these whether they take writes: cart-1/,
  },
  {
    what: 'WAIT never confirmed a write',
    lines: changed(({ kind }) => kind === 'write', { outcome: 'acked' }),
    said: /WAIT confirmed no write at all/,
  },
  {
    what: 'nobody saw a record',
    lines: quiet.filter(({ kind }) => kind !== 'record'),
    said: /no record was seen/,
  },
  {
    what: 'a confirmed write is lost',
    lines: lastLost,
    said: /1 writes that WAIT confirmed are lost: w:9/,
  },
  {
    what: 'a confirmed write is lost where the promise does not reach',
    lines: lastLost,
    bounds: { safeLost: 'reported', ackedLost: 'reported' },
    said: undefined,
  },
  {
    what: 'an acknowledged write is lost in planned work',
    lines: changed(writeOf(9), { outcome: 'acked' }).map((line) =>
      isRead(line) ? { ...line, keys: '0-8' } : line,
    ) as readonly HistoryLine[],
    said: /1 writes acknowledged are lost/,
  },
  {
    what: 'a write of unknown end is not there',
    lines: changed(writeOf(9), { outcome: 'unknown' }).map((line) =>
      isRead(line) ? { ...line, keys: '0-8' } : line,
    ) as readonly HistoryLine[],
    said: undefined,
  },
  {
    what: 'a refused write is there',
    lines: changed(writeOf(3), { outcome: 'refused' }),
    said: /refused and yet there: w:3/,
  },
  {
    what: 'a hole',
    lines: changed(isRead, { keys: '0-3,5-9' }),
    bounds: { safeLost: 'reported', ackedLost: 'reported' },
    said: /w:4 is lost although w:5/,
  },
  {
    what: 'a replica differs',
    lines: changed((line) => line.kind === 'read' && line.role === 'replica', { keys: '0-8' }),
    said: /cart-1 differs/,
  },
  {
    what: 'a second process takes writes',
    lines: [...quiet, sample('p2', 1_020)],
    said: /two processes took writes at once for 0.0 ms/,
  },
  {
    what: 'it may, for a moment',
    lines: [...quiet, sample('p2', 1_020)],
    bounds: { twoWritersMs: 50 },
    said: undefined,
  },
  {
    what: 'it may, but not for so long',
    lines: [...quiet, sample('p2', 1_012), sample('p2', 1_085)],
    bounds: { twoWritersMs: 50 },
    said: /for 72.0 ms; at most 50/,
  },
  {
    what: 'two processes have writes confirmed',
    lines: [...quiet, sample('p2', 1_020, { took: 'safe' })],
    said: /two processes had writes confirmed by WAIT at once/,
  },
  {
    what: 'the primary changes and should not',
    lines: primaryMoved(2, 'p2'),
    said: /changed 1 times; from 0 to 0/,
  },
  {
    what: 'the primary changes as it should',
    lines: primaryMoved(2, 'p2'),
    bounds: { changes: { least: 1, most: 1 } },
    said: undefined,
  },
  {
    what: 'the primary does not change and should',
    lines: quiet,
    bounds: { changes: { least: 1, most: 1 } },
    said: /changed 0 times/,
  },
  {
    what: 'the primary changed before the fault, as a part of its setting',
    lines: [
      run,
      record(900, { primary: { pod: 'cart-1', process: 'p0' }, lineageEpoch: 0 }),
      ...quiet,
    ],
    said: undefined,
  },
  {
    what: 'two primaries in one epoch',
    lines: primaryMoved(1, 'p2'),
    bounds: { changes: { least: 1, most: 1 } },
    said: /epoch 1 has two primaries: p1 and p2/,
  },
  {
    what: 'the epoch falls',
    lines: [...quiet, record(1_050, { epoch: 0 })],
    said: /the epoch fell from 1 to 0/,
  },
  {
    what: 'the epoch runs ahead of the lineage',
    lines: [...quiet, record(1_050, { epoch: 2 })],
    said: undefined,
  },
  {
    what: 'the term falls',
    lines: [...quiet, record(1_050, { term: 0 })],
    said: /the term fell from 1 to 0/,
  },
  {
    what: 'a cluster of the same name is made later',
    lines: [
      ...quiet,
      record(1_050, { cluster: 'c2', term: 0, epoch: 0, lineageEpoch: 0, primary: undefined }),
      route(1_050, { service: 's2', pod: '', epoch: 0 }),
    ],
    said: undefined,
  },
  {
    what: 'a client deletes everything',
    lines: [...changed(isRead, { keys: '5-9' }), { kind: 'mark', atMs: 1_045, what: 'flush' }],
    said: undefined,
  },
  {
    what: 'a client deletes everything, and a later write is lost',
    lines: [...changed(isRead, { keys: '6-9' }), { kind: 'mark', atMs: 1_045, what: 'flush' }],
    said: /1 writes that WAIT confirmed are lost: w:5/,
  },
  {
    what: 'the run did not come to its end',
    lines: [...quiet, { kind: 'trouble', message: 'not within 9 ms: a new primary' }],
    said: /did not come to its end: not within 9 ms/,
  },
  { what: 'the term rises', lines: [...quiet, record(1_050, { term: 2 })], said: undefined },
  {
    what: 'two processes write one history',
    lines: changed(writeOf(9), { process: 'p2' }),
    said: /p1 and p2 both wrote the history h1/,
  },
  {
    what: 'each writes its own',
    lines: changed(writeOf(9), { process: 'p2', history: 'h2' }),
    said: undefined,
  },
  {
    what: 'the Service leads to a stranger',
    lines: [...quiet, route(1_050, { pod: 'cart-1' })],
    said: /the Service led to cart-1/,
  },
  {
    what: 'a user did that',
    lines: [...quiet, route(1_050, { pod: 'cart-1' })],
    bounds: { route: 'edited' },
    said: undefined,
  },
  {
    what: 'the Service is closed',
    lines: [...quiet, route(1_050, { pod: 'cart-none' })],
    said: undefined,
  },
  {
    what: 'the Service leads to the target',
    lines: [
      ...quiet,
      record(1_045, { epoch: 2, phase: 'Failover', target: { pod: 'cart-1', process: 'p2' } }),
      route(1_050, { pod: 'cart-1', epoch: 2 }),
    ],
    said: undefined,
  },
  {
    what: "the Service's epoch falls",
    lines: [...quiet, route(1_050, { epoch: 0 })],
    said: /Service's epoch fell/,
  },
  {
    what: 'silence beyond the bound',
    lines: quiet,
    bounds: { gapMs: 9 },
    said: /acknowledged for 10 ms; at most 9/,
  },
  {
    what: 'silence beyond the bound while the run itself stood still',
    lines: [...quiet, { kind: 'stall', atMs: 1_060, ms: 1 }],
    bounds: { gapMs: 9 },
    said: undefined,
  },
  {
    what: 'silence beyond the bound, and a stall before the fault',
    lines: [...quiet, { kind: 'stall', atMs: 1_030, ms: 1 }],
    bounds: { gapMs: 9 },
    said: /no write was acknowledged for 10 ms; at most 9/,
  },
  { what: 'silence at the bound', lines: quiet, bounds: { gapMs: 10 }, said: undefined },
  {
    what: 'nobody serves in the end',
    lines: quiet.filter((line) => !isRead(line)),
    said: /nothing is the primary in the end/,
  },
  {
    what: 'nobody serves, as it should be',
    lines: quiet.filter((line) => !isRead(line)),
    bounds: { end: 'stopped' },
    said: undefined,
  },
  {
    what: 'it serves although it should have asked',
    lines: quiet,
    bounds: { end: 'stopped' },
    said: /should have stopped and asked/,
  },
  {
    what: 'nothing was written',
    lines: quiet.map((line) =>
      line.kind === 'write' ? write({ ...line, outcome: 'unknown' }) : line,
    ),
    said: /no write was acknowledged at all/,
  },
  {
    what: 'a user was not told what he must hear',
    lines: [...quiet, told('PrimaryDown')],
    bounds: { told: ['PrimaryChanged'] },
    said: /PrimaryChanged was told by no Event and no condition; told were: PrimaryDown/,
  },
  {
    what: 'a user was told what he must hear',
    lines: [...quiet, told('PrimaryChanged')],
    bounds: { told: ['PrimaryChanged'] },
    said: undefined,
  },
  {
    what: 'a false alarm',
    lines: [...quiet, told('PrimaryDown')],
    bounds: { neverTold: ['PrimaryDown'] },
    said: /the event PrimaryDown is wrong here/,
  },
  {
    what: 'the command that answers is not printed',
    lines: [...quiet, told('AllEmpty')],
    bounds: { says: 'accept=cart-\\d@' },
    said: /nothing that was told reads like/,
  },
  {
    what: 'the command that answers is printed',
    lines: [...quiet, told('AllEmpty', 'annotate vc cart accept=cart-1@3')],
    bounds: { says: 'accept=cart-\\d@' },
    said: undefined,
  },
  {
    what: 'a refused value of a register, overwritten later',
    lines: [
      ...quiet.filter((line) => !isRead(line)),
      write({ number: 10, key: 'r:0', outcome: 'refused' }),
      write({ number: 11, key: 'r:1' }),
      read('cart-0', { register: 1 }),
      read('cart-1', { register: 1 }),
    ],
    said: undefined,
  },
];

test.each(cases)('$what', ({ lines, bounds, said }) => {
  const problems = problemsOf(lines, bounds);
  if (said === undefined) expect(problems).toEqual([]);
  else expect(problems.join('\n')).toMatch(said);
});

test('a history without a run or without marks is refused in one sentence', () => {
  expect(() => judgeHistory(quiet.slice(1))).toThrow('does not begin with a line of kind "run"');
  expect(() => judgeHistory([run])).toThrow('no mark of its fault');
  expect(read('cart-0').role).toBe('primary');
});
