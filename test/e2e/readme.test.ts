/**
 * The commands that the README shows for a cluster, as they are printed, one after the other: with kubectl, and with
 * Helm where there is one. Found by GUNGNIR_TEST_KUBECONFIG; no other operator is there meanwhile.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { notRun, optionalTool } from '../../build-tools/optional-tool';
import { apiServer } from '../kit/api-server';
import { kubeCache, realWorld } from '../kit/world-real';
import { blocksOf, commandsOf, sectionOf } from '../pack/walk';
import { noOperator } from './ground';
import { operatorReady } from './operator';
import { SYSTEM } from './scene';

const section = sectionOf(readFileSync('README.md', 'utf8'), 'On Kubernetes');
const lines = blocksOf(section)
  .filter(({ kind }) => kind === 'console')
  .flatMap(({ text }) => commandsOf(text).map(({ line }) => line));

const helm = optionalTool('helm');
const helmLine = /`(helm install [^`]+)`/.exec(section)?.[1] ?? '';
if (helm === undefined) console.warn(notRun('helm', helmLine));

const tools = [join(kubeCache(), 'bin'), ...(helm === undefined ? [] : [dirname(helm)])];

function shell(command: string): string {
  return execFileSync('bash', ['-o', 'pipefail', '-c', command], {
    encoding: 'utf8',
    env: {
      ...process.env,
      KUBECONFIG: process.env.GUNGNIR_TEST_KUBECONFIG ?? '',
      PATH: [...tools, process.env.PATH ?? ''].join(delimiter),
    },
  });
}

/** Objects of another owner would be a conflict, as they are for a user. */
const nothingInstalled = async (): Promise<void> => noOperator(await apiServer());

beforeAll(nothingInstalled);

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

if (helm !== undefined)
  describe('with Helm', () => {
    const labelled = '-l valkey.verilean.io/cluster=my-valkey';
    const uids = (): string =>
      shell(`kubectl get pods ${labelled} -o 'jsonpath={.items[*].metadata.uid}'`);

    test('its line installs the operator, which takes the cluster as it is', async () => {
      await nothingInstalled();
      const before = uids();
      shell('npm run generate');
      const notes = shell(helmLine);
      expect(notes).toContain('STATUS: deployed');
      expect(notes).toContain('rollout status deployment/gungnir-operator');
      await operatorReady(realWorld());
      shell('node bin/gungnir.js switchover my-valkey');
      expect(shell('node bin/gungnir.js status my-valkey')).toMatch(/Ready +True/);
      expect(uids()).toBe(before);
    }, 120_000);

    test('an uninstall leaves the cluster, its pods and its kind', () => {
      const before = uids();
      shell(`helm uninstall gungnir --namespace ${SYSTEM} --wait`);
      expect(before.split(' ')).toHaveLength(3);
      expect(uids()).toBe(before);
      expect(shell('kubectl get vc my-valkey -o name')).toContain('my-valkey');
      expect(shell(`kubectl get deployments -n ${SYSTEM} -o name`)).toBe('');
    }, 120_000);
  });
