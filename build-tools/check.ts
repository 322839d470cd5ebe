/**
 * `npm test`: gates, types, lint, bundle, unit tests with their coverage, the main job on the local cluster. Every
 * part runs even when an earlier one failed; the last line is `N passed, N failed`, alone, and counts gates, tools and
 * tests. Exit code 0 only when nothing failed.
 */
import { gates } from './gates/all';
import { readTree } from './gates/tree';
import { notRun, optionalTool } from './optional-tool';
import { type Outcome, report, reportFailure, summary, toolOutcome, totalOf } from './outcome';
import { vitestOutcome } from './vitest-outcome';

/** Tools that read the tree and write nothing but what is ignored; they share the two cores. */
const tools = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'pure types', command: ['tsc', '--noEmit', '-p', 'tsconfig.pure.json'] },
  { name: 'lint and format', command: ['biome', 'ci', '--error-on-warnings'] },
  { name: 'projen output is fresh', command: ['tsx', 'build-tools/synth-fresh.ts'] },
  { name: 'bundle', command: ['tsx', 'build-tools/bundle.ts'] },
  { name: 'jsii and API.md', command: ['tsx', 'build-tools/api.ts', '--check'] },
] as const;

/** On two cores, set-up apart. Printed, not judged: the machine may be another. */
const WANTED_MINUTES = 8;

async function main(): Promise<void> {
  const startMs = performance.now();
  const outcomes = await Promise.all(tools.map(({ name, command }) => toolOutcome(name, command)));
  outcomes.push(...gateOutcomes());
  for (const outcome of outcomes) report(outcome);
  outcomes.push(await vitestOutcome('unit', '--coverage'));
  outcomes.push(await vitestOutcome('local'));
  for (const outcome of outcomes.filter(({ failed }) => failed > 0)) reportFailure(outcome);
  console.log('NOT RUN here: what needs a Kubernetes (npm run test:kubernetes)');
  if (optionalTool('kubectl') === undefined)
    console.log(notRun('kubectl', "the user's kubectl on the local Kubernetes"));
  if (optionalTool('helm') === undefined) console.log(notRun('helm', 'the chart rendered by Helm'));
  if (optionalTool('kubeconform') === undefined)
    console.log(notRun('kubeconform', 'all YAML before kubeconform'));
  const minutes = ((performance.now() - startMs) / 60_000).toFixed(1);
  console.log(`took ${minutes} minutes (wanted on two cores: at most ${WANTED_MINUTES})`);
  const total = totalOf(outcomes);
  console.log(summary(total));
  process.exitCode = total.failed === 0 ? 0 : 1;
}

function gateOutcomes(): readonly Outcome[] {
  const tree = readTree(process.cwd());
  return gates.map((gate) => {
    const startMs = performance.now();
    const findings = gate.check(tree);
    const output = findings.map(({ path, line, message }) => `${path}:${line} ${message}`);
    const failed = findings.length === 0 ? 0 : 1;
    const ms = performance.now() - startMs;
    const name = `gate ${gate.name}: ${gate.holds}`;
    return { name, passed: 1 - failed, failed, ms, output: output.join('\n') };
  });
}

void main();
