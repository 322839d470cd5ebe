/**
 * A real process that is stopped, and one that stops cleanly: what the lease does then.
 * Never here: a server that hangs; real-hung-server.test.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { rngFrom } from '../../../src/kit/rng';
import type { KubeClient } from '../../../src/runtime/kube/client';
import { type Elector, startElector } from '../../../src/runtime/kube/elector';
import { type LeaseSpec, resources } from '../../../src/runtime/kube/types';
import type { ChildSettings } from './elector-child';
import { freshNamespace, namespaces, realAccess, realClient } from './real';
import { eventually, faultTiming, realClock } from './support';

const { leases } = resources;

interface Said {
  readonly atMs: number;
  readonly held: 'yes' | 'no';
}

interface Child {
  readonly process: ChildProcess;
  readonly said: readonly Said[];
}

describe('faults of a real process (real API server)', () => {
  let client: KubeClient;
  let namespace: string;
  let directory: string;
  let script: string;
  const children: ChildProcess[] = [];
  const ends: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gungnir-child-'));
    script = await bundle();
    client = await realClient();
    namespace = await freshNamespace(client);
  }, 60_000);
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const end of ends.splice(0).reverse()) await end();
  });
  afterAll(async () => {
    await client.remove(namespaces, { name: namespace });
    client.close();
    await rm(directory, { recursive: true });
  });

  /** Bundled, so that it starts in 100 ms on a busy machine too. */
  const bundle = async (): Promise<string> => {
    const outfile = join(directory, 'child.cjs');
    const entryPoints = ['test/runtime/kube/elector-child.ts'];
    await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'cjs' });
    return outfile;
  };
  const start = async (identity: string): Promise<Child> => {
    const access = await realAccess();
    const credentials = await access.credentials('cached');
    const settings: ChildSettings = { server: access.server, credentials, namespace, identity };
    const spawned = spawn(process.execPath, [script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, CHILD: JSON.stringify(settings) },
    });
    children.push(spawned);
    const said: Said[] = [];
    createInterface({ input: spawned.stdout }).on('line', (line) => said.push(JSON.parse(line)));
    return { process: spawned, said };
  };

  const candidate = (identity: string): Elector => {
    const elector = startElector({
      client,
      lease: { namespace, name: 'contended' },
      config: { ...faultTiming, identity },
      clock: realClock,
      rng: rngFrom(5),
    });
    ends.push(() => elector.stop(millis(2_000)));
    return elector;
  };
  const stored = async (): Promise<LeaseSpec | undefined> => {
    const answer = await client.get(leases, { namespace, name: 'contended' });
    return answer.kind === 'ok' ? answer.value.spec : undefined;
  };

  test('a leader that is stopped by SIGSTOP loses the lease, and knows it with its first breath', async () => {
    const child = await start('child');
    await eventually(
      () => child.said.at(-1)?.held,
      (held) => held === 'yes',
      30_000,
    );
    const heir = candidate('heir');
    await eventually(
      () => heir.leadership(),
      (seen) => seen.kind === 'follower' && seen.holder === 'child',
      10_000,
    );

    child.process.kill('SIGSTOP');
    const stoppedAtMs = Date.now();
    await eventually(
      () => heir.holdsUntil(),
      (until) => until !== undefined,
      20_000,
    );
    const takenAfterMs = Date.now() - stoppedAtMs;
    const before = child.said.length;
    child.process.kill('SIGCONT');
    await eventually(
      () => child.said.length,
      (count) => count >= before + 50,
      10_000,
    );

    // Not one check after the stop said yes: neither the first one, nor any later one.
    const late = child.said.filter(({ atMs, held }) => atMs > stoppedAtMs + 20 && held === 'yes');
    expect(late).toEqual([]);
    expect(heir.holdsUntil()).toBeDefined();
    // The last renewal was at most one retry period before the stop.
    expect(takenAfterMs).toBeGreaterThanOrEqual(
      faultTiming.leaseDurationMs - faultTiming.retryMs - 100,
    );
    expect(await stored()).toMatchObject({ holderIdentity: 'heir', leaseTransitions: 1 });
  }, 90_000);

  test('a clean stop hands the lease over, and leaves no holder behind', async () => {
    const first = candidate('first');
    await eventually(
      () => first.holdsUntil(),
      (until) => until !== undefined,
      20_000,
    );
    const child = await start('leaver');
    await eventually(
      () => child.said.length,
      (count) => count > 50,
      30_000,
    );
    expect(child.said.at(-1)?.held).toBe('no');
    await first.stop(millis(2_000));
    const releasedMs = realClock.monotonicMs();
    await eventually(
      () => child.said.at(-1)?.held,
      (held) => held === 'yes',
      10_000,
    );
    // By expiry it would take the whole duration.
    expect(realClock.monotonicMs() - releasedMs).toBeLessThan(faultTiming.leaseDurationMs);
    const exited = new Promise((resolve) => child.process.once('exit', resolve));
    child.process.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(await stored()).toMatchObject({ holderIdentity: '' });
  }, 90_000);
});
