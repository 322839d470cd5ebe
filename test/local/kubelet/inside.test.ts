/**
 * What a container finds: environment, files, its address, its token.
 */

import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiObject } from '../../../src/local/api/port';
import type { Container, Pod } from '../../../src/local/kubelet/pod';
import { type KubeletLab, shell, startKubeletLab } from '../../kit/kubelet-lab';
import { until } from '../../kit/until';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

let lab: KubeletLab;
beforeAll(() => {
  lab = startKubeletLab();
  lab.api.put('secrets', { metadata: { name: 'keys' }, data: { a: base64('secret-a') } });
  lab.api.put('configmaps', {
    metadata: { name: 'words' },
    data: { 'b.txt': 'word-b', c: 'word-c' },
  });
  lab.api.put('services', {
    metadata: { name: 'my-db' },
    spec: { ports: [{ name: 'main', port: 6379 }] },
  });
});
afterAll(() => lab.stop());

const runs = (pod: Pod): boolean =>
  pod.status?.containerStatuses?.every(({ state }) => state.running !== undefined) ?? false;

/** Runs to its end. @returns what it wrote. */
async function output(name: string, spec: Parameters<KubeletLab['pod']>[1], metadata?: object) {
  lab.pod(name, { restartPolicy: 'Never', ...spec }, metadata);
  await lab.until('done', name, ({ status }) => status?.phase === 'Succeeded');
  return lab.log(name, 'a');
}

describe('environment', () => {
  test('literals, references, Services and the pod itself', async () => {
    const ref = (fieldPath: string) => ({ valueFrom: { fieldRef: { fieldPath } } });
    const text = await output(
      'env',
      {
        containers: [
          shell('env', {
            args: ['ignored'],
            resources: { limits: { cpu: '1500m', memory: '64Mi' } },
            envFrom: [
              { prefix: 'S_', secretRef: { name: 'keys' } },
              { configMapRef: { name: 'no', optional: true } },
            ],
            env: [
              { name: 'PLAIN', value: 'x' },
              { name: 'MADE', value: '$(PLAIN)-$(S_a)-$(NONE)-$$(PLAIN)-$(MY_DB_SERVICE_PORT)' },
              { name: 'WORD', valueFrom: { configMapKeyRef: { name: 'words', key: 'c' } } },
              {
                name: 'MAYBE',
                valueFrom: { secretKeyRef: { name: 'no', key: 'c', optional: true } },
              },
              { name: 'NAME', ...ref('metadata.name') },
              { name: 'COLOUR', ...ref("metadata.labels['colour']") },
              { name: 'NODE', ...ref('spec.nodeName') },
              { name: 'IP', ...ref('status.podIP') },
              { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
              {
                name: 'MEMORY',
                valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } },
              },
            ],
          }),
        ],
      },
      { labels: { colour: 'blue' } },
    );
    const values = Object.fromEntries(text.split('\n').map((line) => line.split(/=(.*)/s, 2)));
    expect(values).toMatchObject({
      PLAIN: 'x',
      S_a: 'secret-a',
      MADE: 'x-secret-a-$(NONE)-$(PLAIN)-6379',
      WORD: 'word-c',
      NAME: 'env',
      COLOUR: 'blue',
      NODE: 'n1',
      IP: lab.get('env')?.status?.podIP,
      CPU: '2',
      MEMORY: '64',
      HOSTNAME: 'env',
      KUBERNETES_SERVICE_PORT: '6443',
      MY_DB_SERVICE_HOST: lab.api.get<ApiObject<{ clusterIP: string }>>('services', 'my-db')?.spec
        ?.clusterIP,
      MY_DB_PORT_6379_TCP_PROTO: 'tcp',
    });
    expect(values).not.toHaveProperty('MAYBE');
    expect(process.env.HOME).toBeDefined();
    expect(values.HOME).not.toBe(process.env.HOME);
  });

  test('without service links there are only those of the API server', async () => {
    const text = await output('nolinks', { enableServiceLinks: false, containers: [shell('env')] });
    expect(text).not.toContain('MY_DB');
    expect(text).toContain('KUBERNETES_SERVICE_HOST=');
  });

  test('a missing key is told, and the container starts when it comes', async () => {
    const from = { secretKeyRef: { name: 'late', key: 'k' } };
    lab.pod('late', {
      containers: [shell('echo $K; sleep 1000', { env: [{ name: 'K', valueFrom: from }] })],
    });
    const pod = await lab.until('waits', 'late', ({ status }) => {
      return status?.containerStatuses?.[0]?.state.waiting?.reason === 'CreateContainerConfigError';
    });
    const [status] = pod.status?.containerStatuses ?? [];
    expect(status?.state.waiting?.message).toBe('secret "late" not found');
    lab.api.put('secrets', { metadata: { name: 'late' }, data: { k: base64('here') } });
    await lab.until('runs', 'late', runs);
    await until('says it', () => lab.log('late', 'a') === 'here\n');
  });
});

