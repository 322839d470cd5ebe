/** The reconcile lane against a Kubernetes in memory: what it does when a pass fails of itself. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKubeClient } from '../../../src/runtime/kube/client';
import { ReconcileLane } from '../../../src/runtime/lanes/reconcile-lane';
import type { ClusterObject } from '../../../src/runtime/lanes/record-store';
import { createSecretReader } from '../../../src/runtime/lanes/secrets';
import type { View } from '../../../src/runtime/lanes/view';
import { createInstruments } from '../../../src/runtime/ops/instruments';
import { createLog, createSecrets } from '../../../src/runtime/ops/log';
import { createRegistry } from '../../../src/runtime/ops/metrics';
import type { RolloutView } from '../../../src/runtime/plan/rollout';
import { type FakeCluster, startFakeCluster } from '../../kit/fake-cluster';
import { until } from '../../kit/until';
import { plainAccess } from '../kube/support';

let world: FakeCluster;
const lanes: ReconcileLane[] = [];
beforeEach(async () => {
  world = await startFakeCluster();
});
afterEach(async () => {
  for (const lane of lanes.splice(0)) lane.stop();
  await world.close();
});

const nothing: RolloutView = {
  pods: [],
  wantedReplicas: 3,
  primaryOrdinal: -1,
  statefulSet: 'seen',
  announced: [],
  primaryUpdate: 'Automatic',
  data: 'kept',
};

function laneOf(
  name: string,
  rollout: () => RolloutView,
  annotations: Readonly<Record<string, string>> = {},
  standBackMs: () => number = () => 0,
): ReconcileLane {
  const defined = world.define(name) as ClusterObject;
  const object = { ...defined, metadata: { ...defined.metadata, annotations } };
  const client = createKubeClient({ access: plainAccess(world.api.url) });
  const none = (): undefined => undefined;
  const view = {
    subResource: none,
    statefulSet: none,
    pods: () => [],
    claimsOf: () => [],
  } as unknown as View;
  const lane = new ReconcileLane({
    client,
    view,
    secrets: createSecretReader(client),
    cluster: () => object,
    basis: () => 'given',
    rollout,
    mayAct: () => 'granted',
    standBackMs,
    intervalMs: 60_000,
    log: createLog({ level: 'error', write: none, wallMs: () => 0, secrets: createSecrets() }),
    instruments: createInstruments(createRegistry()),
    onPlan: none,
  });
  lanes.push(lane);
  return lane;
}

test('a pass that contradicts itself is told, tried again by itself, and settles when it is over', async () => {
  let planted: 'yes' | 'no' = 'yes';
  const lane = laneOf('cart', () => {
    if (planted === 'yes') throw new Error('planted');
    return nothing;
  });
  lane.kick();
  await until('the fault is told', () => {
    const plan = lane.plan();
    return plan.kind === 'wait' && plan.on === 'ReconcileFault';
  });
  expect(world.api.get('/apis/apps/v1/namespaces/shop/statefulsets/cart')).toBeUndefined();
  planted = 'no';
  await until('all is made', () => lane.plan().kind === 'settled');
  expect(world.api.get('/apis/apps/v1/namespaces/shop/statefulsets/cart')).toBeDefined();
});

test.each([
  { annotations: {}, settles: 'settled', makes: true, why: 'the objects are ours' },
  {
    annotations: { 'valkey.verilean.io/managed-by': 'gitops' },
    settles: 'wait',
    makes: false,
    why: 'Git brings them, though none is there yet',
  },
])('$why: the lane is $settles', async ({ annotations, settles, makes }) => {
  const lane = laneOf('cart', () => nothing, annotations);
  lane.kick();
  await until('it has decided', () => {
    const plan = lane.plan();
    return plan.kind === settles && (plan.kind !== 'wait' || plan.on === 'GitOwnsObject');
  });
  const made = world.api.get('/apis/apps/v1/namespaces/shop/statefulsets/cart');
  expect(made !== undefined).toBe(makes);
});

test('while the primary changes nothing is asked of the API server; then all is made by itself', async () => {
  let looks = 0;
  let standBackMs = 1;
  const lane = laneOf(
    'cart',
    () => nothing,
    {},
    () => {
      looks += 1;
      return standBackMs;
    },
  );
  lane.kick();
  lane.kick();
  await until('it has looked a few times', () => looks > 3);
  expect(lane.plan()).toMatchObject({ kind: 'wait', on: 'StatefulSetUnseen' });
  expect(world.api.get('/apis/apps/v1/namespaces/shop/statefulsets/cart')).toBeUndefined();
  standBackMs = 0;
  await until('all is made', () => lane.plan().kind === 'settled');
  expect(world.api.get('/apis/apps/v1/namespaces/shop/statefulsets/cart')).toBeDefined();
});
