/**
 * A promoted node that is alone, all others lost, restarts: on real servers, what of its identity comes
 * back, and that the next engine opens it again by what it is. Beside it: no identity, and no data.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import type { Tell } from '../../../src/sentinel/core/ready';
import type { ClusterRecord } from '../../../src/sentinel/core/record';
import { createEmbeddedEngine, type EmbeddedEngine } from '../../../src/sentinel/io/embedded';
import { createMemoryAuthority } from '../../../src/sentinel/io/memory-authority';
import { startEngineLab } from '../../kit/engine-lab';
import { until } from '../../kit/until';
import { LAB_USERS, type LabOptions, startLab, type ValkeyProcess } from '../../kit/valkey';
import { askAs, connectRaw, infoField } from '../../kit/valkey-client';
import { serverVersions } from '../../kit/valkey-versions';

const KEYS = 50;

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

interface Lone {
  readonly node: ValkeyProcess;
  readonly all: readonly ValkeyProcess[];
  readonly record: ClusterRecord;
  readonly replid: string;
  readonly offset: string;
}

const accepts = (server: ValkeyProcess, key: string): Promise<boolean> =>
  askAs(server, 'SET', key, 'x').then(({ kind }) => kind === 'status');

const keysOf = (server: ValkeyProcess): Promise<string> => infoField(server, 'db0');

async function isRewritten(server: ValkeyProcess): Promise<boolean> {
  const fields = ['aof_rewrite_in_progress', 'aof_rewrite_scheduled'];
  const values = await Promise.all(fields.map((field) => infoField(server, field)));
  return values.every((value) => value === '0');
}

/** Only what WAIT has confirmed to the connection that wrote it is sure to be there after a kill. */
async function fill(old: ValkeyProcess): Promise<void> {
  const client = await connectRaw(old, LAB_USERS.test);
  for (let key = 1; key < KEYS; key += 1) await client.ask('SET', `before${key}`, 'x');
  expect(await client.ask('WAIT', '2', '10000')).toEqual({ kind: 'integer', value: 2 });
  client.close();
}

/** One replica is lost, then the primary: what is left is promoted with nobody behind it. Then the engine ends. */
async function loneNode(lab: LabOptions): Promise<Lone> {
  const {
    engine,
    lab: servers,
    primary,
    replicas,
    settled,
    stop,
    toldAfter,
  } = await startEngineLab({ lab });
  running.push({ stop });
  await settled();
  const old = primary();
  await until('writes are taken', () => accepts(old, 'before'));
  await fill(old);
  await replicas()[0]?.kill();
  const killedMs = performance.now();
  await old.kill();
  await toldAfter('+switch-master', killedMs);
  const node = primary();
  await until('it takes writes with nobody behind it', () => accepts(node, 'after'));
  await engine.stop();
  const record = engine.record();
  if (record === undefined) throw new Error('no record');
  expect(record).toMatchObject({ members: [], m: 0 });
  const [replid, offset] = [
    await infoField(node, 'master_replid'),
    await infoField(node, 'master_repl_offset'),
  ];
  expect(record.lineage.at(-1)?.replid).toBe(replid);
  return { node, all: servers.servers, record, replid, offset };
}

/** The next engine over the same servers and the record of the one before. */
async function nextEngine({ all, record }: Lone): Promise<[EmbeddedEngine, Tell[]]> {
  const told: Tell[] = [];
  const engine = createEmbeddedEngine({
    nodes: all,
    base: LAB_USERS.base,
    config: { pingIntervalMs: millis(200), downAfterMs: millis(1000) },
    authority: createMemoryAuthority(record).contender('next'),
    onEvent: (event) => void (event.kind === 'tell' && told.push(event.tell)),
  });
  running.push(engine);
  await engine.start();
  return [engine, told];
}

const factsOf = (told: readonly Tell[], word: string): Tell['facts'] | undefined =>
  told.find(({ event }) => event === word)?.facts;

