/**
 * How pods begin, fail and end, with real processes: orders of starting, restarts, probes, deletion.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiObject } from '../../../src/local/api/port';
import type { Pod } from '../../../src/local/kubelet/pod';
import { startOf } from '../../../src/local/kubelet/process-start';
import { IMAGE, type KubeletLab, shell, startKubeletLab } from '../../kit/kubelet-lab';
import { until } from '../../kit/until';

let lab: KubeletLab;
beforeAll(() => {
  lab = startKubeletLab({ backOff: { firstMs: 2_500, maxMs: 5_000 } });
});
afterAll(() => lab.stop());

function status(pod: Pod, name = 'a') {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  return [...initContainerStatuses, ...containerStatuses].find((each) => each.name === name);
}

function condition(pod: Pod, type: string) {
  return pod.status?.conditions?.find((each) => each.type === type);
}

function told(name: string): readonly string[] {
  interface Told {
    readonly involvedObject: { readonly name: string };
    readonly reason: string;
    readonly message: string;
  }
  const all = lab.api.all('events') as unknown as readonly Told[];
  const own = all.filter(({ involvedObject }) => involvedObject.name === name);
  return own.map(({ reason, message }) => `${reason}: ${message}`);
}

/** pid of a container's first process. */
function pidOf(pod: string, container = 'a'): number {
  return lab.kubelet.faults.pid({ namespace: 'default', pod }, container) ?? 0;
}

