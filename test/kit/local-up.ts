/**
 * `gungnir local up` as a process of its own, and what of it is to be seen from outside: its words, the API
 * behind its kubeconfig, and the processes that it has.
 * Never here: what must hold of them.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../build-tools/bundle-options';
import { INSTANCES_MAX } from '../../src/local/range';
import { ranOf } from './kubectl';
import { until } from './until';
import { serverProgram } from './valkey-versions';

const UP_MS = 60_000;

export interface Up {
  readonly child: ChildProcess;
  readonly kubeconfig: string;
  /** Of what it keeps, or of its scratch. */
  readonly folder: string;
  readonly ended: Promise<number | null>;
  text(): string;
}

/** The bundled program and operator, made once. @returns the folder of both. */
export async function bundled(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-up-'));
  const of = (entry: string, file: string) =>
    build({ ...bundleOptions, entryPoints: [entry], outfile: join(folder, file) });
  await Promise.all([
    of('src/runtime/cli/main.ts', 'cli.mjs'),
    of('src/runtime/main.ts', 'operator.mjs'),
  ]);
  return folder;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  text(): string;
}

export function run(
  programs: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Running {
  const args = [join(programs, 'cli.mjs'), 'local', 'up', ...argv];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, COLUMNS: '500', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  const ended = new Promise<number | null>((done) => {
    child.once('close', done);
  });
  return { child, ended, text: () => said };
}

/** @throws with its words when it ends before it is up. */
export async function up(programs: string, argv: readonly string[]): Promise<Up> {
  const running = run(programs, argv);
  let isOver = false;
  void running.ended.then(() => {
    isOver = true;
  });
  const kubeconfig = await until(
    'local up prints its kubeconfig',
    () => {
      if (isOver) throw new Error(running.text());
      return /export KUBECONFIG=(\S+)/.exec(running.text())?.[1];
    },
    UP_MS,
    20,
  ).catch(async (cause: unknown) => {
    running.child.kill('SIGINT');
    await running.ended;
    throw cause;
  });
  return { ...running, kubeconfig, folder: kubeconfig.replace(/\/kubeconfig$/, '') };
}

/** Those that work in the folder, or whose environment or arguments name it; Linux alone. */
export function processesOf(folder: string): readonly number[] {
  return processesAt(`${folder}/`, `${folder}\0`);
}

/** The same for any of these beginnings of paths. A server that sets its title shows only where it works. */
export function processesAt(...places: readonly string[]): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => {
      const said = textOf(`/proc/${pid}/environ`) + textOf(`/proc/${pid}/cmdline`);
      const text = `${said}${placeOf(pid)}/`;
      return places.some((place) => text.includes(place));
    });
}

function placeOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

/** The name of what it runs, without its folder. */
export function programOf(pid: number): string {
  return textOf(`/proc/${pid}/comm`).trim();
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The answer to a command, asked by what it printed for clients of its cluster, typed as it stands. */
export async function askedAsPrinted(
  { text }: Pick<Up, 'text'>,
  kubectl: string,
  command: string,
): Promise<string> {
  const printed =
    /( *export KUBECONFIG=\S+\n).*\n( *export REDISCLI_AUTH=[\s\S]*?)\n\n/.exec(text()) ?? [];
  const PATH = [dirname(kubectl), dirname(serverProgram()), process.env.PATH].join(delimiter);
  const typed = `${printed.slice(1).join('')} ${command}`;
  const { out, err } = await ranOf('bash', ['-c', typed], { ...process.env, PATH });
  return out === '' ? err : out;
}

/** More than are up at once. */
const HIGH_INSTANCES = 24;
let made = 0;

/** A folder to keep things in, whose addresses nobody takes who asks for the first free ones. */
export function keptFolder(scratch: string): string {
  made += 1;
  const folder = join(scratch, `data-${made}`);
  mkdirSync(folder);
  const last = INSTANCES_MAX - 1;
  writeFileSync(join(folder, 'instance'), String(last - ((process.pid + made) % HIGH_INSTANCES)));
  return folder;
}
