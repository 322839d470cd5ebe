/**
 * Lost nodes: silence, taints, readiness of pods, eviction after the tolerated time, and pods that no
 * kubelet ends any more.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NODE_SETTINGS } from '../../../src/local/controllers/nodes/settings';
import { conditionOf } from '../../../src/local/controllers/objects/condition';
import { NAMESPACES } from '../../../src/local/controllers/objects/namespace';
import { LEASES, NODES } from '../../../src/local/controllers/objects/node';
import { isReady, PODS } from '../../../src/local/controllers/objects/pod';
import { microTimestamp } from '../../../src/local/controllers/objects/time';
import { runAll } from './kubelet-by-hand';
import { type Simulated, simulated } from './simulated';

let world: Simulated;
beforeEach(() => {
  world = simulated(NODE_SETTINGS);
  world.create(NAMESPACES, { metadata: { name: 'kube-node-lease' } });
  for (const name of ['n1', 'n2']) {
    const conditions = [
      { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'ready' },
    ];
    world.create(NODES, { metadata: { name }, spec: {} });
    world.patch(NODES, name, { status: { conditions } }, 'status');
    world.create(LEASES, { metadata: { name }, spec: { holderIdentity: name } }, 'kube-node-lease');
  }
  world.create(PODS, {
    metadata: { name: 'web-0' },
    spec: { nodeName: 'n1', containers: [{ name: 'main', image: 'a' }] },
  });
  world.settle();
  runAll(world);
});
afterEach(() => world.stop());

/** Seconds in which only these nodes say that they live. */
function live(seconds: number, names: readonly string[]): void {
  for (let second = 0; second < seconds; second += 5) {
    for (const name of names) {
      const spec = { holderIdentity: name, renewTime: microTimestamp(world.nowMs()) };
      world.patch(LEASES, name, { spec }, undefined, 'kube-node-lease');
    }
    world.pass(5);
  }
}

const ready = () => conditionOf(world.get(NODES, 'n1').status?.conditions, 'Ready');
const taints = () =>
  (world.get(NODES, 'n1').spec.taints ?? []).map(
    ({ key, effect }) => `${key.split('/')[1]}:${effect}`,
  );

test('a node that renews its Lease stays as it is', () => {
  live(300, ['n1', 'n2']);
  expect([ready()?.status, taints()]).toEqual(['True', []]);
});

describe('a silent node', () => {
  test('is Unknown after the grace period, tainted, and its pods are not ready', () => {
    live(45, ['n2']);
    expect(ready()?.status).toBe('True');
    live(10, ['n2']);
    expect(ready()).toMatchObject({ status: 'Unknown', reason: 'NodeStatusUnknown' });
    expect(taints()).toEqual(['unreachable:NoSchedule', 'unreachable:NoExecute']);
    expect(isReady(world.get(PODS, 'web-0'))).toBe(false);
  });

  test('loses its pods after their tolerated 300 s, and not before', () => {
    live(55 + 290, ['n2']);
    expect(world.get(PODS, 'web-0').metadata.deletionTimestamp).toBeUndefined();
    live(15, ['n2']);
    const { metadata, status } = world.get(PODS, 'web-0');
    expect(metadata.deletionTimestamp).toBeDefined();
    expect(conditionOf(status?.conditions, 'DisruptionTarget')?.reason).toBe(
      'DeletionByTaintManager',
    );
    expect(world.events()).toContain(
      'TaintManagerEviction: Marking for deletion Pod default/web-0',
    );
  });

  test('that comes back in time keeps its pods and loses its taints', () => {
    live(200, ['n2']);
    const conditions = [
      { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'ready' },
    ];
    live(5, ['n1', 'n2']);
    world.patch(NODES, 'n1', { status: { conditions } }, 'status');
    live(400, ['n1', 'n2']);
    expect(taints()).toEqual([]);
    expect(world.get(PODS, 'web-0').metadata.deletionTimestamp).toBeUndefined();
  });

  test('one of all silent ones is not given up: rather the controller is cut off', () => {
    live(500, []);
    expect(ready()?.status).toBe('Unknown');
    expect(taints()).toEqual(['unreachable:NoSchedule']);
    expect(world.get(PODS, 'web-0').metadata.deletionTimestamp).toBeUndefined();
  });
});

