/**
 * Where connections go, by the rules of kube-proxy, as tables.
 */
import { describe, expect, test } from 'vitest';
import type { EndpointSlice, Service } from '../../../src/local/controllers/objects/network';
import { routesOf } from '../../../src/local/proxy/routes';

function meta(name: string, labels = {}) {
  return { name, namespace: 'ns', uid: name, resourceVersion: '1', creationTimestamp: '', labels };
}

function service(spec: Partial<Service['spec']> & object, name = 's'): Service {
  const ports = [{ name: 'main', port: 6379 }];
  const whole = { clusterIP: '127.64.128.1', ports, ...spec };
  return { apiVersion: 'v1', kind: 'Service', metadata: meta(name), spec: whole };
}

type Conditions = NonNullable<EndpointSlice['endpoints']>[number]['conditions'];

function slice(endpoints: Record<string, Conditions>, of = 's', port = 6380): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: meta(`${of}-x`, { 'kubernetes.io/service-name': of }),
    addressType: 'IPv4',
    ports: [{ name: 'main', port }],
    endpoints: Object.entries(endpoints).map(([address, conditions]) => ({
      addresses: [address],
      conditions,
    })),
  };
}

const READY = { ready: true, serving: true, terminating: false };
const LEAVING = { ready: false, serving: true, terminating: true };
const UNREADY = { ready: false, serving: false, terminating: false };
const DYING = { ready: false, serving: false, terminating: true };

describe('the endpoints that count', () => {
  test.each([
    { endpoints: { a: READY, b: READY }, to: ['a', 'b'], why: 'all that are ready' },
    { endpoints: { a: READY, b: UNREADY }, to: ['a'], why: 'none that is not ready' },
    {
      endpoints: { a: READY, b: LEAVING },
      to: ['a'],
      why: 'a leaving one only without ready ones',
    },
    {
      endpoints: { a: UNREADY, b: LEAVING },
      to: ['b'],
      why: 'a leaving one that serves is better than none',
    },
    {
      endpoints: { a: UNREADY, b: DYING },
      to: [],
      why: 'a leaving one that does not serve is none',
    },
    { endpoints: { a: {} }, to: ['a'], why: 'unknown counts as ready' },
    { endpoints: {}, to: [], why: 'no endpoints' },
  ])('$why', ({ endpoints, to }) => {
    const [route] = routesOf([service({})], [slice(endpoints)], []);
    expect(route?.backends).toEqual(to.map((host) => ({ host, port: 6380 })));
  });

  test('slices belong to the Service that their label names, in its own namespace', () => {
    const foreign = {
      ...slice({ b: READY }),
      metadata: { ...slice({}).metadata, namespace: 'other' },
    };
    const [route] = routesOf(
      [service({})],
      [slice({ a: READY }), slice({ c: READY }, 't'), foreign],
      [],
    );
    expect(route?.backends).toEqual([{ host: 'a', port: 6380 }]);
  });

  test('an endpoint that two slices hold counts once', () => {
    const [route] = routesOf([service({})], [slice({ a: READY }), slice({ a: READY })], []);
    expect(route?.backends).toHaveLength(1);
  });
});

describe('the addresses that are listened on', () => {
  test.each([
    { spec: {}, at: ['127.64.128.1:6379'], why: 'the cluster address' },
    { spec: { clusterIP: 'None' }, at: [], why: 'a headless Service has none' },
    { spec: { type: 'ExternalName' }, at: [], why: 'a name is no address' },
    {
      spec: { ports: [{ name: 'main', port: 1, protocol: 'UDP' }] },
      at: [],
      why: 'UDP is not passed on',
    },
    {
      spec: { type: 'NodePort', ports: [{ name: 'main', port: 6379, nodePort: 30_001 }] },
      at: ['127.64.128.1:6379', '127.64.0.11:30001'],
      why: 'a NodePort is on each node',
    },
    {
      spec: { type: 'ClusterIP', ports: [{ name: 'main', port: 6379, nodePort: 30_001 }] },
      at: ['127.64.128.1:6379'],
      why: 'a left-over nodePort of a ClusterIP Service is not',
    },
  ])('$why', ({ spec, at }) => {
    const routes = routesOf([service(spec)], [slice({ a: READY })], ['127.64.0.11']);
    expect(routes.map(({ host, port }) => `${host}:${port}`)).toEqual(at);
  });
});
