/**
 * Tells names and files from flags on a command line.
 * Never here: what a flag means (args.ts).
 */
import type { Flag } from '../args';

type FlagTable = Readonly<Record<string, Flag<unknown>>>;

export interface SplitLine {
  readonly words: readonly string[];
  readonly flags: readonly string[];
}

/** A word is a name unless it is the value of the flag before it. */
export function splitLine(table: FlagTable, argv: readonly string[]): SplitLine {
  const valued = Object.values(table).flatMap(({ name, placeholder }) =>
    placeholder === undefined ? [] : [name as string],
  );
  const isWord = (argument: string, place: number): boolean =>
    !argument.startsWith('--') && !valued.includes(argv[place - 1] ?? '');
  return {
    words: argv.filter(isWord),
    flags: argv.filter((argument, place) => !isWord(argument, place)),
  };
}
