/**
 * How pods end, with real processes: hooks before the signal, sidecars behind the others, a deletion that comes
 * while one is under way, a probe's own grace.
 * Never here: what a deletion by force leaves behind (lives.test.ts).
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiObject } from '../../../src/local/api/port';
import type { Handler, Pod } from '../../../src/local/kubelet/pod';
import { type KubeletLab, shell, startKubeletLab } from '../../kit/kubelet-lab';
import { until } from '../../kit/until';

/** Never ends by itself. */
const STUBBORN = 'trap "echo term" TERM; echo up; while true; do sleep 0.1; done';
const WORK = {
  volumeMounts: [{ name: 'work', mountPath: '/work' }],
  volumes: [{ name: 'work', emptyDir: {} }],
};
/** Longer than any of these tests takes. */
const LONG_SECONDS = 600;

let lab: KubeletLab;
beforeAll(() => {
  lab = startKubeletLab();
});
afterAll(() => lab.stop());

/** What this container says from here on, in the list of all that is said. */
function follow(pod: string, container: string, said: string[]): void {
  const { uid = '' } = lab.get(pod)?.metadata ?? {};
  lab.kubelet.agent.logs(
    { namespace: 'default', pod, uid, node: 'n1', container },
    { follow: 'yes', previous: 'no', timestamps: 'no' },
    {
      write(bytes) {
        said.push(...Buffer.from(bytes).toString().trim().split('\n'));
        return 'more';
      },
      drained: () => Promise.resolve(),
      end: () => {},
    },
  );
}

const isUp = (pod: string): Promise<unknown> =>
  until(`${pod} is up`, () => lab.log(pod, 'a').startsWith('up\n'));

/** @returns how long it took, ms. */
async function gone(pod: string, withinMs = 15_000): Promise<number> {
  const beganMs = performance.now();
  await until(`${pod} is gone`, () => lab.get(pod) === undefined, withinMs);
  return performance.now() - beganMs;
}

function told(pod: string): readonly string[] {
  return lab.api
    .all<
      ApiObject & {
        readonly reason: string;
        readonly message: string;
        readonly involvedObject: { readonly name: string };
      }
    >('events')
    .filter(({ involvedObject }) => involvedObject.name === pod)
    .map(({ reason, message }) => `${reason}: ${message}`);
}

function hooked(preStop: Handler, script: string): Partial<Pod['spec']> {
  const { volumeMounts, volumes } = WORK;
  return { containers: [shell(script, { lifecycle: { preStop }, volumeMounts })], volumes };
}

test('preStop is done before SIGTERM is sent', async () => {
  const preStop = { exec: { command: ['sh', '-c', 'sleep 0.5; echo hook > /work/said'] } };
  const script =
    'trap "cat /work/said; echo term; exit 0" TERM; echo up; while true; do sleep 0.1; done';
  lab.pod('hook', { terminationGracePeriodSeconds: 10, ...hooked(preStop, script) });
  await isUp('hook');
  const said: string[] = [];
  follow('hook', 'a', said);
  lab.remove('hook');
  expect(await gone('hook')).toBeLessThan(8_000);
  expect(said).toEqual(['up', 'hook', 'term']);
  expect(told('hook').filter((line) => line.startsWith('FailedPreStopHook'))).toEqual([]);
});

test('a preStop hook that fails is told, and the container ends all the same', async () => {
  const preStop = { exec: { command: ['sh', '-c', 'echo no way; exit 3'] } };
  lab.pod('unhooked', { terminationGracePeriodSeconds: 1, ...hooked(preStop, STUBBORN) });
  await isUp('unhooked');
  const said: string[] = [];
  follow('unhooked', 'a', said);
  lab.remove('unhooked');
  await gone('unhooked');
  expect(said).toEqual(['up', 'term']);
  expect(told('unhooked')).toContain('FailedPreStopHook: PreStopHook failed: no way\n');
});

test('a preStop hook that outlasts the grace holds up SIGTERM until then, and no longer', async () => {
  const preStop = { exec: { command: ['sleep', '1000'] } };
  lab.pod('endless', { terminationGracePeriodSeconds: 2, ...hooked(preStop, STUBBORN) });
  await isUp('endless');
  const said: string[] = [];
  follow('endless', 'a', said);
  lab.remove('endless');
  const tookMs = await gone('endless');
  expect(said).toEqual(['up', 'term']);
  expect(tookMs, 'its grace, and 2 s more for SIGTERM').toBeGreaterThan(3_800);
  expect(tookMs).toBeLessThan(10_000);
});

test('a second deletion shortens what the first one granted', async () => {
  lab.pod('hurried', {
    terminationGracePeriodSeconds: LONG_SECONDS,
    containers: [shell(STUBBORN)],
  });
  await isUp('hurried');
  lab.remove('hurried');
  await until('SIGTERM came', () => lab.log('hurried', 'a') === 'up\nterm\n');
  lab.remove('hurried', LONG_SECONDS * 2);
  const { deletionGracePeriodSeconds } = lab.get('hurried')?.metadata ?? {};
  expect(deletionGracePeriodSeconds, 'a longer one changes nothing').toBe(LONG_SECONDS);
  lab.remove('hurried', 1);
  await gone('hurried', 10_000);
});

test('a sidecar ends when the main containers have', async () => {
  const last = (words: string, before = ''): string =>
    `trap '${before}echo ${words}; exit 0' TERM; echo up; while true; do sleep 0.1; done`;
  lab.pod('beside', {
    terminationGracePeriodSeconds: 20,
    initContainers: [shell(last('sidecar'), { name: 'side', restartPolicy: 'Always' })],
    containers: [shell(last('main', 'sleep 1; '))],
  });
  await isUp('beside');
  const said: string[] = [];
  for (const name of ['a', 'side']) follow('beside', name, said);
  lab.remove('beside');
  await gone('beside', 20_000);
  expect(said).toEqual(['up', 'up', 'main', 'sidecar']);
});

test("a liveness probe's own grace counts, not the pod's", async () => {
  const livenessProbe = {
    exec: { command: ['false'] },
    periodSeconds: 1,
    failureThreshold: 1,
    terminationGracePeriodSeconds: 1,
  };
  lab.pod('judged', {
    terminationGracePeriodSeconds: LONG_SECONDS,
    containers: [shell(STUBBORN, { livenessProbe })],
  });
  const pod = await lab.until(
    'runs again',
    'judged',
    ({ status }) => status?.containerStatuses?.[0]?.restartCount === 1,
  );
  const { exitCode } = pod.status?.containerStatuses?.[0]?.lastState.terminated ?? {};
  expect(exitCode, 'by SIGKILL').toBe(137);
  lab.remove('judged', 1);
});

test('a probe with an initial delay asks nobody before', async () => {
  const probe = { exec: { command: ['true'] }, periodSeconds: 1 };
  const isReady = ({ status }: Pod) => status?.containerStatuses?.[0]?.ready === true;
  const ready = (pod: string) => lab.until('is ready', pod, isReady, 20_000);
  lab.pod('asked', { containers: [shell('exec sleep 1000', { readinessProbe: probe })] });
  lab.pod('later', {
    containers: [
      shell('exec sleep 1000', { readinessProbe: { ...probe, initialDelaySeconds: 10 } }),
    ],
  });
  await ready('asked');
  expect(lab.get('later')?.status?.containerStatuses?.[0]?.ready).toBe(false);
  const pod = await ready('later');
  const { startedAt = '' } = pod.status?.containerStatuses?.[0]?.state.running ?? {};
  // Both are whole seconds.
  expect(Date.now() - Date.parse(startedAt)).toBeGreaterThan(9_900);
});