describe('files', () => {
  const mounted = (volume: object) => ({
    volumes: [{ name: 'v', ...volume }],
  });
  const mount = { volumeMounts: [{ name: 'v', mountPath: '/etc/it' }] };

  test('a ConfigMap changes as a whole while the container runs', async () => {
    lab.api.put('configmaps', { metadata: { name: 'live' }, data: { one: '1', two: '1' } });
    lab.pod('live', {
      ...mounted({ configMap: { name: 'live', defaultMode: 0o555 } }),
      containers: [shell('sleep 1000', mount)],
    });
    await lab.until('runs', 'live', runs);
    const cat = async (): Promise<string> => {
      const ran = await lab.exec('live', 'a', [
        'sh',
        '-c',
        'cat /etc/it/*; stat -L -c %a /etc/it/one',
      ]);
      return ran.out;
    };
    expect(await cat()).toBe('11555\n');
    lab.api.patch('configmaps', 'live', { data: { one: '2', two: null, three: '3' } });
    await until('sees the change', async () => (await cat()) === '23555\n');
  });

  test('a missing Secret holds the pod up until it is there, with an Event', async () => {
    lab.pod('wait', {
      ...mounted({ secret: { secretName: 'soon' } }),
      containers: [shell('cat /etc/it/k; echo; sleep 1000', mount)],
    });
    const told = (): readonly string[] =>
      lab.api
        .all<ApiObject & { readonly message: string; readonly involvedObject: { name: string } }>(
          'events',
        )
        .filter(({ involvedObject }) => involvedObject.name === 'wait')
        .map(({ message }) => message);
    await until('is told', () =>
      told().includes('MountVolume.SetUp failed for volume "v" : secret "soon" not found'),
    );
    expect(lab.get('wait')?.status?.containerStatuses?.[0]?.state.waiting?.reason).toBe(
      'ContainerCreating',
    );
    expect(lab.get('wait')?.status?.podIP).toBeUndefined();
    expect(lab.log('wait', 'a')).toBe(
      'container "a" in pod "wait" is waiting to start: ContainerCreating',
    );
    lab.api.put('secrets', { metadata: { name: 'soon' }, data: { k: base64('now') } });
    await lab.until('runs', 'wait', runs);
    await until('reads it', () => lab.log('wait', 'a') === 'now\n');
  });

  test.each([
    {
      name: 'items',
      volume: { configMap: { name: 'words', items: [{ key: 'c', path: 'deep/d', mode: 0o400 }] } },
      script: 'cat /etc/it/deep/d; stat -L -c %a /etc/it/deep/d',
      out: 'word-c400\n',
      why: 'chosen keys at chosen paths',
    },
    {
      name: 'optional',
      volume: { secret: { secretName: 'none', optional: true } },
      script: 'ls /etc/it | wc -l',
      out: '0\n',
      why: 'what may be missing',
    },
    {
      name: 'empty',
      volume: { emptyDir: {} },
      script: 'echo x > /etc/it/f; cat /etc/it/f',
      out: 'x\n',
      why: 'room of its own',
    },
    {
      name: 'downward',
      volume: {
        downwardAPI: { items: [{ path: 'ns', fieldRef: { fieldPath: 'metadata.namespace' } }] },
      },
      script: 'cat /etc/it/ns',
      out: 'default',
      why: 'the pod itself',
    },
    {
      name: 'binary',
      volume: { configMap: { name: 'bytes' } },
      script: 'wc -c < /etc/it/b',
      out: '3\n',
      why: 'bytes that are no text',
    },
  ])('$why', async ({ name, volume, script, out }) => {
    if (name === 'binary') {
      const binaryData = { b: Buffer.from([0xff, 0, 0xfe]).toString('base64') };
      lab.api.put('configmaps', { metadata: { name: 'bytes' }, binaryData });
    }
    expect(await output(name, { ...mounted(volume), containers: [shell(script, mount)] })).toBe(
      out,
    );
  });

  test('a claim is one folder for whoever has it, and outlives the pod', async () => {
    const claim = (name: string): void => {
      lab.api.put('persistentvolumeclaims', {
        metadata: { name },
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '1Gi' } },
          volumeName: `pv-${name}`,
        },
        status: { phase: 'Bound' },
      });
    };
    claim('data');
    const volume = mounted({ persistentVolumeClaim: { claimName: 'data' } });
    await output('writes', { ...volume, containers: [shell('echo kept > /etc/it/f', mount)] });
    lab.remove('writes');
    await until('gone', () => lab.get('writes') === undefined);
    expect(await output('reads', { ...volume, containers: [shell('cat /etc/it/f', mount)] })).toBe(
      'kept\n',
    );
  });

  test.each([
    { name: 'made', subPath: 'deep/er', before: [], why: 'is made where it is not there' },
    { name: 'there', subPath: 'f', before: ['f'], why: 'stays the file that it is' },
  ])('a subPath $why', async ({ name, subPath, before }) => {
    const script =
      before.length > 0 ? 'cat /sub' : 'echo x > /sub/f; cat /sub/f; ls -d /etc/it/deep';
    const whole = { volumeMounts: [{ name: 'v', mountPath: '/etc/it' }] };
    const part = { name: 'v', mountPath: '/sub', subPath };
    const made = shell('echo x > /etc/it/f', { name: 'i', ...whole });
    const text = await output(`sub-${name}`, {
      ...mounted({ emptyDir: {} }),
      initContainers: before.length > 0 ? [made] : [],
      containers: [shell(script, { volumeMounts: [...whole.volumeMounts, part] })],
    });
    expect(text.split('\n')[0]).toBe('x');
  });

  test.each([
    { value: '../out', message: "unable to provision SubPath `../out`: must not contain '..'" },
    { value: '/out', message: 'error SubPath `/out` must not be an absolute path' },
  ])('a subPath of a variable cannot leave its volume by $value', async ({ value, message }) => {
    const name = `leaves-${value.length}`;
    const part = { name: 'v', mountPath: '/sub', subPathExpr: '$(AT)' };
    lab.pod(name, {
      ...mounted({ emptyDir: {} }),
      containers: [shell('sleep 1000', { env: [{ name: 'AT', value }], volumeMounts: [part] })],
    });
    const pod = await lab.until('waits', name, ({ status }) => {
      return status?.containerStatuses?.[0]?.state.waiting?.reason === 'CreateContainerConfigError';
    });
    expect(pod.status?.containerStatuses?.[0]?.state.waiting?.message).toBe(message);
  });

  test('the token of its ServiceAccount is where a program looks for it', async () => {
    const text = await output('token', {
      containers: [
        {
          name: 'a',
          image: 'node:24',
          args: [
            '-e',
            'const f = require("node:fs"); for (const n of ["token", "namespace", "ca.crt"]) console.log(f.readFileSync("/var/run/secrets/kubernetes.io/serviceaccount/" + n, "utf8"))',
          ],
        },
      ],
    });
    const [token = '', namespace, ca] = text.split('\n');
    const claims = JSON.parse(Buffer.from(token, 'base64url').toString()) as {
      readonly sub: string;
    };
    expect(claims.sub).toBe('system:serviceaccount:default:default');
    expect([namespace, ca]).toEqual(['default', 'a CA']);
  });
});

describe('its own address', () => {
  test('two Node programs listen on the same port, each on its own address, and are seen by it', async () => {
    const program =
      'const net = require("node:net");' +
      'net.createServer((s) => s.end(s.remoteAddress)).listen(8080);' +
      'const to = process.env.OTHER; if (to) setInterval(() => net.connect(8080, to).on("error", () => {}).on("data", (d) => console.log(String(d))), 100)';
    const container = (other: string): Container => ({
      name: 'a',
      image: 'node:24',
      args: ['-e', program],
      env: [{ name: 'OTHER', value: other }],
    });
    lab.pod('left', { containers: [container('')] });
    const left = await lab.until('runs', 'left', runs);
    lab.pod('right', { containers: [container(left.status?.podIP ?? '')] });
    const right = await lab.until('runs', 'right', runs);
    await until('is seen', () => lab.log('right', 'a').startsWith(`${right.status?.podIP}\n`));
    for (const pod of [left, right]) {
      const socket = connect(8080, pod.status?.podIP ?? '');
      await once(socket, 'connect');
      socket.destroy();
    }
  });
});
