/**
 * How a scope is made: its start is reached when it is asked for.
 * Never here: a scope.
 */
import type { Model, World } from '../env/world';
import type { Scope } from '../mc/explore';

/** More states than this and the scope is too large for each run. */
const STATE_LIMIT = 60_000;
/** What memory allows. */
const LONG_STATE_LIMIT = 1_000_000;

/** Started when it is asked for: a mutant may not even get as far as another scope's start. */
function lazily(scope: Omit<Scope, 'start'>, begin: () => World): Scope {
  let started: World | undefined;
  return {
    ...scope,
    get start(): World {
      started ??= begin();
      return started;
    },
  };
}

export const scope = (name: string, covers: string, model: Model, begin: () => World): Scope =>
  lazily({ name, covers, model, stateLimit: STATE_LIMIT, tier: 'each' }, begin);

/** Explored with `--long` only: the same schedules as smaller scopes, and more of them at once. */
export const longScope = (name: string, covers: string, model: Model, begin: () => World): Scope =>
  lazily({ name, covers, model, stateLimit: LONG_STATE_LIMIT, tier: 'long' }, begin);

/** With `--long`: every schedule up to some depth of a scope that memory does not hold. */
export const partScope = (name: string, covers: string, model: Model, begin: () => World): Scope =>
  lazily({ name, covers, model, stateLimit: LONG_STATE_LIMIT, tier: 'part' }, begin);
