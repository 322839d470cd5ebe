/**
 * Runs one project of vitest.config.mts and counts its tests from the JSON report. A run that ends
 * without a report has failed, whatever it printed.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Counts, type Outcome, toolOutcome } from './outcome';

/** @param more further words of vitest's command line. */
export async function vitestOutcome(
  project: 'unit' | 'local' | 'e2e',
  ...more: readonly string[]
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-report-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const command = ['vitest', 'run', '--project', project, ...reporters, ...more];
  const run = await toolOutcome(project, command, 'shown');
  const read = existsSync(file)
    ? readReport(readFileSync(file, 'utf8'))
    : { passed: 0, failed: 1, output: `${project} ended without a report` };
  rmSync(folder, { recursive: true });
  // A file that does not load has no failed test, yet vitest exits non-zero.
  return { ...run, ...read, failed: Math.max(read.failed, run.failed) };
}

interface Report {
  readonly numPassedTests: number;
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

/**
 * Every test that did not pass has failed: there is no tier in which one may be passed over. They are named again
 * with the first line of what they said, since the run itself scrolls by far above.
 */
export function readReport(text: string): Counts & { readonly output: string } {
  const { numPassedTests: passed, numTotalTests: total, testResults } = JSON.parse(text) as Report;
  const lines = testResults.flatMap(({ name, message = '', assertionResults }) => {
    const bad = assertionResults.filter(({ status }) => status !== 'passed');
    const said = bad.map(
      ({ fullName, failureMessages }) =>
        `${name}: ${fullName}: ${firstLine(failureMessages?.[0] ?? 'not run')}`,
    );
    return bad.length === 0 && message !== '' ? [`${name}: ${firstLine(message)}`] : said;
  });
  return { passed, failed: total - passed, output: lines.join('\n') };
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
