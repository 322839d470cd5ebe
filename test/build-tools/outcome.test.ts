/**
 * How a part of `npm test` is counted: by its summary, and never as good when it failed or did nothing.
 */
import { expect, test } from 'vitest';
import { summary, toolOutcome, totalOf } from '../../build-tools/outcome';
import { readReport } from '../../build-tools/vitest-outcome';

test.each([
  { script: 'true', passed: 1, failed: 0, why: 'a tool without a summary is one check' },
  { script: 'exit 1', passed: 0, failed: 1, why: 'the same, failed' },
  { script: 'echo 7 passed, 0 failed', passed: 7, failed: 0, why: 'its own count' },
  { script: 'echo 7 passed, 2 failed; exit 1', passed: 7, failed: 2, why: 'its own count' },
  {
    script: 'echo 7 passed, 0 failed; exit 1',
    passed: 7,
    failed: 1,
    why: 'it died after counting',
  },
  { script: 'echo 0 passed, 0 failed', passed: 0, failed: 1, why: 'it checked nothing' },
  { script: 'echo x 7 passed, 0 failed', passed: 1, failed: 0, why: 'no summary: not alone' },
  { script: 'echo 1 passed, 1 failed; echo 2 passed, 0 failed', passed: 2, failed: 0, why: 'last' },
])('$script -> $passed passed, $failed failed ($why)', async ({ script, passed, failed }) => {
  expect(await toolOutcome('it', ['sh', '-c', script])).toMatchObject({ passed, failed });
});

test('a tool that is not there has failed, and says so', async () => {
  const outcome = await toolOutcome('it', ['gone-gone']);
  expect(outcome).toMatchObject({ passed: 0, failed: 1 });
  expect(outcome.output).toContain('gone-gone');
});

test('the last line is the sum', () => {
  const total = totalOf([
    { passed: 1, failed: 2 },
    { passed: 3, failed: 0 },
  ]);
  expect(summary(total)).toBe('4 passed, 2 failed');
});

test('a report of vitest: every test that did not pass has failed, and is named', () => {
  const row = (status: string, fullName: string, ...failureMessages: string[]) => ({
    status,
    fullName,
    failureMessages,
  });
  const text = JSON.stringify({
    numPassedTests: 1,
    numTotalTests: 3,
    testResults: [
      {
        name: 'a.test.ts',
        message: '',
        assertionResults: [row('passed', 'a'), row('failed', 'b', 'off\nby one'), row('todo', 'c')],
      },
      { name: 'b.test.ts', message: 'does not load\nat all', assertionResults: [] },
    ],
  });
  const lines = ['a.test.ts: b: off', 'a.test.ts: c: not run', 'b.test.ts: does not load'];
  expect(readReport(text)).toEqual({ passed: 1, failed: 2, output: lines.join('\n') });
});
