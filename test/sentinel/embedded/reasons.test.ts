/**
 * What the engine as a library refuses, by reason, over servers in memory: each beside what it takes.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { fileAuthority, Sentinel, type SentinelEvent } from '../../../src/sentinel';
import { createEmbeddedEngine } from '../../../src/sentinel/io/embedded';
import { createFileStore } from '../../../src/sentinel/io/file-store';
import type { Kept } from '../../../src/sentinel/io/leased-authority';
import { createMemoryAuthority } from '../../../src/sentinel/io/memory-authority';
import type { Authority, Leadership } from '../../../src/sentinel/io/ports';
import { createFakeNet } from '../../kit/fake-transport';
import { createFakeValkeys, type FakeValkeys } from '../../kit/fake-valkey';
import { until } from '../../kit/until';

const QUICK_TIMES = { leaseDurationMs: 2000, renewDeadlineMs: 1500, retryMs: 250 } as const;

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Scene {
  readonly sentinel: Sentinel;
  readonly heard: SentinelEvent[];
  readonly valkeys: FakeValkeys;
}

/** Three servers in memory, and a Sentinel over them that is not started. */
function scene(authority?: Authority, hosts = ['10.0.0.1', '10.0.0.2', '10.0.0.3']): Scene {
  const net = createFakeNet();
  const valkeys = createFakeValkeys(net);
  for (const host of hosts) valkeys.boot({ host, port: 6379 });
  const sentinel = new Sentinel({
    nodes: hosts.map((host, index) => ({ name: `v${index}`, host })),
    credentials: { username: 'gungnir', password: 'x' },
    transport: net,
    pingIntervalMs: 50,
    downAfterMs: 500,
    ...(authority === undefined ? {} : { authority }),
  });
  cleanups.push(() => sentinel.close());
  const heard: SentinelEvent[] = [];
  sentinel.on('*', (event) => heard.push(event));
  return { sentinel, heard, valkeys };
}

async function serving({ sentinel }: Scene): Promise<void> {
  await sentinel.start();
  await sentinel.primary({ timeoutMs: 10_000 });
  const linked = (): number => sentinel.status().nodes.filter(({ link }) => link === 'up').length;
  await until('both replicas are linked', () => linked() === 2);
}

/** A switchover that stands still in its pause: the primary never answers that. @returns what it ends with. */
async function movingForEver(one: Scene): Promise<{ readonly end: Promise<unknown> }> {
  await serving(one);
  one.valkeys.intercept = (_server, [word, second]) =>
    word === 'CLIENT' && second === 'PAUSE' ? 'silence' : undefined;
  return until('a switchover has begun', async () => {
    const end = one.sentinel.failover({ timeoutMs: 20_000 }).catch(reasonOf);
    const begun = until('', () => one.heard.some(({ type }) => type === '+pause'), 5000);
    const first = await Promise.race([end, begun]);
    return first === 'SwitchoverRefused' ? false : { end };
  });
}

const reasonOf = (error: unknown): unknown => (error as { readonly reason?: unknown }).reason;

describe('the base user', () => {
  const nodes = [{ name: 'v0', host: '10.0.0.1', port: 6379 }];
  const made = (username: string, clientUsers: readonly string[]) => () =>
    createEmbeddedEngine({ nodes, base: { username, password: 'x' }, config: { clientUsers } });

  test.each([
    { username: 'default', users: ['default'], why: 'the one that all have' },
    { username: 'app', users: ['default', 'app'], why: 'one that the program named' },
  ])('$username is refused where clients use it: $why', ({ username, users }) => {
    expect(made(username, users)).toThrow(/^BaseUserShared: /);
  });

  test('one of its own is taken', () => {
    expect(made('gungnir', ['default', 'app'])).not.toThrow();
  });
});

describe('the host of a node', () => {
  test('a name that has no address: start names it, and nothing runs', async () => {
    // A label may have 63 letters, so nobody is asked for this one.
    const { sentinel } = scene(undefined, [`${'a'.repeat(64)}.invalid`]);
    await expect(sentinel.start()).rejects.toMatchObject({
      reason: 'NodeNameUnknown',
      facts: { node: 'v0' },
    });
    expect(sentinel.status().role).toBe('closed');
  });

  test('a name that has one is looked up', async () => {
    const { sentinel } = scene(undefined, ['localhost']);
    await expect(sentinel.start()).resolves.toBe(sentinel);
  });
});

