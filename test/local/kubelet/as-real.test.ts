/**
 * The status of pods word for word as a real kubelet (1.34) writes it. What a real one wrote is kept in
 * as-real.golden.json; UPDATE=1 with GUNGNIR_TEST_KUBECONFIG asks a real cluster again.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Pod, PodSpec } from '../../../src/local/kubelet/pod';
import { apiServer, pathOf } from '../../kit/api-server';
import { type KubeletLab, shell, startKubeletLab } from '../../kit/kubelet-lab';
import { until } from '../../kit/until';

const GOLDEN = join(__dirname, 'as-real.golden.json');
const NAMESPACE = 'kubelet-golden';
const REAL_MS = 60_000;

type Row = readonly [name: string, spec: PodSpec, settled: (pod: Pod) => boolean];

const waits =
  (name: string, reason: string, restarts = 0) =>
  (pod: Pod): boolean => {
    const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
    return [...initContainerStatuses, ...containerStatuses].some(
      (status) =>
        status.name === name &&
        status.state.waiting?.reason === reason &&
        status.restartCount === restarts,
    );
  };
const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

const rows: readonly Row[] = [
  [
    'ready',
    {
      initContainers: [shell('echo hi', { name: 'i1' })],
      containers: [
        shell('exec sleep 1000', {
          name: 'v',
          readinessProbe: { exec: { command: ['true'] }, periodSeconds: 1 },
          resources: { limits: { cpu: '100m', memory: '64Mi' } },
        }),
        shell('exec sleep 1000', { name: 'w' }),
      ],
    },
    isReady,
  ],
  [
    'unready',
    { containers: [shell('exec sleep 1000', { readinessProbe: { tcpSocket: { port: 9 } } })] },
    ({ status }) => status?.containerStatuses?.[0]?.state.running !== undefined,
  ],
  [
    'crashes',
    { containers: [shell('echo bye > /dev/termination-log; exit 3')] },
    waits('a', 'CrashLoopBackOff', 1),
  ],
  [
    'never',
    { restartPolicy: 'Never', containers: [shell('exit 0'), shell('exit 7', { name: 'b' })] },
    ({ status }) => status?.phase === 'Failed',
  ],
  [
    'done',
    { restartPolicy: 'OnFailure', containers: [shell('exit 0')] },
    ({ status }) => status?.phase === 'Succeeded',
  ],
  [
    'no-key',
    {
      containers: [
        shell('exit 0', {
          env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'none', key: 'k' } } }],
        }),
      ],
    },
    waits('a', 'CreateContainerConfigError'),
  ],
  [
    'no-volume',
    {
      containers: [shell('exit 0', { volumeMounts: [{ name: 'c', mountPath: '/c' }] })],
      volumes: [{ name: 'c', configMap: { name: 'none' } }],
    },
    waits('a', 'ContainerCreating'),
  ],
  [
    'no-init',
    { initContainers: [shell('exit 4', { name: 'i' })], containers: [shell('exit 0')] },
    waits('i', 'CrashLoopBackOff', 1),
  ],
  [
    'no-image',
    { containers: [{ name: 'a', image: 'nope/nope:1' }] },
    waits('a', 'ImagePullBackOff'),
  ],
  [
    'sidecar',
    {
      initContainers: [
        shell('exec sleep 1000', {
          name: 's',
          restartPolicy: 'Always',
          startupProbe: { exec: { command: ['true'] }, periodSeconds: 1 },
        }),
        shell('exit 0', { name: 'i' }),
      ],
      containers: [shell('exec sleep 1000')],
    },
    isReady,
  ],
];

/** Times, identities and addresses differ from run to run; everything else has to agree. */
function scrubbed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(scrubbed);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, part]) => [key, scrubbed(part)]));
  }
  if (typeof value !== 'string') return value;
  return value
    .replace(/^\d{4}-\d\d-\d\dT.*Z$/, 'TIME')
    .replace(/^(containerd|local):\/\/[0-9a-f]{64}$/, 'ID')
    .replace(/^sha256:[0-9a-f]{64}$/, 'DIGEST')
    .replace(/^docker\.io\/valkey\/valkey:.*/, 'IMAGE')
    .replace(/^\d+\.\d+\.\d+\.\d+$/, 'ADDRESS')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, 'UID')
    .replace(/^kube-api-access-\w+$/, 'TOKEN')
    .replace(/(?<=ErrImagePull: ).*/s, 'CAUSE')
    .replace(/^back-off \d+s /, 'back-off ')
    .replace(/_(default|kubelet-golden)\(/, '_NAMESPACE(');
}

/** @returns what each pod's status was when it had settled. */
async function askReal(): Promise<Record<string, unknown>> {
  const server = await apiServer();
  await server.send('POST', '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
  const account = pathOf('v1', 'ServiceAccount', NAMESPACE, 'default');
  await until('account', async () => (await server.send('GET', account)).status === 200, REAL_MS);
  for (const [name, spec] of rows) {
    const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec };
    const answer = await server.send('POST', pathOf('v1', 'Pod', NAMESPACE), body);
    expect(answer.body).not.toHaveProperty('message');
  }
  const seen: Record<string, unknown> = {};
  for (const [name, , settled] of rows) {
    const path = pathOf('v1', 'Pod', NAMESPACE, name);
    const pod = await until(
      name,
      async () => {
        const { body } = await server.send('GET', path);
        return settled(body as unknown as Pod) ? body : undefined;
      },
      REAL_MS,
      100,
    );
    seen[name] = scrubbed(pod.status);
  }
  await server.send('DELETE', `/api/v1/namespaces/${NAMESPACE}`);
  return seen;
}

let lab: KubeletLab;
beforeAll(async () => {
  if (process.env.UPDATE === '1') {
    writeFileSync(GOLDEN, `${JSON.stringify(await askReal(), undefined, 2)}\n`);
  }
  lab = startKubeletLab();
}, 300_000);
afterAll(() => lab.stop());

test.each(rows)('%s', async (name, spec, settled) => {
  const golden = JSON.parse(readFileSync(GOLDEN, 'utf8')) as Record<string, unknown>;
  lab.pod(name, spec);
  const pod = await lab.until('has settled', name, settled);
  expect(scrubbed(pod.status)).toEqual(golden[name]);
});
