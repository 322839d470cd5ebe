/**
 * How a scope is made: its start is reached when it is asked for.
 * Never here: a scope.
 */
import type { Model, World } from '../env/world';
import type { Scope } from '../mc/explore';

/** More states than this and the scope is too large for a run of minutes. */
const STATE_LIMIT = 200_000;

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
  lazily({ name, covers, model, stateLimit: STATE_LIMIT }, begin);
