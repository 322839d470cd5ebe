/**
 * `gungnir local up` as a user has it: a process that prints a kubeconfig, ends with Ctrl-C and leaves
 * nothing, keeps what it was told to keep, and says in one sentence why it cannot start.
 */
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { INSTANCES_MAX } from '../../src/local/range';
import { wireTo } from '../kit/api-server';
import { bundled, processesOf, programOf, type Running, run, type Up, up } from '../kit/local-up';
import { until } from '../kit/until';
import { connectRaw } from '../kit/valkey-client';

const SLOW_MS = 120_000;
/** More than are up at once. */
const HIGH_INSTANCES = 24;
let programs = '';
const scratch = mkdtempSync(join(tmpdir(), 'gungnir-up-data-'));
const brokenKeys = join(scratch, 'broken-keys');
mkdirSync(brokenKeys);
writeFileSync(join(brokenKeys, 'keys.json'), '{"ca": {"key"');
const ups: Up[] = [];
let made = 0;
beforeAll(async () => {
  programs = await bundled();
}, SLOW_MS);
afterEach(async () => {
  for (const { child, ended } of ups.splice(0)) {
    child.kill('SIGINT');
    await ended;
  }
}, SLOW_MS);
afterAll(() => {
  rmSync(programs, { recursive: true, force: true });
  rmSync(scratch, { recursive: true, force: true });
});

/** A folder to keep things in, whose addresses nobody takes who asks for the first free ones. */
function data(): string {
  made += 1;
  const folder = join(scratch, `data-${made}`);
  mkdirSync(folder);
  const last = INSTANCES_MAX - 1;
  writeFileSync(join(folder, 'instance'), String(last - ((process.pid + made) % HIGH_INSTANCES)));
  return folder;
}

async function start(...argv: readonly string[]): Promise<Up> {
  const one = await up(programs, ['--nodes', '1', ...argv]);
  ups.push(one);
  return one;
}

/** One request with the kubeconfig that it printed. */
async function ask(kubeconfig: string, method: string, path: string, body?: object) {
  const wire = await wireTo(kubeconfig);
  try {
    const text = body === undefined ? {} : { text: JSON.stringify(body) };
    const answer = await wire.ask({ method, path, ...text });
    return { status: answer.status, body: JSON.parse(answer.text) };
  } finally {
    wire.close();
  }
}

/** What a refusal says, in one line: the error, then what to do, and no more. */
function sentencesOf(refused: Running): string {
  const text = refused.text();
  expect(text).toMatch(/^error: \w+: /);
  expect(text).toContain('\n  To fix: ');
  for (const line of text.trimEnd().split('\n').slice(1)) expect(line).toMatch(/^ {2}To fix: /);
  return text.replace(/\s+/g, ' ');
}

const maps = '/api/v1/namespaces/default/configmaps';
const operatorPods = '/api/v1/namespaces/gungnir-system/pods';

async function operatorRuns(kubeconfig: string): Promise<void> {
  await until(
    'the operator runs as a pod',
    async () => JSON.stringify(await ask(kubeconfig, 'GET', operatorPods)).includes('"Running"'),
    SLOW_MS,
    100,
  );
}

const DEFINITION = 'examples/manifests/minimal.yaml';
const defined = '/apis/valkey.verilean.io/v1/namespaces/default/valkeyclusters/my-valkey';
const statefulSet = '/apis/apps/v1/namespaces/default/statefulsets/my-valkey';
const SERVERS = 3;

/** What the operator says, and as many valkey-servers as it says. */
async function clusterServes({ kubeconfig, folder }: Up): Promise<void> {
  const serves = async (): Promise<boolean> => {
    const { body } = await ask(kubeconfig, 'GET', defined);
    const { body: set } = await ask(kubeconfig, 'GET', statefulSet);
    const servers = processesOf(folder).filter((pid) => programOf(pid) === 'valkey-server');
    const told = [body.status?.readyReplicas, set.status?.readyReplicas, servers.length];
    return told.every((count) => count === SERVERS);
  };
  await until('the ValkeyCluster serves', serves, SLOW_MS, 100);
}

const service = '/api/v1/namespaces/default/services/my-valkey-client';
const secret = '/api/v1/namespaces/default/secrets/my-valkey-secret';

/** One command as a client has it: through the client Service, with the Secret's password, until it is taken. */
async function asked({ kubeconfig }: Up, ...command: string[]): Promise<string> {
  const { body } = await ask(kubeconfig, 'GET', service);
  const { body: secrets } = await ask(kubeconfig, 'GET', secret);
  const password = Buffer.from(secrets.data.password, 'base64').toString();
  return until(
    `${command[0]} is answered`,
    async () => {
      const address = { host: body.spec.clusterIP, port: 6379 };
      const client = await connectRaw(address, { username: 'default', password }).catch(() => {});
      if (client === undefined) return undefined;
      const reply = await client.ask(...command).catch(() => ({ kind: 'null' as const }));
      client.close();
      return reply.kind === 'bulk' || reply.kind === 'status' ? reply.text : undefined;
    },
    SLOW_MS,
    100,
  );
}

