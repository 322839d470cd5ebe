/**
 * `npm run verify`: explores every scope with the shipped engine, then every mutant.
 * Never here: a scope or a property of its own.
 */
import { explore } from './mc/explore';
import { traceOf } from './mc/trace';
import { safety } from './props/safety';
import { scopesOf, shipped } from './scopes';

for (const scope of scopesOf(shipped)) {
  const wanted = process.argv[2] ?? "";
  if (wanted !== "" && wanted !== scope.name) continue;
  const limited = { ...scope, stateLimit: Number(process.argv[3] ?? scope.stateLimit) };
  const result = explore(limited, { properties: safety, stopAtFirst: false, progress: 'checked' });
  console.log(`${scope.name}: ${result.states} states, ${result.transitions} transitions, depth ${result.depth}, ${result.seconds.toFixed(1)} s, ${result.ended}`);
  console.log(`   ${[...result.seen].map(([name, times]) => `${name} ${times}`).join(', ')}`);
  for (const failure of result.failures) {
    console.log(`FAILED ${failure.property}: ${failure.what}`);
    for (const line of traceOf(limited, failure.path)) console.log(`   ${line}`);
  }
}