describe('starting', () => {
  test('init containers run one after the other, a sidecar beside the rest, then the main ones', async () => {
    const mark = (word: string): string => `echo ${word} >> /shared/order`;
    const volumeMounts = [{ name: 'shared', mountPath: '/shared' }];
    lab.pod('order', {
      restartPolicy: 'Never',
      volumes: [{ name: 'shared', emptyDir: {} }],
      initContainers: [
        shell(`sleep 0.2; ${mark('first')}`, { name: 'i1', volumeMounts }),
        shell(`${mark('sidecar')}; sleep 1000`, {
          name: 'side',
          restartPolicy: 'Always',
          volumeMounts,
        }),
        shell(mark('second'), { name: 'i2', volumeMounts }),
      ],
      containers: [shell(`${mark('main')}; cat /shared/order`, { volumeMounts })],
    });
    const pod = await lab.until('done', 'order', ({ status }) => status?.phase === 'Succeeded');
    expect(lab.log('order', 'a').split('\n')).toEqual(['first', 'sidecar', 'second', 'main', '']);
    expect(status(pod, 'side')?.state.terminated).toBeDefined();
    expect(condition(pod, 'Ready')).toMatchObject({ status: 'False', reason: 'PodCompleted' });
    expect(condition(pod, 'Initialized')).toMatchObject({ status: 'True', reason: 'PodCompleted' });
  });

  test('a main container waits as long as an init container fails', async () => {
    lab.pod('badinit', {
      initContainers: [shell('exit 4', { name: 'i' })],
      containers: [shell('')],
    });
    const pod = await lab.until('restarts its init container', 'badinit', (pod) => {
      return (status(pod, 'i')?.restartCount ?? 0) >= 1;
    });
    expect(pod.status?.phase).toBe('Pending');
    expect(status(pod)?.state.waiting).toEqual({ reason: 'PodInitializing' });
    expect(condition(pod, 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [i]',
    });
  });

  test.each([
    { name: 'never-bad', policy: 'Never', code: 3, phase: 'Failed', why: 'nothing runs again' },
    {
      name: 'never-good',
      policy: 'Never',
      code: 0,
      phase: 'Succeeded',
      why: 'it has done its work',
    },
    { name: 'failure-good', policy: 'OnFailure', code: 0, phase: 'Succeeded', why: 'no failure' },
  ] as const)('$policy, exit code $code: $phase ($why)', async ({ name, policy, code, phase }) => {
    lab.pod(name, { restartPolicy: policy, containers: [shell(`exit ${code}`)] });
    const pod = await lab.until(phase, name, ({ status }) => status?.phase === phase);
    const reason = code === 0 ? 'Completed' : 'Error';
    expect(status(pod)?.state.terminated).toMatchObject({ exitCode: code, reason });
    expect(status(pod)?.restartCount).toBe(0);
  });

  test('an unknown image is not pulled, told as a real kubelet tells it, and tried again', async () => {
    lab.pod('image', { containers: [{ name: 'a', image: 'nope/nope:1' }] });
    const first = await lab.until(
      'fails',
      'image',
      (pod) => status(pod)?.state.waiting?.reason === 'ErrImagePull',
    );
    expect(first.status?.phase).toBe('Pending');
    const message = status(first)?.state.waiting?.message;
    expect(message).toContain('the local cluster cannot run the image "nope/nope:1"');
    await lab.until(
      'backs off',
      'image',
      (pod) => status(pod)?.state.waiting?.reason === 'ImagePullBackOff',
    );
    expect(told('image')).toContain('BackOff: Back-off pulling image "nope/nope:1"');
    expect(lab.log('image', 'a')).toMatch(
      /^container "a" in pod "image" is waiting to start: (trying and failing to pull image|image can't be pulled)$/,
    );
    await until('a second try', () =>
      lab.api
        .all<ApiObject & { readonly reason: string; readonly count: number }>('events')
        .some(({ reason, count }) => reason === 'Failed' && count >= 2),
    );
  });

  test('a version that is not installed is stood in for, and told', async () => {
    lab.pod('older', { containers: [shell('sleep 1000', { image: 'valkey/valkey:7.2' })] });
    const pod = await lab.until('runs', 'older', (pod) => status(pod)?.state.running !== undefined);
    expect(status(pod)?.image).not.toContain('7.2');
    expect(
      told('older').some((line) => line.startsWith('ImageSubstituted: image valkey/valkey:7.2')),
    ).toBe(true);
  });

  test('a program that is not there is an end with code 128', async () => {
    lab.pod('nosuch', { containers: [{ name: 'a', image: IMAGE, command: ['nosuch'] }] });
    const pod = await lab.until(
      'fails',
      'nosuch',
      (pod) => status(pod)?.lastState.terminated !== undefined,
    );
    expect(status(pod)?.lastState.terminated).toMatchObject({
      exitCode: 128,
      reason: 'StartError',
    });
    expect(status(pod)?.state.waiting).toMatchObject({
      message: 'exec: "nosuch": executable file not found in $PATH',
    });
  });
});

describe('restarts', () => {
  test('the first is at once, the second waits and says so, and the message file is told', async () => {
    const script = 'echo bye > /dev/termination-log; exit 3';
    lab.pod('crash', { containers: [shell(script), shell('sleep 1000', { name: 'b' })] });
    const waiting = await lab.until('backs off', 'crash', (pod) => {
      return status(pod)?.state.waiting?.reason === 'CrashLoopBackOff';
    });
    expect(status(waiting)?.restartCount).toBe(1);
    expect(status(waiting)?.lastState.terminated).toMatchObject({
      exitCode: 3,
      reason: 'Error',
      message: 'bye\n',
    });
    const { uid } = waiting.metadata;
    expect(status(waiting)?.state.waiting?.message).toBe(
      `back-off 3s restarting failed container=a pod=crash_default(${uid})`,
    );
    expect(waiting.status?.phase).toBe('Running');
    expect(condition(waiting, 'ContainersReady')).toMatchObject({
      status: 'False',
      message: 'containers with unready status: [a]',
    });
    await lab.until('runs a third time', 'crash', (pod) => status(pod)?.restartCount === 2);
    expect(status(lab.get('crash') ?? waiting, 'b')?.restartCount).toBe(0);
  });

  test('a failing liveness probe ends the container in order and it runs again', async () => {
    lab.pod('lively', {
      terminationGracePeriodSeconds: 1,
      containers: [
        shell('trap "echo term; exit 0" TERM; while true; do sleep 0.1; done', {
          livenessProbe: {
            exec: { command: ['sh', '-c', 'echo broken; exit 1'] },
            periodSeconds: 1,
            failureThreshold: 2,
          },
        }),
      ],
    });
    await lab.until('runs again', 'lively', (pod) => status(pod)?.restartCount === 1);
    expect(told('lively')).toContain('Unhealthy: Liveness probe failed: broken\n');
    expect(told('lively')).toContain(
      'Killing: Container a failed liveness probe, will be restarted',
    );
    expect(lab.log('lively', 'a', 'yes')).toBe('term\n');
  });

  test('a startup probe keeps the others away until it has succeeded', async () => {
    const probe = (path: string) => ({ exec: { command: ['test', '-e', path] }, periodSeconds: 1 });
    lab.pod('slow', {
      containers: [
        shell('sleep 1000', {
          startupProbe: { ...probe('/work/up'), failureThreshold: 100 },
          livenessProbe: { ...probe('/work/up'), failureThreshold: 1 },
          readinessProbe: probe('/work/ready'),
          volumeMounts: [{ name: 'work', mountPath: '/work' }],
        }),
      ],
      volumes: [{ name: 'work', emptyDir: {} }],
    });
    const fails = await lab.until('fails its startup probe', 'slow', () =>
      told('slow').some((line) => line.startsWith('Unhealthy: Startup')),
    );
    expect(status(fails)).toMatchObject({ started: false, ready: false, restartCount: 0 });
    await lab.exec('slow', 'a', ['touch', '/work/up']);
    const started = await lab.until('has started', 'slow', (pod) => status(pod)?.started === true);
    expect(status(started)).toMatchObject({ ready: false, restartCount: 0 });
    await lab.exec('slow', 'a', ['touch', '/work/ready']);
    await lab.until('is ready', 'slow', (pod) => condition(pod, 'Ready')?.status === 'True');
  });

  test('a failing postStart hook ends the container', async () => {
    const lifecycle = { postStart: { exec: { command: ['false'] } } };
    lab.pod('hook', {
      terminationGracePeriodSeconds: 1,
      containers: [shell('sleep 1000', { lifecycle })],
    });
    await lab.until('fails', 'hook', () =>
      told('hook').includes('FailedPostStartHook: PostStartHook failed'),
    );
    await lab.until('runs again', 'hook', (pod) => (status(pod)?.restartCount ?? 0) >= 1);
  });
});

describe('a change of the image', () => {
  test('ends the container in order and starts the new one', async () => {
    lab.pod('image-change', { containers: [shell('exec sleep 1000')] });
    const before = await lab.until('runs', 'image-change', (pod) => status(pod)?.started === true);
    const [container] = before.spec?.containers ?? [];
    const image = 'docker.io/valkey/valkey:8.0';
    lab.api.patch('pods', 'image-change', { spec: { containers: [{ ...container, image }] } });
    await lab.until('runs again', 'image-change', (pod) => status(pod)?.restartCount === 1);
    expect(told('image-change')).toContain(
      'Killing: Container a definition changed, will be restarted',
    );
  });
});

describe('ends', () => {
  const stubborn = 'trap "echo term" TERM; echo up; while true; do sleep 0.1; done';

  test('preStop, SIGTERM, and SIGKILL at the end of the grace; then the object goes', async () => {
    const lifecycle = {
      preStop: { exec: { command: ['sh', '-c', 'echo hook > /work/said; sleep 0.3'] } },
    };
    const volumeMounts = [{ name: 'work', mountPath: '/work' }];
    lab.pod('end', {
      terminationGracePeriodSeconds: 2,
      containers: [shell(stubborn, { lifecycle, volumeMounts })],
      volumes: [{ name: 'work', emptyDir: {} }],
    });
    await lab.until('is up', 'end', () => lab.log('end', 'a') === 'up\n');
    const pid = pidOf('end');
    const lines: string[] = [];
    const { uid } = lab.get('end')?.metadata ?? { uid: '' };
    const ref = { namespace: 'default', pod: 'end', uid, node: 'n1', container: 'a' };
    lab.kubelet.agent.logs(
      ref,
      { follow: 'yes', previous: 'no', timestamps: 'no' },
      {
        write(bytes) {
          lines.push(Buffer.from(bytes).toString());
          return 'more';
        },
        drained: () => Promise.resolve(),
        end: () => lines.push('end'),
      },
    );
    const beganMs = performance.now();
    lab.remove('end');
    await until('gone', () => lab.get('end') === undefined, 10_000);
    const tookMs = performance.now() - beganMs;
    expect(lines).toEqual(['up\n', 'term\n', 'end']);
    expect(tookMs).toBeGreaterThan(1_900);
    expect(tookMs).toBeLessThan(6_000);
    expect(startOf(pid)).toBeUndefined();
    expect(told('end')).toContain('Killing: Stopping container a');
  });

  test('the children of a container end with it', async () => {
    lab.pod('family', { containers: [shell('sleep 1000 & echo $!; wait')] });
    await lab.until('is up', 'family', () => lab.log('family', 'a').includes('\n'));
    const child = Number(lab.log('family', 'a'));
    expect(startOf(child)).toBeDefined();
    lab.remove('family', 1);
    await until('gone', () => lab.get('family') === undefined, 10_000);
    await until('the child is gone', () => startOf(child) === undefined);
  });

  test('a deletion by force ends the processes soon, though their object is gone at once', async () => {
    lab.pod('forced', { containers: [shell(stubborn)] });
    await lab.until('is up', 'forced', () => lab.log('forced', 'a') === 'up\n');
    const pid = pidOf('forced');
    lab.remove('forced', 0);
    expect(lab.get('forced')).toBeUndefined();
    expect(startOf(pid)).toBeDefined();
    await until('the process is gone', () => startOf(pid) === undefined, 6_000);
  });

  test('with the switch, a process lives on after its pod was deleted by force, beside its twin', async () => {
    lab.pod('twin', { containers: [shell(stubborn)] });
    await lab.until('is up', 'twin', () => lab.log('twin', 'a') === 'up\n');
    const pid = pidOf('twin');
    const first = lab.get('twin')?.status?.podIP;
    lab.kubelet.faults.forceDeleted('live on');
    lab.remove('twin', 0);
    lab.pod('twin', { containers: [shell(stubborn)] });
    const next = await lab.until('is up again', 'twin', () => lab.log('twin', 'a') === 'up\n');
    lab.kubelet.faults.forceDeleted('end');
    expect(startOf(pid)).toBeDefined();
    expect(pidOf('twin')).not.toBe(pid);
    expect(next.status?.podIP).not.toBe(first);
  });

  test('a hung pod is neither ready nor ended, and goes on where it was', async () => {
    const readinessProbe = { httpGet: { port: 8080 }, periodSeconds: 1, failureThreshold: 1 };
    const program = 'require("node:http").createServer((_, answer) => answer.end()).listen(8080)';
    const args = ['-e', program];
    lab.pod('hang', { containers: [{ name: 'a', image: 'node:24-alpine', args, readinessProbe }] });
    const isReady = (pod: Pod): boolean => condition(pod, 'Ready')?.status === 'True';
    await lab.until('is ready', 'hang', isReady);
    const ref = { namespace: 'default', pod: 'hang' };
    lab.kubelet.faults.signal(ref, 'SIGSTOP');
    const hung = await lab.until('is not ready', 'hang', (pod) => !isReady(pod));
    expect(status(hung)?.state.running).toBeDefined();
    lab.kubelet.faults.signal(ref, 'SIGCONT');
    const pod = await lab.until('is ready again', 'hang', isReady);
    expect(status(pod)?.restartCount).toBe(0);
  });
});
