/**
 * How an order ends when it cannot be carried out, on real servers of each version: not sent, sent and
 * unread, refused, or dropped. The core builds on the difference.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { claim, openLane, type TestLane } from '../../kit/claimed-lane';
import { until } from '../../kit/until';
import { LAB_USERS, type Lab, startLab, type ValkeyProcess } from '../../kit/valkey';
import { askAs, connectRaw, infoField, settingOf } from '../../kit/valkey-client';
import { serverVersions } from '../../kit/valkey-versions';

describe.each(serverVersions())('valkey $version', ({ program }) => {
  let lab: Lab;
  const lanes: TestLane[] = [];
  beforeAll(async () => {
    lab = await startLab({ program, servers: 1 });
    return async () => lab.stop();
  });
  beforeEach(() => server().restart('emptied'));
  afterEach(() => {
    for (const opened of lanes.splice(0)) opened.disconnect();
  });
  const server = (): ValkeyProcess => lab.server(0);
  function lane(): TestLane {
    const opened = openLane(server());
    lanes.push(opened);
    return opened;
  }

  test('where the lease does not hold nothing is sent', async () => {
    let permission: 'granted' | 'denied' = 'granted';
    const mine = openLane(server(), { authority: { mayAct: () => permission } });
    const facts = await claim(mine, 1, 1);
    permission = 'denied';
    const order = {
      kind: 'promote',
      replid: facts.replid,
      offset: facts.offset,
      m: 0,
      L: 2,
    } as const;
    expect(await mine.send(order)).toEqual({ kind: 'notSent' });
    expect(await infoField(server(), 'role')).toBe('slave');
    expect(await settingOf(server(), 'replica-serve-stale-data'), 'not even its settings').toBe(
      'no',
    );
  });

  test('an order to a stopped process has no reply; to a dead one it is not sent', async () => {
    const mine = lane();
    await claim(mine, 1, 1);
    server().pause();
    expect(await mine.send({ kind: 'setMin', m: 0, L: 2 }, 100)).toEqual({
      kind: 'noReply',
      by: 'late',
    });
    server().resume();
    await until(
      'it came into effect afterwards',
      async () => (await settingOf(server(), 'min-replicas-to-write')) === '0',
    );
    await server().kill();
    expect(await mine.send({ kind: 'setMin', m: 1, L: 2 })).toEqual({ kind: 'notSent' });
    expect(mine.closed(), 'we had ended that connection ourselves').toBe(0);
  });

  test('a process that dies under an order: closed; while idle: told as an event, once', async () => {
    const mine = lane();
    await claim(mine, 1, 1);
    server().pause();
    const underWay = mine.send({ kind: 'observe' });
    await server().kill();
    expect(await underWay).toEqual({ kind: 'noReply', by: 'closed' });
    expect(mine.closed(), 'the outcome has said it').toBe(0);
    await server().start();
    await claim(mine, 1, 2);
    await server().kill();
    await until('the end is told', () => mine.closed() === 1);
  });

  test('a node under a script refuses a look after a rest; one that dies meanwhile is closed', async () => {
    const mine = lane();
    await claim(mine, 1, 1);
    await askAs(server(), 'CONFIG', 'SET', 'busy-reply-threshold', '10');
    await askAs(server(), 'CONFIG', 'SET', 'replica-serve-stale-data', 'yes');
    const script = await connectRaw(server(), LAB_USERS.test);
    const ended = script.connection.request([['EVAL', 'while true do end', '0']]);
    const beganMs = performance.now();
    const refused = await until('it is busy', async () => {
      const outcome = await mine.send({ kind: 'observe' });
      return outcome !== 'dropped' && outcome.kind === 'refused' && outcome;
    });
    expect(refused.code).toBe('BUSY');
    expect(performance.now() - beganMs).toBeGreaterThan(100);
    const underWay = mine.send({ kind: 'observe' });
    await new Promise((resolve) => setTimeout(resolve, 30));
    await server().kill();
    expect(await underWay).toEqual({ kind: 'noReply', by: 'closed' });
    await ended;
  });

  test('after a restart the user of the claim is gone', async () => {
    const mine = lane();
    await claim(mine, 1, 1);
    await server().restart('kept');
    expect(await mine.send({ kind: 'observe' })).toEqual({ kind: 'userGone' });
  });

  test.each([
    {
      why: 'a wrong password',
      base: { username: 'gungnir', password: 'wrong' },
      code: 'WRONGPASS',
    },
    {
      why: 'a user without rights',
      base: { username: 'probe', password: 'probe-password' },
      code: 'NOPERM',
    },
  ])('the claim is refused with $code: $why', async ({ base, code }) => {
    const mine = openLane(server(), { base });
    expect(await mine.send({ kind: 'look' })).toMatchObject({ kind: 'refused', code });
  });

  test('a full server refuses the claim', async () => {
    await askAs(server(), 'CONFIG', 'SET', 'maxclients', '1');
    const holder = await connectRaw(server());
    const mine = lane();
    expect(await mine.send({ kind: 'look' })).toMatchObject({
      kind: 'refused',
      code: 'ERR',
      message: expect.stringContaining('max number of clients'),
    });
    holder.close();
  });

  test("disconnect drops the order under way, and its outcome is nobody's", async () => {
    const mine = lane();
    await claim(mine, 1, 1);
    server().pause();
    const dropped = mine.send({ kind: 'observe' });
    mine.disconnect();
    expect(await dropped).toBe('dropped');
    server().resume();
    expect(await claim(mine, 1, 2)).toMatchObject({ role: 'replica' });
  });
});
