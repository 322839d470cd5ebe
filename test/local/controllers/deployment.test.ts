/**
 * Deployments and their ReplicaSets: rollouts, scaling, history, and the conditions that kubectl waits
 * for; the kubelet is the test.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { conditionOf } from '../../../src/local/controllers/objects/condition';
import { NODES } from '../../../src/local/controllers/objects/node';
import { PODS } from '../../../src/local/controllers/objects/pod';
import { DEPLOYMENTS, REPLICA_SETS } from '../../../src/local/controllers/objects/workload';
import { reap, runAll } from './kubelet-by-hand';
import { type Simulated, simulated } from './simulated';

const template = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', image }] },
});

let world: Simulated;
afterEach(() => world.stop());

function start(spec: object = {}): void {
  world = simulated();
  world.create(NODES, { metadata: { name: 'n1' }, spec: {} });
  world.create(DEPLOYMENTS, {
    metadata: { name: 'web', annotations: { note: 'mine' } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: template('a'),
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
      },
      progressDeadlineSeconds: 600,
      ...spec,
    },
  });
  world.settle();
}

const deployment = () => world.get(DEPLOYMENTS, 'web');
const reasonOf = (type: string) => conditionOf(deployment().status?.conditions, type)?.reason;
const sizes = () =>
  world
    .list(REPLICA_SETS)
    .map(({ metadata, spec }) => [
      metadata.annotations?.['deployment.kubernetes.io/revision'],
      spec.replicas,
    ])
    .sort();

describe('a rollout', () => {
  test('is Available and Progressing only when its pods are ready', () => {
    start();
    expect(world.list(PODS)).toHaveLength(2);
    expect(reasonOf('Available')).toBe('MinimumReplicasUnavailable');
    expect(deployment().status).toMatchObject({ unavailableReplicas: 2, updatedReplicas: 2 });
    runAll(world);
    expect(deployment().status).toMatchObject({
      readyReplicas: 2,
      availableReplicas: 2,
      replicas: 2,
    });
    expect(reasonOf('Available')).toBe('MinimumReplicasAvailable');
    expect(reasonOf('Progressing')).toBe('NewReplicaSetAvailable');
    const { annotations, generation } = deployment().metadata;
    expect([annotations?.['deployment.kubernetes.io/revision'], generation]).toEqual(['1', 1]);
  });

  test('puts a new pod beside the old ones, and takes an old one only when the new one is ready', () => {
    start();
    runAll(world);
    world.patch(DEPLOYMENTS, 'web', { spec: { template: template('b') } });
    world.settle();
    expect(sizes()).toEqual([
      ['1', 2],
      ['2', 1],
    ]);
    runAll(world);
    expect(sizes()).toEqual([
      ['1', 1],
      ['2', 2],
    ]);
    for (let turn = 0; turn < 4; turn += 1) {
      reap(world);
      runAll(world);
    }
    expect(sizes()).toEqual([
      ['1', 0],
      ['2', 2],
    ]);
    expect(reasonOf('Progressing')).toBe('NewReplicaSetAvailable');
    expect(world.events()).toContainEqual(
      expect.stringMatching(/^ScalingReplicaSet: Scaled down replica set web-\w+ from 1 to 0$/),
    );
  });

  test('back to an earlier template takes its old ReplicaSet again', () => {
    start();
    const cycle = () => {
      world.settle();
      for (let turn = 0; turn < 5; turn += 1) {
        runAll(world);
        reap(world);
      }
    };
    cycle();
    for (const image of ['b', 'a']) {
      world.patch(DEPLOYMENTS, 'web', { spec: { template: template(image) } });
      cycle();
    }
    expect(sizes()).toEqual([
      ['2', 0],
      ['3', 2],
    ]);
  });

  test('Recreate starts no new pod while an old one is there', () => {
    start({ strategy: { type: 'Recreate' } });
    runAll(world);
    world.patch(DEPLOYMENTS, 'web', { spec: { template: template('b') } });
    world.settle();
    expect(sizes()).toEqual([['1', 0]]);
    reap(world);
    expect(sizes()).toEqual([
      ['1', 0],
      ['2', 2],
    ]);
  });

  test('that makes no progress for its deadline is told, once the time is over', () => {
    start();
    world.pass(599);
    expect(reasonOf('Progressing')).toBe('ReplicaSetUpdated');
    world.pass(5);
    expect(reasonOf('Progressing')).toBe('ProgressDeadlineExceeded');
    runAll(world);
    expect(reasonOf('Progressing')).toBe('NewReplicaSetAvailable');
  });
});

test('history beyond the limit goes', () => {
  start({ revisionHistoryLimit: 1 });
  for (const image of ['b', 'c', 'd']) {
    for (let turn = 0; turn < 5; turn += 1) {
      runAll(world);
      reap(world);
    }
    world.patch(DEPLOYMENTS, 'web', { spec: { template: template(image) } });
    world.settle();
  }
  for (let turn = 0; turn < 5; turn += 1) {
    runAll(world);
    reap(world);
  }
  expect(sizes()).toEqual([
    ['3', 0],
    ['4', 2],
  ]);
});

test('scaled, the number follows; paused, a new template waits', () => {
  start();
  runAll(world);
  world.patch(DEPLOYMENTS, 'web', { spec: { replicas: 5 } });
  world.settle();
  expect(sizes()).toEqual([['1', 5]]);
  world.patch(DEPLOYMENTS, 'web', { spec: { paused: true, template: template('b') } });
  world.settle();
  expect(sizes()).toEqual([['1', 5]]);
  expect(reasonOf('Progressing')).toBe('DeploymentPaused');
  world.patch(DEPLOYMENTS, 'web', { spec: { paused: false } });
  world.settle();
  expect(sizes()).toHaveLength(2);
});

test('a pod that is deleted or has ended is replaced', () => {
  start();
  runAll(world);
  const [first, second] = world.list(PODS);
  world.remove(PODS, first?.metadata.name ?? '', { gracePeriodSeconds: 0 });
  world.patch(PODS, second?.metadata.name ?? '', { status: { phase: 'Failed' } }, 'status');
  world.settle();
  expect(world.list(PODS).filter(({ status }) => status?.phase === 'Pending')).toHaveLength(2);
});

test('deleted, it takes its sets and pods with it', () => {
  start();
  runAll(world);
  world.remove(DEPLOYMENTS, 'web', { propagationPolicy: 'Foreground' });
  world.settle();
  expect(world.find(DEPLOYMENTS, 'web')).toBeDefined();
  reap(world);
  expect([world.list(PODS), world.list(REPLICA_SETS), world.list(DEPLOYMENTS)]).toEqual([
    [],
    [],
    [],
  ]);
});
