/**
 * What a person reads of the runs: one line for each, its problems below it, and where it is kept
 * when it failed: the history, and the operators' logs beside it. A kept history is judged again by `npm run test:faults -- --history FILE`.
 * Never here: running, judging.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Judgement } from './history/judge-history';
import { printHistory } from './history/lines';
import { nameOf, type Row } from './row';
import type { Result } from './run';

const KEPT = 'results/faults';
const NAME_COLUMNS = 54;

/** A run as it was, and how long it took. */
export interface Done {
  readonly row: Row;
  readonly seed: number;
  readonly tookMs: number;
  /** A string: the run could not even be judged. */
  readonly result: Result | string;
}

export function isGood({ result }: Done): boolean {
  return typeof result !== 'string' && result.judgement.problems.length === 0;
}

/** @param keep `all`: also the histories of good runs are kept. */
export function linesOf(done: Done, keep: 'failed' | 'all' = 'failed'): readonly string[] {
  const { row, seed, tookMs, result } = done;
  const again = `       run again by: npm run test:faults -- --seed ${seed} ${nameOf(row)}`;
  const took = `${(tookMs / 1000).toFixed(1)} s`;
  if (typeof result === 'string')
    return [`FAILED ${nameOf(row)} (seed ${seed}, ${took})`, `       ${result}`, again];
  const lines = judged(result.judgement, took);
  if (isGood(done) && keep === 'failed') return lines;
  mkdirSync(KEPT, { recursive: true });
  const file = join(KEPT, `${row.fault}-${row.policy}-${seed}.ndjson`);
  writeFileSync(file, printHistory(result.lines));
  writeFileSync(`${file}.log`, result.logs);
  const kept = `       judged again by: npm run test:faults -- --history ${file}`;
  return isGood(done) ? [...lines, kept] : [...lines, kept, again];
}

export function judged(judgement: Judgement, aside: string): readonly string[] {
  const { run, problems } = judgement;
  const verdict = problems.length === 0 ? 'ok    ' : 'FAILED';
  const name = nameOf(run).padEnd(NAME_COLUMNS);
  return [
    `${verdict} ${name} ${numbersOf(judgement)} (seed ${run.seed}, ${aside})`,
    ...problems.map((problem) => `       ${problem.split('\n', 1)[0]}`),
  ];
}

function numbersOf(judgement: Judgement): string {
  const { gapMs, acked, ackedLost, safe, safeLost, keys, twoWritersMs, stalledMs } = judgement;
  const two = twoWritersMs === undefined ? 'none' : `${twoWritersMs.toFixed(1)} ms`;
  return [
    `gap ${gapMs.toFixed(0).padStart(5)} ms`,
    `acknowledged ${acked} lost ${keys === 'read' ? ackedLost.length : '?'}`,
    `safe ${safe} lost ${keys === 'read' ? safeLost.length : '?'}`,
    `two writers ${two}`,
    ...(stalledMs > 0 ? [`stood still ${stalledMs.toFixed(0)} ms`] : []),
  ].join(', ');
}
