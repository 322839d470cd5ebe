/**
 * The quick rows of the fault table, as part of `npm test`: one local cluster, one operator, a cluster of
 * Valkey for each row. All rows: `npm run test:faults`.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeHistory } from './history/judge-history';
import type { HistoryLine } from './history/lines';
import { linesOf } from './report';
import { nameOf } from './row';
import { runRow } from './run';
import { table } from './table';
import { type OpenTheatre, openTheatre } from './theatre';

const rows = table
  .filter(({ tier }) => tier === 'quick')
  .map((row) => ({ name: nameOf(row), row }));
const firstSeed = Date.now() % 1_000_000_000;
let theatre: OpenTheatre | undefined;
/** Of the last row that passed. */
let good: readonly HistoryLine[] = [];

beforeAll(async () => {
  theatre = await openTheatre();
});
afterAll(() => theatre?.close());

test('there are about fifteen', () => {
  expect(rows.length).toBeGreaterThanOrEqual(15);
});

test.for(rows)('$name', async ({ row }) => {
  if (theatre === undefined) throw new Error('the local cluster did not start');
  const seed = firstSeed + rows.findIndex((one) => one.row === row);
  const startedMs = performance.now();
  const result = await runRow(row, seed, theatre);
  console.log(linesOf({ row, seed, tookMs: performance.now() - startedMs, result }).join('\n'));
  expect(result.judgement.problems).toEqual([]);
  if (result.judgement.keys === 'read') good = result.lines;
});

test('a real history whose safe writes are taken away is no good one', () => {
  const written = good.filter((line) => line.kind === 'write' && line.outcome === 'safe');
  expect(written.length).toBeGreaterThan(10);
  const without = good.map((line) => (line.kind === 'read' ? { ...line, keys: '' } : line));
  const { problems } = judgeHistory(without);
  expect(problems.join('\n')).toMatch(/writes that WAIT confirmed are lost/);
});
