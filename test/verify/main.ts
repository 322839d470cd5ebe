/**
 * `npm run verify`: explores every scope with the shipped engine, then shows that each planted
 * mutant is killed. `npm run verify -- SCOPE` explores one scope.
 * Every count of states is recorded in expected-states.json: a change that nobody meant fails the
 * run, `UPDATE=1` records a meant one.
 * Never here: a scope, a property or a mutant of its own.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explore, type Result, type Scope } from './mc/explore';
import { traceOf } from './mc/trace';
import { plant } from './mutants/plant';
import { type Mutant, mutants } from './mutants/registry';
import { safety } from './props/safety';
import { scopesOf, shipped } from './scopes';

/** A mutant that needs more states than this to be seen is one for a longer run. */
const MUTANT_STATES = 20_000;

const EXPECTED = join(__dirname, 'expected-states.json');
const expected = JSON.parse(readFileSync(EXPECTED, 'utf8')) as Record<string, number>;
const updating = process.env.UPDATE === '1';

let passed = 0;
let failed = 0;

function verdict(holds: boolean, line: string): void {
  if (holds) passed += 1;
  else failed += 1;
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${line}`);
}

function exploreScope(scope: Scope): Result {
  const result = explore(scope, { properties: safety, stopAtFirst: false, progress: 'checked' });
  const { states, transitions, depth, seconds } = result;
  const line = `${scope.name.padEnd(20)} ${String(states).padStart(7)} states ${String(transitions).padStart(8)} transitions  depth ${String(depth).padStart(3)}  ${seconds.toFixed(1).padStart(5)} s  ${scope.covers}`;
  if (updating) expected[scope.name] = states;
  const counted = expected[scope.name] === states;
  verdict(result.failures.length === 0 && counted && result.ended === 'complete', line);
  if (!counted)
    console.log(
      `       expected ${expected[scope.name] ?? 'no'} states: UPDATE=1 records a change that is meant`,
    );
  if (result.ended === 'stateLimit') console.log(`       stopped at ${scope.stateLimit} states`);
  for (const { property, what, path } of result.failures) {
    console.log(`       ${property}: ${what}`);
    for (const traced of traceOf(scope, path)) console.log(`         ${traced}`);
  }
  return result;
}

function premises(results: readonly Result[]): void {
  for (const { name, says } of safety) {
    const times = results.reduce((sum, { seen }) => sum + (seen.get(name) ?? 0), 0);
    verdict(
      times > 0,
      `${name.padEnd(24)} put to the test ${String(times).padStart(7)} times: ${says}`,
    );
  }
}

async function killMutant(mutant: Mutant): Promise<void> {
  const killer = await plant(mutant, (engine) => {
    const scopes = scopesOf(engine).filter(({ name }) => mutant.scopes.includes(name));
    for (const scope of scopes) {
      const result = explore(
        { ...scope, stateLimit: MUTANT_STATES },
        { properties: safety, stopAtFirst: true, progress: 'checked' },
      );
      const [first] = result.failures;
      if (first !== undefined)
        return `${first.property.split(':')[0]} in ${scope.name}, ${result.states} states, ${result.seconds.toFixed(1)} s`;
    }
    return undefined;
  });
  const verdictWanted = mutant.expected;
  const line = `mutant ${mutant.name.padEnd(24)} ${killer === undefined ? 'survives' : `killed by ${killer}`}`;
  if ('survives' in verdictWanted)
    return verdict(killer === undefined, `${line}: ${verdictWanted.survives}`);
  const dead = killer?.startsWith(verdictWanted.killedBy) === true;
  verdict(dead, `${line}${dead ? '' : `, expected ${verdictWanted.killedBy}`}`);
}

async function main(only: string | undefined): Promise<void> {
  const scopes = scopesOf(shipped).filter(({ name }) => only === undefined || name === only);
  const results = scopes.map(exploreScope);
  if (only === undefined) premises(results);
  for (const mutant of mutants)
    if (only === undefined || only === mutant.name || only === 'mutants') await killMutant(mutant);
  if (updating) writeFileSync(EXPECTED, `${JSON.stringify(expected, undefined, 2)}\n`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void main(process.argv[2]);
