/**
 * The order in which a StatefulSet goes on, and what it waits for: scaling down, a slow pod, a pod that must be
 * ready for a while, revisions that are too many.
 */
import { afterEach, expect, test } from 'vitest';
import { NODES } from '../../../src/local/controllers/objects/node';
import { PODS } from '../../../src/local/controllers/objects/pod';
import {
  CONTROLLER_REVISIONS,
  STATEFUL_SETS,
} from '../../../src/local/controllers/objects/workload';
import { reap, runAll, setReady } from './kubelet-by-hand';
import { type Simulated, simulated } from './simulated';

const template = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', image }] },
});

let world: Simulated;
afterEach(() => world.stop());

/** Three pods, as ready as `runAll` makes them. */
function start(spec: object): void {
  world = simulated();
  world.create(NODES, { metadata: { name: 'n1' }, spec: {} });
  const selector = { matchLabels: { app: 'web' } };
  const common = { replicas: 3, serviceName: 'web', selector, template: template('a') };
  world.create(STATEFUL_SETS, { metadata: { name: 'web' }, spec: { ...common, ...spec } });
  world.settle();
}

function change(spec: object): void {
  world.patch(STATEFUL_SETS, 'web', { spec });
  world.settle();
}

const names = () =>
  world
    .list(PODS)
    .map(({ metadata }) => metadata.name)
    .sort();
const ending = () =>
  world
    .list(PODS)
    .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
    .map(({ metadata }) => metadata.name);

test('scaled down in order, the highest goes first, and the next when that one is gone', () => {
  start({});
  for (let turn = 0; turn < 3; turn += 1) runAll(world);
  change({ replicas: 1 });
  expect(ending()).toEqual(['web-2']);
  reap(world);
  expect([names(), ending()]).toEqual([['web-0', 'web-1'], ['web-1']]);
});

test('scaled down in order, a pod that is not ready waits for a lower one that is not', () => {
  start({});
  for (let turn = 0; turn < 3; turn += 1) runAll(world);
  for (const name of ['web-0', 'web-2']) setReady(world, name, 'False');
  change({ replicas: 0 });
  expect(ending()).toEqual([]);
  setReady(world, 'web-0', 'True');
  world.settle();
  expect(ending()).toEqual(['web-2']);
});

test('scaled down in parallel, all go at once', () => {
  start({ podManagementPolicy: 'Parallel' });
  runAll(world);
  change({ replicas: 1 });
  expect(ending().sort()).toEqual(['web-1', 'web-2']);
});

test('a pod counts as available only after minReadySeconds, and the next one waits for that', () => {
  start({ minReadySeconds: 10 });
  runAll(world);
  const available = () => world.get(STATEFUL_SETS, 'web').status?.availableReplicas;
  world.pass(9);
  expect([names(), available()]).toEqual([['web-0'], 0]);
  world.pass(2);
  expect([names(), available()]).toEqual([['web-0', 'web-1'], 1]);
});

test('a parallel set too rolls one pod after the other, each when the one before is ready', () => {
  start({ podManagementPolicy: 'Parallel' });
  runAll(world);
  change({ template: template('b') });
  expect(ending()).toEqual(['web-2']);
  reap(world);
  expect([names(), ending()], 'web-2 is new and not ready').toEqual([
    ['web-0', 'web-1', 'web-2'],
    [],
  ]);
  runAll(world);
  expect(ending()).toEqual(['web-1']);
});

test.each([
  { limit: 1, kept: 2, why: 'the one in force and one before it' },
  { limit: 10, kept: 4, why: 'all of them' },
])('with a history of $limit, of four revisions $kept are kept: $why', ({ limit, kept }) => {
  start({ podManagementPolicy: 'Parallel', revisionHistoryLimit: limit });
  runAll(world);
  for (const image of ['b', 'c', 'd']) {
    change({ template: template(image) });
    for (let turn = 0; turn < 4; turn += 1) {
      reap(world);
      runAll(world);
    }
  }
  const revisions = world.list(CONTROLLER_REVISIONS);
  expect(revisions).toHaveLength(kept);
  const { currentRevision } = world.get(STATEFUL_SETS, 'web').status ?? {};
  expect(revisions.map(({ metadata }) => metadata.name)).toContain(currentRevision);
});

test('a pod gets its name back as a label when somebody takes it away', () => {
  start({ podManagementPolicy: 'Parallel' });
  runAll(world);
  const label = 'statefulset.kubernetes.io/pod-name';
  world.patch(PODS, 'web-1', { metadata: { labels: { [label]: null } } });
  world.settle();
  expect(world.get(PODS, 'web-1').metadata.labels?.[label]).toBe('web-1');
});
