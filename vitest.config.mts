// Made by .projenrc.ts.
import { defineConfig } from 'vitest/config';

// `unit` runs anywhere. `e2e` starts a Kubernetes, or uses the one of GUNGNIR_TEST_KUBECONFIG.
const real = ['test/e2e/**/*.test.ts', 'test/**/real-*.test.ts'];
const quickFaults = 'test/faults/quick.test.ts';
// Held to records anywhere, and to the real thing where there is one.
const beside = ['test/local/differential/*.test.ts'];
// Stops the API server for some seconds, which a cluster of others must allow (build-tools/kubernetes.ts says so).
const { GUNGNIR_TEST_KUBECONFIG: shared, GUNGNIR_TEST_APISERVER_PID: mayStop } = process.env;
const tooMuch = shared && !mayStop ? ['test/runtime/kube/real-hung-server.test.ts'] : [];
export default defineConfig({
  test: {
    projects: [
      // Real servers and child processes on a busy machine: slow is not wrong, hung is.
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [...real, quickFaults], testTimeout: 30_000, hookTimeout: 30_000 } },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: [...real, ...beside],
          exclude: tooMuch,
          globalSetup: ['test/e2e/setup.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
      // The main job of e2e, GitOps, several namespaces and the quick faults on the local cluster, which needs nothing but a valkey-server.
      {
        extends: true,
        test: {
          name: 'local',
          include: ['test/e2e/kubernetes.test.ts', 'test/e2e/gitops.test.ts', 'test/e2e/namespaces.test.ts', quickFaults],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
    // Most of them wait for real servers; vitest itself would leave one of two cores to itself.
    maxWorkers: 3,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'json-summary'], reportOnFailure: true, thresholds: { lines: 90, branches: 85 } },
  },
});
