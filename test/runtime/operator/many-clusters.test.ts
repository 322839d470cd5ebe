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

const clusterNames = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `c${index}`);

/** Kills the primary of each. @returns how long each took until clients were sent elsewhere, ms. */
async function failoverTimes(names: readonly string[]): Promise<readonly number[]> {
  const beganMs = performance.now();
  for (const name of names) kill(`${name}-0`);
  return Promise.all(names.map((name) => routedAway(name).then(() => performance.now() - beganMs)));
}

test('a cluster whose servers hang delays no other one', async () => {
  await begin(['cart', 'users']);
  for (const ordinal of [0, 1, 2]) world.server(`cart-${ordinal}`).life = 'hung';
  await until('it is noticed', () => {
    return conditionOf(world, 'cart', 'PrimaryAvailable')?.status === 'False';
  });
  const [tookMs] = await failoverTimes(['users']);
  expect(tookMs, 'less than the budget of a call that hangs').toBeLessThan(5000);
});

test.each(['hang', 500] as const)(
  'a cluster whose API calls meet %s delays no other one, and goes on when they work',
  async (fate) => {
    await begin(['cart', 'users']);
    const concerns = /\/(valkeyclusters|services|pods|statefulsets|secrets)\/cart/;
    world.api.fate = ({ path }) => (concerns.test(path) ? fate : undefined);
    kill('cart-0');
    const [tookMs] = await failoverTimes(['users']);
    expect(tookMs, 'less than the budget of a call that hangs').toBeLessThan(5000);
    expect(world.routed('cart'), 'nobody could record its intent').toBe('cart-0');
    world.api.fate = () => undefined;
    await routedAway('cart');
  },
);

test('the lease is lost and won again: another one acts meanwhile, and nobody acts twice', async () => {
  const first = await begin(['cart'], { identity: 'first' });
  const lease = '/apis/coordination.k8s.io/v1/namespaces/gungnir-system/leases';
  const taken = { holderIdentity: 'stranger', renewTime: '2026-01-01T00:00:00.000000Z' };
  world.api.put(lease, { metadata: { name: 'gungnir-operator-lease' }, spec: taken });
  await until('it follows', () => !first.operator.leads(), 15_000);
  const orders = (): readonly string[] =>
    [1, 2].flatMap((ordinal) => world.server(`cart-${ordinal}`).changes);
  const before = orders();
  kill('cart-0');
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(orders(), 'a follower orders nothing').toEqual(before);
  expect(world.routed('cart')).toBe('cart-0');
  const free = { holderIdentity: '', renewTime: '2026-01-01T00:00:01.000000Z' };
  world.api.put(lease, { metadata: { name: 'gungnir-operator-lease' }, spec: free });
  await until('it leads again', () => first.operator.leads(), 30_000);
  await routedAway('cart');
});

test('a hundred clusters in one process: ten fail over at once, the others do not notice', async () => {
  const names = clusterNames(100);
  for (const name of names) world.define(name, { replicas: 3 });
  rigs.push(await startRig(world));
  for (const name of names) await untilSettled(world, name, 120_000);
  const failing = names.slice(0, 10);
  const times = [...(await failoverTimes(failing))].sort((left, right) => left - right);
  expect(times[times.length - 1]).toBeLessThan(10_000);
  const others = names.slice(10);
  expect(others.map((name) => world.routed(name))).toEqual(others.map((name) => `${name}-0`));
  const told = others.flatMap((name) => eventsOf(world, name, 'PrimaryDown'));
  expect(told).toEqual([]);
}, 240_000);
