/**
 * The processes of all pods: each is a group of its own, and none outlives this program. A file for each
 * tells the next program which ones were left behind by a crash; it ends only those that are certainly
 * the ones it means.
 * Never here: what runs (run.ts), when it ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { atHomeIn, isGroupRunning, membersNaming, startOf } from './process-start';

/** What an earlier program left may take so long to end by itself, a valkey-server that saves its data. */
const LEFTOVER_MS = 10_000;
const LOOK_MS = 20;

export interface SpawnOptions {
  /** The program's path, then its arguments. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A folder that is there. */
  readonly cwd: string;
  readonly stdin: 'open' | 'closed';
}

export type Output = 'stdout' | 'stderr';

export interface Running {
  readonly pid: number;
  /** 0..255 once it has ended; 128 + number for a signal. */
  readonly ended: Promise<number>;
  /** Resolved when its output has been read to the end, which a child of it can delay. */
  readonly closed: Promise<void>;
  /** Called in the turn of the spawning, or nothing is lost: chunks come in later turns. */
  onOutput(listener: (stream: Output, chunk: Buffer) => void): void;
  /** @param chunk undefined: closes it. */
  write(chunk: Uint8Array | undefined): void;
  /** Does nothing where there is nobody any more. */
  signal(to: 'process' | 'group', signal: NodeJS.Signals): void;
}

export interface Processes {
  /** @returns a message where the system refuses it. */
  spawn(options: SpawnOptions): Running | { readonly kind: 'failed'; readonly message: string };
  /**
   * Ends every group and waits until it is gone.
   * @param graceMs how long they may take to end by themselves after a SIGTERM; 0: none is asked.
   */
  endAll(graceMs: number): Promise<void>;
}

/**
 * @param folder for the pid files; what an earlier program left there is ended first.
 * @param mark a path within the environment of every process of this instance.
 * @param home what their HOME begins with, and that of no other process: by it those are found that
 * left their group.
 * @param leftoverMs how long those may take to end by themselves. Default 10000.
 */
export function openProcesses(
  folder: string,
  mark: string,
  home: string,
  leftoverMs = LEFTOVER_MS,
): Processes {
  mkdirSync(folder, { recursive: true });
  endLeftovers(folder, mark, leftoverMs);
  endStrays(home);
  const live = new Map<number, Running>();
  const killAll = (): void => {
    for (const running of live.values()) running.signal('group', 'SIGKILL');
  };
  process.once('exit', killAll);
  return {
    spawn(options) {
      const [program = ''] = options.argv;
      const begun = begin(folder, options);
      if (typeof begun === 'string') return refusal(program, begun);
      const { pid } = begun;
      if (pid === undefined) return refusal(program, 'the system refused to start it');
      const file = join(folder, String(pid));
      const running = runningOf(begun, pid);
      live.set(pid, running);
      void running.ended.then(() => {
        running.signal('group', 'SIGKILL');
        live.delete(pid);
        rmSync(file, { force: true });
      });
      return running;
    },
    async endAll(graceMs) {
      const allEnded = Promise.all([...live.values()].map(({ ended }) => ended));
      if (graceMs > 0) {
        for (const running of live.values()) running.signal('process', 'SIGTERM');
        await withinMs(allEnded, graceMs);
      }
      killAll();
      await Promise.all([...live.values()].map(({ ended }) => ended));
      endStrays(home);
      process.removeListener('exit', killAll);
    },
  };
}

/** @returns why it cannot begin; a process without a pid was refused by the system. */
function begin(folder: string, { argv, env, cwd, stdin }: SpawnOptions): ChildProcess | string {
  const [program = '', ...args] = argv;
  let child: ChildProcess | undefined;
  try {
    child = spawn(program, args, {
      cwd,
      env,
      detached: true,
      stdio: [stdin === 'open' ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    // The reason of a refusal comes as an event, which would end this program if nobody heard it.
    child.on('error', () => undefined);
    const { pid } = child;
    if (pid !== undefined) writeFileSync(join(folder, String(pid)), startOf(pid) ?? '');
    return child;
  } catch (problem) {
    // Without its file, nobody would find it after a crash.
    if (child?.pid !== undefined) signal(-child.pid, 'SIGKILL');
    const { code = '', message } = problem as NodeJS.ErrnoException;
    return REASONS[code] ?? message;
  }
}

/** In words of our own, as Node's tell the value, which can be a Secret's. */
const REASONS: Readonly<Record<string, string>> = {
  E2BIG: 'argument list too long',
  ERR_INVALID_ARG_VALUE: 'an argument or a variable holds a NUL byte',
};

function refusal(program: string, why: string) {
  return { kind: 'failed' as const, message: `exec: "${program}": ${why}` };
}

function runningOf(child: ChildProcess, pid: number): Running {
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    stream?.on('error', () => undefined);
  }
  return {
    pid,
    ended,
    closed,
    onOutput(listener) {
      child.stdout?.on('data', (chunk: Buffer) => listener('stdout', chunk));
      child.stderr?.on('data', (chunk: Buffer) => listener('stderr', chunk));
    },
    write(chunk) {
      if (chunk === undefined) child.stdin?.end();
      else child.stdin?.write(chunk);
    },
    signal: (to, signal) => send(to === 'group' ? -pid : pid, signal, child),
  };
}

/** The group's number stays taken as long as one of its members lives, so it hits nobody else. */
function send(target: number, signal: NodeJS.Signals, child: ChildProcess): void {
  if (target > 0 && (child.exitCode !== null || child.signalCode !== null)) return;
  try {
    process.kill(target, signal);
  } catch {
    // It has ended in the meantime.
  }
}

/** A server that was left behind may be the only one that has what was written last: it is asked to end first. */
function endLeftovers(folder: string, mark: string, graceMs: number): void {
  const left = readdirSync(folder)
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 1)
    .map((pid) => {
      const wrote = readFileSync(join(folder, String(pid)), 'utf8');
      const isLeader = wrote !== '' && startOf(pid) === wrote;
      return { pid, targets: isLeader ? [-pid] : membersNaming(pid, mark) };
    });
  const targets = left.flatMap((one) => one.targets);
  for (const target of targets) signal(target, 'SIGTERM');
  const groups = left.filter((one) => one.targets.length > 0).map(({ pid }) => pid);
  const endMs = Date.now() + graceMs;
  while (groups.some(isGroupRunning) && Date.now() < endMs) standStill(LOOK_MS);
  for (const target of targets) signal(target, 'SIGKILL');
  for (const { pid } of left) rmSync(join(folder, String(pid)), { force: true });
}

/** Nothing else may begin before the processes of an earlier run are gone. */
function standStill(forMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
}

async function withinMs(work: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

function endStrays(home: string): void {
  for (const pid of atHomeIn(home)) signal(pid, 'SIGKILL');
}

function signal(target: number, by: NodeJS.Signals): void {
  try {
    process.kill(target, by);
  } catch {
    // It has ended in the meantime.
  }
}
