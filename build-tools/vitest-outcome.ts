/**
 * Runs one project of vitest.config.mts and counts its tests from the JSON report. A run that ends
 * without a report has failed, whatever it printed.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Counts, type Outcome, toolOutcome } from './outcome';

export async function vitestOutcome(project: 'unit' | 'local' | 'e2e'): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-report-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const command = ['vitest', 'run', '--project', project, ...reporters];
  const run = await toolOutcome(project, command, 'shown');
  const counted = existsSync(file)
    ? countsOf(readFileSync(file, 'utf8'))
    : { passed: 0, failed: 1 };
  rmSync(folder, { recursive: true });
  // A file that does not load has no failed test, yet vitest exits non-zero.
  return { ...run, ...counted, failed: Math.max(counted.failed, run.failed) };
}

/** Every test that did not pass has failed: there is no tier in which one may be passed over. */
function countsOf(text: string): Counts {
  const { numPassedTests: passed, numTotalTests: total } = JSON.parse(text) as {
    readonly numPassedTests: number;
    readonly numTotalTests: number;
  };
  return { passed, failed: total - passed };
}
