/**
 * What each ping is called, row by row of failover.md section 5: states of real servers first, then
 * what no real server does on demand.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import type { ProbeResult } from '../../../src/sentinel/core/event';
import type { Address } from '../../../src/sentinel/core/facts';
import { systemClock } from '../../../src/sentinel/io/clock';
import type { Credentials, Transport } from '../../../src/sentinel/io/ports';
import { createProbeLane, type ProbeLane } from '../../../src/sentinel/io/probe-lane';
import { createSocketTransport } from '../../../src/sentinel/io/socket-transport';
import { createFakeNet, type Handler, type Peer } from '../../kit/fake-transport';
import { until } from '../../kit/until';
import { LAB_USERS, type Lab, startLab } from '../../kit/valkey';
import { askAs, connectRaw, infoField } from '../../kit/valkey-client';

interface Probing extends ProbeLane {
  readonly results: ProbeResult[];
  /** Pings and waits for the result. */
  ask(timeoutMs?: number): Promise<ProbeResult | undefined>;
}

const open: ProbeLane[] = [];
const labs: Lab[] = [];
afterEach(async () => {
  for (const lane of open.splice(0)) lane.close();
  for (const lab of labs.splice(0)) await lab.stop();
});

function probing(
  address: Address,
  transport: Transport = createSocketTransport(),
  logins: readonly Credentials[] = [LAB_USERS.base],
): Probing {
  const results: ProbeResult[] = [];
  const lane = createProbeLane({
    transport,
    address: () => address,
    logins: () => logins,
    nowMs: systemClock.monotonicMs,
    onResult: (result) => results.push(result),
    onBroken: (error) => {
      throw error;
    },
  });
  open.push(lane);
  return {
    ...lane,
    results,
    async ask(timeoutMs = 500) {
      const before = results.length;
      lane.ping(millis(timeoutMs));
      await until('the ping has a result', () => results.length > before, timeoutMs + 500);
      return results[before];
    },
  };
}

async function lab(config: readonly string[] = []): Promise<Lab> {
  const made = await startLab({ servers: 1, persistence: 'rdb', config });
  labs.push(made);
  return made;
}

describe('real servers', () => {
  test('fenced: masterDown; promoted: pong; killed: closed unasked, then refused', async () => {
    const made = await lab();
    const server = made.server(0);
    const probe = probing(server);
    expect(await probe.ask()).toBe('masterDown');
    await askAs(server, 'CONFIG', 'SET', 'replica-serve-stale-data', 'yes');
    expect(await probe.ask()).toBe('pong');
    await server.kill();
    await until('the end is told', () => probe.results.length === 3);
    expect(await probe.ask()).toBe('refused');
    expect(probe.results).toEqual(['masterDown', 'pong', 'closed', 'refused']);
  });

  test('stopped: silent on the old socket and on a fresh one; resumed: pong; killed meanwhile: closed', async () => {
    const made = await lab();
    const server = made.server(0);
    await askAs(server, 'CONFIG', 'SET', 'replica-serve-stale-data', 'yes');
    const probe = probing(server);
    expect(await probe.ask()).toBe('pong');
    server.pause();
    expect(await probe.ask(60)).toBe('silent');
    expect(await probe.ask(60)).toBe('silent');
    server.resume();
    expect(await probe.ask()).toBe('pong');
    server.pause();
    expect(await probe.ask(60)).toBe('silent');
    const count = probe.results.length;
    await server.kill();
    await until('its end is evidence', () => probe.results.length > count);
    expect(probe.results[count]).toBe('closed');
  });

  test('a script that does not end: busy', async () => {
    const made = await lab();
    const server = made.server(0);
    await askAs(server, 'REPLICAOF', 'NO', 'ONE');
    await askAs(server, 'CONFIG', 'SET', 'busy-reply-threshold', '20');
    const probe = probing(server);
    expect(await probe.ask()).toBe('pong');
    const script = await connectRaw(server, LAB_USERS.test);
    const running = script.connection.request([['EVAL', 'while true do end', '0']]);
    await until('it is busy', async () => (await probe.ask(200)) === 'busy');
    await (await connectRaw(server)).ask('SCRIPT', 'KILL');
    await running;
    expect(await probe.ask()).toBe('pong');
  });

  test('a disk that refuses: misconf', async () => {
    const made = await lab();
    const server = made.server(0);
    await askAs(server, 'REPLICAOF', 'NO', 'ONE');
    await askAs(server, 'CONFIG', 'SET', 'min-replicas-to-write', '0');
    await askAs(server, 'SET', 'a', '1');
    mkdirSync(join(server.folder, 'data', 'dump.rdb'));
    await askAs(server, 'BGSAVE');
    await until(
      'the save has failed',
      async () => (await infoField(server, 'rdb_last_bgsave_status')) === 'err',
    );
    expect(await probing(server).ask()).toBe('misconf');
  });

  test('loading while fenced: masterDown, as the page says; loading while it served stale data: loading', async () => {
    const made = await lab([
      'key-load-delay 1000',
      'loading-process-events-interval-bytes 1024',
      'replica-serve-stale-data yes',
    ]);
    const server = made.server(0);
    await askAs(server, 'REPLICAOF', 'NO', 'ONE');
    await askAs(server, 'DEBUG', 'POPULATE', '5000');
    await server.kill('SIGTERM');
    await server.start('spawned');
    await until(
      'it loads',
      async () => (await infoField(server, 'loading').catch(() => '')) === '1',
    );
    const probe = probing(server);
    expect(await probe.ask()).toBe('loading');
    await askAs(server, 'CONFIG', 'SET', 'replica-serve-stale-data', 'no');
    expect(await probe.ask()).toBe('masterDown');
  });

  test("full: maxClients; a wrong password: authFailed; a claim's user that is gone: the base user answers for it", async () => {
    const made = await lab(['replica-serve-stale-data yes']);
    const server = made.server(0);
    expect(
      await probing(server, createSocketTransport(), [
        { username: 'gungnir', password: 'wrong' },
      ]).ask(),
    ).toBe('authFailed');
    const gone = { username: 'gungnir-t1-1', password: 'x' };
    expect(await probing(server, createSocketTransport(), [gone, LAB_USERS.base]).ask()).toBe(
      'pong',
    );
    await askAs(server, 'CONFIG', 'SET', 'maxclients', '1');
    for (const lane of open.splice(0)) lane.close();
    const holder = await connectRaw(server);
    await holder.ask('PING').catch(() => {});
    expect(await probing(server).ask()).toBe('maxClients');
  });
});

