/** The help of `gungnir` and of each command, in 80 columns, made from the table of commands. */
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
    'Colour is left out where NO_COLOR is set or the output is no terminal.',
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

function exitCodes(): readonly string[] {
  return ['Exit codes:', ...Object.values(EXIT).map(({ code, means }) => `  ${code}  ${means}`)];
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
