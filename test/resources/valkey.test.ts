/** What is rendered, on real servers: fenced at boot, users as they should be, scripts in two shells. */
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RESTART_ONLY } from '../../src/resources/valkey-conf';
import type { ValkeyClusterSpec } from '../../src/spec/cluster';
import { ownedConfig } from '../../src/spec/owned-config';
import { until } from '../kit/until';
import { missingVersions, serverVersions } from '../kit/valkey-versions';
import { PASSWORDS, type RenderedServer, startRendered } from './rendered-server';

const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path));
const shells = [
  { name: '#!/bin/sh', words: [] },
  ...(busybox === undefined ? [] : [{ name: 'busybox sh', words: [busybox, 'sh'] }]),
];
if (busybox === undefined) console.warn('NO BUSYBOX: the scripts are tried under /bin/sh only');
for (const version of missingVersions())
  console.warn(`NO VALKEY ${version}: what is rendered is not tried on it`);

const spec: ValkeyClusterSpec = {
  config: {
    'notify-keyspace-events': '',
    'proc-title-template': '{title} "x" \\',
    'oom-score-adj-values': '0 200 800',
    maxclients: '20',
  },
  resources: { limits: { memory: '64Mi' } },
};

/** What the engine does to promote a node, as an order user (failover.md section 7 step 4, by REPLICAOF). */
async function promote(server: RenderedServer): Promise<void> {
  const rules =
    '+ping +info +role +replicaof +psync +config|set +multi +exec +client|kill +client|pause +client|unpause +client|no-evict';
  await server.as(
    'gungnir',
    PASSWORDS.operator,
    'ACL',
    'SETUSER',
    'gungnir-t1-1',
    'reset',
    'on',
    '>order',
    ...rules.split(' '),
  );
  expect(
    await order(
      server,
      'CONFIG',
      'SET',
      'replica-serve-stale-data',
      'yes',
      'min-replicas-to-write',
      '0',
      'min-replicas-max-lag',
      '2',
    ),
  ).toBe('OK');
  expect(await order(server, 'REPLICAOF', 'NO', 'ONE')).toBe('OK');
}

const order = (server: RenderedServer, ...command: readonly string[]) =>
  server.as('gungnir-t1-1', 'order', ...command);

