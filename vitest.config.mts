// Made by .projenrc.ts.
import { defineConfig } from 'vitest/config';

// `unit` runs anywhere. `e2e` starts a Kubernetes, or uses the one of GUNGNIR_TEST_KUBECONFIG; it also runs
// the contracts that unit runs against fakes.
const real = ['test/e2e/**/*.test.ts', 'test/runtime/kube/real-faults.test.ts'];
const contracts = ['test/runtime/kube/contract.test.ts', 'test/runtime/ops/events.test.ts'];
export default defineConfig({
  test: {
    projects: [
      // Real servers and child processes on a busy machine: slow is not wrong, hung is.
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: real, testTimeout: 30_000 } },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: [...real, ...contracts],
          globalSetup: ['test/e2e/setup.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
    ],
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'json-summary'] },
  },
});
