/**
 * `npm run verify`: explores every scope with the shipped engine, then shows that each planted
 * mutant is killed, and that each property was put to the test and is broken by some mutant.
 * `npm run verify -- NAME...` takes the named scopes and mutants only; `mutants` stands for all those.
 * `npm run verify -- --long` takes the long scopes also.
 * Every count of states is recorded in expected-states.json: a change that nobody meant fails the
 * run, `UPDATE=1` records a meant one.
 * Never here: a scope, a property or a mutant of its own.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Job, Report } from './job';
import { mutants } from './mutants/registry';
import { runAll } from './pool';
import { safety } from './props/safety';
import { scopesOf } from './scopes/all';
import { shipped } from './scopes/models';

const EXPECTED = join(__dirname, 'expected-states.json');
const expected = JSON.parse(readFileSync(EXPECTED, 'utf8')) as Record<string, number>;
const updating = process.env.UPDATE === '1';

let passed = 0;
let failed = 0;

function verdict(holds: boolean, line: string): void {
  if (holds) passed += 1;
  else failed += 1;
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${line}`);
}

/** Long scopes need no recorded count. */
function isLong({ name }: Job): boolean {
  return scopesOf(shipped).some((scope) => scope.name === name && scope.tier !== 'each');
}

function take(job: Job, { holds, line, details, states }: Report): void {
  const known = expected[job.name];
  const uncounted = job.kind === 'mutant' || updating || (known === undefined && isLong(job));
  const counted = uncounted || known === states;
  if (updating && job.kind === 'scope') expected[job.name] = states;
  verdict(holds && counted, line);
  const wanted = `expected ${known ?? 'no'} states: UPDATE=1 records a change that is meant`;
  for (const detail of counted ? details : [wanted, ...details]) console.log(`       ${detail}`);
}

function premises(seen: ReadonlyMap<string, number>): void {
  for (const { name, says } of safety) {
    const times = seen.get(name) ?? 0;
    verdict(
      times > 0,
      `${name.padEnd(24)} put to the test ${String(times).padStart(8)} times: ${says}`,
    );
  }
}

/** A property that no mutant breaks may hold for nothing. */
function broken(): void {
  for (const name of [...safety.map((property) => property.name), 'settles']) {
    const by = mutants.filter(
      ({ expected: wanted }) => 'killedBy' in wanted && wanted.killedBy.includes(name),
    );
    verdict(
      by.length > 0,
      `${name.padEnd(24)} broken by ${by.map((mutant) => mutant.name).join(', ') || 'no mutant'}`,
    );
  }
}

/** @throws one sentence when a name is that of nothing. */
function jobsOf(names: readonly string[]): readonly Job[] {
  const named = names.filter((name) => name !== '--long');
  const long = names.includes('--long') || named.length > 0;
  const scopes = scopesOf(shipped)
    .filter(({ tier }) => long || tier === 'each')
    .map(({ name }): Job => ({ kind: 'scope', name }));
  const planted = mutants.map(({ name }): Job => ({ kind: 'mutant', name }));
  const wanted = ({ kind, name }: Job): boolean =>
    named.includes(name) || (kind === 'mutant' && named.includes('mutants'));
  const all = [...scopes, ...planted];
  const stray = named.find((name) => name !== 'mutants' && !all.some((job) => job.name === name));
  if (stray !== undefined) throw new Error(`no scope and no mutant is called ${stray}`);
  return named.length === 0 ? all : all.filter(wanted);
}

async function main(names: readonly string[]): Promise<void> {
  const startedAtMs = performance.now();
  const jobs = jobsOf(names);
  const size = (index: number): number => expected[jobs[index]?.name ?? ''] ?? 0;
  const longestFirst = [...jobs.keys()].sort((left, right) => size(right) - size(left));
  const seen = new Map<string, number>();
  let states = 0;
  await runAll(jobs, longestFirst, (job, report) => {
    take(job, report);
    states += report.states;
    for (const [name, times] of report.seen) seen.set(name, (seen.get(name) ?? 0) + times);
  });
  if (names.every((name) => name === '--long')) {
    premises(seen);
    broken();
  }
  if (updating) writeFileSync(EXPECTED, `${JSON.stringify(expected, undefined, 2)}\n`);
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(0);
  console.log(`${states} states in ${seconds} s`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
