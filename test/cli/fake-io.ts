/** A command line without a process: files by name, what was written. */
import { readFile } from 'node:fs/promises';
import type { CliIo, Command, ExitCode } from '../../src/runtime/cli/command';
import { commands, runCli } from '../../src/runtime/cli/dispatcher';

export interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** @param files by name; any other name is a file of the tree. */
export async function run(
  argv: readonly string[],
  files: Readonly<Record<string, string>> = {},
  terminal: { readonly errIsTerminal: boolean; readonly env: Readonly<Record<string, string>> } = {
    errIsTerminal: false,
    env: {},
  },
  table: readonly Command[] = commands,
): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const io: CliIo = {
    readFile: async (path) => files[path] ?? readFile(path, 'utf8'),
    writeOut: (text) => void out.push(text),
    writeErr: (text) => void err.push(text),
    bundlePath: 'no/operator.mjs',
    ...terminal,
  };
  const code = await runCli(argv, io, '1.2.3', table);
  return { code, out: out.join(''), err: err.join('') };
}
