/**
 * The users of failover.md section 11 on real servers of each version: every rule of the order user and
 * of the base user is needed, and clients cannot change a role by any of the ways there are.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLIENT_DENIALS } from '../../../src/kit/acl-rules';
import { millis } from '../../../src/kit/brands';
import type { Outcome } from '../../../src/sentinel/core/event';
import { ORDER_RULES } from '../../../src/sentinel/io/spell';
import { claim, observe, openLane, type TestLane } from '../../kit/claimed-lane';
import { LAB_USERS, type Lab, startLab, type ValkeyProcess } from '../../kit/valkey';
import { askAs, connectRaw } from '../../kit/valkey-client';
import { serverVersions } from '../../kit/valkey-versions';

const BASE_RULES = [
  '+acl|users',
  '+acl|setuser',
  '+acl|deluser',
  '+client|kill',
  '+client|no-evict',
  '+ping',
];
const SECRET = 's'.repeat(64);

describe.each(serverVersions())('valkey $version', ({ program }) => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ program, servers: 1 });
    return async () => lab.stop();
  });
  const server = (): ValkeyProcess => lab.server(0);
  const lanes: TestLane[] = [];
  afterAll(() => {
    for (const lane of lanes) lane.disconnect();
  });
  let n = 0;

  /** Claims, takes `rule` away before the claim's user logs in, and tries everything. */
  async function refusals(rule: string | undefined): Promise<readonly string[]> {
    n += 1;
    const lane = openLane(server(), { makeSecret: () => SECRET });
    lanes.push(lane);
    await lane.send({ kind: 'look' });
    await lane.send({ kind: 'take', term: 1, n });
    if (rule !== undefined)
      await askAs(server(), 'ACL', 'SETUSER', `gungnir-t1-${n}`, rule.replace('+', '-'));
    const sealed = await lane.send({ kind: 'seal', term: 1, n, others: [] });
    const pinged = await pingAs(`gungnir-t1-${n}`);
    const orders = await tryAll(lane);
    lane.disconnect();
    return [sealed, ...orders].flatMap(refusedBy).concat(pinged);
  }

  async function pingAs(username: string): Promise<readonly string[]> {
    const client = await connectRaw(server(), { username, password: SECRET });
    const reply = await client.ask('PING');
    client.close();
    return reply.kind === 'error' && reply.code === 'NOPERM' ? [reply.message] : [];
  }

  async function tryAll(lane: TestLane): Promise<readonly (Outcome | 'dropped')[]> {
    const clientUsers = ['default'];
    const looked = await lane.send({ kind: 'observe' });
    const facts = looked !== 'dropped' && looked.kind === 'facts' ? looked.facts : undefined;
    const held = await lane.send({ kind: 'hold' });
    const promoted =
      facts === undefined
        ? []
        : [
            await lane.send({
              kind: 'promote',
              replid: facts.replid,
              offset: facts.offset,
              m: 0,
              L: 2,
            }),
          ];
    return [
      looked,
      held,
      ...promoted,
      await lane.send({ kind: 'setMin', m: 0, L: 2 }),
      await lane.send({ kind: 'pause', forMs: millis(50) }),
      await lane.send({ kind: 'unpause' }),
      await lane.send({ kind: 'killClients', clientUsers }),
      await lane.send({ kind: 'demote', clientUsers }),
      await lane.send({ kind: 'follow', primary: { host: '127.0.0.1', port: 0 } }),
      await lane.send({ kind: 'handOver', primary: { host: '127.0.0.1', port: 0 }, clientUsers }),
      await lane.send({ kind: 'hold' }),
    ];
  }

  function refusedBy(outcome: Outcome | 'dropped'): readonly string[] {
    return outcome !== 'dropped' && outcome.kind === 'refused' ? [outcome.message] : [];
  }

  test('with all its rules the user of a claim can carry out every order', async () => {
    expect(await refusals(undefined)).toEqual([]);
  });

  test.each(ORDER_RULES.map((rule) => ({ rule })))(
    'without $rule some order or probe is refused',
    async ({ rule }) => {
      const denied = await refusals(rule);
      expect(denied.length).toBeGreaterThan(0);
      expect(denied.every((message) => /NOPERM|EXECABORT|EXEC/.test(message))).toBe(true);
    },
  );

  test.each(BASE_RULES.map((rule) => ({ rule })))(
    'without $rule the base user cannot claim or probe',
    async ({ rule }) => {
      const { username, password } = LAB_USERS.base;
      n += 1;
      await askAs(server(), 'ACL', 'SETUSER', username, rule.replace('+', '-'));
      try {
        const lane = openLane(server());
        const claimed = await claim(lane, 2, n).then(
          () => claim(lane, 2, n + 1000).then(() => 'claimed', String),
          String,
        );
        lane.disconnect();
        const client = await connectRaw(server(), { username, password });
        const reply = await client.ask('PING');
        client.close();
        const refused =
          /NOPERM/.test(claimed) || (reply.kind === 'error' && reply.code === 'NOPERM');
        expect({ rule, refused }).toEqual({ rule, refused: true });
      } finally {
        await askAs(server(), 'ACL', 'SETUSER', username, rule);
      }
    },
  );

  const ways: Readonly<Record<string, readonly string[]>> = {
    replicaof: ['REPLICAOF', 'NO', 'ONE'],
    slaveof: ['SLAVEOF', 'NO', 'ONE'],
    failover: ['FAILOVER'],
    psync: ['PSYNC', '?', '-1', 'FAILOVER'],
    sync: ['SYNC'],
    replconf: ['REPLCONF', 'rdb-only', '1'],
    acl: ['ACL', 'SETUSER', 'mallory', 'on', 'nopass', '+@all'],
    shutdown: ['SHUTDOWN', 'ABORT'],
    debug: ['DEBUG', 'JMAP'],
    module: ['MODULE', 'LIST'],
    'config|get': ['CONFIG', 'GET', 'masterauth'],
    'config|set': ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
    'config|rewrite': ['CONFIG', 'REWRITE'],
    'client|kill': ['CLIENT', 'KILL', 'USER', 'gungnir'],
    'client|pause': ['CLIENT', 'PAUSE', '1', 'WRITE'],
    'client|unpause': ['CLIENT', 'UNPAUSE'],
  };

  test('each denial of the client users has a way that it closes', () => {
    expect(
      Object.keys(ways)
        .map((name) => `-${name}`)
        .sort(),
    ).toEqual(CLIENT_DENIALS.split(' ').sort());
  });

  test.each(Object.entries(ways).map(([name, command]) => ({ name, command })))(
    'a client may not $name, and only its denial says so',
    async ({ name, command }) => {
      const denied = await asClient(command);
      expect(denied).toMatch(/^NOPERM/);
      await askAs(server(), 'ACL', 'SETUSER', 'default', `+${name}`);
      try {
        expect(await asClient(['ACL', 'DRYRUN', 'default', ...command], 'test')).toBe('OK');
      } finally {
        await askAs(server(), 'ACL', 'SETUSER', 'default', `-${name}`);
      }
    },
  );

  async function asClient(command: readonly string[], user?: 'test'): Promise<string> {
    const client = await connectRaw(server(), user === undefined ? undefined : LAB_USERS.test);
    const reply = await client.ask(...command);
    client.close();
    if (reply.kind === 'error') return reply.message;
    return reply.kind === 'status' || reply.kind === 'bulk' ? reply.text : reply.kind;
  }

  test('a client of a fenced node may read nothing and write nothing', async () => {
    const lane = openLane(server());
    lanes.push(lane);
    await claim(lane, 3, 1);
    await lane.send({ kind: 'demote', clientUsers: [] });
    expect(await observe(lane)).toMatchObject({ role: 'replica', upstream: { port: 0 } });
    expect(await asClient(['GET', 'x'])).toMatch(/^MASTERDOWN/);
    expect(await asClient(['SET', 'x', '1'])).toMatch(/^(MASTERDOWN|READONLY)/);
  });
});
