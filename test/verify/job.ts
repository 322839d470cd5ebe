/**
 * One piece of `npm run verify`: a scope of the shipped engine, or a mutant that must die. Each is
 * independent of all others, so they run side by side in processes of their own.
 * Never here: the order of pieces, expected counts.
 */
import { explore } from './mc/explore';
import { traceOf } from './mc/trace';
import { plant } from './mutants/plant';
import { type Mutant, mutants } from './mutants/registry';
import { safety } from './props/safety';
import { scopesOf } from './scopes/all';
import { shipped } from './scopes/models';

/** A mutant that needs more states than this to be seen is one for a longer run. */
const MUTANT_STATES = 25_000;

export interface Job {
  readonly kind: 'scope' | 'mutant';
  readonly name: string;
}

export interface Report {
  readonly holds: boolean;
  readonly line: string;
  readonly details: readonly string[];
  /** Of a scope: its states, and how often the premise of each property was seen. */
  readonly states: number;
  readonly seen: readonly (readonly [string, number])[];
}

export async function runJob(job: Job): Promise<Report> {
  if (job.kind === 'scope') return exploreScope(job.name);
  const mutant = mutants.find(({ name }) => name === job.name);
  if (mutant === undefined) throw new Error(`no mutant ${job.name}`);
  return killMutant(mutant);
}

function exploreScope(name: string): Report {
  const scope = scopesOf(shipped).find((other) => other.name === name);
  if (scope === undefined) throw new Error(`no scope ${name}`);
  const result = explore(scope, { properties: safety, until: 'end', progress: 'checked' });
  const { states, transitions, depth, settling, seconds, failures, ended } = result;
  const line = `${name.padEnd(20)} ${String(states).padStart(7)} states ${String(transitions).padStart(8)} transitions  depth ${String(depth).padStart(3)}  settles in ${String(settling.steps).padStart(3)} (${(settling.ms / 1000).toFixed(1).padStart(4)} s)  ${seconds.toFixed(1).padStart(5)} s  ${scope.covers}`;
  const details = failures.flatMap(({ property, what, path }) => [
    `${property}: ${what}`,
    ...traceOf(scope, path).map((traced) => `  ${traced}`),
  ]);
  const isCut = ended === 'stateLimit';
  const stopped = isCut ? [`the first ${scope.stateLimit} states by breadth, not all`] : [];
  return {
    holds: failures.length === 0 && (ended === 'complete' || (isCut && scope.tier === 'part')),
    line,
    details: [...stopped, ...details],
    states,
    seen: [...result.seen],
  };
}

async function killMutant(mutant: Mutant): Promise<Report> {
  const { expected, name } = mutant;
  const killers = 'survives' in expected ? 'firstFailure' : expected.killedBy;
  const found = await huntFor(mutant, killers);
  const label = `mutant ${name.padEnd(24)}`;
  const report = { details: [], states: 0, seen: [] };
  if ('survives' in expected) {
    const line = `${label} ${found.length === 0 ? 'survives' : `killed by ${found.join('; ')}`}: ${expected.survives}`;
    return { ...report, holds: found.length === 0, line };
  }
  const missing = expected.killedBy.filter(
    (killer) => !found.some((text) => text.startsWith(`${killer} `)),
  );
  const killed = found.length === 0 ? 'survives' : `killed by ${found.join('; ')}`;
  const wanted = missing.length === 0 ? '' : `, expected also ${missing.join(', ')}`;
  return { ...report, holds: missing.length === 0, line: `${label} ${killed}${wanted}` };
}

/** Each property once, in the first scope that shows it. */
async function huntFor(
  mutant: Mutant,
  killers: 'firstFailure' | readonly string[],
): Promise<readonly string[]> {
  return plant(
    mutant,
    ({ scopesOf: plantedScopes, shipped: engine, explore: search, safety: all }) => {
      const found: string[] = [];
      const isOpen = (name: string): boolean => !found.some((text) => text.startsWith(`${name} `));
      for (const scope of plantedScopes(engine)) {
        const wanted = killers === 'firstFailure' ? killers : killers.filter(isOpen);
        if (!mutant.scopes.includes(scope.name) || wanted.length === 0) continue;
        const properties = all.filter(
          ({ name }) => wanted === 'firstFailure' || wanted.includes(name),
        );
        const progress =
          wanted === 'firstFailure' || wanted.includes('settles') ? 'checked' : 'ignored';
        const limited = { ...scope, stateLimit: MUTANT_STATES };
        const { failures, states, seconds } = search(limited, {
          properties,
          until: wanted,
          progress,
        });
        for (const name of new Set(failures.map(({ property }) => property.split(':')[0] ?? '')))
          found.push(`${name} in ${scope.name} (${states} states, ${seconds.toFixed(1)} s)`);
        if (killers === 'firstFailure' && found.length > 0) break;
      }
      return found;
    },
  );
}
