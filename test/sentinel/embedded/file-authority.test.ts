/**
 * The file authority: one leader at a time over one folder; a holder that is killed is followed, one that
 * was only stopped finds out when it wakes, and its record is not overwritten meanwhile.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { millis, term } from '../../../src/kit/brands';
import { fileAuthority } from '../../../src/sentinel';
import { blankRecord } from '../../../src/sentinel/core/on-lease';
import type { ClusterRecord } from '../../../src/sentinel/core/record';
import { createFileStore } from '../../../src/sentinel/io/file-store';
import type { Kept } from '../../../src/sentinel/io/leased-authority';
import type { Authority, Leadership } from '../../../src/sentinel/io/ports';
import type { ContenderPlan, FromContender } from '../../kit/contender-process';
import { until } from '../../kit/until';
import { type Lab, startLab } from '../../kit/valkey';
import { infoField } from '../../kit/valkey-client';

/** The shortest that a Lease knows. */
const QUICK_TIMES = { leaseDurationMs: 2000, renewDeadlineMs: 1500, retryMs: 250 } as const;

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-authority-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const kept = (record: string): Kept => ({
  record,
  lease: {
    holder: 'a',
    durationMs: millis(1000),
    acquireTime: 'x',
    renewTime: 'y',
    transitions: 0,
  },
});

describe('the store', () => {
  test('of many writers over one version exactly one wins, each time', async () => {
    const folder = folderOf();
    const stores = Array.from({ length: 8 }, () => createFileStore(folder));
    let version: string | undefined;
    for (let round = 1; round <= 10; round += 1) {
      const written = await Promise.all(
        stores.map((store, index) => store.write(kept(JSON.stringify({ round, index })), version)),
      );
      const winners = written.flatMap((wrote, index) =>
        wrote.kind === 'written' ? [{ index, version: wrote.version }] : [],
      );
      expect(winners).toHaveLength(1);
      const read = await stores[0]?.read();
      expect(read).toMatchObject({ kind: 'kept', version: winners[0]?.version });
      expect(JSON.parse(read?.kind === 'kept' ? read.kept.record : '')).toEqual({
        round,
        index: winners[0]?.index,
      });
      version = winners[0]?.version;
    }
    expect(readdirSync(folder).length, 'older versions are removed').toBeLessThan(8);
  });

  test('an old version wins nothing, also when its successor was removed since', async () => {
    const store = createFileStore(folderOf());
    let version: string | undefined;
    for (let count = 0; count < 9; count += 1) {
      const wrote = await store.write(kept(''), version);
      version = wrote.kind === 'written' ? wrote.version : version;
    }
    expect(await store.write(kept(''), '1')).toEqual({ kind: 'conflict' });
    expect(await store.write(kept(''), undefined)).toEqual({ kind: 'conflict' });
    expect(await store.write(kept(''), version)).toMatchObject({ kind: 'written' });
  });

  test('a file that is no version of ours is a failure, not an empty record', async () => {
    const folder = folderOf();
    writeFileSync(join(folder, 'authority.000000000001.json'), '{"format":1,"lease"');
    expect(await createFileStore(folder).read()).toMatchObject({ kind: 'failed' });
  });

  test('a folder that is not there holds nothing; one that cannot be there is said', async () => {
    const folder = folderOf();
    expect(await createFileStore(join(folder, 'later')).read()).toEqual({ kind: 'absent' });
    writeFileSync(join(folder, 'file'), '');
    expect(await createFileStore(join(folder, 'file/below')).read()).toMatchObject({
      kind: 'failed',
    });
  });
});

const record: ClusterRecord = { ...blankRecord({ maxLagSeconds: 2 }), term: term(1) };

interface Campaigner {
  readonly authority: Authority;
  readonly told: Leadership[];
}

function campaigner(folder: string): Campaigner {
  const authority = fileAuthority({ folder, ...QUICK_TIMES });
  const told: Leadership[] = [];
  authority.start((leadership) => told.push(leadership));
  cleanups.push(() => authority.stop());
  return { authority, told };
}

