/**
 * `npm run bench`: the engine beside real Sentinels, on this machine, in one run. Writes docs/bench.json,
 * docs/BENCH.md and the README's two blocks. `-- --quick`: a few runs each and the gates that hold on a busy
 * machine, files untouched; `-- --local`: the local Kubernetes alone, files untouched; `-- --check`: only
 * compares the page and the README with the JSON.
 * Ends with `N passed, N failed`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { summary } from '../../build-tools/outcome';
import { withBlock } from '../kit/block';
import { serverProgram } from '../kit/valkey-versions';
import { sizeOf } from './footprint';
import { judge, type Verdict } from './gates';
import { measureLocal } from './local';
import { startLocalUp } from './local-up';
import { measureMany } from './many';
import { measureAll } from './plan';
import type { Results, Scenario, Side } from './results';
import { pageOf, shortTableOf, tableOf } from './table';

const JSON_FILE = 'docs/bench.json';
const PAGE = 'docs/BENCH.md';
const README = 'README.md';

type Mode = 'quick' | 'full' | 'check' | 'local';

/** Quick: what is cheap runs more often, so that one busy moment does not decide. */
function timesOf(mode: 'quick' | 'full', scenario: Scenario, side: Side): number {
  if (mode === 'full') return scenario === 'switchover' ? 20 : 10;
  const isSlowStop = scenario === 'stop' && side !== 'engineWithKill';
  const slow = side.startsWith('sentinel') || isSlowStop;
  return slow ? 2 : 5;
}

async function main(): Promise<void> {
  const mode = modeOf(process.argv.slice(2));
  if (mode === undefined) {
    console.error('bench: only --quick, --local or --check may follow (npm run bench -- --quick)');
    process.exitCode = 2;
    return;
  }
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  const counts =
    mode === 'check' ? checkFiles() : mode === 'local' ? await benchLocal() : await bench(mode);
  console.log(summary(counts));
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

function modeOf(words: readonly string[]): Mode | undefined {
  const [word, ...more] = words;
  if (more.length > 0) return undefined;
  if (word === undefined) return 'full';
  const modes = { '--quick': 'quick', '--local': 'local', '--check': 'check' } as const;
  return word in modes ? modes[word as keyof typeof modes] : undefined;
}

async function bench(mode: 'quick' | 'full') {
  const before = loadNow();
  buildPrograms();
  const up = await startLocalUp().catch((cause: Error) => cause);
  if (up instanceof Error) say(`NOT MEASURED: operator and Service: ${up.message}`);
  const { rows, broken } = await measureAll({
    up: up instanceof Error ? undefined : up,
    times: (scenario, side) => timesOf(mode, scenario, side),
    say: console.log,
  });
  if (!(up instanceof Error)) await up.stop();
  const { footprint, local } = await measurePrograms();
  const many = await measureMany(mode === 'full' ? [10, 100, 1_000] : [10], say);
  const results: Results = {
    ...environment(),
    load: [before, loadNow()],
    rows,
    footprint,
    many,
    ...(local === undefined ? {} : { local }),
  };
  console.log(`\n${tableOf(results)}\n`);
  const verdicts = judge(results, mode);
  for (const verdict of verdicts) console.log(lineOf(verdict));
  if (mode === 'full' && broken.length === 0) writeFiles(results);
  const passed = verdicts.filter(({ kind }) => kind === 'held').length;
  return { passed, failed: verdicts.length - passed + broken.length };
}

function say(line: string): void {
  console.log(`!!! ${line}`);
}

/** What is measured is what this tree ships, not what lies there from another day. */
function buildPrograms(): void {
  execFileSync(process.execPath, ['--import', 'tsx', 'build-tools/bundle.ts'], { stdio: 'ignore' });
}

async function measurePrograms(): Promise<Pick<Results, 'footprint' | 'local'>> {
  const size = sizeOf(say);
  const measured = await measureLocal(say);
  if (measured === undefined) return { footprint: size };
  return { footprint: { ...size, ...measured.operator }, local: measured.local };
}

/** The gates of the local Kubernetes and of the operator alone. */
async function benchLocal() {
  const before = loadNow();
  buildPrograms();
  const { footprint, local } = await measurePrograms();
  if (local === undefined) return { passed: 0, failed: 1 };
  const many = await measureMany([10, 100], say);
  const load: Results['load'] = [before, loadNow()];
  const results: Results = { ...environment(), load, rows: [], footprint, local, many };
  console.log(JSON.stringify({ footprint, local, many, load }));
  const verdicts = judge(results, 'full').filter(({ kind }) => kind !== 'notMeasured');
  for (const verdict of verdicts) console.log(lineOf(verdict));
  const passed = verdicts.filter(({ kind }) => kind === 'held').length;
  return { passed, failed: verdicts.length - passed };
}

function lineOf({ gate, kind, seen }: Verdict): string {
  return `${kind === 'held' ? 'ok    ' : 'FAILED'} ${gate} (${seen})`;
}

function environment() {
  const version = execFileSync(serverProgram(), ['--version'], { encoding: 'utf8' });
  return {
    at: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'})${priority()}`,
    valkey: /v=([\d.]+)/.exec(version)?.[1] ?? 'unknown',
    node: process.versions.node,
  };
}

/** Said when the bench was given the processor before others (chrt): field 41 of /proc/self/stat. */
function priority(): string {
  const stat = existsSync('/proc/self/stat') ? readFileSync('/proc/self/stat', 'utf8') : '';
  const policy = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38] ?? '0';
  return policy === '0' ? '' : ', with real-time priority over other work';
}

function loadNow(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

function writeFiles(results: Results): void {
  writeFileSync(JSON_FILE, `${JSON.stringify(results, undefined, 1)}\n`);
  writeFileSync(PAGE, pageOf(results));
  const readme = readmeWith(results);
  if (readme === undefined) console.log(`!!! ${README} has no blocks for the tables`);
  else writeFileSync(README, readme);
  console.log(`\nwritten: ${JSON_FILE}, ${PAGE}, the blocks in ${README}`);
}

function readmeWith(results: Results): string | undefined {
  const readme = withBlock(readFileSync(README, 'utf8'), shortTableOf(results));
  return readme === undefined ? undefined : withBlock(readme, tableOf(results));
}

/** The page and the README say what the JSON says. */
function checkFiles() {
  const results: Results = JSON.parse(readFileSync(JSON_FILE, 'utf8'));
  const readme = readFileSync(README, 'utf8');
  const fresh = [
    { file: PAGE, good: readFileSync(PAGE, 'utf8') === pageOf(results) },
    { file: README, good: readmeWith(results) === readme },
  ];
  for (const { file, good } of fresh) console.log(`${good ? 'ok    ' : 'STALE '} ${file}`);
  const passed = fresh.filter(({ good }) => good).length;
  return { passed, failed: fresh.length - passed };
}

void main();
