/**
 * Which addresses a Service has: by selector, readiness and end of its pods; and what stays when the
 * selector goes.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ENDPOINT_SLICES,
  ENDPOINTS,
  type EndpointSlice,
  SERVICES,
} from '../../../src/local/controllers/objects/network';
import { NODES } from '../../../src/local/controllers/objects/node';
import { PODS } from '../../../src/local/controllers/objects/pod';
import { reap, setReady } from './kubelet-by-hand';
import { type Simulated, simulated } from './simulated';

let world: Simulated;
beforeEach(() => {
  world = simulated();
  const labels = { 'topology.kubernetes.io/zone': 'z1' };
  world.create(NODES, { metadata: { name: 'n1', labels }, spec: {} });
  for (const name of ['web-0', 'web-1']) pod(name);
  world.settle();
});
afterEach(() => world.stop());

function pod(name: string): void {
  world.create(PODS, {
    metadata: { name, labels: { app: 'web' } },
    spec: {
      hostname: name,
      subdomain: 'web',
      nodeName: 'n1',
      containers: [
        {
          name: 'main',
          image: 'a',
          ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
        },
      ],
    },
  });
  setReady(world, name, 'True');
}

function service(spec: object): void {
  const ports = [{ name: 'web', port: 80, targetPort: 'http', protocol: 'TCP' }];
  world.create(SERVICES, { metadata: { name: 'web' }, spec: { ports, ...spec } });
  world.settle();
}

const slices = (): readonly EndpointSlice[] => world.list(ENDPOINT_SLICES);
const told = () =>
  slices()
    .flatMap(({ endpoints }) => endpoints ?? [])
    .map(({ targetRef, conditions: { ready, serving, terminating } }) => [
      targetRef?.name,
      ready,
      serving,
      terminating,
    ])
    .sort();

test('an endpoint names its pod, node, zone and host, and the port that the name means', () => {
  service({ selector: { app: 'web' }, clusterIP: 'None' });
  const [slice] = slices();
  expect(slice?.metadata).toMatchObject({
    generateName: 'web-',
    labels: {
      'kubernetes.io/service-name': 'web',
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      'service.kubernetes.io/headless': '',
    },
    ownerReferences: [{ kind: 'Service', name: 'web', controller: true }],
  });
  expect(slice?.ports).toEqual([{ name: 'web', port: 8080, protocol: 'TCP' }]);
  expect(slice?.endpoints?.[0]).toMatchObject({
    addresses: ['127.0.0.1'],
    conditions: { ready: true, serving: true, terminating: false },
    hostname: 'web-0',
    nodeName: 'n1',
    zone: 'z1',
    targetRef: { kind: 'Pod', name: 'web-0', namespace: 'default' },
  });
});

describe('readiness and end of a pod', () => {
  test.each([
    {
      published: false,
      unready: [false, false, false],
      leaving: [false, true, true],
      why: 'only who serves',
    },
    {
      published: true,
      unready: [true, false, false],
      leaving: [true, true, true],
      why: 'asked for all',
    },
  ])('publishNotReadyAddresses $published ($why)', ({ published, unready, leaving }) => {
    service({ selector: { app: 'web' }, publishNotReadyAddresses: published });
    expect(told()).toEqual([
      ['web-0', true, true, false],
      ['web-1', true, true, false],
    ]);
    setReady(world, 'web-0', 'False');
    world.remove(PODS, 'web-1');
    world.settle();
    expect(told()).toEqual([
      ['web-0', ...unready],
      ['web-1', ...leaving],
    ]);
    reap(world);
    expect(told()).toEqual([['web-0', ...unready]]);
  });

  test.each(['Failed', 'Succeeded'])('a pod that is over (%s) is no endpoint', (phase) => {
    service({ selector: { app: 'web' }, publishNotReadyAddresses: true });
    world.patch(PODS, 'web-0', { status: { phase } }, 'status');
    world.settle();
    expect(told()).toEqual([['web-1', true, true, false]]);
  });

  test('a slice is kept and changed, never made anew', () => {
    service({ selector: { app: 'web' } });
    const [before] = slices();
    for (const name of ['web-0', 'web-1']) world.remove(PODS, name, { gracePeriodSeconds: 0 });
    world.settle();
    expect(told()).toEqual([]);
    pod('web-9');
    world.settle();
    expect(slices().map(({ metadata }) => metadata.uid)).toEqual([before?.metadata.uid]);
    expect(told()).toEqual([['web-9', true, true, false]]);
  });
});

describe('the selector', () => {
  test('a Service without one gets nothing', () => {
    service({});
    expect([slices(), world.list(ENDPOINTS)]).toEqual([[], []]);
  });

  test('moved to another pod, the address moves', () => {
    service({ selector: { app: 'web', 'statefulset.kubernetes.io/pod-name': 'web-0' } });
    expect(told()).toEqual([]);
    world.patch(PODS, 'web-1', {
      metadata: { labels: { 'statefulset.kubernetes.io/pod-name': 'web-0' } },
    });
    world.settle();
    expect(told()).toEqual([['web-1', true, true, false]]);
  });

  test('removed, the last addresses stay, and are mirrored from the Endpoints besides', () => {
    service({ selector: { app: 'web' } });
    world.patch(SERVICES, 'web', { spec: { selector: null } });
    world.settle();
    setReady(world, 'web-0', 'False');
    world.settle();
    const managers = slices().map(
      ({ metadata }) => metadata.labels?.['endpointslice.kubernetes.io/managed-by'],
    );
    expect(managers.sort()).toEqual([
      'endpointslice-controller.k8s.io',
      'endpointslicemirroring-controller.k8s.io',
    ]);
    const ready = slices()
      .flatMap(({ endpoints }) => endpoints ?? [])
      .filter(({ targetRef }) => targetRef?.name === 'web-0')
      .map(({ conditions }) => conditions.ready);
    expect(ready).toEqual([true, true]);
  });
});

test('more than 100 endpoints take a second slice', () => {
  for (let index = 10; index < 120; index += 1) pod(`web-${index}`);
  service({ selector: { app: 'web' } });
  const sizes = slices().map(({ endpoints }) => endpoints?.length);
  expect(sizes.sort()).toEqual([100, 12]);
});

test('Endpoints say the same in the older form, unready apart', () => {
  service({ selector: { app: 'web' } });
  setReady(world, 'web-1', 'False');
  world.settle();
  expect(world.get(ENDPOINTS, 'web').subsets).toMatchObject([
    {
      addresses: [{ ip: '127.0.0.1', hostname: 'web-0', nodeName: 'n1' }],
      notReadyAddresses: [{ ip: '127.0.0.2' }],
      ports: [{ name: 'web', port: 8080, protocol: 'TCP' }],
    },
  ]);
  world.remove(SERVICES, 'web');
  world.settle();
  expect([slices(), world.list(ENDPOINTS)]).toEqual([[], []]);
});

test('Endpoints of somebody else stay where no Service ever was, and go with one of their name', () => {
  const subsets = [{ addresses: [{ ip: '10.0.0.9' }], ports: [{ port: 80, protocol: 'TCP' }] }];
  world.create(ENDPOINTS, { metadata: { name: 'elsewhere' }, subsets });
  world.settle();
  service({ selector: { app: 'web' } });
  const names = () => world.list(ENDPOINTS).map(({ metadata }) => metadata.name);
  expect(names()).toEqual(['elsewhere', 'web']);
  expect(world.get(ENDPOINTS, 'elsewhere').subsets).toEqual(subsets);
  world.create(SERVICES, { metadata: { name: 'elsewhere' }, spec: { ports: [{ port: 80 }] } });
  world.settle();
  world.remove(SERVICES, 'elsewhere');
  world.settle();
  expect(names()).toEqual(['web']);
});