test('one leads, its record is swapped by value, and the next one finds it', async () => {
  const folder = folderOf();
  const first = campaigner(folder);
  await until('the first leads', () => first.told.length === 1, 10_000);
  expect(first.told).toEqual([{ kind: 'led', record: undefined }]);
  const second = campaigner(folder);
  expect(await first.authority.swap(undefined, record)).toEqual({ kind: 'ok' });
  const later = { ...record, term: term(2) };
  expect(await first.authority.swap(undefined, later)).toEqual({
    kind: 'conflict',
    actual: record,
  });
  expect(await second.authority.swap(record, later)).toEqual({ kind: 'failed' });
  expect(second.authority.mayAct()).toBe('denied');
  await first.authority.stop();
  expect(first.authority.mayAct()).toBe('denied');
  await until('the second leads', () => second.told.length === 1, 10_000);
  expect(second.told).toEqual([{ kind: 'led', record }]);
  expect(await second.authority.swap(record, later)).toEqual({ kind: 'ok' });
});

interface Contender {
  readonly child: ChildProcess;
  readonly told: FromContender[];
}

function contender(plan: ContenderPlan): Contender {
  const file = join(__dirname, '../../kit/contender-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  cleanups.push(() => void child.kill('SIGKILL'));
  const told: FromContender[] = [];
  child.on('message', (message: FromContender) => told.push(message));
  child.send(plan);
  return { child, told };
}

const said = ({ told }: Contender, type: string): boolean =>
  told.some((event) => event.type === type);

async function twoContenders(): Promise<{ lab: Lab; first: Contender; second: Contender }> {
  const lab = await startLab();
  cleanups.push(() => lab.stop());
  const nodes = lab.servers.map(({ name, host, port }) => ({ name, host, port }));
  const plan = { nodes, authority: { folder: folderOf(), ...QUICK_TIMES } };
  const first = contender(plan);
  await until('the first has made a primary', () => said(first, '+switch-master'), 30_000);
  await until(
    'both replicas are linked',
    async () => {
      const links = lab.servers.slice(1).map((server) => infoField(server, 'master_link_status'));
      return (await Promise.all(links)).every((link) => link === 'up');
    },
    30_000,
  );
  const second = contender(plan);
  await until('the second asks for the lease', () => said(second, 'up'), 30_000);
  return { lab, first, second };
}

describe('two processes over three real servers', () => {
  test('the holder and the primary are killed together: the other process fails over', async () => {
    const { lab, first, second } = await twoContenders();
    await new Promise((resolve) => setTimeout(resolve, QUICK_TIMES.leaseDurationMs + 1000));
    expect(said(second, '+takeover'), 'a lease that is renewed is not taken').toBe(false);
    first.child.kill('SIGKILL');
    await lab.server(0).kill();
    await until('the second moves the primary', () => said(second, '+switch-master'), 30_000);
    const to = second.told.find(({ type }) => type === '+switch-master')?.to ?? '';
    const promoted = lab.servers.find(({ name }) => name === to);
    if (promoted === undefined) throw new Error(`${to} is no server`);
    expect(await infoField(promoted, 'role')).toBe('master');
  }, 120_000);

  test('a holder that was only stopped leads nobody when it wakes', async () => {
    const { lab, first, second } = await twoContenders();
    first.child.kill('SIGSTOP');
    await until('the second leads', () => said(second, '+takeover'), 30_000);
    await until(
      'and has claimed all',
      () => second.told.filter(({ type }) => type === '+claimed').length === 3,
      30_000,
    );
    const claims = first.told.filter(({ type }) => type === '+claimed').length;
    const runs = await Promise.all(lab.servers.map((server) => infoField(server, 'role')));
    first.child.kill('SIGCONT');
    await until('the first finds out', () => said(first, '+standby'), 30_000);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(first.told.filter(({ type }) => type === '+claimed').length).toBe(claims);
    expect(said(second, '+standby'), 'and the second goes on').toBe(false);
    expect(await Promise.all(lab.servers.map((server) => infoField(server, 'role')))).toEqual(runs);
  }, 120_000);
});
