/**
 * What `gungnir local up` refuses: one sentence and what to do, before anything is started or with nothing left.
 * Never here: what it does when it starts (local-up.test.ts).
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundled, keptFolder, processesOf, run } from '../kit/local-up';
import { sentencesOf } from '../kit/sentences';

const SLOW_MS = 120_000;
let programs = '';
const scratch = mkdtempSync(join(tmpdir(), 'gungnir-up-refused-'));
const brokenKeys = keptFolder(scratch);
writeFileSync(join(brokenKeys, 'keys.json'), '{"ca": {"key"');
const foreign = join(scratch, 'foreign');
mkdirSync(foreign);
writeFileSync(join(foreign, 'kubeconfig'), 'mine');
beforeAll(async () => {
  programs = await bundled();
}, SLOW_MS);
afterAll(() => {
  rmSync(programs, { recursive: true, force: true });
  rmSync(scratch, { recursive: true, force: true });
});

const refusals = [
  {
    why: 'a data folder that cannot be written to',
    argv: ['--data', '/dev/null/data'],
    says: /LocalClusterCannotStart: .*data folder \/dev\/null\/data cannot be written to \(ENOTDIR\)/,
    code: 1,
  },
  {
    why: 'a data folder with a blank in its path',
    argv: ['--data', '/tmp/a b'],
    says: /LocalClusterCannotStart: .*has a blank or a colon/,
    code: 1,
  },
  {
    why: 'no valkey-server on the machine',
    argv: [],
    env: {
      PATH: '/nowhere',
      VALKEY_SERVER: '',
      GUNGNIR_CACHE: '/nowhere',
      GUNGNIR_TOOLS: '/nowhere',
    },
    says: /LocalClusterCannotStart: .*no valkey-server on this machine.*apt install/,
    code: 1,
  },
  {
    why: 'VALKEY_SERVER names no server',
    argv: [],
    env: { VALKEY_SERVER: '/nowhere/valkey-server' },
    says: /LocalClusterCannotStart: .*VALKEY_SERVER=\/nowhere\/valkey-server is not a valkey-server that runs here\)\. To fix: set it/,
    code: 1,
  },
  {
    why: 'a data folder of somebody else',
    argv: ['--data', foreign],
    says: /LocalClusterCannotStart: .*holds other files, kubeconfig among them\)\. To fix: use an empty/,
    code: 1,
  },
  {
    why: 'keys that are no keys',
    argv: ['--data', brokenKeys],
    says: /LocalClusterCannotStart: .*keys\.json cannot be read as the keys of a cluster/,
    code: 1,
  },
  {
    why: 'a file that is not there',
    argv: ['-f', '/nowhere/cluster.yaml'],
    says: /FileUnreadable: .*\/nowhere\/cluster.yaml/,
    code: 1,
  },
  { why: 'a number of nodes that it has not', argv: ['--nodes', '9'], says: /1 to 5/, code: 2 },
  {
    why: 'a word that is no flag',
    argv: ['sideways'],
    says: /ArgumentUnexpected/,
    code: 2,
  },
] as const;

test.each(refusals)('the error, and what to do: $why', async (row) => {
  const running = run(programs, row.argv, 'env' in row ? row.env : {});
  expect(await running.ended).toBe(row.code);
  expect(sentencesOf(running)).toMatch(row.says);
  expect(sentencesOf(running).match(/To fix: /g)).toHaveLength(1);
});

test.each([
  { why: 'no YAML', text: 'a: [1', says: '1 problem, nothing is started', at: '1:6: not YAML: ' },
  {
    why: 'no object',
    text: 'a: 1',
    says: '2 problems, nothing is started',
    at: '1:1: apiVersion: ',
  },
])(
  'a file that is $why is told with its place before anything is started',
  async ({ text, says, at }) => {
    const file = join(scratch, 'bad.yaml');
    writeFileSync(file, text);
    const running = run(programs, ['-f', file]);
    expect(await running.ended).toBe(3);
    const told = running.text().replace(/\s+/g, ' ');
    expect(told).toMatch(new RegExp(`^error: ${says} `));
    expect(told).toContain(`bad.yaml:${at}`);
  },
);

test('definitions that break rules are told all at once with their places, and nothing is started', async () => {
  const file = join(scratch, 'broken.yaml');
  const head =
    'apiVersion: valkey.verilean.io/v1\nkind: ValkeyCluster\nmetadata: {name: a}\nspec:\n';
  writeFileSync(file, `${head}  replica: 3\n  replicas: 65\n  port: 0\n`);
  const kept = keptFolder(scratch);
  const running = run(programs, ['--data', kept, '-f', file]);
  expect(await running.ended).toBe(3);
  const text = running.text().replace(/\s+/g, ' ');
  expect(text).toMatch(/^error: 3 problems, nothing is started /);
  for (const told of ['5:3: spec.replica: ', '6:3: spec.replicas: ', '7:3: spec.port: '])
    expect(text).toContain(`broken.yaml:${told}`);
  expect(readdirSync(kept), 'as it was').toEqual(['instance']);
});

const CLUSTER = {
  apiVersion: 'valkey.verilean.io/v1',
  kind: 'ValkeyCluster',
  metadata: { name: 'a', namespace: 'default' },
  spec: { replicas: 3 },
};
const NAMED_WRONG = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'Not_a_name', namespace: 'default' },
};

test.each([
  { of: 'documents', documents: [CLUSTER, NAMED_WRONG] },
  { of: 'a List', documents: [{ apiVersion: 'v1', kind: 'List', items: [CLUSTER, NAMED_WRONG] }] },
])(
  'definitions of $of that the API server refuses are told in its words, and nothing is left',
  async ({ documents }) => {
    const file = join(scratch, 'refused.yaml');
    writeFileSync(file, documents.map((document) => JSON.stringify(document)).join('\n---\n'));
    const kept = keptFolder(scratch);
    const running = run(programs, ['--data', kept, '-f', file]);
    expect(await running.ended).toBe(1);
    expect(running.text().replace(/\s+/g, ' ')).toMatch(
      /LocalClusterCannotStart: .*ConfigMap Not_a_name is refused: .*metadata\.name/,
    );
    expect(running.text()).not.toMatch(/\n\s+at /);
    expect(processesOf(kept)).toEqual([]);
  },
  SLOW_MS,
);
