/**
 * Whole stories on three real servers under the embedded engine, with writers that follow its routes.
 * Each prints the numbers that it measured.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import type { Address } from '../../../src/sentinel/core/facts';
import { createEmbeddedEngine } from '../../../src/sentinel/io/embedded';
import { createMemoryAuthority } from '../../../src/sentinel/io/memory-authority';
import {
  type EngineLab,
  type EngineLabOptions,
  rounded,
  startEngineLab,
} from '../../kit/engine-lab';
import { watchOwnLoop } from '../../kit/own-loop';
import { until } from '../../kit/until';
import { LAB_USERS } from '../../kit/valkey';
import { askAs, connectRaw, infoField, settingOf } from '../../kit/valkey-client';
import { serverVersions } from '../../kit/valkey-versions';
import { countKept, isAck, largestGapMs } from '../../kit/writer';

const running: EngineLab[] = [];
afterEach(async () => {
  for (const lab of running.splice(0)) await lab.stop();
});

async function start(options: EngineLabOptions = {}): Promise<EngineLab> {
  const lab = await startEngineLab(options);
  running.push(lab);
  await lab.settled();
  return lab;
}

function say(text: string): void {
  process.stderr.write(`scenarios: ${text}\n`);
}

async function roles(lab: EngineLab): Promise<readonly string[]> {
  return Promise.all(
    lab.lab.servers.map((server) => infoField(server, 'role').catch(() => 'gone')),
  );
}

async function isBusy(server: Address): Promise<boolean> {
  const reply = await askAs(server, 'GET', 'x').catch(() => undefined);
  return reply?.kind === 'error' && reply.code === 'BUSY';
}

describe.each(serverVersions())('valkey $version', ({ program, version }) => {
  test('first boot: the empty ordinal 0 leads, all others follow', async () => {
    const lab = await start({ lab: { program } });
    expect(await roles(lab)).toEqual(['master', 'slave', 'slave']);
    expect(lab.engine.record()).toMatchObject({ epoch: 1, phase: 'Steady', everAttached: true });
  });

  test('kill -9 of the primary: no write that WAIT made safe is lost', async () => {
    const lab = await start({ lab: { program } });
    const [plain, safe] = [
      lab.startWriter({ name: 'plain' }),
      lab.startWriter({ name: 'safe', waitReplicas: 1 }),
    ];
    await Promise.all([
      plain.firstAckAfter(performance.now() + 300),
      safe.firstAckAfter(performance.now() + 300),
    ]);
    const old = lab.primary();
    const killedMs = performance.now();
    await old.kill();
    const first = await plain.firstAckElsewhere(old, killedMs);
    const change = await lab.toldAfter('+switch-master', killedMs);
    await safe.firstAckAfter(performance.now() + 200);
    await Promise.all([plain.stop(), safe.stop()]);
    expect(change.tell.facts).toMatchObject({ from: old.name, fencedBy: 'E1' });
    expect(first.to).toBe(`${lab.primary().host}:${lab.primary().port}`);
    const [plainKept, safeKept] = [
      await countKept(plain.history, lab.primary()),
      await countKept(safe.history, lab.primary()),
    ];
    say(
      `${version} kill -9: first write after ${rounded(first.endedMs - killedMs)} ms, acknowledged ${plainKept.acked} lost ${plainKept.ackedLost}, safe ${safeKept.safe} lost ${safeKept.safeLost}`,
    );
    expect(safeKept).toMatchObject({ safeLost: 0, refusedKept: 0 });
    expect(safeKept.safe).toBeGreaterThan(100);

    await old.restart('emptied');
    await lab.settled();
    expect(await infoField(old, 'role')).toBe('slave');
    expect(await infoField(old, 'db0'), 'and it has the data of the new primary').toBe(
      await infoField(lab.primary(), 'db0'),
    );
  }, 30_000);

  test('switchover under 2,000 writes a second: none is lost, the gap is milliseconds', async () => {
    const lab = await start({ lab: { program } });
    const writer = lab.startWriter({ name: 'w', batch: 4, everyMs: 1 });
    await writer.firstAckAfter(performance.now() + 300);
    const old = lab.primary();
    const askedMs = performance.now();
    lab.engine.switchover();
    const change = await lab.toldAfter('+switch-master', askedMs);
    await writer.firstAckAfter(change.atMs + 300);
    await writer.stop();
    expect(lab.primary().name).not.toBe(old.name);
    const kept = await countKept(writer.history, lab.primary());
    const gapMs = largestGapMs(writer.history.filter(({ endedMs }) => endedMs > askedMs - 100));
    say(
      `${version} switchover: largest gap ${rounded(gapMs)} ms, acknowledged ${kept.acked} lost ${kept.ackedLost}`,
    );
    expect(kept.ackedLost).toBe(0);
    expect(change.tell.facts).toMatchObject({ lostBytes: 0, fencedBy: 'E2' });
    await lab.settled();
    expect(await infoField(lab.primary(), 'sync_full'), 'everybody follows by a partial sync').toBe(
      '0',
    );
  }, 30_000);
});

describe('one version', () => {
  test('a stopped primary with a kill port: killed, then replaced', async () => {
    const lab = await start({ killPort: 'sigkill' });
    const writer = lab.startWriter({ name: 'w', waitReplicas: 1 });
    await writer.firstAckAfter(performance.now() + 200);
    const old = lab.primary();
    const stoppedMs = performance.now();
    old.pause();
    const change = await lab.toldAfter('+switch-master', stoppedMs);
    const first = await writer.firstAckElsewhere(old, stoppedMs);
    await writer.stop();
    expect(lab.told.some(({ tell }) => tell.event === '+kill')).toBe(true);
    expect(change.tell.facts).toMatchObject({ from: old.name, fencedBy: 'E1' });
    const kept = await countKept(writer.history, lab.primary());
    say(
      `SIGSTOP with a kill port at downAfterMs 1000: first write after ${rounded(first.endedMs - stoppedMs)} ms, safe ${kept.safe} lost ${kept.safeLost}`,
    );
    expect(kept.safeLost).toBe(0);
    expect(first.endedMs - stoppedMs).toBeLessThan(4_500);
  }, 30_000);

  test('a stopped primary without one: replaced when it is starved, and fenced when it wakes', async () => {
    const lab = await start();
    const writer = lab.startWriter({ name: 'w', waitReplicas: 1 });
    await writer.firstAckAfter(performance.now() + 200);
    const old = lab.primary();
    const stoppedMs = performance.now();
    old.pause();
    const change = await lab.toldAfter('+switch-master', stoppedMs, 20_000);
    const first = await writer.firstAckElsewhere(old, stoppedMs);
    expect(change.tell.facts).toMatchObject({ from: old.name, fencedBy: 'E3' });
    old.resume();
    await lab.settled();
    await writer.stop();
    expect(await infoField(old, 'role')).toBe('slave');
    const kept = await countKept(writer.history, lab.primary());
    say(
      `SIGSTOP without a kill port: first write after ${rounded(first.endedMs - stoppedMs)} ms, safe ${kept.safe} lost ${kept.safeLost}`,
    );
    expect(kept.safeLost).toBe(0);
    expect(
      first.endedMs - stoppedMs,
      'W = 2 s + 2.5 s after the replicas were held',
    ).toBeGreaterThan(4_500);
  }, 40_000);

  test('the primary restarts at once, empty: a replica with the data takes over', async () => {
    const lab = await start();
    const writer = lab.startWriter({ name: 'w', waitReplicas: 1 });
    await writer.firstAckAfter(performance.now() + 200);
    const old = lab.primary();
    await old.restart('emptied');
    await until('another one leads', () => lab.primary().name !== old.name, 10_000);
    await writer.firstAckAfter(performance.now());
    await writer.stop();
    await lab.settled();
    expect((await countKept(writer.history, lab.primary())).safeLost).toBe(0);
  }, 30_000);

  test('a replica restarts, with and without its data: the primary stays and writes go on', async () => {
    const lab = await start({ lab: { persistence: 'rdb' } });
    const writer = lab.startWriter({ name: 'w' });
    await writer.firstAckAfter(performance.now() + 200);
    const [primary, [first, second]] = [lab.primary(), lab.replicas()];
    await first?.restart('kept', 'SIGTERM');
    await lab.settled();
    await second?.restart('emptied');
    await lab.settled();
    await writer.firstAckAfter(performance.now());
    await writer.stop();
    expect(lab.primary().name).toBe(primary.name);
    expect(lab.engine.record()?.epoch).toBe(1);
    expect((await countKept(writer.history, lab.primary())).ackedLost).toBe(0);
  }, 30_000);

  test('two replicas die: after three seconds writes are granted without them, and the grant ends with their return', async () => {
    const lab = await start();
    const writer = lab.startWriter({ name: 'w' });
    await writer.firstAckAfter(performance.now() + 100);
    const replicas = lab.replicas();
    await Promise.all(replicas.map((replica) => replica.kill()));
    await until('the grant is recorded', () => lab.engine.record()?.m === 0, 10_000);
    await writer.firstAckAfter(performance.now());
    await Promise.all(replicas.map((replica) => replica.restart('emptied')));
    await until('the requirement is back', () => lab.engine.record()?.m === 1, 10_000);
    await writer.stop();
    expect(await settingOf(lab.primary(), 'min-replicas-to-write')).toBe('1');
    expect((await countKept(writer.history, lab.primary())).ackedLost).toBe(0);
  }, 30_000);

  test('a primary that is busy with a script lives: nothing is failed over', async () => {
    const lab = await start();
    const primary = lab.primary();
    await askAs(primary, 'CONFIG', 'SET', 'busy-reply-threshold', '50');
    const script = await connectRaw(primary, LAB_USERS.test);
    const running = script.connection.request([['EVAL', 'while true do end', '0']]);
    await until('it says BUSY', () => isBusy(primary));
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await askAs(primary, 'SCRIPT', 'KILL');
    await running;
    script.close();
    await lab.settled();
    expect(lab.engine.record()).toMatchObject({ epoch: 1, primary: { pod: primary.name } });
    const refused = lab.told.filter(({ tell }) => tell.event === '+refused').length;
    expect(refused, 'it is not asked as fast as it refuses').toBeLessThan(40);
    const writer = lab.startWriter({ name: 'w' });
    await writer.firstAckAfter(performance.now());
  }, 30_000);

  test('a wrong password is said and fails nothing over', async () => {
    const base = { username: 'gungnir', password: 'wrong' };
    const lab = await startEngineLab({ engine: { base } });
    running.push(lab);
    const told = await lab.toldAfter('+blocked', 0);
    await until('the reason is named', () =>
      lab.told.some(({ tell }) => tell.reason === 'CredentialsRefused'),
    );
    expect(told.tell.event).toBe('+blocked');
    expect(await roles(lab), 'everybody stays fenced').toEqual(['slave', 'slave', 'slave']);
  });

  test('an engine that starts again with the record adopts what it finds', async () => {
    const host = createMemoryAuthority();
    const lab = await start({ engine: { authority: host.contender('first') } });
    const { epoch, primary } = lab.engine.record() ?? {};
    const writer = lab.startWriter({ name: 'w' });
    await writer.firstAckAfter(performance.now() + 100);
    await lab.engine.stop();
    const stood = watchOwnLoop();
    const stoppedMs = performance.now();
    const next = createEmbeddedEngine({
      nodes: lab.lab.servers,
      base: LAB_USERS.base,
      authority: host.contender('second'),
    });
    await next.start();
    await until('it works', () => next.state().work.kind === 'steady');
    expect(next.record()).toMatchObject({ term: 2, epoch, primary });
    await next.stop();
    await writer.stop();
    stood.stop();
    const gapMs = largestGapMs(writer.history.filter(({ endedMs }) => endedMs > stoppedMs));
    expect(gapMs - stood.longestMs(), 'no failover').toBeLessThan(1_000);
    expect(writer.history.every(isAck)).toBe(true);
  }, 30_000);

  test('every node dies and comes back with its data: the best one is opened again', async () => {
    const lab = await start({
      lab: { persistence: 'aof' },
      config: { failoverTimeoutMs: millis(3_000) },
    });
    const writer = lab.startWriter({ name: 'w', waitReplicas: 1 });
    await writer.firstAckAfter(performance.now() + 300);
    await Promise.all(lab.lab.servers.map((server) => server.kill()));
    await Promise.all(lab.lab.servers.map((server) => server.start()));
    await writer.firstAckAfter(performance.now(), 20_000);
    await writer.stop();
    await lab.settled();
    const kept = await countKept(writer.history, lab.primary());
    say(`all killed: safe ${kept.safe} lost ${kept.safeLost}`);
    expect(kept.safeLost, 'an AOF that the kernel had keeps every write through kill -9').toBe(0);
  }, 40_000);
});
