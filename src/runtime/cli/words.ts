/**
 * Tells names and files from flags on a command line.
 * Never here: what a flag means (args.ts).
 */
import { GungnirError } from '../../kit/reasons';
import type { Flag } from '../args';

type FlagTable = Readonly<Record<string, Flag<unknown>>>;

export interface SplitLine {
  readonly words: readonly string[];
  readonly flags: readonly string[];
}

/**
 * A word is a name unless it is the value of the flag before it; `-` alone is the standard input.
 * @throws GungnirError ArgumentUnexpected for a word beyond `wordsMax`: it would be ignored; ArgumentMissing
 * for an empty one.
 */
export function splitLine(
  table: FlagTable,
  argv: readonly string[],
  wordsMax = Number.POSITIVE_INFINITY,
): SplitLine {
  const valued = Object.values(table).flatMap(({ name, short, placeholder }) =>
    placeholder === undefined ? [] : [name as string, ...(short === undefined ? [] : [short])],
  );
  const isWord = (argument: string, place: number): boolean =>
    (argument === '-' || !argument.startsWith('-')) && !valued.includes(argv[place - 1] ?? '');
  const words = argv.filter(isWord);
  // A variable of a script that is not set; it must not mean 'all'.
  if (words.includes('')) throw new GungnirError('ArgumentMissing', { given: "''" });
  const extra = words[wordsMax];
  if (extra !== undefined) throw new GungnirError('ArgumentUnexpected', { word: extra });
  return { words, flags: argv.filter((argument, place) => !isWord(argument, place)) };
}
