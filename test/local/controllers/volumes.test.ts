/**
 * Claims and volumes: binding now or with the first pod, growth, protection, and what becomes of a
 * volume whose claim is gone.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NODES } from '../../../src/local/controllers/objects/node';
import { PODS } from '../../../src/local/controllers/objects/pod';
import { CLAIMS, STORAGE_CLASSES, VOLUMES } from '../../../src/local/controllers/objects/storage';
import { type Simulated, simulated } from './simulated';

let world: Simulated;
beforeEach(() => {
  world = simulated();
  world.create(NODES, {
    metadata: { name: 'n1', labels: { 'kubernetes.io/hostname': 'n1' } },
    spec: {},
  });
});
afterEach(() => world.stop());

function claim(spec: object = {}): void {
  const resources = { requests: { storage: '1Gi' } };
  world.create(CLAIMS, {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources, ...spec },
  });
  world.settle();
}

function storageClass(name: string, fields: object): void {
  world.create(STORAGE_CLASSES, {
    metadata: { name },
    provisioner: 'gungnir.invalid/dir',
    ...fields,
  });
  world.settle();
}

function handmade(name: string, storage: string, fields: object): void {
  world.create(VOLUMES, {
    metadata: { name },
    spec: {
      capacity: { storage },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path: `/${name}` },
      ...fields,
    },
  });
  world.settle();
}

function pod(): void {
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
  const spec = { volumes, containers: [{ name: 'main', image: 'a' }] };
  world.create(PODS, { metadata: { name: 'web' }, spec });
  world.settle();
}

const found = () => world.get(CLAIMS, 'data');
const volume = () => world.list(VOLUMES)[0];

describe('binding', () => {
  test('in the default class waits for the first pod', () => {
    claim();
    expect(found()).toMatchObject({
      spec: { storageClassName: 'local' },
      status: { phase: 'Pending' },
    });
    expect(world.events()).toContain(
      'WaitForFirstConsumer: waiting for first consumer to be created before binding',
    );
    pod();
    expect(found().status).toMatchObject({ phase: 'Bound', capacity: { storage: '1Gi' } });
    expect(world.get(PODS, 'web').spec.nodeName).toBe('n1');
    expect(volume()).toMatchObject({
      metadata: { annotations: { 'pv.kubernetes.io/provisioned-by': 'gungnir.invalid/dir' } },
      spec: { claimRef: { name: 'data', uid: found().metadata.uid } },
      status: { phase: 'Bound' },
    });
  });

  test('in an Immediate class does not wait', () => {
    storageClass('now', { volumeBindingMode: 'Immediate' });
    claim({ storageClassName: 'now' });
    expect(found().status?.phase).toBe('Bound');
  });

  test.each([
    { volume: {}, why: 'free' },
    { volume: { claimRef: { namespace: 'default', name: 'data' } }, why: 'kept for it' },
    {
      volume: { claimRef: { namespace: 'default', name: 'another' } },
      why: 'kept for another',
      problem: '',
    },
    {
      volume: { capacity: { storage: '500Mi' } },
      why: 'too small',
      problem: 'requested PV is too small',
    },
    {
      volume: { storageClassName: 'other' },
      why: 'of another class',
      problem: 'storageClassName does not match',
    },
    {
      volume: { accessModes: ['ReadOnlyMany'] },
      why: 'read in another way',
      problem: 'incompatible accessMode',
    },
    {
      volume: { volumeMode: 'Block' },
      why: 'without files',
      problem: 'incompatible volumeMode',
    },
  ])('to the volume that the claim names, which is $why', ({ volume: fields, problem }) => {
    claim({ storageClassName: '', volumeName: 'named' });
    handmade('named', '2Gi', fields);
    const isBound = problem === undefined;
    expect(found().status?.phase).toBe(isBound ? 'Bound' : 'Pending');
    expect(world.get(VOLUMES, 'named').status?.phase).toBe(isBound ? 'Bound' : 'Available');
    const told = `VolumeMismatch: Cannot bind to requested volume "named": ${problem}`;
    expect(world.events().includes(told)).toBe(Boolean(problem));
    const mark = 'pv.kubernetes.io/bound-by-controller';
    expect(found().metadata.annotations?.[mark]).toBeUndefined();
    const isChosenHere = world.get(VOLUMES, 'named').metadata.annotations?.[mark] === 'yes';
    expect(isChosenHere).toBe(isBound && !('claimRef' in fields));
  });

  test('that lost its way back is made again', () => {
    handmade('named', '2Gi', {});
    claim({ storageClassName: '' });
    world.patch(VOLUMES, 'named', { spec: { claimRef: null } });
    world.settle();
    expect(world.get(VOLUMES, 'named').spec.claimRef?.uid).toBe(found().metadata.uid);
    expect(found().status?.phase).toBe('Bound');
  });

  test('to a volume made by hand takes the smallest that is large enough', () => {
    for (const [name, storage] of [
      ['small', '500Mi'],
      ['huge', '8Gi'],
      ['large', '2Gi'],
    ] as const)
      handmade(name, storage, {});
    claim({ storageClassName: '' });
    expect(found()).toMatchObject({
      spec: { volumeName: 'large' },
      status: { phase: 'Bound', capacity: { storage: '2Gi' } },
    });
    expect(world.get(VOLUMES, 'small').status?.phase).toBe('Available');
  });

  test('without any class or volume says so and stays', () => {
    claim({ storageClassName: 'absent' });
    expect(found().status?.phase).toBe('Pending');
    expect(world.events()).toContain(
      'ProvisioningFailed: storageclass.storage.k8s.io "absent" not found',
    );
  });
});

test('a larger claim grows its volume', () => {
  claim();
  pod();
  world.patch(CLAIMS, 'data', { spec: { resources: { requests: { storage: '3Gi' } } } });
  world.settle();
  expect(found().status?.capacity).toEqual({ storage: '3Gi' });
  expect(volume()?.spec.capacity).toEqual({ storage: '3Gi' });
});

test('a claim whose class does not grow is refused, as is one that is not bound', () => {
  const grow = (storage: string) => () =>
    world.patch(CLAIMS, 'data', { spec: { resources: { requests: { storage } } } });
  storageClass('fixed', { volumeBindingMode: 'WaitForFirstConsumer' });
  claim({ storageClassName: 'fixed' });
  expect(grow('2Gi')).toThrow('spec is immutable after creation except resources.requests');
  pod();
  expect(found().status?.phase).toBe('Bound');
  expect(grow('2Gi')).toThrow(
    'persistentvolumeclaims "data" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
  );
  expect(grow('1024Mi'), 'the same size').not.toThrow();
  world.patch(STORAGE_CLASSES, 'fixed', { allowVolumeExpansion: true });
  grow('2Gi')();
  world.settle();
  expect(found().status?.capacity).toEqual({ storage: '2Gi' });
});

test('a claim that a pod uses stays until the pod is gone; then its volume goes too', () => {
  claim();
  pod();
  world.remove(CLAIMS, 'data');
  world.settle();
  expect(found().metadata.deletionTimestamp).toBeDefined();
  world.remove(PODS, 'web', { gracePeriodSeconds: 0 });
  world.settle();
  expect([world.find(CLAIMS, 'data'), world.list(VOLUMES)]).toEqual([undefined, []]);
});

test('a volume that is to be retained is released and stays; its claim is lost with it', () => {
  storageClass('kept', { volumeBindingMode: 'Immediate', reclaimPolicy: 'Retain' });
  claim({ storageClassName: 'kept' });
  world.remove(CLAIMS, 'data');
  world.settle();
  expect(volume()?.status?.phase).toBe('Released');
  claim({ storageClassName: 'kept' });
  const name = found().spec.volumeName ?? '';
  expect(world.list(VOLUMES)).toHaveLength(2);
  world.patch(VOLUMES, name, { metadata: { finalizers: null } });
  world.remove(VOLUMES, name);
  world.settle();
  expect(found().status?.phase).toBe('Lost');
});
