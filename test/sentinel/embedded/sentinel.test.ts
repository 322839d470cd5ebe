/**
 * A Sentinel over three real servers: a crash, a planned switchover, refusals, an observer beside it.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { Sentinel, type SentinelEvent, type SentinelOptions } from '../../../src/sentinel';
import type { Transport } from '../../../src/sentinel/io/ports';
import { createSocketTransport } from '../../../src/sentinel/io/socket-transport';
import { until } from '../../kit/until';
import { LAB_USERS, type Lab, startLab } from '../../kit/valkey';
import { askAs, infoField } from '../../kit/valkey-client';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function labOf(): Promise<Lab> {
  const lab = await startLab();
  cleanups.push(() => lab.stop());
  return lab;
}

function sentinelOf(lab: Lab, change: Partial<SentinelOptions> = {}): Sentinel {
  const sentinel = new Sentinel({
    nodes: lab.servers.map(({ name, host, port }) => ({ name, host, port })),
    credentials: LAB_USERS.base,
    pingIntervalMs: 200,
    downAfterMs: 2000,
    ...change,
  });
  cleanups.push(() => sentinel.close());
  return sentinel;
}

async function settled(sentinel: Sentinel): Promise<string> {
  const { name } = await sentinel.primary({ timeoutMs: 30_000 });
  const linked = (): boolean =>
    sentinel.status().work === 'steady' &&
    sentinel.status().nodes.filter(({ link }) => link === 'up').length === 2;
  await until('both replicas are linked', linked, 30_000);
  return name;
}

/** Refused while the replicas are still catching up. */
async function moved(sentinel: Sentinel, to: string) {
  return until(
    'the switchover is accepted',
    async () => {
      const result = await sentinel.switchover({ to, timeoutMs: 20_000 }).catch((error) => error);
      if (result instanceof Error && 'reason' in result && result.reason === 'SwitchoverRefused')
        return false;
      if (result instanceof Error) throw result;
      return result;
    },
    30_000,
    200,
  );
}

const asked = (lab: Lab, name: string) => {
  const server = lab.servers.find((one) => one.name === name);
  if (server === undefined) throw new Error(`no server ${name}`);
  return server;
};

describe('governing', () => {
  test('a killed primary is followed; it is back as a replica; a switchover returns to it', async () => {
    const lab = await labOf();
    const sentinel = sentinelOf(lab);
    const heard: SentinelEvent[] = [];
    sentinel.on('*', (event) => heard.push(event));
    await sentinel.start();
    const first = await settled(sentinel);
    expect(sentinel.status()).toMatchObject({ role: 'leader', primary: first, term: 1 });
    const before = heard.length;
    const switched = sentinel.once('+switch-master', { signal: AbortSignal.timeout(30_000) });
    await asked(lab, first).kill();
    const event = await switched;
    expect(event).toMatchObject({ type: '+switch-master', from: first, fencedBy: 'E1' });
    expect(await infoField(asked(lab, event.to), 'role')).toBe('master');
    const words = heard.slice(before).map(({ type }) => type);
    expect(words).toEqual(
      expect.arrayContaining(['+closed', '+dead', '+fenced', '+intent', '+route']),
    );
    await until(
      'the dead one is down',
      () => heard.some((one) => one.type === '+sdown' && one.node === first),
      10_000,
    );
    expect(
      heard.filter((one) => one.type === '+sdown'),
      'and nobody else',
    ).toHaveLength(1);
    await asked(lab, first).start();
    await until(
      'and up again',
      () => heard.some((one) => one.type === '-sdown' && one.node === first),
      10_000,
    );
    await settled(sentinel);
    const result = await moved(sentinel, first);
    expect(result).toMatchObject({ how: 'moved', from: event.to, to: first });
    expect(await infoField(asked(lab, first), 'role')).toBe('master');
    expect(await sentinel.switchover({ to: first })).toMatchObject({ how: 'already', to: first });
  }, 120_000);

  test('what it cannot do is refused by name', async () => {
    const lab = await labOf();
    const sentinel = sentinelOf(lab);
    await expect(sentinel.failover()).rejects.toMatchObject({ reason: 'NotStarted' });
    await sentinel.start();
    await settled(sentinel);
    await expect(sentinel.switchover({ to: 'v9' })).rejects.toMatchObject({
      reason: 'OptionsInvalid',
    });
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(sentinel.switchover({ to: 'v1', signal: aborted })).rejects.toThrow('enough');
    await lab.server(1).kill();
    await expect(sentinel.switchover({ to: 'v1', timeoutMs: 5000 })).rejects.toMatchObject({
      reason: expect.stringMatching(/SwitchoverRefused|MoveTimedOut/),
    });
    await sentinel.close();
    expect(sentinel.status().role).toBe('closed');
    await expect(sentinel.failover()).rejects.toMatchObject({ reason: 'NotStarted' });
    await sentinel.close();
  }, 120_000);

  test('its signal closes it, and ends every iteration', async () => {
    const lab = await labOf();
    const stop = new AbortController();
    const sentinel = sentinelOf(lab, { signal: stop.signal });
    const words: string[] = [];
    const reading = (async () => {
      for await (const { type } of sentinel) words.push(type);
    })();
    await sentinel.start();
    await settled(sentinel);
    stop.abort();
    await reading;
    expect(words).toContain('+switch-master');
    expect(await infoField(lab.server(0), 'role'), 'the servers go on').toBe('master');
  }, 60_000);
});

/** Every command that goes out, by its first word. */
function listening(words: Set<string>): Transport {
  const inner = createSocketTransport();
  return {
    async connect(address, timeoutMs, onEnd) {
      const connected = await inner.connect(address, timeoutMs, onEnd);
      if (connected.kind === 'failed') return connected;
      const { connection } = connected;
      return {
        kind: 'open',
        connection: {
          destroy: () => connection.destroy(),
          request(commands) {
            for (const [word = ''] of commands) words.add(word);
            return connection.request(commands);
          },
        },
      };
    },
  };
}

test('observing: sees what another does, through a crash, and says AUTH, PING, INFO and ROLE alone', async () => {
  const lab = await labOf();
  const leader = sentinelOf(lab);
  await leader.start();
  const first = await settled(leader);
  for (const server of lab.servers)
    await askAs(
      server,
      'ACL',
      'SETUSER',
      'eye',
      'on',
      '>look',
      'resetkeys',
      '-@all',
      '+ping',
      '+info',
      '+role',
    );
  const words = new Set<string>();
  const eye = sentinelOf(lab, {
    mode: 'observe',
    credentials: { username: 'eye', password: 'look' },
    transport: listening(words),
  });
  const heard: SentinelEvent[] = [];
  eye.on('*', (event) => heard.push(event));
  await eye.start();
  expect(await eye.primary({ timeoutMs: 10_000 })).toMatchObject({ name: first });
  await expect(eye.failover()).rejects.toMatchObject({ reason: 'ObserveOnly' });
  await asked(lab, first).kill();
  const isMoved = (event: SentinelEvent): boolean =>
    event.type === '+switch-master' && event.from === first;
  await until('the move is seen', () => heard.some(isMoved), 30_000);
  await until(
    'and the silence',
    () => heard.some((event) => event.type === '+sdown' && event.node === first),
    30_000,
  );
  expect(eye.status()).toMatchObject({ role: 'observer', primary: leader.status().primary });
  expect([...words].sort()).toEqual(['AUTH', 'INFO', 'PING', 'ROLE']);
}, 120_000);
