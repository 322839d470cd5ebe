/**
 * `gungnir local up` as a user has it: a process that prints a kubeconfig, ends with Ctrl-C and leaves
 * nothing, keeps what it was told to keep, and says in one sentence why it cannot start.
 */
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { notRun, optionalTool } from '../../build-tools/optional-tool';
import { wireTo } from '../kit/api-server';
import {
  askedAsPrinted,
  bundled,
  keptFolder,
  processesOf,
  programOf,
  run,
  type Up,
  up,
} from '../kit/local-up';
import { sentencesOf } from '../kit/sentences';
import { until } from '../kit/until';
import { connectRaw } from '../kit/valkey-client';

const SLOW_MS = 120_000;
const kubectl = optionalTool('kubectl');
let programs = '';
const scratch = mkdtempSync(join(tmpdir(), 'gungnir-up-data-'));
const ups: Up[] = [];
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
    const kept = keptFolder(scratch);
    const first = await start('--data', kept, '-f', DEFINITION);
    await clusterServes(first);
    const { body } = await ask(first.kubeconfig, 'POST', maps, {
      metadata: { name: 'mine' },
      data: { a: '1' },
    });
    await asked(first, 'SET', 'before', 'kill -9');
    if (kubectl === undefined) console.log(notRun('kubectl', 'what local up prints for clients'));
    else expect(await askedAsPrinted(first, kubectl, 'GET before')).toBe('kill -9\n');
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
    const kept = keptFolder(scratch);
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

/** '' without the file. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

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
    // Somebody else may be at it just now.
    await until('no process of it is left', () => left() === 0);
    await until('nothing of it is there', () => textOf(first.kubeconfig) !== keys);
    expect((await ask(next.kubeconfig, 'GET', `${maps}/mine`)).status).toBe(404);
  },
  SLOW_MS,
);

test(
  'a second one runs beside the first; one on the same data is refused and harms nobody',
  async () => {
    const kept = keptFolder(scratch);
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
