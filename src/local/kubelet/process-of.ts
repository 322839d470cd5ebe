/**
 * A command as its container would run it: paths rewritten, the program looked for where its image has it.
 * Never here: what is run.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { type Mapping, rewritten } from './paths';
import type { Processes, Running } from './processes';
import { inTerminal } from './pty';

/** Everything but the words of the command. */
export interface Command {
  /** Rewritten already. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly mappings: readonly Mapping[];
}

export function processOf(
  processes: Processes,
  { env, cwd, mappings }: Command,
  command: readonly string[],
  stdin: 'open' | 'closed',
  through: 'pipes' | 'terminal',
): Running | { readonly kind: 'failed'; readonly message: string } {
  const [name = '', ...args] = command.map((word) => rewritten(word, mappings));
  const program = programOf(name, env.PATH ?? '', cwd);
  if (typeof program !== 'string') {
    return { kind: 'failed', message: `exec: "${command[0] ?? ''}": ${program.why}` };
  }
  const argv = [program, ...args] as const;
  const inside = through === 'terminal' ? inTerminal(argv) : undefined;
  if (inside === undefined) return processes.spawn({ argv, env, cwd, stdin });
  // It asks the shell that the environment names.
  return processes.spawn({ argv: inside, env: { ...env, SHELL: '/bin/sh' }, cwd, stdin });
}

function programOf(name: string, path: string, cwd: string): string | { readonly why: string } {
  if (name.includes('/')) {
    const file = isAbsolute(name) ? name : join(cwd, name);
    return isProgram(file) ? file : { why: `stat ${name}: no such file or directory` };
  }
  const found = path
    .split(':')
    .map((folder) => join(folder, name))
    .find((file) => name !== '' && isProgram(file));
  return found ?? { why: 'executable file not found in $PATH' };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
