/**
 * How many pods a budget lets go, as its status says it and an eviction takes it.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { BUDGETS } from '../../../src/local/controllers/objects/budget';
import { conditionOf } from '../../../src/local/controllers/objects/condition';
import { NODES } from '../../../src/local/controllers/objects/node';
import { PODS } from '../../../src/local/controllers/objects/pod';
import { STATEFUL_SETS } from '../../../src/local/controllers/objects/workload';
import { reap, runAll, setReady } from './kubelet-by-hand';
import { type Simulated, simulated } from './simulated';

let world: Simulated;
afterEach(() => world.stop());

function start(budget: object): void {
  world = simulated();
  world.create(NODES, { metadata: { name: 'n1' }, spec: {} });
  const selector = { matchLabels: { app: 'web' } };
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'main', image: 'a' }] },
  };
  world.create(STATEFUL_SETS, {
    metadata: { name: 'web' },
    spec: { replicas: 3, selector, template, podManagementPolicy: 'Parallel' },
  });
  world.create(BUDGETS, { metadata: { name: 'web' }, spec: { selector, ...budget } });
  world.settle();
  runAll(world);
}

const status = () => world.get(BUDGETS, 'web').status;

describe('allowed', () => {
  test.each([
    { budget: { maxUnavailable: 1 }, desired: 2, allowed: 1, why: 'one of three' },
    { budget: { minAvailable: 2 }, desired: 2, allowed: 1, why: 'all but two' },
    { budget: { minAvailable: '50%' }, desired: 2, allowed: 1, why: 'a half is rounded up' },
    { budget: { maxUnavailable: '50%' }, desired: 1, allowed: 2, why: 'rounded up as well' },
    { budget: { minAvailable: 3 }, desired: 3, allowed: 0, why: 'none to spare' },
  ])('$budget of three allows $allowed ($why)', ({ budget, desired, allowed }) => {
    start(budget);
    expect(status()).toMatchObject({
      ...{ currentHealthy: 3, desiredHealthy: desired, expectedPods: 3 },
      disruptionsAllowed: allowed,
    });
    const reason = allowed > 0 ? 'SufficientPods' : 'InsufficientPods';
    expect(conditionOf(status()?.conditions, 'DisruptionAllowed')?.reason).toBe(reason);
  });

  test('a pod that is not ready takes the place of the one that may go', () => {
    start({ maxUnavailable: 1 });
    setReady(world, 'web-1', 'False');
    world.settle();
    expect(status()).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 0 });
    setReady(world, 'web-1', 'True');
    world.settle();
    expect(status()).toMatchObject({ disruptionsAllowed: 1 });
  });
});

test('an eviction takes what is allowed; the next waits until the pod is back', () => {
  start({ maxUnavailable: 1 });
  expect(world.evict('web-0')).toBe(201);
  world.settle();
  expect(world.get(PODS, 'web-0').metadata.deletionTimestamp).toBeDefined();
  expect(status()).toMatchObject({ disruptionsAllowed: 0, currentHealthy: 2 });
  expect(world.evict('web-1')).toBe(429);
  reap(world);
  runAll(world);
  expect(world.evict('web-1')).toBe(201);
});

test('an evicted pod counts as gone at once, and as there again when it is not gone after two minutes', () => {
  start({ maxUnavailable: 1 });
  const disrupted = new Date(world.nowMs()).toISOString();
  const disruptedPods = { 'web-0': `${disrupted.slice(0, 19)}Z` };
  world.patch(BUDGETS, 'web', { status: { disruptedPods } }, 'status');
  world.settle();
  expect(status()).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 0 });
  world.pass(119);
  expect(status()).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 0 });
  world.pass(2);
  expect(status()).toMatchObject({ currentHealthy: 3, disruptionsAllowed: 1 });
  expect(status()?.disruptedPods).toBeUndefined();
  expect(world.events().filter((line) => line.startsWith('NotDeleted'))).toHaveLength(1);
});

test.each([
  { policy: 'AlwaysAllow', lost: 1, code: 201, why: 'it serves nobody' },
  { policy: 'AlwaysAllow', lost: 2, code: 201, why: 'however many are lost' },
  { policy: undefined, lost: 1, code: 201, why: 'the others are as many as are wanted' },
  { policy: undefined, lost: 2, code: 429, why: 'it may come back, and is needed' },
])('$lost of three not ready, $policy: evicting one of them is $code, $why', (row) => {
  const { policy, lost, code } = row;
  start({ minAvailable: 2, ...(policy ? { unhealthyPodEvictionPolicy: policy } : {}) });
  for (const name of ['web-0', 'web-1'].slice(0, lost)) setReady(world, name, 'False');
  world.settle();
  expect(status()?.disruptionsAllowed).toBe(0);
  expect(world.evict('web-0')).toBe(code);
  expect(world.evict('web-2'), 'one that is ready').toBe(429);
});

test('pods of nobody known are not counted: nothing may go', () => {
  start({ maxUnavailable: 1 });
  const owner = { apiVersion: 'x.io/v1', kind: 'Unheard', name: 'x', uid: 'x', controller: true };
  const labels = { app: 'web' };
  world.create(PODS, {
    metadata: { name: 'stray', labels, ownerReferences: [owner] },
    spec: { containers: [{ name: 'main', image: 'a' }] },
  });
  world.settle();
  expect(conditionOf(status()?.conditions, 'DisruptionAllowed')).toMatchObject({
    reason: 'SyncFailed',
    message: 'found no controllers for pod "stray"',
  });
  expect(status()?.disruptionsAllowed).toBe(0);
});
