/**
 * Clusters in one operator do not feel each other: not a fault of one engine, nor a server or an API call
 * that hangs. Kubernetes and servers are in memory; what many of them do is the point.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Tell } from '../../../src/sentinel/core/ready';
import { type FakeCluster, startFakeCluster } from '../../kit/fake-cluster';
import {
  conditionOf,
  eventsOf,
  type Rig,
  type RigOptions,
  startRig,
  untilSettled,
} from '../../kit/operator-rig';
import { until } from '../../kit/until';

let world: FakeCluster;
const rigs: Rig[] = [];
beforeEach(async () => {
  world = await startFakeCluster();
});
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.operator.stop();
  await world.close();
});

const quick = { sentinel: { pingIntervalMs: 200, downAfterMs: 1000 } };

async function begin(names: readonly string[], options: RigOptions = {}): Promise<Rig> {
  for (const name of names) world.define(name, quick);
  const rig = await startRig(world, options);
  rigs.push(rig);
  for (const name of names) await untilSettled(world, name);
  return rig;
}

function kill(pod: string): void {
  world.valkeys.kill(world.server(pod).address);
}

function routedAway(name: string): Promise<true> {
  const gone = (): boolean => ![undefined, `${name}-0`].includes(world.routed(name));
  return until(`${name} has another primary`, gone, 15_000) as Promise<true>;
}

function isAbout(told: Tell, name: string): boolean {
  return Object.values(told.facts).some((fact) => String(fact).startsWith(`${name}-`));
}

test('an engine that contradicts itself stops its own cluster alone, and begins anew by itself', async () => {
  let planted: 'yes' | 'no' = 'no';
  const rig = await begin(['cart', 'users'], {
    onStep: (told) => {
      if (planted === 'yes' && isAbout(told, 'cart')) throw new Error('planted');
    },
  });
  planted = 'yes';
  kill('cart-0');
  kill('users-0');
  await routedAway('users');
  await until('the fault is told', () => eventsOf(world, 'cart', 'EngineFault').length > 0);
  await until('and stands on the object', () => {
    const { status, reason } = conditionOf(world, 'cart', 'Degraded') ?? {};
    return status === 'True' && reason === 'EngineFault';
  });
  expect(world.routed('cart'), 'nobody acts for it').toBe('cart-0');
  expect(await rig.metrics()).toMatch(/gungnir_engine_faults_total\{.*cluster="cart"\} [1-9]/);
  expect(await rig.metrics()).not.toMatch(/gungnir_engine_faults_total\{.*cluster="users"/);
  expect(conditionOf(world, 'users', 'Degraded')?.status).toBe('False');
  planted = 'no';
  await routedAway('cart');
  await until(
    'the fault is over',
    () => conditionOf(world, 'cart', 'Degraded')?.status === 'False',
  );
});

test('engines without a fault: both fail over, and none is told', async () => {
  const rig = await begin(['cart', 'users']);
  kill('cart-0');
  kill('users-0');
  await Promise.all([routedAway('cart'), routedAway('users')]);
  expect(eventsOf(world, 'cart', 'EngineFault')).toEqual([]);
  expect(await rig.metrics()).not.toMatch(/gungnir_engine_faults_total\{/);
});
