/**
 * The dispatcher of `gungnir`: one table of commands; add a command by adding it there.
 * Never here: process, files. main.ts binds them. A user never sees a stack trace.
 */
import { GungnirError, type Reason } from '../../kit/reasons';
import { nearest } from '../../spec/suggest';
import { type CliIo, type Command, EXIT, type ExitCode } from './command';
import { crds } from './crds';
import { helpOf, helpOfAll } from './help';
import { local } from './local';
import { operator } from './operator-command';
import { writeError } from './output';
import { render } from './render';
import { status } from './status';
import { switchover } from './switchover';

/** In the order of the help. */
export const commands: readonly Command[] = [operator, local, render, crds, status, switchover];

/** Reasons that mean: the command line is wrong. */
const USAGE: readonly Reason[] = [
  'CommandUnknown',
  'ArgumentMissing',
  'ArgumentUnexpected',
  'FlagUnknown',
  'FlagValueMissing',
  'FlagValueInvalid',
];

/** @param argv what follows the program's name. */
export async function runCli(
  argv: readonly string[],
  io: CliIo,
  version: string,
  table: readonly Command[] = commands,
): Promise<ExitCode> {
  try {
    return await dispatch(argv, io, version, table);
  } catch (error) {
    if (!(error instanceof GungnirError)) throw error;
    writeError(io, error.message);
    return USAGE.includes(error.reason) ? EXIT.usage.code : EXIT.failed.code;
  }
}

async function dispatch(
  argv: readonly string[],
  io: CliIo,
  version: string,
  table: readonly Command[],
): Promise<ExitCode> {
  const [word, ...rest] = argv;
  const named = word === 'help' ? rest[0] : word;
  if (named === undefined || named === '--help' || named === '-h') return say(io, helpOfAll(table));
  if (named === 'version' || named === '--version') return say(io, `gungnir ${version}\n`);
  const command = table.find(({ name }) => name === named);
  if (command === undefined) {
    throw new GungnirError('CommandUnknown', {
      command: named,
      nearest: nearest(
        named,
        table.map(({ name }) => name),
      ),
    });
  }
  if (word === 'help' || rest.includes('--help') || rest.includes('-h'))
    return say(io, helpOf(command));
  return command.run(rest, io);
}

function say(io: CliIo, text: string): ExitCode {
  io.writeOut(text);
  return EXIT.ok.code;
}