test(
  'it prints a kubeconfig that works; Ctrl-C ends every process and leaves nothing',
  async () => {
    const { kubeconfig, folder, child, ended, text } = await start();
    expect((await ask(kubeconfig, 'GET', '/version')).body).toMatchObject({ minor: '34' });
    await operatorRuns(kubeconfig);
    expect(processesOf(folder).length).toBeGreaterThan(0);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(text()).toContain('nothing is left after Ctrl-C');
    expect(processesOf(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  },
  SLOW_MS,
);

test(
  'with --data, a cluster and its keys survive kill -9 and Ctrl-C; the next start ends what is left of the first',
  async () => {
    const kept = data();
    const first = await start('--data', kept, '-f', DEFINITION);
    await clusterServes(first);
    const { body } = await ask(first.kubeconfig, 'POST', maps, {
      metadata: { name: 'mine' },
      data: { a: '1' },
    });
    await asked(first, 'SET', 'before', 'kill -9');
    first.child.kill('SIGKILL');
    await first.ended;
    const orphans = processesOf(kept);
    expect(orphans.length).toBeGreaterThan(0);
    const second = await start('--data', kept);
    expect(await ask(second.kubeconfig, 'GET', `${maps}/mine`)).toEqual({ status: 200, body });
    await clusterServes(second);
    expect(await asked(second, 'GET', 'before')).toBe('kill -9');
    await asked(second, 'SET', 'before', 'Ctrl-C');
    const left = processesOf(kept);
    expect(orphans.filter((pid) => left.includes(pid))).toEqual([]);
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(130);
    expect(processesOf(kept)).toEqual([]);
    expect(existsSync(join(kept, 'kubeconfig'))).toBe(true);
    const third = await start('--data', kept);
    await clusterServes(third);
    expect(await asked(third, 'GET', 'before')).toBe('Ctrl-C');
  },
  SLOW_MS,
);

test(
  'an address of its own that another program has: one sentence, and no process is left',
  async () => {
    const kept = data();
    const first = await start('--data', kept);
    const host = /https:\/\/([\d.]+):6443/.exec(first.text())?.[1] ?? '';
    first.child.kill('SIGINT');
    await first.ended;
    const other = createServer().listen(6443, host);
    await once(other, 'listening');
    const refused = run(programs, ['--data', kept]);
    expect(await refused.ended).toBe(1);
    expect(sentencesOf(refused)).toContain(`another program listens on ${host}:6443`);
    expect(processesOf(kept)).toEqual([]);
    await new Promise((resolve) => other.close(resolve));
    const again = await start('--data', kept);
    expect((await ask(again.kubeconfig, 'GET', '/version')).status).toBe(200);
  },
  SLOW_MS,
);

test(
  'without --data, a crash leaves processes and a folder that the next start clears',
  async () => {
    const first = await start();
    await operatorRuns(first.kubeconfig);
    await ask(first.kubeconfig, 'POST', maps, { metadata: { name: 'mine' } });
    // Seen before the crash: the start of somebody else may clear them at once.
    const orphans = processesOf(first.folder).filter((pid) => pid !== first.child.pid);
    expect(orphans.length).toBeGreaterThan(0);
    first.child.kill('SIGKILL');
    await first.ended;
    // The first free range: that of the one that crashed, unless somebody lets go of one below, or is quicker.
    const left = (): number => {
      const there = processesOf(first.folder);
      return orphans.filter((pid) => there.includes(pid)).length;
    };
    const keys = readFileSync(first.kubeconfig, 'utf8');
    let next = await start();
    for (let i = 0; next.folder !== first.folder && left() > 0 && i < 8; i += 1)
      next = await start();
    expect(left()).toBe(0);
    const isCleared =
      !existsSync(first.kubeconfig) || readFileSync(first.kubeconfig, 'utf8') !== keys;
    expect(isCleared, 'nothing of it is there').toBe(true);
    expect((await ask(next.kubeconfig, 'GET', `${maps}/mine`)).status).toBe(404);
  },
  SLOW_MS,
);

test(
  'a second one runs beside the first; one on the same data is refused and harms nobody',
  async () => {
    const kept = data();
    const first = await start('--data', kept);
    const second = await start();
    expect(second.kubeconfig).not.toBe(first.kubeconfig);
    await ask(first.kubeconfig, 'POST', maps, { metadata: { name: 'mine' } });
    expect((await ask(second.kubeconfig, 'GET', `${maps}/mine`)).status).toBe(404);
    const third = run(programs, ['--data', kept]);
    expect(await third.ended).toBe(1);
    expect(sentencesOf(third)).toMatch(
      /^error: LocalClusterCannotStart: .*are in use: the same data is up already.* To fix: /,
    );
    expect((await ask(first.kubeconfig, 'GET', `${maps}/mine`)).status).toBe(200);
  },
  SLOW_MS,
);

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
  const kept = data();
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
    const kept = data();
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
