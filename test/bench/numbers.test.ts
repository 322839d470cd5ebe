/**
 * What is read off the runs, and the gates: each held at its limit and missed just beyond it. The page and
 * the README say what docs/bench.json says.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withBlock } from '../kit/block';
import { judge } from './gates';
import type { Run } from './measures';
import {
  type LocalNumbers,
  median,
  percentile,
  type Results,
  type Row,
  type Scenario,
  type Side,
} from './results';
import { pageOf, shortTableOf, tableOf } from './table';

function run(waitMs: number, change: Partial<Run> = {}): Run {
  return { firstWriteMs: waitMs, gapMs: waitMs, acked: 100, ackedLost: 0, stoodMs: 1, ...change };
}

function row(scenario: Scenario, side: Side, ...runs: readonly Run[]): Row {
  return { scenario, side, runs };
}

function results(rows: readonly Row[], footprint: Results['footprint'] = {}): Results {
  const environment = { at: '2026-01-01', machine: '2 cores', valkey: '8.0.1', node: '24.0.0' };
  return { ...environment, load: [0, 0], rows, footprint, many: [] };
}

test.each([
  { values: [7], middle: 7, p99: 7, why: 'one value is all of them' },
  { values: [9, 1, 5], middle: 5, p99: 9, why: 'order does not matter' },
  {
    values: [1, 2, 3, 10],
    middle: 2.5,
    p99: 10,
    why: 'an even number: between the two in the middle',
  },
])('$values: median $middle, p99 $p99 ($why)', ({ values, middle, p99 }) => {
  expect([median(values), percentile(values, 99)]).toEqual([middle, p99]);
});

test('no values have no median, rather than a good one', () => {
  expect(() => median([])).toThrow('no values');
  expect(() => percentile([], 99)).toThrow('no values');
});

const lost = run(1, { ackedLost: 1 });
const cases = [
  {
    gate: 'kill -9: the engine is at least 50',
    held: [row('kill', 'engine', run(20)), row('kill', 'sentinel1000', run(1000))],
    missed: [row('kill', 'engine', run(20.1)), row('kill', 'sentinel1000', run(1000))],
  },
  {
    gate: 'SIGSTOP, with a kill port: the engine is faster',
    held: [row('stop', 'engineWithKill', run(9)), row('stop', 'sentinel1000', run(9))],
    missed: [row('stop', 'engineWithKill', run(10)), row('stop', 'sentinel1000', run(9))],
  },
  {
    gate: 'switchover: the gap is at most a fifth',
    held: [row('switchover', 'engine', run(20)), row('switchover', 'command', run(100))],
    missed: [row('switchover', 'engine', run(21)), row('switchover', 'command', run(100))],
  },
  {
    gate: 'switchover: the engine loses no acknowledged write',
    held: [row('switchover', 'engine', run(1), run(1))],
    missed: [row('switchover', 'engine', run(1), lost)],
  },
  {
    gate: 'kill -9: engine median',
    held: [row('kill', 'engine', run(1), run(20), run(500))],
    missed: [row('kill', 'engine', run(1), run(20.1), run(500))],
  },
  {
    gate: 'SIGSTOP, with a kill port: engine median',
    held: [row('stop', 'engineWithKill', run(1300))],
    missed: [row('stop', 'engineWithKill', run(1301))],
  },
  {
    gate: 'switchover: engine gap p99',
    held: [row('switchover', 'engine', run(1), run(20))],
    missed: [row('switchover', 'engine', run(1), run(1), run(20.1))],
  },
  {
    gate: 'kill -9 through operator and Service: at least 20',
    held: [row('kill', 'service', run(50)), row('kill', 'sentinel1000', run(1000))],
    missed: [row('kill', 'service', run(50.1)), row('kill', 'sentinel1000', run(1000))],
  },
  {
    gate: 'kill -9 through operator and Service: median',
    held: [row('kill', 'service', run(1), run(100), run(500))],
    missed: [row('kill', 'service', run(1), run(100.1), run(500))],
  },
  {
    gate: 'switchover through operator and Service: gap p99',
    held: [row('switchover', 'service', run(1), run(20))],
    missed: [row('switchover', 'service', run(1), run(20.1))],
  },
  {
    gate: 'switchover through operator and Service: no acknowledged write',
    held: [row('switchover', 'service', run(1), run(1))],
    missed: [row('switchover', 'service', run(1), lost)],
  },
] as const;

test.each(cases)('$gate: held at the limit, missed beyond it', ({ gate, held, missed }) => {
  const kindOf = (rows: readonly Row[]): string | undefined =>
    judge(results(rows), 'full').find((verdict) => verdict.gate.startsWith(gate))?.kind;
  expect([kindOf(held), kindOf(missed), kindOf([])]).toEqual(['held', 'missed', 'notMeasured']);
});

test.each([
  { footprint: { readyMs: 300 }, gate: 'the operator starts', kind: 'missed' },
  { footprint: { readyMs: 299 }, gate: 'the operator starts', kind: 'held' },
  { footprint: { idleBytes: 80_000_000 }, gate: 'the operator rests', kind: 'missed' },
  { footprint: { idleBytes: 79_999_999 }, gate: 'the operator rests', kind: 'held' },
  { footprint: { bundleBytes: 240_000 }, gate: 'the operator is below', kind: 'missed' },
  { footprint: { bundleBytes: 239_999 }, gate: 'the operator is below', kind: 'held' },
])('$gate $footprint: $kind', ({ footprint, gate, kind }) => {
  const verdicts = judge(results([], footprint), 'full');
  expect(verdicts.find((verdict) => verdict.gate.startsWith(gate))?.kind).toBe(kind);
});

const rested: LocalNumbers = {
  readyMs: 4_999,
  idleCpuPercent: 2.9,
  idleBytes: 149_999_999,
  ownCpuPercent: 1,
  ownBytes: 1,
  writesPerCpuSecond: 1_000,
  readsPerCpuSecond: 5_000,
};

test.each([
  { gate: 'the local API server takes at least 1000 writes', worse: { writesPerCpuSecond: 999 } },
  { gate: 'the local API server takes at least 5000 reads', worse: { readsPerCpuSecond: 4_999 } },
  { gate: 'local up', worse: { readyMs: 5_000 } },
  { gate: 'the local cluster rests below 3 %', worse: { idleCpuPercent: 3 } },
  { gate: 'the local cluster rests below 150 MB', worse: { idleBytes: 150_000_000 } },
])('$gate: held at the limit, missed beyond it', ({ gate, worse }) => {
  const kindOf = (local: LocalNumbers): string | undefined =>
    judge({ ...results([]), local }, 'full').find((one) => one.gate.startsWith(gate))?.kind;
  expect([kindOf(rested), kindOf({ ...rested, ...worse })]).toEqual(['held', 'missed']);
});

test('the page tells of the local Kubernetes where it was measured, and is silent elsewhere', () => {
  const measured = { ...results([row('kill', 'engine', run(10))]), local: rested };
  expect(pageOf(measured)).toContain(
    'The local Kubernetes: 5.0 s from the command to the first ValkeyCluster that is Ready; 1000 writes and 5000 reads',
  );
  expect(pageOf(results([row('kill', 'engine', run(10))]))).not.toContain('local Kubernetes');
});

test('the page has a line for each number of clusters that was measured, and says where none was', () => {
  const many = [
    {
      clusters: 100,
      createMs: 3_720,
      createCpuMs: 3_000,
      changeMs: 3_270,
      restCpuPercent: 2.47,
      restBytes: 150_000_000,
    },
  ];
  expect(pageOf({ ...results([row('kill', 'engine', run(10))]), many })).toContain(
    '| 100 | 3.7 | 30.0 | 3.3 | 2.5 | 150 |',
  );
  expect(pageOf(results([row('kill', 'engine', run(10))]))).toContain(
    'many ValkeyClusters: not measured in this run',
  );
});

test('a quick bench asks for no milliseconds, and for every loss', () => {
  const slow = results([row('kill', 'engine', run(5000)), row('switchover', 'engine', lost)]);
  const missed = judge(slow, 'quick').filter(({ kind }) => kind === 'missed');
  expect(missed.map(({ gate }) => gate)).toEqual([
    'switchover: the engine loses no acknowledged write',
  ]);
});

test('a line of the table: median, worst, ratio to the engine, losses, the longest time of two writers', () => {
  const table = tableOf(
    results([
      row('kill', 'engine', run(10), run(12)),
      row('kill', 'sentinel1000', run(2200), run(2310, { ackedLost: 3, twoWritersMs: 9000 })),
    ]),
  );
  expect(table.split('\n').slice(3, 5)).toEqual([
    '| `kill -9` to first write | **Gungnir** | 2 | 11.0 | 12.0 | 1 | 0 |  |',
    '| `kill -9` to first write | Sentinel, 1000 ms | 2 | 2255 | 2310 | 205x | 3 | 9000 |',
  ]);
});

test('the first numbers of the README: medians and losses of three sides; what was not measured says so', () => {
  const table = shortTableOf(
    results([
      row('kill', 'engine', run(10), run(12)),
      row('kill', 'sentinel1000', run(2200)),
      row('switchover', 'engine', run(7)),
      row('switchover', 'service', run(8)),
      row('switchover', 'sentinel', run(5, { ackedLost: 9 })),
    ]),
  );
  expect(table.split('\n').slice(3, 6)).toEqual([
    '| `kill -9` of the primary to the first write elsewhere, ms, median of 2 | **11.0** | not measured | **2200** |',
    '| planned switchover, longest gap, ms, median of 1 | **7.0** | **8.0** | **5.0** |',
    '| acknowledged writes lost by those 1 switchovers | **0** | **0** | **9** |',
  ]);
});

test('what a run missed stands below its table, and what it reached does not', () => {
  const slow = tableOf(results([row('kill', 'engine', run(900))]));
  expect(slow).toContain('- **missed** kill -9: engine median at most 20 ms: 900.0 ms in 1 runs');
  expect(tableOf(results([row('kill', 'engine', run(10))]))).not.toContain('missed');
});

test('the block of a text is filled, then replaced, and nothing else is touched', () => {
  const table = tableOf(results([row('kill', 'engine', run(10))]));
  const once = withBlock('before\n<!-- table of npm run bench -->\nafter\n', table);
  expect(once).toBe(`before\n${table}\nafter\n`);
  const other = tableOf(results([row('kill', 'engine', run(99))]));
  expect(withBlock(once ?? '', other)).toBe(`before\n${other}\nafter\n`);
  expect(withBlock('no block', table)).toBeUndefined();
});

test('page and README say what docs/bench.json says', () => {
  const written: Results = JSON.parse(readFileSync('docs/bench.json', 'utf8'));
  const readme = readFileSync('README.md', 'utf8');
  expect(readFileSync('docs/BENCH.md', 'utf8')).toBe(pageOf(written));
  for (const table of [shortTableOf(written), tableOf(written)])
    expect(withBlock(readme, table)).toBe(readme);
});
