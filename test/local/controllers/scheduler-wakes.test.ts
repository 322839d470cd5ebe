/**
 * What makes the scheduler look again at a pod that found no place.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { idOf, keyOf } from '../../../src/local/controllers/frame/kind';
import { readerOf } from '../../../src/local/controllers/frame/reader';
import { NODES } from '../../../src/local/controllers/objects/node';
import { PODS } from '../../../src/local/controllers/objects/pod';
import { CLAIMS, STORAGE_CLASSES, VOLUMES } from '../../../src/local/controllers/objects/storage';
import { scheduler } from '../../../src/local/controllers/scheduler/controller';
import { type Simulated, simulated } from './simulated';

let world: Simulated;
beforeEach(() => {
  world = simulated();
  const labels = { 'kubernetes.io/hostname': 'n1' };
  world.create(NODES, { metadata: { name: 'n1', labels }, spec: {} });
  world.patch(NODES, 'n1', { status: { allocatable: { pods: '1' } } }, 'status');
});
afterEach(() => world.stop());

function pod(name: string, volumes: readonly object[] = []): void {
  const spec = { volumes, containers: [{ name: 'main', image: 'a' }] };
  world.create(PODS, { metadata: { name }, spec });
  world.settle();
}

const nodeOf = (name: string) => world.get(PODS, name).spec.nodeName;
const data = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];

describe('a pod that stands in the way', () => {
  test.each([
    { phase: 'Succeeded', next: 'n1' },
    { phase: 'Failed', next: 'n1' },
    { phase: 'Running', next: undefined },
  ])('and is now $phase: the next one goes to $next', ({ phase, next }) => {
    pod('first');
    pod('second');
    expect([nodeOf('first'), nodeOf('second')]).toEqual(['n1', undefined]);
    world.patch(PODS, 'first', { status: { phase } }, 'status');
    world.settle();
    expect(nodeOf('second')).toBe(next);
  });
});

test.each([
  { app: 'b', next: 'n1' },
  { app: 'c', next: undefined },
])(
  'a pod of $app comes, and the one that wants to be beside a `b` goes to $next',
  ({ app, next }) => {
    world.patch(NODES, 'n1', { status: { allocatable: { pods: '9' } } }, 'status');
    const containers = [{ name: 'main', image: 'a' }];
    const term = {
      topologyKey: 'kubernetes.io/hostname',
      labelSelector: { matchLabels: { app: 'b' } },
    };
    const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    world.create(PODS, { metadata: { name: 'shy' }, spec: { containers, affinity } });
    world.settle();
    expect(nodeOf('shy')).toBeUndefined();
    world.create(PODS, { metadata: { name: 'friend', labels: { app } }, spec: { containers } });
    world.settle();
    expect(nodeOf('shy')).toBe(next);
  },
);

test.each([
  { name: 'later', next: 'n1' },
  { name: 'another', next: undefined },
])(
  'the class $name comes, and the pod whose claim waits for `later` goes to $next',
  ({ name, next }) => {
    const resources = { requests: { storage: '1Gi' } };
    const spec = { accessModes: ['ReadWriteOnce'], resources, storageClassName: 'later' };
    world.create(CLAIMS, { metadata: { name: 'data' }, spec });
    pod('web', data);
    world.create(STORAGE_CLASSES, {
      metadata: { name },
      provisioner: 'gungnir.invalid/dir',
      volumeBindingMode: 'WaitForFirstConsumer',
    });
    world.settle();
    expect(nodeOf('web')).toBe(next);
  },
);

test('a volume wakes the pods that wait and use claims, and no others', () => {
  world.remove(NODES, 'n1');
  pod('plain');
  pod('keeps', data);
  const pods = world.list(PODS).map((one) => [PODS, { ...one, kind: 'Pod' }] as const);
  const [source] = scheduler.sources.filter(({ kind }) => idOf(kind) === idOf(VOLUMES));
  const volume = { ...world.get(PODS, 'plain'), kind: 'PersistentVolume' };
  expect(pods.map(([, one]) => keyOf(one))).toHaveLength(2);
  expect(source?.keys(volume, readerOf(pods))).toEqual(['default/keeps']);
});
