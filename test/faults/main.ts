/**
 * `npm run test:faults`: every row of the fault table; `-- NAME...` those whose name begins so, `-- --quick`
 * those of `npm test`, `-- --seed N` with that seed, `-- --lanes N` so many beside each other (2),
 * `-- --history FILE` judges a kept history again. One line a run; a run that failed keeps its history, each
 * run with `-- --keep`. Ends with `N passed, N failed`.
 * Never here: a row, a fault, a bound.
 */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { summary } from '../../build-tools/outcome';
import { renderedOperator } from '../e2e/operator';
import { judgeHistory } from './history/judge-history';
import { parseHistory } from './history/lines';
import { type Running, runLanes } from './lanes';
import { judged, linesOf } from './report';
import { nameOf, type Row } from './row';
import { table } from './table';
import { openTheatre } from './theatre';

const LANES = 2;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      seed: { type: 'string' },
      lanes: { type: 'string' },
      history: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  if (values.history !== undefined) return judgeAgain(values.history);
  const rows = chosen(positionals, values.quick ? 'quick' : 'all');
  if (values.list) {
    for (const row of rows) console.log(`${nameOf(row)}: ${row.why}`);
    return;
  }
  const firstSeed = numberOf('--seed', values.seed) ?? Date.now() % 1_000_000_000;
  // A Kubernetes of others is one alone.
  const shared = (process.env.GUNGNIR_TEST_KUBECONFIG ?? '') !== '';
  const count = shared ? 1 : (numberOf('--lanes', values.lanes) ?? LANES);
  console.log(`${rows.length} rows from seed ${firstSeed}, ${count} beside each other`);
  const rendered = renderedOperator();
  const running = runLanes({
    rows,
    count,
    firstSeed,
    open: () => openTheatre(rendered),
    onNote: (line) => console.log(line),
    onDone: (done) => console.log(linesOf(done, values.keep ? 'all' : 'failed').join('\n')),
  });
  endOnSignal(running);
  const counts = await running.done;
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

/** @throws one sentence when it is no number. */
function numberOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9][0-9]{0,9}$/.test(text))
    throw new Error(`${flag} takes a whole number from 1 on, not ${text}`);
  return Number(text);
}

/** No process of a Kubernetes outlives this one. */
function endOnSignal({ stop }: Running): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      const end = (): never => process.exit(128 + constants.signals[signal]);
      stop().then(end, end);
    });
}

function judgeAgain(file: string): void {
  const judgement = judgeHistory(parseHistory(readFileSync(file, 'utf8')));
  console.log(judged(judgement, 'judged again').join('\n'));
  process.exitCode = judgement.problems.length === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
