/**
 * The quick rows of the fault table, as part of `npm test`: two local clusters beside each other, each with
 * its own operators, a cluster of Valkey for each row. All rows: `npm run test:faults`.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderedOperator } from '../e2e/operator';
import { judgeHistory } from './history/judge-history';
import type { HistoryLine } from './history/lines';
import { type Running, runLanes } from './lanes';
import { type Done, linesOf } from './report';
import { nameOf, type Row } from './row';
import { table } from './table';
import { openTheatre } from './theatre';

const LANES = 2;
const rows = table.filter(({ tier }) => tier === 'quick');
const named = rows.map((row) => ({ name: nameOf(row), row }));
const done = new Map<Row, Done>();
/** Undefined while it goes on. */
let end: 'all rows were taken' | Error | undefined;
const waiting: (() => void)[] = [];
let running: Running | undefined;
/** Of the last row that passed. */
let good: readonly HistoryLine[] = [];

function tellChange(): void {
  for (const wake of waiting.splice(0)) wake();
}

async function doneOf(row: Row): Promise<Done> {
  for (;;) {
    const found = done.get(row);
    if (found !== undefined) return found;
    if (end !== undefined) throw new Error(`it was not run: ${end}`);
    await new Promise<void>((wake) => waiting.push(wake));
  }
}

beforeAll(() => {
  const rendered = renderedOperator();
  running = runLanes({
    rows,
    count: LANES,
    firstSeed: Date.now() % 1_000_000_000,
    open: () => openTheatre(rendered),
    onNote: (line) => console.log(line),
    onDone(one) {
      done.set(one.row, one);
      tellChange();
    },
  });
  running.done.then(
    () => {
      end = 'all rows were taken';
      tellChange();
    },
    (error: unknown) => {
      end = error instanceof Error ? error : new Error(String(error));
      tellChange();
    },
  );
});
afterAll(() => running?.stop());

test('there are about fifteen', () => {
  expect(rows.length).toBeGreaterThanOrEqual(15);
});

test.for(named)('$name', async ({ row }) => {
  const one = await doneOf(row);
  console.log(linesOf(one).join('\n'));
  if (typeof one.result === 'string') throw new Error(one.result);
  const { judgement, lines } = one.result;
  expect(judgement.problems).toEqual([]);
  if (judgement.keys === 'read') good = lines;
});

test('a real history whose safe writes are taken away is no good one', () => {
  const written = good.filter((line) => line.kind === 'write' && line.outcome === 'safe');
  expect(written.length).toBeGreaterThan(10);
  const without = good.map((line) => (line.kind === 'read' ? { ...line, keys: '' } : line));
  const { problems } = judgeHistory(without);
  expect(problems.join('\n')).toMatch(/writes that WAIT confirmed are lost/);
});
