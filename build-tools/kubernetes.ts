/**
 * `npm run test:kubernetes`: the e2e project of vitest against a real Kubernetes; test/e2e/setup.ts
 * starts and stops it. Where there is none, nothing is tested, and that is said aloud. Ends with
 * `N passed, N failed`.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { notRun, optionalTool } from './optional-tool';
import { report, reportFailure, summary } from './outcome';
import { vitestOutcome } from './vitest-outcome';

async function main(): Promise<void> {
  const folder = resolve(process.env.GUNGNIR_KUBE ?? '../shared/kube');
  const given = process.env.GUNGNIR_TEST_KUBECONFIG ?? '';
  if (given === '' && !existsSync(join(folder, 'up.sh'))) {
    console.log(
      `!!! test:kubernetes NOT RUN: there is no up.sh in ${folder}; GUNGNIR_KUBE names its folder, GUNGNIR_TEST_KUBECONFIG a cluster that is up`,
    );
    console.log(summary({ passed: 0, failed: 0 }));
    return;
  }
  const outcome = await vitestOutcome('e2e');
  if (optionalTool('helm') === undefined)
    console.log(`!!! ${notRun('helm', 'helm install of the chart')}`);
  if (outcome.failed === 0) report(outcome);
  else reportFailure(outcome);
  if (given !== '' && (process.env.GUNGNIR_TEST_APISERVER_PID ?? '') === '')
    console.log(
      '!!! real-hung-server NOT RUN: set GUNGNIR_TEST_APISERVER_PID if the API server may be stopped for some seconds',
    );
  console.log(summary(outcome));
  process.exitCode = outcome.failed === 0 ? 0 : 1;
}

void main();
