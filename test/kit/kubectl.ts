/**
 * The user's own kubectl on one cluster, as words on a command line.
 * Never here: where it is found (build-tools/optional-tool.ts), what it must say.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import type { Ran } from './world';

const AWAITED_MS = 60_000;

export interface Following {
  readonly child: ChildProcess;
  text(): string;
}

export interface Kubectl {
  run(args: string, more?: Readonly<Record<string, string>>): Promise<Ran>;
  /** @throws with its words where it fails. */
  fine(args: string, more?: Readonly<Record<string, string>>): Promise<string>;
  follow(args: string): Following;
}

/** @param home where it may keep what it learned. */
export function kubectlOf(program: string, kubeconfig: string, home: string): Kubectl {
  const environment = { ...process.env, KUBECONFIG: kubeconfig, HOME: home };
  const run: Kubectl['run'] = (args, more = {}) =>
    ranOf(program, wordsOf(args), { ...environment, ...more });
  return {
    run,
    async fine(args, more) {
      const { code, out, err } = await run(args, more);
      if (code !== 0) throw new Error(`kubectl ${args} ended with ${code}: ${out}${err}`);
      return out;
    },
    follow(args) {
      const child = spawn(program, wordsOf(args), { env: environment });
      let text = '';
      child.stdout.on('data', (chunk) => {
        text += String(chunk);
      });
      return { child, text: () => text };
    },
  };
}

/** One run of a program, whatever comes of it. */
export function ranOf(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Ran> {
  return new Promise((done) => {
    execFile(program, args, { env, timeout: AWAITED_MS }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      done({ code, out, err });
    });
  });
}

/** Blanks part words, but not inside of single quotes. */
function wordsOf(args: string): readonly string[] {
  return (args.match(/(?:[^\s']+|'[^']*')+/g) ?? []).map((word) => word.replaceAll("'", ''));
}
