// Made by .projenrc.ts.
import { defineConfig } from 'vitest/config';

// Two projects: `unit` runs anywhere; `e2e` needs a Kubernetes and is run by `npm run test:kubernetes`.
const e2e = ['test/e2e/**/*.test.ts'];
export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: e2e } },
      { extends: true, test: { name: 'e2e', include: e2e, fileParallelism: false, testTimeout: 300_000, hookTimeout: 600_000 } },
    ],
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'json-summary'] },
  },
});