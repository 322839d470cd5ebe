/**
 * What is wrong with the options of a call: one sentence for each field, all at once, so that nobody
 * mends them one after the other.
 * Never here: the rules; they stand beside the options.
 */
import { InvalidOptionsError, type OptionProblem } from './invalid-options';

const FOUND_MAX_CHARACTERS = 60;

export function problem(path: string, found: unknown, remedy: string): OptionProblem {
  return { path, found: shown(found), remedy };
}

/** @throws InvalidOptionsError when there is any. */
export function refuseOptions(problems: readonly OptionProblem[]): void {
  if (problems.length > 0) throw new InvalidOptionsError(problems);
}

function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  if (typeof value === 'function') return 'a function';
  const text = typeof value === 'number' ? String(value) : (textOf(value) ?? String(value));
  return text.length <= FOUND_MAX_CHARACTERS
    ? text
    : `${text.slice(0, FOUND_MAX_CHARACTERS - 3)}...`;
}

/** A value may hold itself. */
function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return 'an object';
  }
}
