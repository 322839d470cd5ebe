/** A deleted cluster's pods do not wait for an heir; one whose pods live on goes on serving. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KubeObject } from '../../../src/resources/kube-object';
import { render } from '../../../src/resources/render';
import { collectionPath } from '../../../src/runtime/kube/paths';
import { resourceOf, type Secret } from '../../../src/runtime/kube/types';
import { ANNOTATIONS } from '../../../src/spec/naming';
import { type FakeCluster, startFakeCluster } from '../../kit/fake-cluster';
import { type Rig, startRig, untilSettled } from '../../kit/operator-rig';
import { until } from '../../kit/until';

let world: FakeCluster;
let rig: Rig;
beforeEach(async () => {
  world = await startFakeCluster();
  for (const name of ['cart', 'users']) world.define(name);
  rig = await startRig(world);
  for (const name of ['cart', 'users']) await untilSettled(world, name);
});
afterEach(async () => {
  await rig.operator.stop();
  await world.close();
});

test.each(['background', 'foreground'] as const)(
  'deleted (%s): the primary is read-only at once, its preStop ends, and nobody else is promoted',
  async (cascade) => {
    const primary = world.server('cart-0');
    const others = ['cart-1', 'cart-2'].map((pod) => world.server(pod));
    const beganMs = performance.now();
    const gone = world.delete('cart', cascade);
    await until('the primary is held', () => primary.role === 'replica', 10_000, 1);
    const heldMs = performance.now() - beganMs;
    await gone;
    expect(heldMs, 'long before a preStop of 25 s').toBeLessThan(10_000);
    expect(performance.now() - beganMs, 'the last pod is gone').toBeLessThan(20_000);
    const promotions = others.flatMap(({ changes }) => changes.filter((one) => /^PSYNC/.test(one)));
    expect(promotions).toEqual([]);
    expect(world.server('users-0').role).toBe('master');
  },
);

async function lanesEnd(name: string): Promise<void> {
  await until('its lanes are gone', () =>
    rig.lines.some(({ msg, cluster }) => msg === 'cluster gone' && cluster === name),
  );
}

test('deleted with --cascade=orphan: the pods live on, so the primary serves on', async () => {
  await world.delete('cart', 'orphan');
  await lanesEnd('cart');
  expect([world.server('cart-0').role, world.routed('cart')]).toEqual(['master', 'cart-0']);
});

test('where Git owns the StatefulSet, the ValkeyCluster alone takes nothing with it', async () => {
  const annotations = { [ANNOTATIONS.managedBy]: 'gitops' };
  const apply = (object: KubeObject): void => {
    const resource = resourceOf(object);
    if (resource === undefined) throw new Error(`no resource for ${object.kind}`);
    const metadata = { ...object.metadata, annotations };
    world.api.put(collectionPath(resource, 'shop'), { ...object, metadata });
  };
  const objects = render({ metadata: { name: 'docs', namespace: 'shop' }, spec: {} });
  for (const object of objects.filter(({ kind }) => kind === 'Secret')) apply(object);
  world.define('docs', {}, { annotations });
  // Real pods wait for the keys of the Secret that they mount; those of this world do not.
  const secret = '/api/v1/namespaces/shop/secrets/docs-secret';
  await until('the Secret is filled', () => world.api.get<Secret>(secret)?.data !== undefined);
  for (const object of objects.filter(({ kind }) => kind !== 'Secret')) apply(object);
  await untilSettled(world, 'docs');
  world.api.remove(world.clusterPath('docs'));
  await lanesEnd('docs');
  expect([world.server('docs-0').role, world.routed('docs')]).toEqual(['master', 'docs-0']);
});
