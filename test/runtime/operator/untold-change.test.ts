/** A change of primary that its leader recorded and died before it told: the next operator tells it, once. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KubeObject } from '../../../src/runtime/kube/types';
import { type FakeCluster, startFakeCluster } from '../../kit/fake-cluster';
import { eventsOf, type Rig, startRig, statusOf, untilSettled } from '../../kit/operator-rig';
import { until } from '../../kit/until';

const CLUSTERS = '/apis/valkey.verilean.io/v1/namespaces/shop/valkeyclusters';

let world: FakeCluster;
let rig: Rig | undefined;
beforeEach(async () => {
  world = await startFakeCluster();
  world.define('cart');
});
afterEach(async () => {
  await rig?.operator.stop();
  rig = undefined;
  await world.close();
});

const untold = (): readonly string[] =>
  eventsOf(world, 'cart', 'PrimaryChanged').filter((note) => note.includes('ended before'));

/** The status stands as it did before the change; the record has it. Then another operator leads. */
async function nextOperatorFinds(masterPod: string): Promise<void> {
  const first = await startRig(world);
  await untilSettled(world, 'cart');
  await first.operator.stop();
  const term = statusOf(world, 'cart').record?.term ?? 0;
  world.api.put(CLUSTERS, { metadata: { name: 'cart' }, status: { masterPod } } as KubeObject);
  rig = await startRig(world);
  await until('it leads', () => (statusOf(world, 'cart').record?.term ?? 0) > term, 10_000);
  await until('its status stands', () => statusOf(world, 'cart').masterPod === 'cart-0', 10_000);
}

test('the status names another pod than the record: told, with both names', async () => {
  await nextOperatorFinds('cart-1');
  await until('an Event', () => untold().length > 0);
  expect(untold()).toEqual([
    'cart-0 is the primary instead of cart-1: recorded by an operator that may have ended before it told (epoch 1)',
  ]);
}, 60_000);

test.each([
  { masterPod: 'cart-0', why: 'the status has the recorded primary' },
  { masterPod: '', why: 'nobody served when it was written, and the labels name the recorded one' },
])(
  'nothing is told twice: $why',
  async ({ masterPod }) => {
    await nextOperatorFinds(masterPod);
    await untilSettled(world, 'cart');
    expect(untold()).toEqual([]);
  },
  60_000,
);
