/**
 * A real API server that hangs for some seconds: what the copy and the lease do then. Nobody else may need
 * that server meanwhile, so its process id has to be given (`stoppableServer`).
 * Never here: our own process as the one that hangs; real-faults.test.ts.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { rngFrom } from '../../../src/kit/rng';
import { createKubeClient, type KubeClient } from '../../../src/runtime/kube/client';
import { type Elector, type Leadership, startElector } from '../../../src/runtime/kube/elector';
import { startReflector } from '../../../src/runtime/kube/reflector';
import { type ConfigMap, resources } from '../../../src/runtime/kube/types';
import { freshNamespace, namespaces, realAccess, realClient, stoppableServer } from './real';
import { eventually, faultTiming, realClock } from './support';

const { configMaps } = resources;
const apiServer = stoppableServer();
const ends: (() => Promise<void>)[] = [];
let client: KubeClient;
let namespace: string;

beforeAll(async () => {
  client = await realClient();
  namespace = await freshNamespace(client);
});
afterEach(async () => {
  process.kill(apiServer, 'SIGCONT');
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

/** Until it leads no more. An answer from before the stop may be read after it, and counts from its request. */
async function lastUntil(elector: Elector): Promise<number> {
  let lastMs = 0;
  await eventually(
    () => {
      const nowMs = realClock.monotonicMs();
      const until = elector.holdsUntil();
      if (until !== undefined)
        expect(until, 'it leads no longer than it says').toBeGreaterThan(nowMs);
      lastMs = Math.max(lastMs, until ?? 0);
      return until;
    },
    (until) => until === undefined,
    30_000,
  );
  return lastMs;
}

test('the API server hangs and goes on: the copy is right again, the leader stopped in time and leads anew', async () => {
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

  process.kill(apiServer, 'SIGSTOP');
  const stoppedMs = realClock.monotonicMs();
  const leftMs = (await lastUntil(elector)) - stoppedMs;
  expect(leftMs, 'it led when the server was stopped').toBeGreaterThan(0);
  expect(leftMs).toBeLessThanOrEqual(faultTiming.renewDeadlineMs);
  await delay(3_000);
  expect(reflector.get(namespace, 'before')).toBeDefined();
  process.kill(apiServer, 'SIGCONT');

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
