/**
 * `npm run test:faults`: every row of the fault table; `-- NAME...` those whose name begins so, `-- --quick`
 * the quick ones, `-- --seed N` with that seed, `-- --history FILE` judges a kept history again. One line a
 * run; a run that failed keeps its history. Ends with `N passed, N failed`.
 * Never here: a row, a fault, a bound.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Counts, summary } from '../../build-tools/outcome';
import { type Judgement, judgeHistory } from './history/judge-history';
import { parseHistory, printHistory } from './history/lines';
import { nameOf, type Row } from './row';
import { runRow, type Theatre } from './run';
import { table } from './table';
import { openTheatre } from './theatre';

const KEPT = 'results/faults';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      seed: { type: 'string' },
      history: { type: 'string' },
    },
  });
  if (values.history !== undefined) return judgeAgain(values.history);
  const rows = chosen(positionals, values.quick ? 'quick' : 'all');
  if (values.list) {
    for (const row of rows) console.log(`${nameOf(row)}: ${row.why}`);
    return;
  }
  const first = Number(values.seed ?? Date.now() % 1_000_000_000);
  const counts = await runAll(rows, first);
  console.log(summary(counts));
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

/** @throws one sentence when a name fits no row. */
function chosen(names: readonly string[], tier: 'quick' | 'all'): readonly Row[] {
  const stray = names.find((name) => !table.some((row) => nameOf(row).startsWith(name)));
  if (stray !== undefined)
    throw new Error(`no row is called ${stray}; npm run test:faults -- --list prints all of them`);
  return table
    .filter((row) => tier === 'all' || row.tier === 'quick')
    .filter((row) => names.length === 0 || names.some((name) => nameOf(row).startsWith(name)));
}

async function runAll(rows: readonly Row[], firstSeed: number): Promise<Counts> {
  const theatre = await openTheatre();
  let passed = 0;
  let failed = 0;
  try {
    for (const [index, row] of rows.entries()) {
      const missing = row.needs.filter((need) => !theatre.offers.includes(need));
      if (missing.length > 0) {
        console.log(
          `not here ${nameOf(row)}: this Kubernetes does not offer ${missing.join(', ')}`,
        );
        continue;
      }
      const good = await runOne(row, firstSeed + index, theatre);
      if (good) passed += 1;
      else failed += 1;
    }
  } finally {
    await theatre.close();
  }
  return { passed, failed };
}

async function runOne(row: Row, seed: number, theatre: Theatre): Promise<boolean> {
  const startedMs = performance.now();
  const { lines, judgement } = await runRow(row, seed, theatre);
  const tookS = ((performance.now() - startedMs) / 1000).toFixed(1);
  const good = tell(judgement, `${tookS} s`);
  if (good) return true;
  mkdirSync(KEPT, { recursive: true });
  const file = join(KEPT, `${row.fault}-${row.policy}-${seed}.ndjson`);
  writeFileSync(file, printHistory(lines));
  console.log(`       judged again by: npm run test:faults -- --history ${file}`);
  console.log(`       run again by: npm run test:faults -- --seed ${seed} ${nameOf(row)}`);
  return false;
}

/** @returns whether it was good. */
function tell(judgement: Judgement, aside: string): boolean {
  const { run, problems } = judgement;
  const verdict = problems.length === 0 ? 'ok    ' : 'FAILED';
  const name = nameOf(run).padEnd(52);
  console.log(`${verdict} ${name} ${numbersOf(judgement)} (seed ${run.seed}, ${aside})`);
  for (const problem of problems) console.log(`       ${problem.split('\n', 1)[0]}`);
  return problems.length === 0;
}

function numbersOf(judgement: Judgement): string {
  const { gapMs, acked, ackedLost, safe, safeLost, keys, twoWritersMs } = judgement;
  const two = twoWritersMs === undefined ? 'none' : `${twoWritersMs.toFixed(1)} ms`;
  return [
    `gap ${gapMs.toFixed(0).padStart(5)} ms`,
    `acknowledged ${acked} lost ${keys === 'read' ? ackedLost.length : '?'}`,
    `safe ${safe} lost ${keys === 'read' ? safeLost.length : '?'}`,
    `two writers ${two}`,
  ].join(', ');
}

function judgeAgain(file: string): void {
  const judgement = judgeHistory(parseHistory(readFileSync(file, 'utf8')));
  process.exitCode = tell(judgement, 'judged again') ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
