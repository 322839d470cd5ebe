/**
 * `npm run test:kubernetes`: the e2e project of vitest against a real Kubernetes; its tests start and
 * stop the cluster by themselves. Ends with `N passed, N failed`.
 */
import { report, summary } from './outcome';
import { vitestOutcome } from './vitest-outcome';

async function main(): Promise<void> {
  const outcome = await vitestOutcome('e2e');
  report(outcome);
  console.log(summary(outcome));
  process.exitCode = outcome.failed === 0 ? 0 : 1;
}

void main();
