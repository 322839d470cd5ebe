/** An API server that refuses an object: the condition says what it said, and the rest is made when it takes it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Fate } from '../../kit/fake-api';
import { type FakeCluster, startFakeCluster } from '../../kit/fake-cluster';
import { conditionOf, type Rig, startRig, untilSettled } from '../../kit/operator-rig';
import { until } from '../../kit/until';

const SET = '/apis/apps/v1/namespaces/shop/statefulsets/cart';

let world: FakeCluster;
let rig: Rig | undefined;
beforeEach(async () => {
  world = await startFakeCluster();
});
afterEach(async () => {
  world.api.fate = () => undefined;
  await rig?.operator.stop();
  rig = undefined;
  await world.close();
});

/** The StatefulSet is answered so; everything that Progressing said is collected until `tries` were made. */
async function refusedWith(
  fate: Fate,
  tries: number,
  mustSay: string,
): Promise<ReadonlySet<string>> {
  let tried = 0;
  world.api.fate = ({ method, path }) => {
    if (method === 'GET' || path !== SET) return undefined;
    tried += 1;
    return fate;
  };
  world.define('cart');
  rig = await startRig(world);
  const said = new Set<string>();
  await until(
    'it is tried',
    () => {
      const { reason, message } = conditionOf(world, 'cart', 'Progressing') ?? {};
      if (reason !== undefined) said.add(`${reason}: ${message}`);
      return tried >= tries && [...said].some((line) => line.startsWith(mustSay));
    },
    15_000,
  );
  return said;
}

test.each([{ fate: 403 }, { fate: 422 }, { fate: 500 }] as const)(
  'a StatefulSet that is answered by $fate is named, with what the server said',
  async ({ fate }) => {
    const said = await refusedWith(fate, 3, 'RequestRefused');
    const lines = [...said].filter((line) => line.startsWith('RequestRefused'));
    expect(lines[0]).toMatch(
      new RegExp(`request=apply .*said=.*planted ${fate}.* To fix: read what it said`),
    );
    world.api.fate = () => undefined;
    await untilSettled(world, 'cart');
    expect(conditionOf(world, 'cart', 'Progressing')?.reason).toBe('Settled');
  },
  60_000,
);

test('a conflict is no refusal: it is tried again and nothing is told', async () => {
  const said = await refusedWith(409, 3, '');
  expect([...said].filter((line) => line.startsWith('RequestRefused'))).toEqual([]);
}, 60_000);