async function roleCalls(server: RenderedServer): Promise<number> {
  const stats = await server.as('default', PASSWORDS.client, 'INFO', 'commandstats');
  return Number(/cmdstat_role:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

describe.each(serverVersions())('valkey $version', ({ program }) => {
  describe.each(shells)('$name', ({ words }) => {
    let server: RenderedServer;
    beforeAll(async () => {
      server = await startRendered(program, spec, words);
    });
    afterAll(() => server.stop());

    test('boots fenced: writes and reads are refused, it is alive but not ready', async () => {
      expect((await server.script('valkey-cli', 'SET', 'a', '1')).out).toMatch(/^READONLY/);
      expect((await server.script('valkey-cli', 'GET', 'a')).out).toMatch(/^MASTERDOWN/);
      expect((await server.script('valkey-cli', 'ROLE')).out.split('\n').slice(0, 3)).toEqual([
        'slave',
        '127.0.0.1',
        '0',
      ]);
      expect((await server.script('gungnir-probe', 'live')).code).toBe(0);
      expect((await server.script('gungnir-probe', 'ready')).code).toBe(1);
    });

    test('a replica does not hold back its own end', async () => {
      const started = performance.now();
      expect((await server.script('gungnir-pre-stop', '25')).code).toBe(0);
      expect(performance.now() - started).toBeLessThan(2_000);
    });

    test('settings arrive as they were written, quotes and blanks too', async () => {
      const get = async (key: string) =>
        (await server.as('observer', 'observer-password', 'CONFIG', 'GET', key)).split('\n')[1];
      expect(await get('proc-title-template')).toBe('{title} "x" \\');
      expect(await get('oom-score-adj-values')).toBe('0 200 800');
      expect(await get('maxmemory')).toBe(String((64 * 2 ** 20 * 75) / 100));
      expect(await get('save')).toBe('3600 1 300 100 60 10000');
      expect(await get('masteruser')).toBe('repl-uid-1');
    });

    test('promoted, it takes writes and is ready; its end waits for its demotion', async () => {
      await promote(server);
      expect((await server.script('valkey-cli', 'SET', 'a', '1')).out).toBe('OK');
      expect((await server.script('gungnir-probe', 'ready')).code).toBe(0);
      let ended = false;
      const end = server.script('gungnir-pre-stop', '25').then((run) => {
        ended = true;
        return run;
      });
      const asked = await roleCalls(server);
      await until(
        'it has asked again and again',
        async () => (await roleCalls(server)) > asked + 2,
      );
      expect(ended).toBe(false);
      expect(await order(server, 'REPLICAOF', '127.0.0.1', '0')).toBe('OK');
      expect((await end).code).toBe(0);
    });

    test('a server that is full is alive: restarting it would lose its memory', async () => {
      await promote(server);
      const held = Array.from({ length: 20 }, () => connect(server.port, '127.0.0.1'));
      for (const socket of held) socket.on('error', () => {});
      try {
        await until(
          'no room for another client',
          async () => (await server.script('gungnir-probe', 'ready')).code !== 0,
        );
        expect((await server.script('gungnir-probe', 'live')).code).toBe(0);
      } finally {
        for (const socket of held) socket.destroy();
      }
    });
  });

  test('a server that is gone is neither alive nor ready, and holds nothing back', async () => {
    const server = await startRendered(program, spec, []);
    try {
      expect((await server.script('gungnir-probe', 'live')).code).toBe(0);
      await server.kill();
      expect((await server.script('gungnir-probe', 'live')).code).toBe(1);
      expect((await server.script('gungnir-probe', 'ready')).code).toBe(1);
      expect((await server.script('gungnir-pre-stop', '25')).code).toBe(0);
    } finally {
      await server.stop();
    }
  });

  describe('users', () => {
    let server: RenderedServer;
    beforeAll(async () => {
      server = await startRendered(program, {}, []);
      await promote(server);
    });
    afterAll(() => server.stop());

    test.each([
      'REPLICAOF NO ONE',
      'SLAVEOF NO ONE',
      'FAILOVER',
      'REPLCONF ACK 1',
      'ACL LIST',
      'SHUTDOWN NOSAVE',
      'MODULE LIST',
      'CONFIG GET masterauth',
      'CONFIG SET maxmemory 1',
      'CONFIG REWRITE',
      'CLIENT PAUSE 1',
      'CLIENT UNPAUSE',
      'CLIENT KILL TYPE normal',
    ])('a client may not %s', async (command) => {
      expect(await server.as('default', PASSWORDS.client, ...command.split(' '))).toMatch(
        /^NOPERM/,
      );
    });

    test.each(['SET a 1', 'CLIENT LIST', 'INFO server', 'EVAL return(1) 0', 'WAIT 0 1'])(
      'a client may %s',
      async (command) => {
        expect(await server.as('default', PASSWORDS.client, ...command.split(' '))).not.toMatch(
          /^(NOPERM|NOAUTH|ERR)/,
        );
      },
    );

    test.each([
      {
        user: 'gungnir',
        password: PASSWORDS.operator,
        may: 'ROLE',
        mayNot: 'REPLICAOF NO ONE',
        why: 'the base user only claims',
      },
      {
        user: 'repl-uid-1',
        password: PASSWORDS.replication,
        may: 'PING',
        mayNot: 'GET a',
        why: 'replicas only follow',
      },
      {
        user: 'probe',
        password: PASSWORDS.probe,
        may: 'ROLE',
        mayNot: 'INFO',
        why: 'a probe only asks',
      },
    ])('$user may $may, not $mayNot ($why)', async ({ user, password, may, mayNot }) => {
      expect(await server.as(user, password, ...may.split(' '))).toMatch(/^(master|PONG)/);
      expect(await server.as(user, password, ...mayNot.split(' '))).toMatch(/^NOPERM/);
      expect(await server.as(user, 'wrong', ...may.split(' '))).toMatch(/^NOAUTH/);
    });

    test("the table of settings that need a restart is the server's own", async () => {
      const lines = (await server.as('observer', 'observer-password', 'CONFIG', 'GET', '*')).split(
        '\n',
      );
      const known = new Map(
        Array.from({ length: lines.length / 2 }, (_, place) => [
          lines[place * 2] ?? '',
          lines[place * 2 + 1] ?? '',
        ]),
      );
      const free = [...known].filter(
        ([key]) => !key.includes('_') && ownedConfig(key) === undefined,
      );
      expect(free.length).toBeGreaterThan(80);
      const refused: string[] = [];
      for (const [key, value] of free) {
        if ((await order(server, 'CONFIG', 'SET', key, value)) !== 'OK') refused.push(key);
      }
      const unknown = refused.filter(
        (key) =>
          !RESTART_ONLY.some(
            (entry) => entry === key || (entry.endsWith('*') && key.startsWith(entry.slice(0, -1))),
          ),
      );
      expect(unknown).toEqual([]);
      expect(refused).toContain('databases');
    }, 30_000);
  });
});
