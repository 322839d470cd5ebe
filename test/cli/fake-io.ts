/**
 * A command line without a process: files by name, what was written, a clock that stands still.
 * Never here: an API server; api.ts has one.
 */
import { readFile } from 'node:fs/promises';
import type { CliIo, Command, ExitCode } from '../../src/runtime/cli/command';
import { commands, runCli } from '../../src/runtime/cli/dispatcher';

export interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly errIsTerminal?: boolean;
  /** Of both outputs; undefined: nobody reads in columns. */
  readonly columns?: number | undefined;
  readonly nowMs?: number;
  /** Is handed what Ctrl-C would do. */
  readonly onInterrupt?: (press: () => void) => void;
}

/** @param files by name; any other name is a file of the tree. */
export async function run(
  argv: readonly string[],
  files: Readonly<Record<string, string>> = {},
  around: Surroundings = { env: {} },
  table: readonly Command[] = commands,
): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const io: CliIo = {
    readFile: async (path) => files[path] ?? readFile(path, 'utf8'),
    writeOut: (text) => void out.push(text),
    writeErr: (text) => void err.push(text),
    bundlePath: 'no/operator.mjs',
    env: around.env,
    errIsTerminal: around.errIsTerminal ?? false,
    outColumns: around.columns,
    errColumns: around.columns,
    wallMs: () => around.nowMs ?? 0,
    onInterrupt(react) {
      around.onInterrupt?.(react);
      return () => {};
    },
  };
  const code = await runCli(argv, io, '1.2.3', table);
  return { code, out: out.join(''), err: err.join('') };
}
