/**
 * The numbers of one run on a real Kubernetes, kept for people: docs/KUBERNETES.md and the block of the README,
 * written when GUNGNIR_RECORD=1.
 * Never here: a number that no run saw.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { blockOf, withBlock } from '../kit/block';
import type { Row } from './scene';

const PAGE = 'docs/KUBERNETES.md';
const COMMAND = 'npm run test:kubernetes';
const README = 'README.md';

function recordedBlock(rows: readonly Row[]): string {
  return blockOf(COMMAND, [
    '| fault | longest gap between acknowledged writes, ms | whole after, ms | WAIT-ed writes so far | of them lost |',
    '|---|---:|---:|---:|---:|',
    ...rows.map(
      ({ name, gapMs, wholeMs, safe, safeLost }) =>
        `| ${name} | ${gapMs.toFixed(0)} | ${wholeMs.toFixed(0)} | ${safe} | ${safeLost.length} |`,
    ),
  ]);
}

/** @param numbers what else the run measured, a line each. */
export function record(rows: readonly Row[], numbers: readonly string[]): void {
  const block = recordedBlock(rows);
  const page = [
    '# On a real Kubernetes',
    '',
    `Made by \`GUNGNIR_RECORD=1 ${COMMAND}\` on ${new Date().toISOString().slice(0, 10)}, Linux ${release()}; do not edit.`,
    'Three nodes, the API server, the kubelets, the operators and the load shared two cores. One writer went through the',
    'client Service and asked with WAIT 1 after each write.',
    '',
    block,
    '',
    ...numbers.map((line) => `- ${line}`),
    '',
  ];
  writeFileSync(PAGE, page.join('\n'));
  const readme = withBlock(readFileSync(README, 'utf8'), block);
  if (readme === undefined) throw new Error(`${README} has no block of ${COMMAND}`);
  writeFileSync(README, readme);
}