describe('all nodes silent, and one comes back', () => {
  test.each([
    { back: 'n2', gone: true, why: 'the other one is given up' },
    { back: 'n1', gone: false, why: 'its own pods stay' },
  ])('$back: $why', ({ back, gone }) => {
    live(500, []);
    const conditions = [
      { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'ready' },
    ];
    live(5, [back]);
    world.patch(NODES, back, { status: { conditions } }, 'status');
    live(310, [back]);
    expect(world.get(PODS, 'web-0').metadata.deletionTimestamp !== undefined).toBe(gone);
  });
});

/** Of a user: it does not say since when. */
describe('a taint without a time', () => {
  const fire = { key: 'fire', effect: 'NoExecute' };
  const rain = { key: 'rain', effect: 'NoExecute' };
  const tolerations = [
    { ...fire, operator: 'Exists', tolerationSeconds: 100 },
    { key: 'rain', operator: 'Exists' },
  ];
  const put = (taints: readonly object[]): void =>
    world.patch(NODES, 'n1', { spec: { taints: taints.length === 0 ? null : taints } });
  const start = (): void => {
    const containers = [{ name: 'main', image: 'a' }];
    world.create(PODS, {
      metadata: { name: 'guest' },
      spec: { nodeName: 'n1', containers, tolerations },
    });
    runAll(world);
  };
  const isLeaving = () => world.get(PODS, 'guest').metadata.deletionTimestamp !== undefined;

  test.each([
    { between: [rain], why: 'beside another that stays' },
    { between: [], why: 'alone' },
  ])('counts anew when it comes again, $why', ({ between }) => {
    start();
    put([...between, fire]);
    live(80, ['n1', 'n2']);
    put(between);
    live(10, ['n1', 'n2']);
    put([...between, fire]);
    live(90, ['n1', 'n2']);
    expect(isLeaving()).toBe(false);
    live(15, ['n1', 'n2']);
    expect(isLeaving()).toBe(true);
  });

  test('counts on while it stays and another one comes', () => {
    start();
    put([fire]);
    live(80, ['n1', 'n2']);
    put([fire, rain]);
    live(15, ['n1', 'n2']);
    expect(isLeaving()).toBe(false);
    live(10, ['n1', 'n2']);
    expect(isLeaving()).toBe(true);
  });
});

describe('a pod without a kubelet', () => {
  const taint = {
    key: 'node.kubernetes.io/out-of-service',
    effect: 'NoExecute',
    value: 'nodeshutdown',
  };

  test.each([
    { silent: 'n1', gone: true, why: 'the node is silent and out of service' },
    { silent: 'n2', gone: false, why: 'a node that lives ends its pods itself' },
  ])('out-of-service while $silent is silent: removed $gone ($why)', ({ silent, gone }) => {
    live(
      60,
      ['n1', 'n2'].filter((name) => name !== silent),
    );
    const { taints: present = [] } = world.get(NODES, 'n1').spec;
    world.patch(NODES, 'n1', { spec: { taints: [...present, taint] } });
    live(
      60,
      ['n1', 'n2'].filter((name) => name !== silent),
    );
    expect(world.find(PODS, 'web-0') === undefined).toBe(gone);
  });

  test('its node deleted, it is removed after the quarantine', () => {
    world.remove(NODES, 'n1');
    live(35, ['n2']);
    expect(world.find(PODS, 'web-0')).toBeDefined();
    live(30, ['n2']);
    expect(world.find(PODS, 'web-0')).toBeUndefined();
  });
});

test('cordoned, a node carries the taint; uncordoned, it does not', () => {
  world.patch(NODES, 'n1', { spec: { unschedulable: true } });
  world.settle();
  expect(taints()).toEqual(['unschedulable:NoSchedule']);
  world.patch(NODES, 'n1', { spec: { unschedulable: null } });
  world.settle();
  expect(taints()).toEqual([]);
});