describe('the authority', () => {
  test('without it no move is taken, with it the same move is', async () => {
    const host = createMemoryAuthority();
    const other = host.contender('other');
    other.start(() => {});
    const one = scene(host.contender('one'));
    await one.sentinel.start();
    await expect(one.sentinel.failover()).rejects.toMatchObject({ reason: 'NotTheAuthority' });
    await other.stop();
    await one.sentinel.primary({ timeoutMs: 10_000 });
    const move = async (): Promise<unknown> =>
      one.sentinel.failover({ timeoutMs: 5000 }).catch(reasonOf);
    await until('the move is taken', async () => {
      const result = await move();
      expect(result).not.toBe('NotTheAuthority');
      return typeof result === 'object';
    });
  });

  test('lost while a move is under way: the move ends, by that name', async () => {
    const host = createMemoryAuthority();
    const one = scene(host.contender('one'));
    const { end } = await movingForEver(one);
    host.contender('other').start(() => {});
    host.takeOver('other', 'told');
    expect(await end).toBe('NotTheAuthority');
  });
});

describe('waiting for the primary', () => {
  test('there is none in time: said with the time, and a later wait finds it', async () => {
    const one = scene();
    for (const { address } of one.valkeys.all()) one.valkeys.server(address).life = 'hung';
    await one.sentinel.start();
    await expect(one.sentinel.primary({ timeoutMs: 100 })).rejects.toMatchObject({
      reason: 'NoPrimaryInTime',
      facts: { afterMs: 100 },
    });
    for (const { address } of one.valkeys.all()) one.valkeys.boot(address);
    expect(await one.sentinel.primary({ timeoutMs: 20_000 })).toMatchObject({ name: 'v0' });
  });
});

describe('an engine that contradicts itself', () => {
  /** An authority of the program's own, which hands in what is no record. */
  function lying(): { readonly authority: Authority; lie(): void } {
    const inner = createMemoryAuthority().contender('one');
    let tell: (leadership: Leadership) => void = () => {};
    const start = (onChange: (leadership: Leadership) => void): void => {
      tell = onChange;
      inner.start(onChange);
    };
    return {
      authority: { ...inner, start },
      lie: () => tell({ kind: 'led', record: {} as never }),
    };
  }

  test('it says so once, a move under way and every later one end by that name', async () => {
    const { authority, lie } = lying();
    const one = scene(authority);
    const { end } = await movingForEver(one);
    expect(one.heard.map(({ type }) => type)).not.toContain('+broken');
    lie();
    lie();
    expect(await end).toBe('EngineBroken');
    const said = one.heard.filter(({ type }) => type === '+broken');
    expect(said).toMatchObject([{ reason: 'EngineBroken' }]);
    await expect(one.sentinel.failover()).rejects.toMatchObject({ reason: 'EngineBroken' });
  });
});

describe('the store of the authority', () => {
  function folderOf(): string {
    const folder = mkdtempSync(join(tmpdir(), 'gungnir-authority-'));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }

  interface Contest {
    readonly authority: Authority;
    readonly led: Leadership[];
    readonly troubles: unknown[];
  }

  function contest(folder: string): Contest {
    const troubles: unknown[] = [];
    const onTrouble = (error: Error): void => void troubles.push(reasonOf(error));
    const authority = fileAuthority({ folder, ...QUICK_TIMES, onTrouble });
    const led: Leadership[] = [];
    authority.start((leadership) => led.push(leadership));
    cleanups.push(() => authority.stop());
    return { authority, led, troubles };
  }

  const free = { holder: '', durationMs: millis(0), acquireTime: '', renewTime: '' };
  const kept = (record: string): Kept => ({ record, lease: { ...free, transitions: 0 } });

  test.each([
    { record: '{"epoch":"two","term":1}', why: 'of other values' },
    { record: '[]', why: 'no record at all' },
  ])('a record that is $why leads nobody, and is left as it is', async ({ record }) => {
    const folder = folderOf();
    await createFileStore(folder).write(kept(record), undefined);
    const { led, troubles } = contest(folder);
    await until('it is said', () => troubles.length > 0, 10_000);
    expect(troubles).toEqual(['AuthorityRecordUnreadable']);
    expect(led).toEqual([]);
    expect(await createFileStore(folder).read()).toMatchObject({ kept: { record } });
  });

  test('no record at all is a beginning', async () => {
    const folder = folderOf();
    await createFileStore(folder).write(kept(''), undefined);
    const { led, troubles } = contest(folder);
    await until('it leads', () => led.length > 0, 10_000);
    expect(led).toEqual([{ kind: 'led', record: undefined }]);
    expect(troubles).toEqual([]);
  });

  test('a folder that cannot be one: said at each try, and nobody leads', async () => {
    const file = join(folderOf(), 'file');
    writeFileSync(file, '');
    const { authority, led, troubles } = contest(join(file, 'below'));
    await until('it is tried again', () => troubles.length > 1, 10_000);
    expect(new Set(troubles)).toEqual(new Set(['AuthorityUnreachable']));
    expect(led).toEqual([]);
    expect(authority.mayAct()).toBe('denied');
  });
});
