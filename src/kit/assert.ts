/**
 * Programmer mistakes: they crash at once, with the fact that was wrong.
 * Never here: bad user input (see reasons.ts) or what the world can do (ports return facts).
 */

/** A broken invariant of this program: a bug, never a user's mistake. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** @throws AssertionError when the condition does not hold. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** The end of an exhaustive switch: a new case does not compile until it is handled. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${JSON.stringify(value)}`);
}
