/**
 * `gungnir local up` as a process of its own, and what of it is to be seen from outside: its words, the API
 * behind its kubeconfig, and the processes that it has.
 * Never here: what must hold of them.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../build-tools/bundle-options';
import { until } from './until';

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

/** Those that work in the folder, or whose environment or arguments name it; Linux alone. A server that sets its title has
 * neither of the latter to show. */
export function processesOf(folder: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => {
      const said = textOf(`/proc/${pid}/environ`) + textOf(`/proc/${pid}/cmdline`);
      const text = `${said}${placeOf(pid)}/`;
      return text.includes(`${folder}/`) || text.includes(`${folder}\0`);
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
