/** An API that refuses one kind of write is asked ever less often, told of once, and used again when it works. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Pod, Service } from '../../../src/runtime/kube/types';
import { LABELS } from '../../../src/spec/naming';
import type { Fate } from '../../kit/fake-api';
import { type FakeCluster, startFakeCluster } from '../../kit/fake-cluster';
import { type Rig, startRig, statusOf, untilSettled } from '../../kit/operator-rig';
import { until } from '../../kit/until';
import type { Asked } from '../kube/fault-server';

const WINDOW_MS = 1500;

let world: FakeCluster;
let rig: Rig;
beforeEach(async () => {
  world = await startFakeCluster();
  world.define('cart');
  rig = await startRig(world);
  await untilSettled(world, 'cart');
  await until('the labels stand', () => roleOf('cart-2') === 'replica');
});
afterEach(async () => {
  world.api.fate = () => undefined;
  await rig.operator.stop();
  await world.close();
});

function roleOf(pod: string): string | undefined {
  return world.api.get<Pod>(world.podPath(pod))?.metadata.labels?.[LABELS.role];
}

const SERVICES = '/api/v1/namespaces/shop/services';

const writes = {
  status: {
    path: /valkeyclusters\/cart\/status$/,
    provoke: () => world.valkeys.kill(world.server('cart-2').address),
    done: () => statusOf(world, 'cart').nodeStatuses?.some(({ healthy }) => !healthy) === true,
  },
  labels: {
    path: /pods\/cart-2$/,
    provoke: () => {
      const metadata = { name: 'cart-2', labels: { [LABELS.role]: 'stranger' } };
      world.api.put('/api/v1/namespaces/shop/pods', { metadata });
    },
    done: () => roleOf('cart-2') === 'replica',
  },
  route: {
    path: /services\/cart-client$/,
    provoke: () => {
      const spec = { selector: { [LABELS.podName]: 'cart-2' } };
      world.api.put(SERVICES, { metadata: { name: 'cart-client' }, spec });
    },
    done: () => {
      const service = world.api.get<Service>(`${SERVICES}/cart-client`);
      return service?.spec?.selector?.[LABELS.podName] === 'cart-0';
    },
  },
} as const;

const rows: readonly { readonly what: keyof typeof writes; readonly fate: Fate }[] = [
  { what: 'status', fate: 403 },
  { what: 'status', fate: 409 },
  { what: 'status', fate: 500 },
  { what: 'labels', fate: 403 },
  { what: 'route', fate: 403 },
  { what: 'route', fate: 409 },
  { what: 'route', fate: 500 },
];

test.each(rows)(
  '$what answered by $fate: ever less often, said once, then used again',
  async (row) => {
    const { path, provoke, done } = writes[row.what];
    let tries = 0;
    world.api.fate = ({ method, path: asked }: Asked) => {
      if (method !== 'PATCH' || !path.test(asked)) return undefined;
      tries += 1;
      return row.fate;
    };
    const from = rig.lines.length;
    provoke();
    await until('it is tried', () => tries > 2);
    await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
    expect(tries, 'never a storm').toBeLessThan(16);
    const said = rig.lines
      .slice(from)
      .filter(({ msg, what }) => msg === 'request fails' && what === row.what);
    expect(said.length, 'said once').toBe(1);
    const metric = new RegExp(`gungnir_request_troubles_total\\{.*what="${row.what}".*\\} [1-9]`);
    expect(await rig.metrics()).toMatch(metric);
    world.api.fate = () => undefined;
    await until('it is done', done, 10_000);
    await until('and said', () =>
      rig.lines.some(({ msg, what }) => msg === 'request works again' && what === row.what),
    );
  },
);

test('writes that work are never counted as trouble', async () => {
  writes.labels.provoke();
  await until('it is done', writes.labels.done, 5000);
  expect(await rig.metrics()).not.toMatch(
    /gungnir_request_troubles_total\{.*what="(labels|route)"/,
  );
});
