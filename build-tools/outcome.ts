/**
 * What one part of a check came to, and the line that a check ends with: `N passed, N failed`.
 */
import { spawn } from 'node:child_process';

export interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly ms: number;
  /** Printed when it failed. */
  readonly output: string;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export function totalOf(outcomes: readonly Counts[]): Counts {
  return {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
  };
}

export function summary({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`;
}

/** @returns the counts of the last summary line, or undefined where there is none. */
export function countsIn(output: string): Counts | undefined {
  const lines = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)];
  const last = lines.at(-1);
  return last === undefined ? undefined : { passed: Number(last[1]), failed: Number(last[2]) };
}

export function report({ name, failed, ms }: Outcome): void {
  console.log(`${failed === 0 ? 'ok    ' : 'FAILED'} ${name} (${(ms / 1000).toFixed(1)} s)`);
}

/** What a failed part said; long, so it stands at the end, where it is looked for. */
export function reportFailure(outcome: Outcome): void {
  report(outcome);
  if (outcome.output !== '') console.log(outcome.output.replace(/^/gm, '       '));
}

/**
 * Runs a tool of node_modules/.bin. It counts as one check, or as those of its own summary line; a tool
 * that fails counts at least one failure whatever it says, and so does one that checked nothing.
 * @param show 'shown': its output goes to the terminal as it comes.
 */
export function toolOutcome(
  name: string,
  command: readonly string[],
  show: 'shown' | 'kept' = 'kept',
): Promise<Outcome> {
  const startMs = performance.now();
  return new Promise((resolve) => {
    const [program = '', ...args] = command;
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: string[] = [];
    const keep = (chunk: Buffer): void => {
      chunks.push(chunk.toString());
      if (show === 'shown') process.stdout.write(chunk);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const end = (good: boolean): void => {
      const text = chunks.join('').trim();
      const counts = countsIn(text) ?? { passed: good ? 1 : 0, failed: good ? 0 : 1 };
      const idle = counts.passed + counts.failed === 0;
      const failed = good && !idle ? counts.failed : Math.max(1, counts.failed);
      const said = show === 'shown' ? '' : text;
      const output = idle ? 'it ran no check at all' : said;
      resolve({ name, passed: counts.passed, failed, ms: performance.now() - startMs, output });
    };
    child.on('error', (error) => {
      chunks.push(error.message);
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}
