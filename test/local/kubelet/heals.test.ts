/**
 * What somebody sets right while a pod waits for it counts at once: a gate, an image. Every other retry is an
 * hour away here, but that of the kubelet's own conditions.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiObject } from '../../../src/local/api/port';
import type { Pod, PodCondition } from '../../../src/local/kubelet/pod';
import { IMAGE, type KubeletLab, shell, startKubeletLab } from '../../kit/kubelet-lab';
import { until } from '../../kit/until';

const HOUR_MS = 3_600_000;
let lab: KubeletLab;
beforeAll(() => {
  lab = startKubeletLab({ backOff: { firstMs: HOUR_MS, maxMs: HOUR_MS }, resyncMs: 500 });
});
afterAll(() => lab.stop());

const SLEEP = 'exec sleep 1000';
const stateOf = (pod: Pod, container: string) =>
  pod.status?.containerStatuses?.find(({ name }) => name === container);

test('a readiness gate that opens makes the pod ready, one that closes makes it unready', async () => {
  lab.pod('gated', {
    readinessGates: [{ conditionType: 'open' }],
    containers: [shell(SLEEP)],
  });
  const is = (type: string, wanted: 'True' | 'False') => (pod: Pod) =>
    pod.status?.conditions?.find((each) => each.type === type)?.status === wanted;
  await lab.until('runs', 'gated', is('ContainersReady', 'True'));
  const say = (type: string, status: PodCondition['status']): void => {
    const before = lab.get('gated')?.status?.conditions ?? [];
    const others = before.filter((each) => each.type !== type);
    const lastTransitionTime = new Date().toISOString().replace(/\.\d+/, '');
    const conditions = [...others, { type, status, lastTransitionTime }];
    expect(lab.api.patch('pods', 'gated', { status: { conditions } }, 'status').code).toBe(200);
  };
  say('other', 'True');
  // What a turn would write for it is there when the next one is.
  say('open', 'False');
  const closed = (pod: Pod): boolean =>
    pod.status?.conditions?.some(({ message }) => message?.includes('not "True", but False')) ??
    false;
  const pod = await lab.until('has looked', 'gated', closed);
  expect(is('Ready', 'False')(pod)).toBe(true);
  say('open', 'True');
  await lab.until('is ready', 'gated', is('Ready', 'True'));
  say('open', 'False');
  await lab.until('is not ready', 'gated', is('Ready', 'False'));
  // Somebody writes over what is the kubelet's to say: it says it again, and not at once, for two would fight.
  const startedMs = performance.now();
  say('ContainersReady', 'False');
  await lab.until('says it again', 'gated', is('ContainersReady', 'True'));
  expect(performance.now() - startedMs).toBeGreaterThan(450);
});

test("a corrected image is tried at once; another container's is no reason to try again", async () => {
  const images = (a: string, b: string) => ({
    spec: {
      containers: [
        { name: 'a', image: a },
        { name: 'b', image: b },
      ],
    },
  });
  const sleeps = (name: string, image: string) => shell(SLEEP, { name, image });
  lab.pod('image', { containers: [sleeps('a', 'nope/nope:1'), sleeps('b', IMAGE)] });
  await lab.until(
    'fails',
    'image',
    (pod) => stateOf(pod, 'a')?.state.waiting?.reason !== undefined,
  );
  await lab.until('b runs', 'image', (pod) => stateOf(pod, 'b')?.state.running !== undefined);
  const patch = (a: string, b: string): void => {
    const how = {
      verb: 'patch',
      patch: 'strategic',
      user: { name: 'admin', groups: ['system:masters'] },
    };
    const at = { resource: { group: '', version: 'v1', resource: 'pods' }, namespace: 'default' };
    const request = { ...how, ...at, name: 'image', body: images(a, b) };
    expect(lab.api.api.handle(request as never).code).toBe(200);
  };
  const tries = (): number =>
    lab.api
      .all<ApiObject & { readonly count: number; readonly message: string }>('events')
      .filter(({ message }) => message.startsWith('Failed to pull image "nope/'))
      .reduce((sum, { count }) => sum + count, 0);
  patch('nope/nope:1', `${IMAGE}-alpine`);
  await lab.until('b runs again', 'image', (pod) => {
    return stateOf(pod, 'b')?.restartCount === 1 && stateOf(pod, 'b')?.state.running !== undefined;
  });
  expect(tries()).toBe(1);
  patch('nope/nope:2', `${IMAGE}-alpine`);
  await until('another that is not there is tried', () => tries() === 2);
  patch(IMAGE, `${IMAGE}-alpine`);
  await lab.until('a runs', 'image', (pod) => stateOf(pod, 'a')?.state.running !== undefined);
});
