/**
 * StatefulSets from their creation to their end, over an API in memory and a kubelet that is the test.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { NODES } from '../../../src/local/controllers/objects/node';
import { PODS } from '../../../src/local/controllers/objects/pod';
import { CLAIMS, VOLUMES } from '../../../src/local/controllers/objects/storage';
import {
  CONTROLLER_REVISIONS,
  type ControllerRevision,
  STATEFUL_SETS,
} from '../../../src/local/controllers/objects/workload';
import { planRevisions } from '../../../src/local/controllers/stateful-set/revisions';
import { reap, runAll } from './kubelet-by-hand';
import { type Simulated, simulated } from './simulated';

const template = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', image }], terminationGracePeriodSeconds: 5 },
});

let world: Simulated;
afterEach(() => world.stop());

function start(spec: object = {}): Simulated {
  world = simulated();
  for (const name of ['n1', 'n2', 'n3'])
    world.create(NODES, {
      metadata: { name, labels: { 'kubernetes.io/hostname': name } },
      spec: {},
    });
  world.create(STATEFUL_SETS, {
    metadata: { name: 'web' },
    spec: {
      replicas: 3,
      serviceName: 'web',
      selector: { matchLabels: { app: 'web' } },
      template: template('a'),
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      ...spec,
    },
  });
  world.settle();
  return world;
}

const names = () =>
  world
    .list(PODS)
    .map(({ metadata }) => metadata.name)
    .sort();

const status = () => world.get(STATEFUL_SETS, 'web').status;
const images = () =>
  world
    .list(PODS)
    .map(({ metadata, spec }) => {
      const [first] = spec.containers as unknown as readonly { readonly image: string }[];
      return `${metadata.name}=${first?.image}`;
    })
    .sort();

describe('OrderedReady', () => {
  test('makes one pod after the other, each when the one before is ready', () => {
    start();
    expect(names()).toEqual(['web-0']);
    runAll(world);
    expect(names()).toEqual(['web-0', 'web-1']);
    runAll(world);
    runAll(world);
    expect(names()).toEqual(['web-0', 'web-1', 'web-2']);
    expect(status()).toMatchObject({ replicas: 3, readyReplicas: 3, availableReplicas: 3 });
  });

  test('rolls from the highest ordinal, one at a time, and moves the current revision at the end', () => {
    start();
    for (let turn = 0; turn < 3; turn += 1) runAll(world);
    const before = status()?.currentRevision;
    world.patch(STATEFUL_SETS, 'web', { spec: { template: template('b') } });
    world.settle();
    expect(world.get(PODS, 'web-2').metadata.deletionTimestamp).toBeDefined();
    expect(world.get(PODS, 'web-1').metadata.deletionTimestamp).toBeUndefined();
    for (let turn = 0; turn < 8; turn += 1) {
      reap(world);
      runAll(world);
    }
    expect(images()).toEqual(['web-0=b', 'web-1=b', 'web-2=b']);
    const { currentRevision, updateRevision } = status() ?? {};
    expect(currentRevision).toBe(updateRevision);
    expect(currentRevision).not.toBe(before);
    expect(world.list(CONTROLLER_REVISIONS)).toHaveLength(2);
  });

  test('a partition keeps the pods below it, also when they are made again', () => {
    start({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } });
    for (let turn = 0; turn < 3; turn += 1) runAll(world);
    world.patch(STATEFUL_SETS, 'web', { spec: { template: template('b') } });
    world.settle();
    for (let turn = 0; turn < 4; turn += 1) {
      reap(world);
      runAll(world);
    }
    expect(images()).toEqual(['web-0=a', 'web-1=a', 'web-2=b']);
    world.remove(PODS, 'web-0', { gracePeriodSeconds: 0 });
    world.settle();
    expect(images()).toEqual(['web-0=a', 'web-1=a', 'web-2=b']);
  });
});

describe('Parallel and OnDelete', () => {
  const spec = { podManagementPolicy: 'Parallel', updateStrategy: { type: 'OnDelete' } };

  test('makes all pods at once, with their identity', () => {
    start(spec);
    expect(names()).toEqual(['web-0', 'web-1', 'web-2']);
    const { metadata, spec: pod } = world.get(PODS, 'web-1');
    expect(metadata.labels).toEqual({
      app: 'web',
      'statefulset.kubernetes.io/pod-name': 'web-1',
      'apps.kubernetes.io/pod-index': '1',
      'controller-revision-hash': status()?.updateRevision,
    });
    expect(pod).toMatchObject({ hostname: 'web-1', subdomain: 'web' });
    expect(world.events()).toContain(
      'SuccessfulCreate: create Pod web-1 in StatefulSet web successful',
    );
  });

  test('a new template touches no pod; one that is deleted comes back with it', () => {
    start(spec);
    runAll(world);
    world.patch(STATEFUL_SETS, 'web', { spec: { template: template('b') } });
    world.settle();
    expect(images()).toEqual(['web-0=a', 'web-1=a', 'web-2=a']);
    world.remove(PODS, 'web-1', {});
    world.settle();
    expect(images()).toEqual(['web-0=a', 'web-1=a', 'web-2=a']);
    reap(world);
    expect(images()).toEqual(['web-0=a', 'web-1=b', 'web-2=a']);
    expect(status()).toMatchObject({ updatedReplicas: 1, currentReplicas: 2 });
  });

  test('a pod that has ended is replaced', () => {
    start(spec);
    runAll(world);
    const old = world.get(PODS, 'web-0').metadata.uid;
    world.patch(PODS, 'web-0', { status: { phase: 'Failed' } }, 'status');
    world.settle();
    reap(world);
    expect(world.get(PODS, 'web-0').metadata.uid).not.toBe(old);
  });
});

test('the revision has the name that kube-controller-manager 1.34.4 gives the same template', () => {
  const containers = [{ name: 'main', image: 'valkey/valkey:8.0', command: ['sleep', '1000'] }];
  start({
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers, terminationGracePeriodSeconds: 1 },
    },
  });
  expect(status()?.updateRevision).toBe('web-6d6f8b8d6');
});

describe('a revision', () => {
  test('keeps its data', () => {
    start();
    const [revision] = world.list(CONTROLLER_REVISIONS);
    const { name } = revision?.metadata ?? { name: '' };
    expect(() => world.patch(CONTROLLER_REVISIONS, name, { data: null })).toThrow(
      `ControllerRevision.apps "${name}" is invalid: data: Invalid value: null: field is immutable`,
    );
    world.patch(CONTROLLER_REVISIONS, name, { metadata: { labels: { seen: 'yes' } } });
    expect(world.get(CONTROLLER_REVISIONS, name).data).toEqual(revision?.data);
  });

  test.each([
    { data: null, image: 'a', why: 'that says nothing leaves the template of the set' },
    {
      data: { spec: { template: { $patch: 'replace', ...template('old') } } },
      image: 'old',
      why: 'brings its template back',
    },
  ])('$why', ({ data, image }) => {
    start();
    const set = world.get(STATEFUL_SETS, 'web');
    const [revision] = world.list(CONTROLLER_REVISIONS);
    const name = set.status?.currentRevision ?? '';
    expect(revision?.metadata.name).toBe(name);
    const kept = [{ ...revision, revision: 1, data }] as readonly ControllerRevision[];
    const { current } = planRevisions(set, kept, () => undefined);
    expect(current).toMatchObject({ name, template: { spec: { containers: [{ image }] } } });
  });
});

describe('claims', () => {
  const claims = {
    podManagementPolicy: 'Parallel',
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: 'local',
          resources: { requests: { storage: '1Gi' } },
        },
      },
    ],
  };
  const phases = () => world.list(CLAIMS).map(({ status: { phase } = {} }) => phase);

  test('each pod gets one, bound on the node where the pod stands', () => {
    start(claims);
    expect(phases()).toEqual(['Bound', 'Bound', 'Bound']);
    const { spec } = world.get(PODS, 'web-1');
    expect(spec.nodeName).toMatch(/^n[123]$/);
    const claim = world.get(CLAIMS, 'data-web-1');
    const volume = world.get(VOLUMES, claim.spec.volumeName ?? '');
    expect(JSON.stringify(volume.spec.nodeAffinity)).toContain(`"${spec.nodeName}"`);
  });

  test.each([
    { policy: 'Retain', left: 3, why: 'the data stays for the next set' },
    { policy: 'Delete', left: 0, why: 'the set owns them' },
  ])('whenDeleted $policy leaves $left claims ($why)', ({ policy, left }) => {
    const retention = { whenDeleted: policy, whenScaled: 'Retain' };
    start({ ...claims, persistentVolumeClaimRetentionPolicy: retention });
    runAll(world);
    world.remove(STATEFUL_SETS, 'web', { propagationPolicy: 'Background' });
    for (let turn = 0; turn < 3; turn += 1) {
      world.settle();
      reap(world);
    }
    expect(world.list(PODS)).toHaveLength(0);
    expect(world.list(CLAIMS)).toHaveLength(left);
    expect(world.list(VOLUMES)).toHaveLength(left);
  });

  test.each([
    { policy: 'Retain', left: 3, why: 'a larger set finds its data again' },
    { policy: 'Delete', left: 2, why: 'the pod owns its claim from the moment it goes' },
  ])('whenScaled $policy leaves $left claims ($why)', ({ policy, left }) => {
    const retention = { whenDeleted: 'Retain', whenScaled: policy };
    start({ ...claims, persistentVolumeClaimRetentionPolicy: retention });
    runAll(world);
    world.patch(STATEFUL_SETS, 'web', { spec: { replicas: 2 } });
    for (let turn = 0; turn < 3; turn += 1) {
      world.settle();
      reap(world);
    }
    expect(names()).toEqual(['web-0', 'web-1']);
    expect(world.list(CLAIMS)).toHaveLength(left);
  });
});

test('deleted without its pods, a set made again takes them over', () => {
  start({ podManagementPolicy: 'Parallel' });
  runAll(world);
  const uids = () => world.list(PODS).map(({ metadata }) => metadata.uid);
  const before = uids();
  world.remove(STATEFUL_SETS, 'web', { propagationPolicy: 'Orphan' });
  world.settle();
  expect(world.find(STATEFUL_SETS, 'web')).toBeUndefined();
  expect(world.get(PODS, 'web-0').metadata.ownerReferences).toBeUndefined();
  const { uid } = world.create(STATEFUL_SETS, {
    metadata: { name: 'web' },
    spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: template('a') },
  }).metadata;
  world.settle();
  expect(uids()).toEqual(before);
  expect(world.get(PODS, 'web-2').metadata.ownerReferences).toMatchObject([{ uid }]);
});
