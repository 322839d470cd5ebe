/** SIGTERM at any moment of a change of primary: nothing stays paused, half handed over or unseen. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Lease } from '../../../src/runtime/kube/types';
import { type FakeCluster, startFakeCluster } from '../../kit/fake-cluster';
import type { FakeServer } from '../../kit/fake-valkey';
import { type Rig, startRig, statusOf, untilSettled } from '../../kit/operator-rig';
import { until } from '../../kit/until';

let world: FakeCluster;
beforeEach(async () => {
  world = await startFakeCluster();
});
afterEach(() => world.close());

/** Stops the operator in the middle of this word of the engine. */
async function stoppedAt(word: string, begin: () => void): Promise<number> {
  world.define('cart');
  let stopping: Promise<void> | undefined;
  let stage: 'settling' | 'changing' = 'settling';
  const rig: Rig = await startRig(world, {
    onStep: ({ event }) => {
      if (stage === 'changing' && event === word) stopping ??= rig.operator.stop();
    },
  });
  await untilSettled(world, 'cart');
  stage = 'changing';
  begin();
  await until(`the engine says ${word}`, () => stopping !== undefined, 10_000);
  const beganMs = performance.now();
  await stopping;
  return performance.now() - beganMs;
}

function servers(): readonly FakeServer[] {
  return [0, 1, 2].map((ordinal) => world.server(`cart-${ordinal}`));
}

function holder(): string | null | undefined {
  const path =
    '/apis/coordination.k8s.io/v1/namespaces/gungnir-system/leases/gungnir-operator-lease';
  return world.api.get<Lease>(path)?.spec?.holderIdentity;
}

function expectWhole(primary: string): void {
  const living = servers().filter(({ life }) => life === 'up');
  const masters = living.filter(({ role }) => role === 'master');
  expect(masters).toEqual([world.server(primary)]);
  expect(living.map(({ pausedUntilMs }) => pausedUntilMs).filter((until) => until !== 0)).toEqual(
    [],
  );
  expect(world.routed('cart')).toBe(primary);
  const { record } = statusOf(world, 'cart');
  expect(record).toMatchObject({ phase: 'Steady', primary: { pod: primary } });
  expect(record?.target).toBeUndefined();
  expect(holder(), 'the lease is given back').toBeFalsy();
}

function isPaused(pod: string): boolean {
  return world.server(pod).pausedUntilMs !== 0;
}

function switchOver(): void {
  const annotations = { 'valkey.verilean.io/switchover': 'cart-1@1' };
  world.define('cart', {}, { annotations });
}

test.each(['+switchover', '+pause', '+demoted', '+promote', '+promoted', '+switch-master'])(
  'a switchover, stopped at %s, is carried to its end first',
  async (word) => {
    const tookMs = await stoppedAt(word, switchOver);
    expectWhole('cart-1');
    expect(tookMs, 'well within the grace period').toBeLessThan(9000);
  },
);

test('a switchover whose handover is refused is given up first: the old primary serves on', async () => {
  await stoppedAt('+pause', () => {
    world.valkeys.intercept = (server, [name]) =>
      name === 'EXEC' && server === world.server('cart-0')
        ? { kind: 'error', code: 'EXECABORT', message: 'EXECABORT planted' }
        : undefined;
    switchOver();
  });
  expectWhole('cart-0');
});

test.each(['+intent', '+promote', '+promoted'])(
  'a failover, stopped at %s, is carried to its end first',
  async (word) => {
    await stoppedAt(word, () => world.valkeys.kill(world.server('cart-0').address));
    expectWhole('cart-1');
  },
);

test('at rest nothing is waited for', async () => {
  world.define('cart');
  const rig = await startRig(world);
  await untilSettled(world, 'cart');
  const beganMs = performance.now();
  await rig.operator.stop();
  expect(performance.now() - beganMs).toBeLessThan(5000);
  expectWhole('cart-0');
});

test('a handover that never ends is left to the next leader in time', async () => {
  const tookMs = await stoppedAt('+pause', () => {
    world.valkeys.intercept = (server, [name]) =>
      name === 'INFO' && server === world.server('cart-1') && isPaused('cart-0')
        ? 'silence'
        : undefined;
    switchOver();
  });
  expect(tookMs).toBeLessThan(12_000);
  expect(holder()).toBeFalsy();
});
