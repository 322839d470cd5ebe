/**
 * Every order on real servers of each version that this machine has: what it does and what it refuses.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { millis, offset, replId } from '../../../src/kit/brands';
import {
  claim,
  expectKind,
  observe,
  openLane,
  promote,
  type TestLane,
} from '../../kit/claimed-lane';
import { until } from '../../kit/until';
import { type Lab, startLab, type ValkeyProcess } from '../../kit/valkey';
import { askAs, connectRaw, infoField, settingOf } from '../../kit/valkey-client';
import { missingVersions, serverVersions } from '../../kit/valkey-versions';

const missing = missingVersions();
if (missing.length > 0)
  process.stderr.write(
    `orders.test.ts: NOT run on valkey ${missing.join(', ')}: not on this machine\n`,
  );

async function linked(replica: TestLane, primary: ValkeyProcess): Promise<void> {
  await expectKind(replica.send({ kind: 'follow', primary }), 'done');
  await until('the replica is linked', async () => (await observe(replica)).link === 'up', 5_000);
}

describe.each(serverVersions())('valkey $version', ({ program }) => {
  let lab: Lab;
  let [one, two]: ValkeyProcess[] = [];
  const server = (index: 0 | 1): ValkeyProcess => {
    const found = index === 0 ? one : two;
    if (found === undefined) throw new Error('no lab');
    return found;
  };
  const lanes: TestLane[] = [];
  function lane(index: 0 | 1): TestLane {
    const opened = openLane(server(index));
    lanes.push(opened);
    return opened;
  }
  /** A primary and a linked replica, claimed. */
  async function pair(): Promise<{ primary: TestLane; replica: TestLane }> {
    const [primary, replica] = [lane(0), lane(1)];
    await claim(primary, 1, 1);
    await claim(replica, 1, 1);
    await expectKind(promote(primary), 'promoted');
    await linked(replica, server(0));
    // A link that is up can still wait for its snapshot; only what is online is sent what is written.
    await until('the replica is online', async () => {
      return (await observe(primary)).attached[0]?.state === 'online';
    });
    return { primary, replica };
  }
  beforeAll(async () => {
    lab = await startLab({ program, servers: 2 });
    [one, two] = [...lab.servers];
    return async () => lab.stop();
  });
  afterAll(() => {
    for (const opened of lanes) opened.disconnect();
  });
  async function fresh(): Promise<void> {
    for (const opened of lanes.splice(0)) opened.disconnect();
    await Promise.all(lab.servers.map((each) => each.restart('emptied')));
  }

  test('a claim leaves its own user alone, and brings facts although the node serves no stale data', async () => {
    await fresh();
    const mine = lane(0);
    expect(await claim(mine, 3, 1)).toMatchObject({ role: 'replica', upstream: { port: 0 } });
    expect(await claim(mine, 3, 2)).toMatchObject({ role: 'replica' });
    const users = await askAs(server(0), 'ACL', 'USERS');
    expect(JSON.stringify(users)).toContain('gungnir-t3-2');
    expect(JSON.stringify(users)).not.toContain('gungnir-t3-1"');
  });

  test('promote an empty node: a new history, cut; our replication link is gone at once', async () => {
    await fresh();
    const mine = lane(0);
    await claim(mine, 1, 1);
    expect(await promote(mine)).toEqual({ kind: 'promoted', cut: 'Cut' });
    expect(await observe(mine)).toMatchObject({ role: 'master', replid2: undefined, attached: [] });
    expect(await settingOf(server(0), 'replica-serve-stale-data')).toBe('yes');
    expect(await settingOf(server(0), 'min-replicas-to-write')).toBe('0');
    expect(mine.closed(), 'our own close is no event').toBe(0);
  });

  test('promote a held replica: the history goes on, joined at the very offset', async () => {
    await fresh();
    const { replica } = await pair();
    await expectKind(replica.send({ kind: 'hold' }), 'done');
    const held = await observe(replica);
    expect(await promote(replica)).toEqual({ kind: 'promoted', cut: 'Joined' });
    expect(await observe(replica)).toMatchObject({
      role: 'master',
      replid2: held.replid,
      secondOffset: held.offset + 1,
      attached: [],
    });
  });

  test.each([
    { why: 'a replid that is not its own', replid: 'f'.repeat(40), before: 'held' },
    { why: 'it is a master already', replid: undefined, before: 'master' },
  ])('promote is refused: $why', async ({ replid, before }) => {
    await fresh();
    const mine = lane(0);
    const facts = await claim(mine, 1, 1);
    if (before === 'master') await expectKind(promote(mine), 'promoted');
    const wrong = replid === undefined ? (await observe(mine)).replid : replId(replid);
    const refused = await mine.send({
      kind: 'promote',
      replid: wrong,
      offset: facts.offset,
      m: 0,
      L: 2,
    });
    expect(refused).toMatchObject({ kind: 'refused', code: 'ERR' });
    expect((await observe(mine)).role).toBe(before === 'master' ? 'master' : 'replica');
  });

  test('promote whose settings are refused sends no PSYNC', async () => {
    await fresh();
    const mine = lane(0);
    const { replid, offset: at } = await claim(mine, 1, 1);
    expect(await mine.send({ kind: 'promote', replid, offset: at, m: -1, L: 2 })).toMatchObject({
      kind: 'refused',
    });
    expect(await observe(mine)).toMatchObject({ role: 'replica' });
  });

  test('hold keeps the history, closes reads, and may be repeated', async () => {
    await fresh();
    const { replica } = await pair();
    const { replid, offset: at } = await observe(replica);
    await expectKind(replica.send({ kind: 'hold' }), 'done');
    await expectKind(replica.send({ kind: 'hold' }), 'done');
    const held = await observe(replica);
    expect(held).toMatchObject({
      role: 'replica',
      link: 'down',
      upstream: { host: '127.0.0.1', port: 0 },
      replid,
    });
    expect(held.offset).toBeGreaterThanOrEqual(at);
    const reader = await connectRaw(server(1));
    expect(await reader.ask('GET', 'x')).toMatchObject({ kind: 'error', code: 'MASTERDOWN' });
    reader.close();
  });

  test('demote ends client connections, lifts the pause, and the node takes no write any more', async () => {
    await fresh();
    const { primary } = await pair();
    const client = await connectRaw(server(0));
    await expectKind(primary.send({ kind: 'pause', forMs: millis(60_000) }), 'done');
    const waiting = client.connection.request([['SET', 'a', '1']]);
    await expectKind(primary.send({ kind: 'demote', clientUsers: ['default', 'nobody'] }), 'done');
    expect(await waiting).toEqual({ kind: 'closed', replies: [] });
    const next = await connectRaw(server(0));
    expect(await next.ask('SET', 'a', '2')).toMatchObject({ kind: 'error' });
    next.close();
    expect(await observe(primary)).toMatchObject({ role: 'replica', upstream: { port: 0 } });
    expect(await settingOf(server(0), 'replica-serve-stale-data')).toBe('no');
  });

  test('handOver: the old primary stops at an offset that the replica reaches, and follows it', async () => {
    await fresh();
    const { primary, replica } = await pair();
    const client = await connectRaw(server(0));
    for (let write = 0; write < 50; write += 1) await client.ask('SET', `k${write}`, 'v');
    await expectKind(primary.send({ kind: 'pause', forMs: millis(5_000) }), 'done');
    // As the engine does it: what is still in the primary's buffers when it steps down is dropped.
    await until('both are level', async () => {
      return (await observe(replica)).offset === (await observe(primary)).offset;
    });
    const handed = await expectKind(
      primary.send({ kind: 'handOver', primary: server(1), clientUsers: ['default'] }),
      'handedOver',
    );
    await client.ended;
    await until('the replica has it all', async () => {
      return (await observe(replica)).offset === handed.offset;
    });
    const seen = await observe(replica);
    expect(seen.replid).toBe(handed.replid);
    expect(await promote(replica)).toEqual({ kind: 'promoted', cut: 'Joined' });
    await until('the old one is linked again', async () => (await observe(primary)).link === 'up');
    expect(await infoField(server(1), 'sync_full'), 'a partial sync was enough').toBe('0');
  });

  test('pause holds writes back and unpause lets them go', async () => {
    await fresh();
    const { primary } = await pair();
    const client = await connectRaw(server(0));
    await expectKind(primary.send({ kind: 'pause', forMs: millis(60_000) }), 'done');
    let answered = 'not yet';
    const write = client.ask('SET', 'a', '1').then(() => {
      answered = 'answered';
    });
    expect((await observe(primary)).role).toBe('master');
    expect(answered).toBe('not yet');
    await expectKind(primary.send({ kind: 'unpause' }), 'done');
    await write;
    client.close();
  });

  test('configure sets what it can, and says what was refused', async () => {
    await fresh();
    const { primary } = await pair();
    const good = ['maxclients', '4321'] as const;
    await expectKind(primary.send({ kind: 'configure', settings: [good] }), 'done');
    expect(await settingOf(server(0), 'maxclients')).toBe('4321');
    const mixed = [
      ['no-such-setting', '1'],
      ['maxclients', '4322'],
    ] as const;
    await expectKind(primary.send({ kind: 'configure', settings: mixed }), 'refused');
    expect(await settingOf(server(0), 'maxclients')).toBe('4322');
  });

  test('setMin changes both settings; killClients ends client connections, not ours', async () => {
    await fresh();
    const { primary } = await pair();
    await expectKind(primary.send({ kind: 'setMin', m: 1, L: 7 }), 'done');
    expect([
      await settingOf(server(0), 'min-replicas-to-write'),
      await settingOf(server(0), 'min-replicas-max-lag'),
    ]).toEqual(['1', '7']);
    const client = await connectRaw(server(0));
    await expectKind(
      primary.send({ kind: 'killClients', clientUsers: ['default', 'nobody'] }),
      'done',
    );
    await client.ended;
    expect(await observe(primary)).toMatchObject({
      role: 'master',
      attached: [{ state: 'online' }],
    });
    expect(primary.closed()).toBe(0);
  });

  test('yield removes our own user', async () => {
    await fresh();
    const mine = lane(0);
    await expectKind(mine.send({ kind: 'look' }), 'users');
    await expectKind(mine.send({ kind: 'take', term: 4, n: 1 }), 'users');
    await expectKind(mine.send({ kind: 'yield', term: 4, n: 1 }), 'done');
    expect(JSON.stringify(await askAs(server(0), 'ACL', 'USERS'))).not.toContain('gungnir-t4');
  });

  test('a loading node can be claimed and looked at; hold and promote are refused', async () => {
    await fresh();
    const slow = await startLab({
      program,
      servers: 1,
      persistence: 'rdb',
      config: ['key-load-delay 1000', 'loading-process-events-interval-bytes 1024'],
    });
    try {
      const loading = slow.server(0);
      await askAs(loading, 'REPLICAOF', 'NO', 'ONE');
      await askAs(loading, 'DEBUG', 'POPULATE', '5000');
      await loading.kill('SIGTERM');
      await loading.start('spawned');
      await until(
        'it loads',
        async () => (await infoField(loading, 'loading').catch(() => '')) === '1',
      );
      const mine = openLane(loading);
      const facts = await claim(mine, 1, 1);
      expect(facts.activity).toBe('loading');
      expect(await mine.send({ kind: 'hold' })).toMatchObject({ kind: 'refused', code: 'LOADING' });
      const { replid } = facts;
      expect(
        await mine.send({ kind: 'promote', replid, offset: offset(0), m: 0, L: 2 }),
      ).toMatchObject({ kind: 'refused', code: 'LOADING' });
      mine.disconnect();
    } finally {
      await slow.stop();
    }
  });
});
