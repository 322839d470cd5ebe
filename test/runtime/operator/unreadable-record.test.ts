/** A record that another hand spoiled: nothing is failed over on it, it is said, and a restored one is used. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KubeObject } from '../../../src/runtime/kube/types';
import type { RecordStatus } from '../../../src/spec/status';
import { type FakeCluster, startFakeCluster } from '../../kit/fake-cluster';
import { eventsOf, type Rig, startRig, statusOf, untilSettled } from '../../kit/operator-rig';
import { until } from '../../kit/until';

const CLUSTERS = '/apis/valkey.verilean.io/v1/namespaces/shop/valkeyclusters';
const quick = { sentinel: { pingIntervalMs: 200, downAfterMs: 1000 } };

let world: FakeCluster;
let rig: Rig | undefined;
beforeEach(async () => {
  world = await startFakeCluster();
  for (const name of ['cart', 'users']) world.define(name, quick);
});
afterEach(async () => {
  await rig?.operator.stop();
  rig = undefined;
  await world.close();
});

/** As kubectl edit --subresource=status would. */
function writeRecord(change: object): void {
  const object = { metadata: { name: 'cart' }, status: { record: change } };
  world.api.put(CLUSTERS, object as KubeObject);
}

/** One operator makes the cluster and ends; the record is changed; another one takes the lease. */
async function nextOperatorOver(change: object): Promise<RecordStatus> {
  const first = await startRig(world);
  for (const name of ['cart', 'users']) await untilSettled(world, name);
  await first.operator.stop();
  const good = statusOf(world, 'cart').record;
  if (good === undefined) throw new Error('no record was written');
  writeRecord(change);
  rig = await startRig(world);
  return good;
}

test('an epoch that is no number: an Event says so, no failover, until it is restored', async () => {
  const good = await nextOperatorOver({ epoch: 'two' });
  const notes = await until('an Event', () => {
    const said = eventsOf(world, 'cart', 'RecordUnreadable');
    return said.length > 0 && said;
  });
  expect(notes[0]).toMatch(/status\.record .*cannot be read.* To fix: restore it/);
  // Another cluster's failover tells when this one's would have been over.
  for (const pod of ['cart-0', 'users-0']) world.valkeys.kill(world.server(pod).address);
  await until('the other one fails over', () => world.routed('users') !== 'users-0', 15_000);
  expect(world.routed('cart'), 'nobody is promoted').toBe('cart-0');
  expect(statusOf(world, 'cart').record?.epoch, 'and nothing written over it').toBe('two');
  writeRecord({ epoch: good.epoch });
  await until('a replica takes over', () => world.routed('cart') !== 'cart-0', 15_000);
}, 60_000);

test('one that was read as it stands is nothing to tell, and the failover follows', async () => {
  const good = await nextOperatorOver({});
  await until('it leads', () => (statusOf(world, 'cart').record?.term ?? 0) > good.term, 10_000);
  world.valkeys.kill(world.server('cart-0').address);
  await until('a replica takes over', () => world.routed('cart') !== 'cart-0', 15_000);
  expect(eventsOf(world, 'cart', 'RecordUnreadable')).toEqual([]);
}, 60_000);
