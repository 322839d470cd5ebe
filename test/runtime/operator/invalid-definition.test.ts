/** What an invalid definition does to a running cluster, to a new one, and across a restart of the operator. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StatefulSet } from '../../../src/runtime/kube/types';
import { type FakeCluster, startFakeCluster } from '../../kit/fake-cluster';
import { conditionOf, eventsOf, type Rig, startRig, untilSettled } from '../../kit/operator-rig';
import { until } from '../../kit/until';

const SET = '/apis/apps/v1/namespaces/shop/statefulsets/cart';
const quick = { sentinel: { pingIntervalMs: 200, downAfterMs: 1000 } };

let world: FakeCluster;
const rigs: Rig[] = [];
beforeEach(async () => {
  world = await startFakeCluster();
});
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.operator.stop();
  await world.close();
});

async function operator(): Promise<Rig> {
  const rig = await startRig(world);
  rigs.push(rig);
  return rig;
}

function told(): Promise<string> {
  return until('the condition tells it', () => {
    const { status, reason, message } = conditionOf(world, 'cart', 'Degraded') ?? {};
    return status === 'True' && reason === 'InvalidDefinition' && message;
  }) as Promise<string>;
}

function failsOver(from: string): Promise<unknown> {
  world.valkeys.kill(world.server(from).address);
  return until('another primary', () => {
    const pod = world.routed('cart');
    return pod !== undefined && pod !== from && pod;
  });
}

function replicas(): number | undefined {
  return world.api.get<StatefulSet>(SET)?.spec?.replicas;
}

test('the last good definition stays in force, whole, and the condition names what to mend', async () => {
  world.define('cart', quick);
  await operator();
  await untilSettled(world, 'cart');
  world.define('cart', { replicas: 99, image: 'valkey/valkey:other' });
  expect(await told()).toMatch(/field=spec\.replicas value=99 limit=.*64.* remedy=\w/);
  await until('and an Event', () => eventsOf(world, 'cart', 'InvalidDefinition').length === 1);
  expect(JSON.stringify(world.api.get(SET)?.spec)).not.toContain('valkey/valkey:other');
  await failsOver('cart-0');
  expect(replicas()).toBe(3);
  world.define('cart', { replicas: 4, image: null });
  await until('the mended one is in force', () => replicas() === 4);
  await until('and the condition is gone', () => {
    return conditionOf(world, 'cart', 'Degraded')?.status === 'False';
  });
});

test('a new cluster with an invalid definition: nothing is created, and it is told', async () => {
  world.define('cart', { replicas: 99 });
  await operator();
  expect(await told()).toContain('spec.replicas');
  expect([replicas(), world.api.list('Service').length]).toEqual([undefined, 0]);
  world.define('cart', { replicas: 3 });
  await untilSettled(world, 'cart');
});

test('after a restart of the operator failovers go on, and no object is changed', async () => {
  world.define('cart', quick);
  const first = await operator();
  await untilSettled(world, 'cart');
  await first.operator.stop();
  rigs.splice(0);
  world.define('cart', { replicas: 99, image: 'valkey/valkey:other' });
  const before = JSON.stringify(world.api.get<StatefulSet>(SET)?.spec);
  await operator();
  expect(await told()).toContain('nothing but failovers');
  await until('it leads', () => conditionOf(world, 'cart', 'PrimaryAvailable')?.status === 'True');
  await failsOver('cart-0');
  expect(JSON.stringify(world.api.get<StatefulSet>(SET)?.spec)).toBe(before);
});
