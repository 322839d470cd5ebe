/**
 * Runs a program that asks a registry: bounded in time with all that it starts, and with its last words when it fails.
 * Never here: which program.
 */
import { type ChildProcess, spawn } from 'node:child_process';

export interface Bounded {
  readonly cwd: string;
  readonly withinMs: number;
  readonly env?: Readonly<Record<string, string>>;
}

const LINES_KEPT = 25;
const running = new Set<ChildProcess>();
// A group of its own does not hear the terminal's Ctrl-C, nor what ends its parent.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    for (const child of running) killGroup(child);
    process.exit(1);
  });

/** @throws one sentence, then what the program said last. @returns ms. */
export function runBounded(
  [program = '', ...args]: readonly string[],
  { cwd, withinMs, env = {} }: Bounded,
): Promise<number> {
  const sinceMs = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(child);
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      killGroup(child);
    }, withinMs);
    const end = (code: number | null, why: string): void => {
      clearTimeout(timer);
      running.delete(child);
      if (code === 0) resolve(performance.now() - sinceMs);
      const said = chunks.join('').trimEnd().split('\n').slice(-LINES_KEPT).join('\n');
      const late = `did not end within ${withinMs / 1000} s`;
      // Does nothing after a resolve.
      reject(new Error(`${[program, ...args].join(' ')} ${isLate ? late : why}:\n${said}`));
    };
    child.once('error', (error) => end(null, `cannot be started (${error.message})`));
    child.once('close', (code) => end(code, `failed with ${code}`));
  });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
