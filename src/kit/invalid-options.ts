/**
 * The error of options that cannot be used. It stands alone because the package has it once, while the
 * rest of option-problems.ts may be in each of its files (build-tools/sdk.ts).
 * Never here: how a value is shown.
 */
import { GungnirError } from './reasons';

/** One option that is wrong; an `InvalidOptionsError` has all of them. */
export interface OptionProblem {
  /** The field: `nodes[1].port`. */
  readonly path: string;
  /** What was given, cut to 60 characters; `absent` where nothing was. Never a password. */
  readonly found: string;
  /** What to do, beginning with a verb, without a full stop. */
  readonly remedy: string;
}

/** Options that cannot be used. `message` has one line for each of `problems`. */
export class InvalidOptionsError extends GungnirError {
  constructor(readonly problems: readonly OptionProblem[]) {
    super('OptionsInvalid', { problems: problems.length });
    const lines = problems.map(({ path, found, remedy }) => `${path} is ${found}: ${remedy}.`);
    this.message = [this.message, ...lines].join('\n  ');
  }
}
