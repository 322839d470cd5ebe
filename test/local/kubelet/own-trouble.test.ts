/**
 * What one pod cannot have is that pod's trouble: whatever is thrown for it, the cluster goes on, and the pod
 * next to it runs.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ApiObject } from '../../../src/local/api/port';
import type { Container, Pod } from '../../../src/local/kubelet/pod';
import { type KubeletLab, shell, startKubeletLab } from '../../kit/kubelet-lab';
import { until } from '../../kit/until';

const base64 = (bytes: string): string => Buffer.from(bytes).toString('base64');

let lab: KubeletLab;
beforeAll(() => {
  lab = startKubeletLab({ backOff: { firstMs: 500, maxMs: 500 }, resyncMs: 300 });
  lab.api.put('configmaps', {
    metadata: { name: 'long' },
    data: { LONG: 'x'.repeat(200_000) },
  });
  lab.api.put('configmaps', {
    metadata: { name: 'fits' },
    data: { FITS: 'x'.repeat(100_000) },
  });
  lab.api.put('secrets', {
    metadata: { name: 'bytes' },
    data: { nul: base64('se\0cret'), word: base64('word') },
  });
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => lab.stop());

const SLEEP = 'exec sleep 1000';
const runs = (pod: Pod): boolean =>
  pod.status?.containerStatuses?.every(({ state }) => state.running !== undefined) ?? false;

function told(name: string): readonly string[] {
  interface Told {
    readonly involvedObject: { readonly name: string };
    readonly reason: string;
    readonly message: string;
  }
  const all = lab.api.all<ApiObject & Told>('events');
  const own = all.filter(({ involvedObject }) => involvedObject.name === name);
  return own.map(({ reason, message }) => `${reason}: ${message}`);
}

describe('a container that cannot be started', () => {
  const secret = (key: string): Partial<Container> => ({
    env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'bytes', key } } }],
  });
  const from = (name: string): Partial<Container> => ({ envFrom: [{ configMapRef: { name } }] });
  const nul = 'an argument or a variable holds a NUL byte';

  test.each([
    { name: 'long', more: from('long'), why: 'argument list too long' },
    { name: 'nul-variable', more: secret('nul'), why: nul },
    { name: 'nul-argument', more: { args: ['a\0b'] }, why: nul },
  ])('$name: $why', async ({ name, more, why }) => {
    lab.pod(name, { containers: [shell(SLEEP, more)] });
    const pod = await lab.until('has failed', name, ({ status }) => {
      return status?.containerStatuses?.[0]?.lastState.terminated !== undefined;
    });
    expect(pod.status?.containerStatuses?.[0]?.lastState.terminated).toMatchObject({
      exitCode: 128,
      reason: 'StartError',
      message: expect.stringContaining(why),
    });
    expect(told(name).join('\n')).not.toContain('cret');
    lab.remove(name, 0);
  });

  test.each([
    { name: 'fits', more: from('fits') },
    { name: 'word', more: secret('word') },
  ])('$name: it runs', async ({ name, more }) => {
    lab.pod(name, { containers: [shell(SLEEP, more)] });
    await lab.until('runs', name, runs);
    expect(told(name).filter((line) => line.startsWith('Failed'))).toEqual([]);
  });

  test.each([
    { file: '0.log', why: 'its log' },
    { file: 'termination-log', why: 'its last words' },
  ])('whose files cannot be written, $why: it is told, and tried again', async ({ file }) => {
    const name = `files-${file.replace('.', '-')}`;
    const { uid } = lab.pod(name, { containers: [shell(SLEEP)] }).metadata;
    const path = join(lab.folder, 'pods', uid, 'containers', 'a', file);
    mkdirSync(path, { recursive: true });
    await until('is told', () =>
      told(name).some((line) => line.startsWith('Failed: Error: EISDIR')),
    );
    rmSync(path, { recursive: true, force: true });
    await lab.until('runs', name, runs);
  });

  test('for a reason that nobody thought of: it is told, and tried again', async () => {
    const { handle } = lab.api.api;
    let throws = true;
    vi.spyOn(lab.api.api, 'handle').mockImplementation((request) => {
      if (throws && request.resource.resource === 'configmaps' && request.name === 'fits') {
        throws = false;
        throw new Error('nobody thought of it');
      }
      return handle(request);
    });
    lab.pod('thrown', { containers: [shell(SLEEP, from('fits'))] });
    await until('is told', () => told('thrown').includes('FailedSync: nobody thought of it'));
    await lab.until('runs', 'thrown', runs);
  });
});

describe('a volume that cannot be written', () => {
  const mounted = (volume: object) => ({
    volumes: [{ name: 'v', ...volume }],
    containers: [shell(SLEEP, { volumeMounts: [{ name: 'v', mountPath: '/v' }] })],
  });
  const secret = (first: string, second: string) => ({
    secret: {
      secretName: 'bytes',
      items: [
        { key: 'nul', path: first },
        { key: 'word', path: second },
      ],
    },
  });
  const list = async (pod: string): Promise<string> =>
    (await lab.exec(pod, 'a', ['sh', '-c', 'cd /v; find -L * -type f'])).out;

  test('holds its pod up, with an Event', async () => {
    lab.pod('clash', mounted(secret('a', 'a/b')));
    await until('is told', () =>
      told('clash').some((line) =>
        /^FailedMount: MountVolume.SetUp failed for volume "v" : E(NOTDIR|EXIST)/.test(line),
      ),
    );
    lab.pod('no-clash', mounted(secret('a', 'b/c')));
    await lab.until('runs', 'no-clash', runs);
    expect(lab.get('clash')?.status?.phase).toBe('Pending');
    const { uid = '' } = lab.get('clash')?.metadata ?? {};
    const left = readdirSync(join(lab.folder, 'pods', uid, 'volumes', 'v'));
    expect(left, 'nothing is left of what was tried').toEqual([]);
  });

  test('while its container runs: what was there stays, until it can be', async () => {
    const part = (name: string, path: string) => ({
      configMap: { name, optional: true, items: [{ key: 'k', path }] },
    });
    lab.api.put('configmaps', { metadata: { name: 'left' }, data: { k: '1' } });
    lab.pod(
      'later',
      mounted({ projected: { sources: [part('left', 'a'), part('right', 'a/b')] } }),
    );
    await lab.until('runs', 'later', runs);
    lab.api.put('configmaps', { metadata: { name: 'right' }, data: { k: '1' } });
    await until('is told', () => told('later').some((line) => line.startsWith('FailedMount: ')));
    expect(await list('later')).toBe('a\n');
    lab.api.remove('configmaps', 'left');
    await until('is written', async () => (await list('later')) === 'a/b\n');
    expect(lab.get('later')?.status?.containerStatuses?.[0]?.restartCount).toBe(0);
  });

  test('while its container runs, for a while: it is written then, without another change', async () => {
    lab.api.put('configmaps', { metadata: { name: 'changes' }, data: { k: '1' } });
    lab.pod('again', mounted({ configMap: { name: 'changes' } }));
    await lab.until('runs', 'again', runs);
    const restore = takePodsAway();
    lab.api.patch('configmaps', 'changes', { data: { k: '2' } });
    await until('is told', () => told('again').some((line) => line.startsWith('FailedMount: ')));
    restore();
    const text = async (): Promise<string> => (await lab.exec('again', 'a', ['cat', '/v/k'])).out;
    await until('is written', async () => (await text()) === '2');
  });
});

/** Nothing can be written to any pod's folder until it is restored. */
function takePodsAway(): () => void {
  const pods = join(lab.folder, 'pods');
  renameSync(pods, `${pods}.away`);
  // A link that leads nowhere but to itself.
  symlinkSync('pods', pods);
  return () => {
    rmSync(pods);
    renameSync(`${pods}.away`, pods);
  };
}

