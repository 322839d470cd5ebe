/**
 * The claim as the fencing token, on real servers: an order of an older claim takes effect before the
 * new claim is sealed, or never (failover.md I1 and section 9, the schedules marked R).
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { below, rngFrom } from '../../../src/kit/rng';
import type { Outcome } from '../../../src/sentinel/core/event';
import { claim, expectKind, observe, openLane, type TestLane } from '../../kit/claimed-lane';
import { until } from '../../kit/until';
import { LAB_USERS, type Lab, startLab, type ValkeyProcess } from '../../kit/valkey';
import { askAs, connectRaw, settingOf } from '../../kit/valkey-client';
import { serverVersions } from '../../kit/valkey-versions';

const seed = Number(process.env.SEED ?? 7);

describe.each(serverVersions())('valkey $version', ({ program, version }) => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ program, servers: 1 });
    return async () => lab.stop();
  });
  const lanes: TestLane[] = [];
  const server = (): ValkeyProcess => lab.server(0);
  function lane(): TestLane {
    const opened = openLane(server());
    lanes.push(opened);
    return opened;
  }
  beforeEach(() => server().restart('emptied'));
  afterAll(() => {
    for (const opened of lanes) opened.disconnect();
  });

  const lagSetting = (): Promise<string> => settingOf(server(), 'min-replicas-max-lag');

  async function termUsers(): Promise<readonly string[]> {
    const reply = await askAs(server(), 'ACL', 'USERS');
    const names =
      reply.kind === 'array'
        ? reply.items.map((item) => (item.kind === 'bulk' ? item.text : ''))
        : [];
    return names.filter((name) => name.startsWith('gungnir-t'));
  }

  /** The whole server stands still for a while, as under a slow command. @returns once a PING beside it gets no reply. */
  async function block(forMs: number): Promise<Block> {
    const client = await connectRaw(server(), LAB_USERS.test);
    const beside = await connectRaw(server(), LAB_USERS.test);
    let state: 'running' | 'over' = 'running';
    const slept = client.ask('DEBUG', 'SLEEP', String(forMs / 1000)).then(() => {
      state = 'over';
    });
    const isOver = (): boolean => state === 'over';
    let seen: 'answered' | 'silent' = 'answered';
    let ping: Promise<unknown> = slept;
    while (seen === 'answered' && !isOver()) {
      ping = beside.ask('PING');
      const answered = ping.then(() => 'answered' as const);
      seen = await Promise.race([answered, pause(5).then(() => 'silent' as const)]);
    }
    const over = Promise.all([slept, ping]).then(() => {
      client.close();
      beside.close();
    });
    return { isOver, over };
  }

  test('an order of the old term, queued with the claim behind a blocked server, is executed before the claim or never', async () => {
    process.stderr.write(`claim.test.ts on ${version}: seed ${seed}\n`);
    const rng = rngFrom(seed);
    const before = { all: 0, queued: 0 };
    for (let round = 0; round < 20; round += 1) {
      const old = lane();
      await claim(old, 2 * round + 1, 1);
      const blocked = await block(40);
      const marker = 100 + round;
      let queued = 0;
      const sendOld = async (): Promise<Outcome | 'dropped'> => {
        // Often while the server stands still, sometimes in the midst of the claim, sometimes after it.
        await pause(15 + below(rng, 35));
        if (!blocked.isOver()) queued = 1;
        return old.send({ kind: 'setMin', m: 1, L: marker });
      };
      const order = sendOld();
      await pause(below(rng, 12));
      await claim(lane(), 2 * round + 2, 1);
      const atClaim = await lagSetting();
      const outcome = await order;
      await blocked.over;
      if (atClaim === String(marker)) {
        before.all += 1;
        before.queued += queued;
      }
      expect(await lagSetting(), `round ${round}: nothing after the claim`).toBe(atClaim);
      if (outcome !== 'dropped' && outcome.kind === 'done') expect(atClaim).toBe(String(marker));
      expect(['userGone', 'notSent'], 'and the old term is shut out').toContain(
        kindOf(await old.send({ kind: 'setMin', m: 1, L: 99 })),
      );
      expect(await termUsers()).toEqual([`gungnir-t${2 * round + 2}-1`]);
    }
    process.stderr.write(
      `claim.test.ts on ${version}: ${before.all} of 20 orders before the claim, ${before.queued} of them queued behind the block, the others never\n`,
    );
    expect(before.queued, 'rounds in which the order was queued and executed').toBeGreaterThan(0);
  }, 60_000);

  test('an order whose reply was not read dies with the next claim of the same leader (R)', async () => {
    const first = lane();
    await claim(first, 1, 1);
    server().pause();
    const unread = await first.send({ kind: 'setMin', m: 1, L: 77 }, 50);
    expect(unread).toEqual({ kind: 'noReply', by: 'late' });
    server().resume();
    first.disconnect();
    await claim(first, 1, 2);
    const atClaim = await lagSetting();
    await observe(first);
    expect(await lagSetting()).toBe(atClaim);
    expect(await termUsers()).toEqual(['gungnir-t1-2']);
  });

  test('a new claim ends the connection of an older one, also of one that nobody closed', async () => {
    const [older, newer] = [lane(), lane()];
    await claim(older, 1, 1);
    await claim(newer, 1, 2);
    await until('the older connection is ended', () => older.closed() === 1);
    expect(await older.send({ kind: 'observe' })).toEqual({ kind: 'userGone' });
    expect(newer.closed()).toBe(0);
  });

  describe('two leaders claim one restarted node (R)', () => {
    test('the later take ends the claim of the other one in the middle', async () => {
      const [low, high] = [lane(), lane()];
      await expectKind(low.send({ kind: 'look' }), 'users');
      await claim(high, 6, 1);
      expect(kindOf(await low.send({ kind: 'take', term: 5, n: 1 }))).toBe('notSent');
      expect(await termUsers()).toEqual(['gungnir-t6-1']);
      const { users } = await expectKind(low.send({ kind: 'look' }), 'users');
      expect(users, 'and its next look sees why').toEqual([{ term: 6, n: 1 }]);
    });

    test('the higher one takes over from a half-made claim, which then cannot be sealed', async () => {
      const [low, high] = [lane(), lane()];
      await expectKind(low.send({ kind: 'look' }), 'users');
      await expectKind(low.send({ kind: 'take', term: 5, n: 1 }), 'users');
      await claim(high, 6, 1);
      const sealed = await low.send({ kind: 'seal', term: 5, n: 1, others: [] });
      expect(['userGone', 'notSent']).toContain(kindOf(sealed));
      expect(await termUsers()).toEqual(['gungnir-t6-1']);
    });

    test('the lower one that comes second sees the higher term and yields', async () => {
      const [low, high] = [lane(), lane()];
      await expectKind(high.send({ kind: 'look' }), 'users');
      await expectKind(high.send({ kind: 'take', term: 6, n: 1 }), 'users');
      await expectKind(low.send({ kind: 'look' }), 'users');
      const { users } = await expectKind(low.send({ kind: 'take', term: 5, n: 1 }), 'users');
      expect(users).toContainEqual({ term: 6, n: 1 });
      await expectKind(low.send({ kind: 'yield', term: 5, n: 1 }), 'done');
      expect(await termUsers()).toEqual(['gungnir-t6-1']);
    });

    test('in any order of their steps at most one is sealed in the end, and its user is alone', async () => {
      const rng = rngFrom(seed);
      let sealed = 0;
      for (let round = 0; round < 25; round += 1) {
        await server().restart('emptied');
        const sides = [
          { lane: lane(), term: 5 },
          { lane: lane(), term: 6 },
        ] as const;
        const walks = sides.map(({ lane: mine, term }) =>
          claimAsCore(mine, term, () => below(rng, 3)),
        );
        const ends = await Promise.all(walks);
        const users = await termUsers();
        // Whoever believes in its claim and may still act on it must be the only one.
        const acting: number[] = [];
        for (const [index, side] of sides.entries()) {
          if (ends[index] !== 'sealed') continue;
          if (kindOf(await side.lane.send({ kind: 'observe' })) === 'facts') acting.push(side.term);
        }
        expect(acting.length, `round ${round}, seed ${seed}: ${ends} ${users}`).toBeLessThanOrEqual(
          1,
        );
        sealed += acting.length;
        if (acting.includes(6)) expect(users).toEqual(['gungnir-t6-1']);
        for (const side of sides) side.lane.disconnect();
      }
      expect(sealed, 'rounds in which one of them acts').toBeGreaterThan(0);
    }, 60_000);
  });

  /** The steps of core/claim.ts by hand, with pauses of random length between them. */
  async function claimAsCore(mine: TestLane, term: number, pauseMs: () => number): Promise<string> {
    const rest = (): Promise<void> => pause(pauseMs());
    await rest();
    const looked = await mine.send({ kind: 'look' });
    if (looked === 'dropped' || looked.kind !== 'users') return `look ${kindOf(looked)}`;
    if (looked.users.some((user) => user.term > term)) return 'outbid';
    await rest();
    const taken = await mine.send({ kind: 'take', term, n: 1 });
    if (taken === 'dropped' || taken.kind !== 'users') return `take ${kindOf(taken)}`;
    await rest();
    if (taken.users.some((user) => user.term > term)) {
      await mine.send({ kind: 'yield', term, n: 1 });
      return 'yielded';
    }
    const others = taken.users
      .filter((user) => user.term !== term)
      .map((user) => `gungnir-t${user.term}-${user.n}`);
    return kindOf(await mine.send({ kind: 'seal', term, n: 1, others })) === 'facts'
      ? 'sealed'
      : 'unsealed';
  }
});

interface Block {
  isOver(): boolean;
  readonly over: Promise<void>;
}

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}

function kindOf(outcome: Outcome | 'dropped'): string {
  return outcome === 'dropped' ? outcome : outcome.kind;
}
