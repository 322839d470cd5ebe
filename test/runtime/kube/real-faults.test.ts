/** A real API server that hangs, and a real process that is stopped: what the copy and the lease do then. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { rngFrom } from '../../../src/kit/rng';
import { createKubeClient, type KubeClient } from '../../../src/runtime/kube/client';
import { type Leadership, startElector } from '../../../src/runtime/kube/elector';
import { startReflector } from '../../../src/runtime/kube/reflector';
import { type ConfigMap, type Lease, resources } from '../../../src/runtime/kube/types';
import {
  apiServerPid,
  freshNamespace,
  namespaces,
  realAccess,
  realClient,
  realPath,
  realServer,
} from './real';
import { eventually, faultTiming, realClock } from './support';

const { configMaps, leases } = resources;

describe('faults of a real API server and of a real process (real API server)', () => {
  if (realServer('faults of a real API server and of a real process') === 'absent') return;
  let client: KubeClient;
  let namespace: string;
  const children: ChildProcess[] = [];
  const ends: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    client = await realClient();
    namespace = await freshNamespace(client);
  });
  afterEach(async () => {
    const pid = apiServerPid();
    if (pid !== undefined) process.kill(pid, 'SIGCONT');
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const end of ends.splice(0).reverse()) await end();
  });
  afterAll(async () => {
    await client.remove(namespaces, { name: namespace });
    client.close();
  });

  const put = async (name: string): Promise<void> => {
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } };
    expect((await client.create(configMaps, manifest)).kind).toBe('ok');
  };

  test('the API server hangs and goes on: the copy is right again, the leader stopped in time and leads anew', async () => {
    const pid = apiServerPid();
    expect(pid, 'kube-apiserver.pid beside the kubeconfig').toBeDefined();
    const own = createKubeClient({ access: await realAccess() });
    const reflector = startReflector<ConfigMap>({
      client: own,
      resource: configMaps,
      scope: { namespace },
      clock: realClock,
      rng: rngFrom(3),
      timing: { watchSeconds: 2, graceMs: millis(1_000), listMs: millis(2_000) },
    });
    const told: Leadership[] = [];
    const elector = startElector({
      client: own,
      lease: { namespace, name: 'hung' },
      config: { ...faultTiming, identity: 'a' },
      clock: realClock,
      rng: rngFrom(4),
      onChange: (leadership) => told.push(leadership),
    });
    ends.push(
      async () => own.close(),
      () => reflector.stop(),
      () => elector.stop(millis(2_000)),
    );
    await reflector.synced;
    await put('before');
    await eventually(
      () => reflector.get(namespace, 'before'),
      (seen) => seen !== undefined,
    );
    await eventually(
      () => elector.holdsUntil(),
      (until) => until !== undefined,
    );

    process.kill(pid as number, 'SIGSTOP');
    const stoppedMs = realClock.monotonicMs();
    await eventually(
      () => elector.holdsUntil(),
      (until) => until === undefined,
      5_000,
    );
    expect(realClock.monotonicMs() - stoppedMs).toBeLessThanOrEqual(
      faultTiming.renewDeadlineMs + 100,
    );
    await delay(3_000);
    expect(reflector.get(namespace, 'before')).toBeDefined();
    process.kill(pid as number, 'SIGCONT');

    await put('after');
    await eventually(
      () => reflector.get(namespace, 'after'),
      (seen) => seen !== undefined,
      10_000,
    );
    await eventually(
      () => elector.holdsUntil(),
      (until) => until !== undefined,
      10_000,
    );
    const terms = told.filter((one) => one.kind === 'leader').map((one) => one.termHint);
    expect(terms.length).toBeGreaterThanOrEqual(2);
    expect(new Set(terms).size).toBe(terms.length);
  }, 60_000);

  test('a leader that is stopped by SIGSTOP loses the lease, and knows it with its first breath', async () => {
    const said: { atMs: number; held: 'yes' | 'no' }[] = [];
    const args = [
      '--import',
      'tsx',
      'test/runtime/kube/elector-child.ts',
      realPath(),
      namespace,
      'child',
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    createInterface({ input: child.stdout }).on('line', (line) => said.push(JSON.parse(line)));
    await eventually(
      () => said.at(-1)?.held,
      (held) => held === 'yes',
      10_000,
    );

    const elector = startElector({
      client,
      lease: { namespace, name: 'contended' },
      config: { ...faultTiming, identity: 'heir' },
      clock: realClock,
      rng: rngFrom(5),
    });
    ends.push(() => elector.stop(millis(2_000)));
    await eventually(
      () => elector.leadership(),
      (seen) => seen.kind === 'follower' && seen.holder === 'child',
    );

    child.kill('SIGSTOP');
    const stoppedAtMs = Date.now();
    await eventually(
      () => elector.holdsUntil(),
      (until) => until !== undefined,
      10_000,
    );
    const takenAfterMs = Date.now() - stoppedAtMs;
    const before = said.length;
    child.kill('SIGCONT');
    await eventually(
      () => said.length,
      (count) => count >= before + 50,
    );

    // Not one check after the stop said yes: neither the first one, nor any later one.
    const late = said.filter(({ atMs, held }) => atMs > stoppedAtMs + 20 && held === 'yes');
    expect(late).toEqual([]);
    expect(elector.holdsUntil()).toBeDefined();
    expect(takenAfterMs).toBeGreaterThanOrEqual(faultTiming.leaseDurationMs - faultTiming.retryMs);
    expect(takenAfterMs).toBeLessThan(faultTiming.leaseDurationMs + 3 * faultTiming.retryMs);
    const stored = await client.get<Lease>(leases, { namespace, name: 'contended' });
    expect(stored).toMatchObject({
      kind: 'ok',
      value: { spec: { holderIdentity: 'heir', leaseTransitions: 1 } },
    });
  }, 60_000);

  test('a clean stop hands the lease over at once', async () => {
    const args = [
      '--import',
      'tsx',
      'test/runtime/kube/elector-child.ts',
      realPath(),
      namespace,
      'leaver',
    ];
    const heir = startElector({
      client,
      lease: { namespace, name: 'contended' },
      config: { ...faultTiming, identity: 'heir-2' },
      clock: realClock,
      rng: rngFrom(6),
    });
    ends.push(() => heir.stop(millis(2_000)));
    await eventually(
      () => heir.holdsUntil(),
      (until) => until !== undefined,
      10_000,
    );
    const said: string[] = [];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
    await eventually(
      () => said.length,
      (count) => count > 50,
      10_000,
    );
    expect(said.at(-1)).toContain('"held":"no"');
    await heir.stop(millis(2_000));
    const releasedMs = realClock.monotonicMs();
    await eventually(
      () => said.at(-1) ?? '',
      (line) => line.includes('"held":"yes"'),
      5_000,
    );
    expect(realClock.monotonicMs() - releasedMs).toBeLessThan(faultTiming.retryMs);
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    const stored = await client.get<Lease>(leases, { namespace, name: 'contended' });
    expect(stored).toMatchObject({ kind: 'ok', value: { spec: { holderIdentity: '' } } });
  }, 60_000);
});