test('a probe of a port that nobody named is no answer, and ends nothing', async () => {
  const probe = { tcpSocket: { port: 'web' }, periodSeconds: 1, failureThreshold: 1 };
  lab.pod('probe', { containers: [shell(SLEEP, { livenessProbe: probe })] });
  const words = 'Liveness probe errored and resulted in unknown state';
  const why = 'strconv.Atoi: parsing "web": invalid syntax';
  const counted = (): number =>
    lab.api
      .all<ApiObject & { readonly count: number; readonly message: string }>('events')
      .find(({ message }) => message === `${words}: ${why}`)?.count ?? 0;
  await until('is asked twice', () => counted() >= 2);
  const [status] = lab.get('probe')?.status?.containerStatuses ?? [];
  expect(status).toMatchObject({ ready: true, restartCount: 0 });
});

test('a command beside it with a NUL is refused, and the next one runs', async () => {
  lab.pod('exec', { containers: [shell(SLEEP)] });
  await lab.until('runs', 'exec', runs);
  expect((await lab.exec('exec', 'a', ['echo', 'a\0b'])).end).toEqual({
    kind: 'failed',
    message: expect.stringContaining('NUL'),
  });
  expect(await lab.exec('exec', 'a', ['echo', 'ab'])).toMatchObject({ out: 'ab\n' });
});

test('a folder that cannot be taken away is tried again, and keeps nothing else', async () => {
  lab.pod('stays', { containers: [shell(SLEEP)] });
  const { status, metadata } = await lab.until('runs', 'stays', runs);
  const address = status?.podIP ?? '';
  const pods = join(lab.folder, 'pods');
  const restore = takePodsAway();
  lab.remove('stays', 1);
  await until('its object is gone', () => lab.get('stays') === undefined, 10_000);
  await until('its address is free', () => lab.kubelet.faults.isFree(address), 10_000);
  restore();
  expect(readdirSync(pods), 'not yet').toContain(metadata.uid);
  await until('its folder is gone', () => !readdirSync(pods).includes(metadata.uid ?? ''), 10_000);
});
