/** One operator of two namespaces: what one of them refuses, also of one kind alone, is no matter to the other. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeCluster, startFakeCluster } from '../../kit/fake-cluster';
import { type Rig, startRig, untilSettled } from '../../kit/operator-rig';
import { until } from '../../kit/until';
import type { Asked } from '../kube/fault-server';

const CLUSTERS = '/apis/valkey.verilean.io/v1/namespaces/bank/valkeyclusters';
const SET = '/apis/apps/v1/namespaces/bank/statefulsets/cart';
const namespaces = ['shop', 'bank'];

let world: FakeCluster;
let rig: Rig | undefined;
beforeEach(async () => {
  world = await startFakeCluster();
  world.define('cart');
  world.api.put(CLUSTERS, {
    apiVersion: 'valkey.verilean.io/v1',
    kind: 'ValkeyCluster',
    metadata: { name: 'cart', namespace: 'bank' },
    spec: {},
  });
});
afterEach(async () => {
  world.api.fate = () => undefined;
  await rig?.operator.stop();
  rig = undefined;
  await world.close();
});

const isRead = ({ method }: Asked): boolean => method === 'GET';
const inBank = ({ path }: Asked): boolean => path.includes('/namespaces/bank/');
const readyz = async (): Promise<number> =>
  (await fetch(`http://127.0.0.1:${rig?.operator.port}/readyz`)).status;

test.each([
  { kinds: /./, warned: true, why: 'everything' },
  { kinds: /\/pods$/, warned: false, why: 'its pods alone: without them all would look dead' },
])(
  'bank refuses $why: shop is led, nothing is written in bank until it is listed',
  async ({ kinds, warned }) => {
    world.api.fate = (asked) =>
      inBank(asked) && isRead(asked) && kinds.test(asked.path) ? 403 : undefined;
    rig = await startRig(world, { args: { namespaces } });
    await untilSettled(world, 'cart');
    expect(world.api.asked.filter((asked) => inBank(asked) && !isRead(asked))).toEqual([]);
    expect(await readyz()).toBe(200);
    const words = rig.lines.filter(({ msg }) => msg === 'namespace cannot be watched');
    expect(words.map(({ namespace }) => namespace)).toEqual(warned ? ['bank'] : []);
    expect(rig.lines.filter(({ msg }) => msg === 'ready').map((line) => line.namespace)).toEqual([
      'shop',
    ]);
    expect(await rig.metrics()).toMatch(/gungnir_watch_troubles_total\{.*namespace="bank".*\} \d/);
    world.api.fate = () => undefined;
    await until('bank is made', () => world.api.get(SET) !== undefined, 20_000);
  },
);

test('only what is named is asked for', async () => {
  rig = await startRig(world, { args: { namespaces: ['shop'] } });
  await untilSettled(world, 'cart');
  expect(world.api.asked.filter(inBank)).toEqual([]);
  const wide = world.api.asked.filter(({ path }) => !path.includes('/namespaces/'));
  expect([...new Set(wide.map(({ path }) => path))]).toEqual(['/api/v1/nodes']);
});

test('where every namespace refuses, it does not start, and says what is missing', async () => {
  world.api.fate = ({ path }) => (path.endsWith('/valkeyclusters') ? 403 : undefined);
  await expect(startRig(world, { args: { namespaces } })).rejects.toThrow(
    /^KubeForbidden: .*namespace=shop/,
  );
});
