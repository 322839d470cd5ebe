/** The client Service's flip: one write, again until it stands, never backwards. */
import { expect, test, vi } from 'vitest';
import type { EndpointSlice, Service } from '../../../src/runtime/kube/types';
import { ClientRoute } from '../../../src/runtime/lanes/client-route';
import type { Route } from '../../../src/sentinel/core/ready';
import { type FakeKube, fakeKube, type Mishap } from '../../kit/fake-kube';
import { quietRetries } from '../../kit/quiet-retries';

const podKey = 'statefulset.kubernetes.io/pod-name';
const epochKey = 'valkey.verilean.io/epoch';

function service(selector: object | undefined, epoch: string | undefined): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'cart-client',
      namespace: 'shop',
      uid: 's',
      resourceVersion: '1',
      ...(epoch === undefined ? {} : { annotations: { [epochKey]: epoch } }),
    },
    spec: selector === undefined ? {} : { selector },
  } as Service;
}

function routeOf(
  kube: FakeKube,
  mayAct: () => 'granted' | 'denied' = () => 'granted',
): ClientRoute {
  return new ClientRoute({
    client: kube.client,
    namespace: 'shop',
    cluster: 'cart',
    mayAct,
    service: () => kube.object as Service,
    retries: quietRetries(),
  });
}

function selected(kube: FakeKube): unknown {
  return (kube.object as Service).spec?.selector?.[podKey];
}

const to = (pod: string, epoch: number): Route => ({ kind: 'to', pod, epoch });

test.each([
  {
    why: 'before the first primary there is no selector',
    first: service(undefined, undefined),
    mishaps: [],
  },
  {
    why: 'from another pod',
    first: service({ app: 'valkey', [podKey]: 'cart-0' }, '1'),
    mishaps: [],
  },
  { why: 'a lost answer', first: service({ [podKey]: 'cart-0' }, '1'), mishaps: ['lost'] },
  { why: 'a conflict', first: service({ [podKey]: 'cart-0' }, '1'), mishaps: ['conflict'] },
  {
    why: 'a refused connection',
    first: service({ [podKey]: 'cart-0' }, '1'),
    mishaps: ['notSent'],
  },
] as const)('to cart-1 at epoch 2: $why', async ({ first, mishaps }) => {
  const kube = fakeKube(first);
  kube.mishaps.push(...(mishaps as readonly Mishap[]));
  routeOf(kube).route(to('cart-1', 2));
  await vi.waitFor(() => expect(selected(kube)).toBe('cart-1'));
  expect(kube.object.metadata.annotations?.[epochKey]).toBe('2');
  expect(kube.writes.length).toBe(1);
});

test('closed by the name of a pod that does not exist, since an empty selector would keep old endpoints', async () => {
  const kube = fakeKube(service({ [podKey]: 'cart-0' }, '1'));
  routeOf(kube).route({ kind: 'none', epoch: 1 });
  await vi.waitFor(() => expect(selected(kube)).toBe('cart-none'));
});

test('a newer epoch on the Service is another leader’s: it is left alone', async () => {
  const kube = fakeKube(service({ [podKey]: 'cart-2' }, '9'));
  routeOf(kube).route(to('cart-1', 2));
  await vi.waitFor(() => expect(kube.reads.length + kube.writes.length).toBe(0));
  expect(selected(kube)).toBe('cart-2');
});

test('a user’s edit is put back when the watch shows it, keys of his own too', async () => {
  const kube = fakeKube(service({ [podKey]: 'cart-0' }, '1'));
  const route = routeOf(kube);
  route.route(to('cart-1', 2));
  await vi.waitFor(() => expect(selected(kube)).toBe('cart-1'));
  kube.edit({ spec: { selector: { [podKey]: 'cart-0', extra: 'mine' } } });
  route.show(kube.object as Service, [], '1');
  await vi.waitFor(() =>
    expect((kube.object as Service).spec?.selector).toEqual({
      app: 'valkey',
      'valkey.verilean.io/cluster': 'cart',
      [podKey]: 'cart-1',
    }),
  );
});

test.each([
  { forgets: 'no', expected: 'cart-1', why: 'what we route is put back' },
  { forgets: 'yes', expected: 'cart-2', why: 'another leader routed it meanwhile' },
])('shown another pod, lost the lease in between: $forgets -> $expected ($why)', async (row) => {
  const kube = fakeKube(service({ [podKey]: 'cart-0' }, '1'));
  const route = routeOf(kube);
  route.route(to('cart-1', 2));
  await vi.waitFor(() => expect(selected(kube)).toBe('cart-1'));
  if (row.forgets === 'yes') route.forget();
  kube.edit({ spec: { selector: { [podKey]: 'cart-2' } } });
  route.show(kube.object as Service, [], '1');
  await new Promise((resolve) => setImmediate(resolve));
  await vi.waitFor(() => expect(selected(kube)).toBe(row.expected));
});

test('without the lease nothing is written', () => {
  const kube = fakeKube(service({ [podKey]: 'cart-0' }, '1'));
  routeOf(kube, () => 'denied').route(to('cart-1', 2));
  expect({ writes: kube.writes, selected: selected(kube) }).toEqual({
    writes: [],
    selected: 'cart-0',
  });
});

test('what is seen is told to the engine: the selected pod, the endpoints, and any other change', () => {
  const kube = fakeKube(service({ [podKey]: 'cart-0' }, '1'));
  const route = routeOf(kube);
  const seen: unknown[] = [];
  route.onSeen((routed) => seen.push(routed));
  const slices: readonly EndpointSlice[] = [
    {
      apiVersion: 'v1',
      kind: 'EndpointSlice',
      metadata: kube.object.metadata,
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.0.0.1'], targetRef: { name: 'cart-0' } }],
    },
  ];
  for (const stamp of ['1', '1', '2']) route.show(kube.object as Service, slices, stamp);
  const routed = { selected: 'cart-0', endpoints: ['cart-0'] };
  expect(seen).toEqual([
    { ...routed, proxies: 'stirred' },
    { ...routed, proxies: 'asBefore' },
    { ...routed, proxies: 'stirred' },
  ]);
});
