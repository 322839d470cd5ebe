/**
 * What others see of a container and its node: logs, commands beside it, conditions, faults.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LogOptions } from '../../../src/local/api/node-agent';
import type { ApiObject } from '../../../src/local/api/port';
import type { Pod } from '../../../src/local/kubelet/pod';
import { type KubeletLab, shell, startKubeletLab } from '../../kit/kubelet-lab';
import { until } from '../../kit/until';

let lab: KubeletLab;
beforeAll(() => {
  lab = startKubeletLab();
});
afterAll(() => lab.stop());

const runs = (pod: Pod): boolean =>
  pod.status?.containerStatuses?.every(({ state }) => state.running !== undefined) ?? false;

async function output(name: string, spec: Parameters<KubeletLab['pod']>[1]): Promise<void> {
  lab.pod(name, { restartPolicy: 'Never', ...spec });
  await lab.until('done', name, ({ status }) => status?.phase === 'Succeeded');
}

describe('logs', () => {
  async function read(name: string, options: Partial<LogOptions>): Promise<string> {
    const uid = lab.get(name)?.metadata.uid ?? '';
    const ref = { namespace: 'default', pod: name, uid, node: 'n1', container: 'a' };
    const chunks: string[] = [];
    const answer = await new Promise<string>((resolve) => {
      const given = lab.kubelet.agent.logs(
        ref,
        { follow: 'no', previous: 'no', timestamps: 'no', ...options },
        {
          write(bytes) {
            chunks.push(Buffer.from(bytes).toString());
            return 'more';
          },
          drained: () => Promise.resolve(),
          end: () => resolve(chunks.join('')),
        },
      );
      if (given.kind === 'refused') resolve(given.message);
    });
    return answer;
  }

  test('tail, bytes, times, and what is not there', async () => {
    await output('lines', {
      containers: [shell('for i in 1 2 3 4; do echo line $i; done; echo err >&2; printf rest')],
    });
    const all = 'line 1\nline 2\nline 3\nline 4\n';
    expect((await read('lines', {})).split('\n').sort()).toEqual(
      [...all.trim().split('\n'), 'err', 'rest'].sort(),
    );
    expect((await read('lines', { tailLines: 2 })).split('\n')).toHaveLength(2);
    expect(await read('lines', { tailLines: 0 })).toBe('');
    expect(await read('lines', { limitBytes: 3 })).toHaveLength(3);
    expect(await read('lines', { sinceSeconds: 1_000, tailLines: 1 })).not.toBe('');
    expect(await read('lines', { sinceTime: '2100-01-01T00:00:00Z' })).toBe('');
    expect(await read('lines', { timestamps: 'yes' })).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{9}Z line 1\n/,
    );
    expect(await read('lines', { previous: 'yes' })).toBe(
      'previous terminated container "a" in pod "lines" not found',
    );
  });

  test('a reader that is slow gets every line, in order', async () => {
    await output('many', { containers: [shell('seq 1 5000')] });
    const uid = lab.get('many')?.metadata.uid ?? '';
    const ref = { namespace: 'default', pod: 'many', uid, node: 'n1', container: 'a' };
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      lab.kubelet.agent.logs(
        ref,
        { follow: 'yes', previous: 'no', timestamps: 'no' },
        {
          write(bytes) {
            seen.push(Buffer.from(bytes).toString().trim());
            return seen.length % 100 === 0 ? 'full' : 'more';
          },
          drained: () => new Promise((later) => setImmediate(later)),
          end: resolve,
        },
      );
    });
    expect(seen).toEqual(Array.from({ length: 5_000 }, (_, index) => String(index + 1)));
  });
});

describe('commands beside it', () => {
  test('have its environment, folder and files, and their own input and exit code', async () => {
    lab.pod('exec', {
      containers: [
        shell('sleep 1000', {
          workingDir: '/work',
          env: [{ name: 'X', value: 'y' }],
          volumeMounts: [{ name: 'w', mountPath: '/work' }],
        }),
      ],
      volumes: [{ name: 'w', emptyDir: {} }],
    });
    await lab.until('runs', 'exec', runs);
    const ran = await lab.exec('exec', 'a', [
      'sh',
      '-c',
      'echo $X > f; cat /work/f; echo no >&2; exit 7',
    ]);
    expect(ran).toEqual({ end: { kind: 'exited', code: 7 }, out: 'y\n', err: 'no\n' });
    const uid = lab.get('exec')?.metadata.uid ?? '';
    const ref = { namespace: 'default', pod: 'exec', uid, node: 'n1', container: 'a' };
    let out = '';
    const end = await lab.kubelet.agent.exec(
      ref,
      { command: ['tr', 'a-z', 'A-Z'], tty: 'no', stdin: 'yes' },
      {
        stdout: (bytes) => {
          out += Buffer.from(bytes).toString();
        },
        stderr: () => {},
        onStdin(listener) {
          listener(Buffer.from('typed'));
          listener(undefined);
        },
        onResize: () => {},
        signal: new AbortController().signal,
      },
    );
    expect([end, out]).toEqual([{ kind: 'exited', code: 0 }, 'TYPED']);
  });

  test('have a terminal when they ask for one, and its size', async () => {
    const uid = lab.get('exec')?.metadata.uid ?? '';
    const ref = { namespace: 'default', pod: 'exec', uid, node: 'n1', container: 'a' };
    let out = '';
    const command = [
      'sh',
      '-c',
      'test -t 0 && test -t 1 && read line && stty size && echo "it\'s $X"; exit 5',
    ];
    const end = await lab.kubelet.agent.exec(
      ref,
      { command, tty: 'yes', stdin: 'yes' },
      {
        stdout(bytes) {
          out += Buffer.from(bytes).toString();
        },
        stderr: () => {},
        onStdin(listener) {
          setTimeout(() => listener(Buffer.from('go\n')), 1_000);
        },
        onResize(listener) {
          setTimeout(() => listener({ width: 91, height: 17 }), 300);
        },
        signal: new AbortController().signal,
      },
    );
    expect([end, out]).toEqual([{ kind: 'exited', code: 5 }, "go\r\n17 91\r\nit's y\r\n"]);
  });

  test('end when the client goes', async () => {
    const uid = lab.get('exec')?.metadata.uid ?? '';
    const ref = { namespace: 'default', pod: 'exec', uid, node: 'n1', container: 'a' };
    const gone = new AbortController();
    const ending = lab.kubelet.agent.exec(
      ref,
      { command: ['sleep', '1000'], tty: 'no', stdin: 'no' },
      {
        stdout: () => {},
        stderr: () => {},
        onStdin: () => {},
        onResize: () => {},
        signal: gone.signal,
      },
    );
    gone.abort();
    expect(await ending).toEqual({ kind: 'exited', code: 137 });
  });
});

describe('nodes', () => {
  interface NodeStatus {
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
    readonly addresses: readonly { readonly address: string }[];
  }

  test('are ready, in zones of their own, and renew a lease', () => {
    const nodes = lab.api.all<ApiObject<unknown, NodeStatus>>('nodes');
    expect(nodes.map(({ metadata }) => metadata.labels?.['topology.kubernetes.io/zone'])).toEqual([
      'zone-1',
      'zone-2',
      'zone-3',
    ]);
    for (const { status } of nodes) {
      expect(status?.conditions.find(({ type }) => type === 'Ready')?.status).toBe('True');
    }
    const leases = lab.api.all('coordination.k8s.io/v1:leases@kube-node-lease');
    expect(leases.map(({ metadata }) => metadata.name).sort()).toEqual(['n1', 'n2', 'n3']);
  });

  test('one without its link tells and hears nothing, and catches up afterwards', async () => {
    lab.pod('far', { nodeName: 'n3', restartPolicy: 'Never', containers: [shell('sleep 1000')] });
    await lab.until('runs', 'far', runs);
    lab.kubelet.faults.link('n3', 'down');
    const pid = lab.kubelet.faults.pid({ namespace: 'default', pod: 'far' }, 'a') ?? 0;
    const { resourceVersion } = lab.get('far')?.metadata ?? {};
    process.kill(pid, 'SIGKILL');
    lab.pod('unheard', { nodeName: 'n3', containers: [shell('sleep 1000')] });
    lab.pod('heard', { nodeName: 'n2', containers: [shell('sleep 1000')] });
    await lab.until('runs', 'heard', runs);
    expect(lab.get('unheard')?.status?.phase).toBe('Pending');
    expect(lab.get('far')?.metadata.resourceVersion).toBe(resourceVersion);
    lab.kubelet.faults.link('n3', 'up');
    await lab.until('has failed', 'far', ({ status }) => status?.phase === 'Failed');
    await lab.until('runs', 'unheard', runs);
  });

  test('one that loses its power runs nothing, until it is back', async () => {
    lab.pod('dark', { nodeName: 'n3', containers: [shell('sleep 1000')] });
    await lab.until('runs', 'dark', runs);
    const pid = lab.kubelet.faults.pid({ namespace: 'default', pod: 'dark' }, 'a') ?? 0;
    lab.kubelet.faults.powerOff('n3');
    await until('is gone', () => !isAlive(pid));
    expect(lab.get('dark')?.status?.phase).toBe('Running');
    lab.kubelet.faults.link('n3', 'up');
    const pod = await lab.until('runs again', 'dark', (pod) => {
      return runs(pod) && pod.status?.containerStatuses?.[0]?.restartCount === 1;
    });
    expect(pod.status?.containerStatuses?.[0]?.lastState.terminated?.reason).toBe('Unknown');
  });
});

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
