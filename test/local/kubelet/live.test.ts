/**
 * What changes or ends while a pod runs: Secrets and labels in files, tokens in time, the folder of a volume,
 * commands beside a container, its last words.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Pod, PodSpec } from '../../../src/local/kubelet/pod';
import { startOf } from '../../../src/local/kubelet/process-start';
import { tokensOf } from '../../../src/local/kubelet/tokens';
import { type KubeletLab, shell, startKubeletLab } from '../../kit/kubelet-lab';
import { until } from '../../kit/until';

const MINUTE_MS = 60_000;
const base64 = (text: string): string => Buffer.from(text).toString('base64');
let shiftMs = 0;
let lab: KubeletLab;
beforeAll(() => {
  lab = startKubeletLab({}, () => Date.now() + shiftMs);
});
afterAll(() => lab.stop());

const SLEEP = 'exec sleep 1000';
const mounted = (volume: object, script = SLEEP): Partial<PodSpec> => ({
  volumes: [{ name: 'v', ...volume }],
  containers: [shell(script, { volumeMounts: [{ name: 'v', mountPath: '/v' }] })],
});
const runs = ({ status }: Pod): boolean =>
  status?.containerStatuses?.every(({ state }) => state.running !== undefined) ?? false;

function volume(name: string, persistentVolumeReclaimPolicy: string): object {
  return {
    metadata: { name },
    spec: {
      persistentVolumeReclaimPolicy,
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      local: { path: '/x' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'Exists' }] },
          ],
        },
      },
    },
  };
}

async function read(pod: string, path: string): Promise<string> {
  return (await lab.exec(pod, 'a', ['cat', path])).out;
}

test('a Secret in files changes while the container runs', async () => {
  lab.api.put('secrets', { metadata: { name: 'key' }, data: { k: base64('old') } });
  lab.pod('secret', mounted({ secret: { secretName: 'key' } }));
  await lab.until('runs', 'secret', runs);
  expect(await read('secret', '/v/k')).toBe('old');
  lab.api.patch('secrets', 'key', { data: { k: base64('new') } });
  await until('the new one', async () => (await read('secret', '/v/k')) === 'new');
});

test("a projected volume follows its ConfigMap, its Secret and the pod's own labels", async () => {
  lab.api.put('configmaps', { metadata: { name: 'part' }, data: { c: '1' } });
  lab.api.put('secrets', { metadata: { name: 'part' }, data: { s: base64('1') } });
  const items = [{ path: 'l', fieldRef: { fieldPath: "metadata.labels['tier']" } }];
  const sources = [
    { configMap: { name: 'part' } },
    { secret: { name: 'part' } },
    { downwardAPI: { items } },
  ];
  lab.pod('parts', mounted({ projected: { sources } }), { labels: { tier: '1' } });
  await lab.until('runs', 'parts', runs);
  const all = async () => (await lab.exec('parts', 'a', ['sh', '-c', 'cat /v/c /v/s /v/l'])).out;
  expect(await all()).toBe('111');
  lab.api.patch('configmaps', 'part', { data: { c: '2' } });
  await until('the ConfigMap', async () => (await all()) === '211');
  lab.api.patch('secrets', 'part', { data: { s: base64('2') } });
  await until('the Secret', async () => (await all()) === '221');
  lab.api.patch('pods', 'parts', { metadata: { labels: { tier: '2' } } });
  await until('the label', async () => (await all()) === '222');
});

test('a token is kept until 80 % of its time are over, and then is another one', async () => {
  const serviceAccountToken = { path: 'token', expirationSeconds: 3_600 };
  lab.pod('token', mounted({ projected: { sources: [{ serviceAccountToken }] } }));
  await lab.until('runs', 'token', runs);
  const first = await read('token', '/v/token');
  expect(first).not.toBe('');
  // A container that ends makes its kubelet look, whatever the time.
  const look = async (restarts: number): Promise<string> => {
    lab.kubelet.faults.signal({ namespace: 'default', pod: 'token' }, 'SIGKILL');
    await lab.until('runs again', 'token', (pod) => {
      return runs(pod) && pod.status?.containerStatuses?.[0]?.restartCount === restarts;
    });
    return read('token', '/v/token');
  };
  shiftMs = 40 * MINUTE_MS;
  expect(await look(1), 'after 40 of 60 minutes').toBe(first);
  shiftMs = 50 * MINUTE_MS;
  expect(await look(2), 'after 50 of 60 minutes').not.toBe(first);
  shiftMs = 0;
});

test('a token is asked for again when 80 % of its time are over, the soonest of several first', async () => {
  lab.pod('asks', { containers: [shell(SLEEP)] });
  const pod = await lab.until('runs', 'asks', runs);
  const user = { name: 'system:node:local', groups: ['system:masters'] };
  const host = { api: lab.api.api, user, nowMs: () => 1_000 };
  const tokens = tokensOf(host, pod);
  expect(tokens.renewAtMs()).toBeUndefined();
  expect(tokens.of(undefined, 3_600)).toBeDefined();
  expect(tokens.renewAtMs()).toBe(1_000 + 0.8 * 3_600_000);
  tokens.of('other', 600);
  expect(tokens.renewAtMs()).toBe(1_000 + 0.8 * 600_000);
});

test('a refused renewal leaves the token that is there, and is tried again a minute later', async () => {
  lab.pod('refused', { containers: [shell(SLEEP)] });
  const pod = await lab.until('runs', 'refused', runs);
  const user = { name: 'system:node:local', groups: ['system:masters'] };
  let nowMs = 0;
  let server: 'gives' | 'refuses' = 'refuses';
  const api = {
    ...lab.api.api,
    handle(request: Parameters<typeof lab.api.api.handle>[0]) {
      return server === 'gives' ? lab.api.api.handle(request) : { code: 404, value: {} };
    },
  };
  const tokens = tokensOf({ api, user, nowMs: () => nowMs }, pod);
  expect(tokens.of(undefined, 3_600), 'there is none to keep').toBeUndefined();
  expect(tokens.renewAtMs()).toBeUndefined();
  server = 'gives';
  const first = tokens.of(undefined, 3_600);
  server = 'refuses';
  nowMs = tokens.renewAtMs() ?? 0;
  expect([nowMs, tokens.of(undefined, 3_600)]).toEqual([48 * MINUTE_MS, first]);
  expect(tokens.renewAtMs()).toBe(49 * MINUTE_MS);
  server = 'gives';
  expect(tokens.of(undefined, 3_600), 'before that minute').toBe(first);
  nowMs = 49 * MINUTE_MS;
  tokens.of(undefined, 3_600);
  expect(tokens.renewAtMs()).toBe((49 + 48) * MINUTE_MS);
});

test.each([
  { policy: 'Delete', why: 'goes with the volume' },
  { policy: 'Retain', why: 'outlives the volume' },
])('the data of a volume, $policy: $why', async ({ policy }) => {
  const name = `pv-${policy.toLowerCase()}`;
  const folder = join(lab.folder, 'volumes', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'f'), '1');
  lab.api.put('persistentvolumes', volume(name, policy));
  lab.api.patch('persistentvolumes', name, { metadata: { finalizers: null } });
  lab.api.remove('persistentvolumes', name);
  // Told in the same order: with the second one, the kubelet has seen the end of the first.
  const last = join(lab.folder, 'volumes', `${name}-last`);
  mkdirSync(last);
  lab.api.put('persistentvolumes', volume(`${name}-last`, 'Delete'));
  lab.api.patch('persistentvolumes', `${name}-last`, { metadata: { finalizers: null } });
  lab.api.remove('persistentvolumes', `${name}-last`);
  await until('the last one is seen', () => !existsSync(last));
  expect(existsSync(join(folder, 'f'))).toBe(policy === 'Retain');
});

test('a volume whose object is gone keeps no other from being refreshed', async () => {
  for (const name of ['gone', 'kept'])
    lab.api.put('configmaps', { metadata: { name }, data: { k: '1' } });
  const volumes = ['gone', 'kept'].map((name) => ({ name, configMap: { name } }));
  const volumeMounts = ['gone', 'kept'].map((name) => ({ name, mountPath: `/etc/${name}` }));
  lab.pod('two', { volumes, containers: [shell(SLEEP, { volumeMounts })] });
  await lab.until('runs', 'two', runs);
  lab.api.remove('configmaps', 'gone');
  lab.api.patch('configmaps', 'kept', { data: { k: '2' } });
  await until('it is refreshed', async () => (await read('two', '/etc/kept/k')) === '2');
  expect(await read('two', '/etc/gone/k')).toBe('1');
});

test('the folder of a volume goes with the volume, and that of a pod with the pod', async () => {
  lab.api.put('persistentvolumes', volume('pv-1', 'Delete'));
  lab.api.put('persistentvolumeclaims', {
    metadata: { name: 'data' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      volumeName: 'pv-1',
    },
    status: { phase: 'Bound' },
  });
  lab.pod(
    'keeps',
    mounted({ persistentVolumeClaim: { claimName: 'data' } }, `echo 1 > /v/f; ${SLEEP}`),
  );
  await lab.until('runs', 'keeps', runs);
  const { uid = '' } = lab.get('keeps')?.metadata ?? {};
  const folder = join(lab.folder, 'volumes', 'pv-1');
  await until('its file', () => existsSync(join(folder, 'f')));
  expect(existsSync(join(lab.folder, 'pods', uid))).toBe(true);
  lab.remove('keeps', 1);
  await until('the pod is gone', () => lab.get('keeps') === undefined, 10_000);
  await until("the pod's folder is gone", () => !existsSync(join(lab.folder, 'pods', uid)));
  expect(readdirSync(folder), 'the data stays').toEqual(['f']);
  lab.api.patch('persistentvolumes', 'pv-1', { metadata: { finalizers: null } });
  lab.api.remove('persistentvolumes', 'pv-1');
  await until("the volume's folder is gone", () => !existsSync(folder));
});

test('a command beside a container ends with it', async () => {
  lab.pod('beside', { containers: [shell(SLEEP)] });
  await lab.until('runs', 'beside', runs);
  const asked = lab.exec('beside', 'a', ['sh', '-c', 'echo $$ > pid; exec sleep 1000']);
  const pid = await until('its pid', async () => Number(await read('beside', 'pid')) || undefined);
  expect(startOf(pid)).toBeDefined();
  // To its first process alone.
  process.kill(
    lab.kubelet.faults.pid({ namespace: 'default', pod: 'beside' }, 'a') ?? 0,
    'SIGKILL',
  );
  expect((await asked).end).toEqual({ kind: 'exited', code: 137 });
  expect(startOf(pid)).toBeUndefined();
});

test.each([
  {
    policy: 'FallbackToLogsOnError',
    code: 3,
    message: 'last words\n',
    why: 'its log speaks for it',
  },
  { policy: 'FallbackToLogsOnError', code: 0, message: undefined, why: 'it did not fail' },
  { policy: 'File', code: 3, message: undefined, why: 'its file alone counts' },
])('$policy, exit code $code: $message, $why', async ({ policy, code, message }) => {
  const name = `words-${policy.toLowerCase()}-${code}`;
  lab.pod(name, {
    restartPolicy: 'Never',
    containers: [shell(`echo last words; exit ${code}`, { terminationMessagePolicy: policy })],
  });
  const pod = await lab.until('has ended', name, ({ status }) => {
    return status?.containerStatuses?.[0]?.state.terminated !== undefined;
  });
  expect(pod.status?.containerStatuses?.[0]?.state.terminated?.message).toBe(message);
});