describe('scripted servers', () => {
  const address = { host: '10.0.0.1', port: 1 };
  const ok: Handler = (command) =>
    command[0] === 'AUTH' ? { kind: 'status', text: 'OK' } : { kind: 'status', text: 'PONG' };

  test.each([
    { absence: 'refused', result: 'refused', why: 'nobody listens' },
    {
      absence: 'timedOut',
      result: 'unreachable',
      why: 'a connect that ends by time proves nothing',
    },
    { absence: 'unreachable', result: 'unreachable', why: 'no route' },
  ] as const)('a connect that is $absence: $result ($why)', async ({ absence, result }) => {
    const net = createFakeNet();
    net.vanish(address, absence);
    expect(await probing(address, net).ask(60)).toBe(result);
  });

  test('accepted, then the end: unreachable, since no socket had answered (a proxy before a dead server)', async () => {
    const net = createFakeNet();
    net.listen(address, () => 'close');
    expect(await probing(address, net).ask()).toBe('unreachable');
  });

  test('an unknown error is a sign of life', async () => {
    const net = createFakeNet();
    net.listen(address, (command, peer) =>
      command[0] === 'PING'
        ? { kind: 'error', code: 'ODD', message: 'ODD thing' }
        : ok(command, peer),
    );
    expect(await probing(address, net).ask()).toBe('pong');
  });

  test('a network that is lost under an established socket is unreachable, not hung', async () => {
    const net = createFakeNet();
    let mode: 'up' | 'lost' = 'up';
    net.listen(address, (command, peer) => (mode === 'lost' ? 'silence' : ok(command, peer)));
    const lossy: Transport = {
      connect: (at, timeoutMs, onEnd) =>
        mode === 'up'
          ? net.connect(at, timeoutMs, onEnd)
          : new Promise((resolve) =>
              setTimeout(resolve, timeoutMs, { kind: 'failed', by: 'timedOut' }),
            ),
    };
    const probe = probing(address, lossy);
    expect(await probe.ask()).toBe('pong');
    mode = 'lost';
    expect(await probe.ask(40), 'the ping that was under way').toBe('silent');
    expect(await probe.ask(40), 'a fresh connect tells').toBe('unreachable');
  });

  test.each([
    { answered: 'no', expected: ['silent', 'pong'], why: 'a line that never answered is given up' },
    {
      answered: 'yes',
      expected: ['pong', 'silent', 'pong'],
      why: 'one that did stays, its end is evidence',
    },
  ])('a line that hangs without an end, answered before: $answered ($why)', async (row) => {
    const net = createFakeNet();
    let mode: 'up' | 'hung' = row.answered === 'yes' ? 'up' : 'hung';
    const lines = new Set<number>();
    let first: Peer | undefined;
    net.listen(address, (command, peer) => {
      lines.add(peer.connection);
      first ??= peer;
      return mode === 'hung' ? 'silence' : ok(command, peer);
    });
    const probe = probing(address, net);
    for (const _ of row.expected.slice(1)) {
      await probe.ask(40);
      mode = mode === 'up' ? 'hung' : 'up';
    }
    expect(await probe.ask(40)).toBe('pong');
    expect(probe.results).toEqual(row.expected);
    expect(lines.size, 'each of them on a fresh connection but the first').toBe(2);
    first?.end();
    expect(probe.results.includes('closed')).toBe(false);
  });

  test('suspended it asks nothing; resumed it asks for the ping that waits', async () => {
    const net = createFakeNet();
    const seen: string[] = [];
    net.listen(address, (command, peer) => {
      seen.push(command.join(' '));
      return ok(command, peer);
    });
    const probe = probing(address, net);
    probe.suspend();
    const result = probe.ask();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen).toEqual([]);
    probe.resume();
    expect(await result).toBe('pong');
  });

  test('a ping given up for a newer one has no result of its own', async () => {
    const net = createFakeNet();
    net.listen(address, ok);
    const probe = probing(address, net);
    probe.ping(millis(200));
    expect(await probe.ask()).toBe('pong');
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(probe.results).toEqual(['pong']);
  });

  test('closed it tells nothing more', async () => {
    const net = createFakeNet();
    net.listen(address, ok);
    const probe = probing(address, net);
    expect(await probe.ask()).toBe('pong');
    probe.ping(millis(50));
    probe.close();
    net.vanish(address, 'refused');
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(probe.results).toEqual(['pong']);
  });
});
