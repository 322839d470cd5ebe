/** A step that cannot be taken back is never taken on a cache that is behind. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StatefulSet } from '../../../src/runtime/kube/types';
import { LABELS } from '../../../src/spec/naming';
import { type FakeCluster, startFakeCluster } from '../../kit/fake-cluster';
import { type Rig, startRig, untilSettled } from '../../kit/operator-rig';
import { until } from '../../kit/until';

const PODS = '/api/v1/namespaces/shop/pods';
const SET = '/apis/apps/v1/namespaces/shop/statefulsets/cart';
/** Long enough for several tries of the lane. */
const WATCH_MS = 1500;

let world: FakeCluster;
let rig: Rig;
beforeEach(async () => {
  world = await startFakeCluster();
  world.define('cart');
  rig = await startRig(world);
  await untilSettled(world, 'cart');
  // The label of a pod is a change that its watch tells, with all that is in the object by then.
  await until('the labels stand', () =>
    [0, 1, 2].every((ordinal) => world.pod(`cart-${ordinal}`)?.metadata.labels?.[LABELS.role]),
  );
});
afterEach(async () => {
  await rig.operator.stop();
  await world.close();
});

/** A pod is about to go, and the watch does not tell. */
function endUnseen(name: string): void {
  world.api.hidden = (path) => path === `${PODS}/${name}`;
  world.api.put(PODS, { metadata: { name, deletionTimestamp: '2026-01-02T00:00:00Z' } });
  world.api.hidden = () => false;
}

/** It stays after all (a test's liberty), and the watch is up to date again. */
function stayAfterAll(name: string): void {
  world.api.put(PODS, { metadata: { name, deletionTimestamp: null } });
}

function deleted(): readonly string[] {
  return world.api.asked.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
}

function replicas(): number | undefined {
  return world.api.get<StatefulSet>(SET)?.spec?.replicas;
}

test('no pod is replaced while another one is about to go unseen, and it is replaced after that', async () => {
  endUnseen('cart-1');
  world.define('cart', { annotations: { team: 'a' } });
  await until('the replacement is planned', () =>
    rig.lines.some(({ msg, request }) => msg === 'reconcile' && request === 'restart'),
  );
  await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  expect(deleted()).toEqual([]);
  stayAfterAll('cart-1');
  await until('it is replaced', () => deleted().length > 0, 15_000);
  expect(deleted()[0]).toBe(`${PODS}/cart-2`);
  const { body } = world.api.asked.find(({ method }) => method === 'DELETE') ?? { body: '{}' };
  expect(JSON.parse(body).preconditions).toEqual({
    uid: expect.stringContaining('uid-'),
    resourceVersion: expect.stringMatching(/^\d+$/),
  });
});

test('no cluster shrinks while a pod that would stay is about to go unseen, and it shrinks after that', async () => {
  endUnseen('cart-1');
  world.define('cart', { replicas: 2 });
  await until('it is planned', () =>
    rig.lines.some(({ msg, what }) => msg === 'reconcile' && what === 'StatefulSet/cart'),
  );
  await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  expect(replicas()).toBe(3);
  stayAfterAll('cart-1');
  await until('it has shrunk', () => replicas() === 2, 15_000);
});

test('a StatefulSet that somebody changed unseen is not overwritten, and is once that is seen', async () => {
  const put = () =>
    world.api.put(SET.replace(/\/cart$/, ''), {
      metadata: { name: 'cart' },
      spec: { replicas: 9 },
    });
  world.api.hidden = (path) => path === SET;
  put();
  world.api.hidden = () => false;
  world.define('cart', { replicas: 4 });
  await until('it is planned', () =>
    rig.lines.some(({ msg, what }) => msg === 'reconcile' && what === 'StatefulSet/cart'),
  );
  await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  expect(replicas(), 'not overwritten unseen').toBe(9);
  put();
  await until('it is as defined', () => replicas() === 4, 15_000);
});

test('a cluster that only the cache has lost keeps its primary', async () => {
  const path = world.clusterPath('cart');
  const object = world.api.get(path);
  world.api.tellGone(path);
  await until('its lanes end', () => rig.lines.some(({ msg }) => msg === 'cluster gone'));
  expect(world.api.get(path)).toBe(object);
  expect(world.server('cart-0').role).toBe('master');
});
