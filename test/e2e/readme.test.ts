/** The commands that the README shows for a cluster, as they are printed, one after the other. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { kubeCache } from '../kit/world-real';

const lines = [...readFileSync('README.md', 'utf8').matchAll(/^```console\n([\s\S]*?)^```$/gm)]
  .flatMap(([, block = '']) => block.split('\n'))
  .filter((line) => line.startsWith('$ '))
  .map((line) => line.slice(2));

function shell(command: string): string {
  return execFileSync('bash', ['-o', 'pipefail', '-c', command], {
    encoding: 'utf8',
    env: {
      ...process.env,
      KUBECONFIG: process.env.GUNGNIR_TEST_KUBECONFIG ?? '',
      PATH: `${join(kubeCache(), 'bin')}:${process.env.PATH ?? ''}`,
    },
  });
}

afterAll(() => {
  shell('kubectl delete -f examples/manifests/minimal.yaml --wait=false --ignore-not-found');
});

test('the README shows commands for a cluster', () => {
  expect(lines.length).toBeGreaterThan(5);
});

test('each of them ends well, in this order', () => {
  const said = lines.map((line) => shell(line));
  expect(said.join('')).toMatch(/is the primary of my-valkey/);
}, 300_000);
