/**
 * Jobs: completions, parallelism, back-off, limits, and their end.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { decideJob } from '../../../src/local/controllers/job/decide';
import { conditionOf } from '../../../src/local/controllers/objects/condition';
import { NODES } from '../../../src/local/controllers/objects/node';
import { PODS, type Pod } from '../../../src/local/controllers/objects/pod';
import { JOBS } from '../../../src/local/controllers/objects/workload';
import { reap, runAll } from './kubelet-by-hand';
import { type Simulated, simulated } from './simulated';

let world: Simulated;
afterEach(() => world.stop());

function start(spec: object): void {
  world = simulated();
  world.create(NODES, { metadata: { name: 'n1' }, spec: {} });
  const containers = [{ name: 'main', image: 'a' }];
  const template = { spec: { restartPolicy: 'Never', containers } };
  world.create(JOBS, { metadata: { name: 'work' }, spec: { template, ...spec } });
  world.settle();
  runAll(world);
}

const status = () => world.get(JOBS, 'work').status;
const running = () => world.list(PODS).filter((pod) => pod.status?.phase === 'Running');

/** One running pod ends. */
function end(phase: 'Succeeded' | 'Failed'): void {
  const [pod] = running();
  const finishedAt = new Date(world.nowMs()).toISOString();
  const terminated = { exitCode: phase === 'Failed' ? 1 : 0, finishedAt, startedAt: finishedAt };
  const containerStatuses = [
    ...[
      {
        name: 'main',
        image: 'a',
        imageID: 'a',
        ready: false,
        restartCount: 0,
        state: { terminated },
      },
    ],
  ];
  world.patch(PODS, pod?.metadata.name ?? '', { status: { phase, containerStatuses } }, 'status');
  world.settle();
  runAll(world);
}

test('runs as many at once as it may, until enough have succeeded', () => {
  start({ completions: 3, parallelism: 2 });
  expect(running()).toHaveLength(2);
  end('Succeeded');
  expect(status()).toMatchObject({ active: 2, succeeded: 1 });
  end('Succeeded');
  expect(running()).toHaveLength(1);
  expect(conditionOf(status()?.conditions, 'Complete')).toBeUndefined();
  end('Succeeded');
  expect(status()).toMatchObject({ succeeded: 3, uncountedTerminatedPods: {} });
  expect(status()?.conditions?.map(({ type }) => type)).toEqual(['SuccessCriteriaMet', 'Complete']);
  expect(world.list(PODS).flatMap(({ metadata }) => metadata.finalizers ?? [])).toEqual([]);
  expect(world.events()).toContain('Completed: Job completed');
});

test('waits twice as long after each failure, and gives up beyond its limit', () => {
  start({ backoffLimit: 2 });
  for (const waitSeconds of [10, 20]) {
    end('Failed');
    world.pass(waitSeconds - 1);
    expect(running()).toHaveLength(0);
    world.pass(1);
    runAll(world);
    expect(running()).toHaveLength(1);
  }
  end('Failed');
  expect(status()).toMatchObject({ failed: 3 });
  expect(conditionOf(status()?.conditions, 'Failed')).toMatchObject({
    reason: 'BackoffLimitExceeded',
    message: 'Job has reached the specified backoff limit',
  });
});

test('stops at its deadline; Failed is said when its pods are gone', () => {
  start({ activeDeadlineSeconds: 30 });
  world.pass(31);
  expect(status()?.conditions?.map(({ type }) => type)).toEqual(['FailureTarget']);
  reap(world);
  expect(conditionOf(status()?.conditions, 'Failed')?.reason).toBe('DeadlineExceeded');
  expect(world.list(PODS)).toEqual([]);
});

test('goes away after its time, with its pods', () => {
  start({ ttlSecondsAfterFinished: 60 });
  end('Succeeded');
  world.pass(59);
  expect(world.find(JOBS, 'work')).toBeDefined();
  world.pass(2);
  expect(world.find(JOBS, 'work')).toBeUndefined();
  expect(world.list(PODS)).toEqual([]);
});

test('suspended it runs nothing; resumed it does', () => {
  start({ suspend: true });
  expect(world.list(PODS)).toEqual([]);
  world.patch(JOBS, 'work', { spec: { suspend: false } });
  world.settle();
  expect(world.list(PODS)).toHaveLength(1);
});

test('a deleted pod counts as failed, once, and is replaced after the wait', () => {
  start({});
  world.remove(PODS, running()[0]?.metadata.name ?? '');
  world.settle();
  reap(world);
  world.pass(11);
  expect(status()).toMatchObject({ failed: 1, active: 1 });
});

describe('more pods than one turn makes or deletes', () => {
  test.each([
    { parallelism: 499, present: 0, made: 499 },
    { parallelism: 2_000_000_000, present: 0, made: 500 },
    { parallelism: 510, present: 500, made: 10 },
  ])('of $parallelism, with $present there, it makes $made', ({ parallelism, present, made }) => {
    start({ parallelism: 1 });
    const job = world.get(JOBS, 'work');
    const [one] = world.list(PODS);
    const pods = Array.from({ length: present }, () => one as Pod);
    const wanted = { ...job, spec: { ...job.spec, parallelism } };
    const { actions } = decideJob(wanted, pods, world.nowMs());
    expect(actions.filter(({ kind }) => kind === 'create')).toHaveLength(made);
    const spare = decideJob(job, pods, world.nowMs()).actions;
    const deleted = spare.filter(({ kind }) => kind === 'delete');
    expect(deleted).toHaveLength(Math.max(0, present - 1));
  });

  test('of 501 too many it deletes 500', () => {
    start({ parallelism: 1 });
    const [one] = world.list(PODS);
    const pods = Array.from({ length: 502 }, () => one as Pod);
    const { actions } = decideJob(world.get(JOBS, 'work'), pods, world.nowMs());
    expect(actions.filter(({ kind }) => kind === 'delete')).toHaveLength(500);
  });
});

describe('pods that the job itself takes down', () => {
  test.each([
    { patch: { parallelism: 1 }, left: 1, why: 'too many' },
    { patch: { suspend: true }, left: 0, why: 'suspended' },
  ])('$why: none counts as failed', ({ patch, left }) => {
    start({ parallelism: 9, backoffLimit: 1 });
    world.patch(JOBS, 'work', { spec: patch });
    world.settle();
    reap(world);
    expect(world.list(PODS)).toHaveLength(left);
    expect(status()?.failed).toBeUndefined();
  });
});