describe.each(serverVersions())('valkey $version', ({ program }) => {
  test('its dump has its history and its place: it comes back fenced, and is opened as what it was', async () => {
    const lone = await loneNode({ program, persistence: 'rdb' });
    const { node, record } = lone;
    await node.restart('kept', 'SIGTERM');
    expect(await infoField(node, 'role'), 'fenced').toBe('slave');
    expect(await accepts(node, 'fenced'), 'and takes no write').toBe(false);
    expect(await infoField(node, 'master_replid'), 'the same history').toBe(lone.replid);
    expect(await infoField(node, 'slave_repl_offset'), 'the same place').toBe(lone.offset);
    const [engine, told] = await nextEngine(lone);
    await until('it is opened', () => factsOf(told, '+switch-master') !== undefined, 15_000);
    expect(factsOf(told, '+reopen')).toMatchObject({ pod: node.name, behindBytes: 0 });
    expect(engine.record()).toMatchObject({ epoch: record.epoch + 1, primary: { pod: node.name } });
    expect(await keysOf(node)).toMatch(new RegExp(`^keys=${KEYS + 1},`));
    await until('it takes writes again', () => accepts(node, 'opened'));
  }, 60_000);
});

describe('one version', () => {
  test.each([
    {
      by: 'the engine',
      kept: true,
      why: 'its promotion makes a backlog, and the dump names the history',
    },
    { by: 'REPLICAOF NO ONE', kept: false, why: 'nobody ever followed it, so it has no backlog' },
  ])(
    'a single node that $by made the primary: history kept $kept, as $why',
    async ({ by, kept }) => {
      const lab = await startLab({
        servers: 1,
        persistence: 'rdb',
        config: ['min-replicas-to-write 0'],
      });
      running.push(lab);
      const node = lab.server(0);
      if (by === 'the engine') {
        const engine = createEmbeddedEngine({ nodes: lab.servers, base: LAB_USERS.base });
        running.push(engine);
        await engine.start();
        await until('it is the primary', () => accepts(node, 'one'), 15_000);
        await engine.stop();
      } else {
        await askAs(node, 'REPLICAOF', 'NO', 'ONE');
        expect(await accepts(node, 'one')).toBe(true);
      }
      const before = await infoField(node, 'master_replid');
      await node.restart('kept', 'SIGTERM');
      expect((await infoField(node, 'master_replid')) === before).toBe(kept);
      expect(await keysOf(node), 'its data is there either way').toMatch(/^keys=1,/);
    },
    60_000,
  );

  test('with an append-only file it has its data and no identity: opened as the volume that was the primary', async () => {
    const lone = await loneNode({ persistence: 'aof' });
    const { node } = lone;
    // Its append-only file is whole once the rewrite that follows a full sync is done.
    await until('the rewrite is done', () => isRewritten(node), 15_000);
    await node.restart('kept', 'SIGTERM');
    expect(await infoField(node, 'master_replid'), 'another history').not.toBe(lone.replid);
    const [, told] = await nextEngine(lone);
    await until('it is opened', () => factsOf(told, '+switch-master') !== undefined, 15_000);
    expect(factsOf(told, '+reopen')).toMatchObject({ pod: node.name });
    expect(await keysOf(node)).toMatch(new RegExp(`^keys=${KEYS + 1},`));
  }, 60_000);

  test('without its data it is nobody: the engine asks, and opens nothing', async () => {
    const lone = await loneNode({ persistence: 'rdb' });
    const { node } = lone;
    await node.restart('emptied');
    const [engine, told] = await nextEngine(lone);
    await until('it asks', () => factsOf(told, '+blocked') !== undefined, 15_000);
    expect(factsOf(told, '+blocked')?.nodes).toContain(`${node.name}:ForeignHistory`);
    expect(factsOf(told, '+promote')).toBeUndefined();
    expect(await infoField(node, 'role')).toBe('slave');
    engine.accept(node.name);
    await until('it is opened when a person says so', () => accepts(node, 'anew'), 15_000);
  }, 60_000);
});
