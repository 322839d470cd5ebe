/**
 * The help of `gungnir` and of each command, in 80 columns, made from the tables of commands and flags.
 * Never here: what a command does.
 */
import type { Flag } from '../args';
import { type Command, EXIT } from './command';

export function helpOfAll(commands: readonly Command[]): string {
  return text([
    'Valkey on Kubernetes that fails over in milliseconds.',
    '',
    'Usage: gungnir COMMAND [flags]',
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`),
    `  ${'help'.padEnd(12)} show this, or the help of a command`,
    `  ${'version'.padEnd(12)} print the version`,
    '',
    ...exitCodes(),
    '',
    'Errors go to the standard error. They are red on a terminal, unless NO_COLOR is',
    'set, and as wide as the terminal, or as COLUMNS says.',
    'gungnir help COMMAND shows flags and examples.',
  ]);
}

export function helpOf({ usage, details, examples }: Command): string {
  return text([
    `Usage: ${usage}`,
    '',
    ...details,
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
    '',
    ...exitCodes(),
  ]);
}

/** A line for each flag. */
export function flagLines(table: Readonly<Record<string, Flag<unknown>>>): readonly string[] {
  const lines = Object.values(table).map(({ name, short, placeholder, help }) => ({
    left: [short === undefined ? name : `${short}, ${name}`, placeholder].join(' ').trimEnd(),
    help,
  }));
  const width = Math.max(...lines.map(({ left }) => left.length));
  return lines.map(({ left, help }) => `  ${left.padEnd(width)}  ${help}`);
}

function exitCodes(): readonly string[] {
  return [
    'Exit codes:',
    ...Object.values(EXIT).map(({ code, means }) => `  ${String(code).padEnd(3)} ${means}`),
  ];
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
