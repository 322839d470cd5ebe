/**
 * Pods of our own StatefulSet, rendered as users get them, as real valkey-servers: ready, killed,
 * restarted, deleted.
 */
import { execFileSync } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pod } from '../../../src/local/kubelet/pod';
import { startOf } from '../../../src/local/kubelet/process-start';
import { type KubeletLab, startKubeletLab, toolsFolder } from '../../kit/kubelet-lab';
import { putRendered, type RenderedPods } from '../../kit/rendered-pods';
import { until } from '../../kit/until';

describe('three pods of a rendered StatefulSet', () => {
  let lab: KubeletLab;
  let pods: RenderedPods;
  beforeAll(async () => {
    lab = startKubeletLab();
    pods = putRendered(lab, 'v');
    for (const index of [0, 1, 2]) pods.pod(index);
    await Promise.all(['v-0', 'v-1', 'v-2'].map((name) => lab.until('runs', name, isRunning)));
    await follow(lab, 'v-0', ['no', 'one']);
    for (const name of ['v-1', 'v-2']) await follow(lab, name, [addressOf(lab, 'v-0'), '6379']);
    await Promise.all(['v-0', 'v-1', 'v-2'].map((name) => lab.until('ready', name, isReady)));
  }, 30_000);
  afterAll(() => lab.stop());

  test('each answers on its own address, and the primary knows its replicas by theirs', async () => {
    const addresses = ['v-0', 'v-1', 'v-2'].map((name) => addressOf(lab, name));
    expect(new Set(addresses).size).toBe(3);
    const [primary = '', ...replicas] = addresses;
    // A replica has its link up before its first word makes the primary count it.
    await until('the primary knows both', () => {
      const role = cli(primary, 'probe', pods.passwords.probe, 'role').split('\n');
      const known = role.filter((line) => line.startsWith('127.'));
      return isDeepStrictEqual(known.sort(), replicas.sort());
    });
  });

  test('its own valkey-cli reaches the pod that it stands in, with the password of its Secret', async () => {
    const ran = await lab.exec('v-0', 'valkey', ['valkey-cli', 'set', 'a', '1']);
    expect(ran).toEqual({ end: { kind: 'exited', code: 0 }, out: 'OK\n', err: '' });
    const missing = await lab.exec('v-0', 'valkey', ['nosuch']);
    expect(missing.end).toEqual({
      kind: 'failed',
      message: 'exec: "nosuch": executable file not found in $PATH',
    });
  });

  test('a killed server runs again with the same address, and the status tells of it', async () => {
    const before = lab.get('v-0');
    const pid = lab.kubelet.faults.pid({ namespace: 'default', pod: 'v-0' }, 'valkey') ?? 0;
    process.kill(pid, 'SIGKILL');
    const after = await lab.until('runs again', 'v-0', (pod) => {
      return isRunning(pod) && pod.status?.containerStatuses?.[0]?.restartCount === 1;
    });
    // Fenced at boot, as our configuration has it: not ready until somebody says what it is.
    expect(isReady(after)).toBe(false);
    await follow(lab, 'v-0', ['no', 'one']);
    await lab.until('ready', 'v-0', isReady);
    const [status] = after.status?.containerStatuses ?? [];
    expect(after.status?.podIP).toBe(before?.status?.podIP);
    expect(status?.lastState.terminated).toMatchObject({ exitCode: 137, reason: 'Error' });
    expect(status?.lastState.terminated?.containerID).toBe(
      before?.status?.containerStatuses?.[0]?.containerID,
    );
    expect(status?.containerID).toMatch(/^local:\/\/[0-9a-f]{64}$/);
    expect(status?.containerID).not.toBe(before?.status?.containerStatuses?.[0]?.containerID);
    expect(lab.log('v-0', 'valkey', 'yes')).toContain('Server initialized');
  });

  test('a deleted pod ends in order, and its object, process and address go', async () => {
    const pid = lab.kubelet.faults.pid({ namespace: 'default', pod: 'v-2' }, 'valkey') ?? 0;
    const before = addressOf(lab, 'v-2');
    lab.remove('v-2');
    await until('v-2 is gone', () => lab.get('v-2') === undefined, 15_000);
    expect(startOf(pid)).toBeUndefined();
    pods.pod(2);
    const next = await lab.until('runs', 'v-2', isRunning);
    expect(next.status?.podIP).not.toBe(before);
  });
});

function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
}

function isRunning(pod: Pod): boolean {
  return pod.status?.containerStatuses?.[0]?.state.running !== undefined;
}

function addressOf(lab: KubeletLab, name: string): string {
  return lab.get(name)?.status?.podIP ?? '';
}

/** What an operator would do: a user for the order, then the order. */
async function follow(lab: KubeletLab, name: string, of: readonly string[]): Promise<void> {
  const address = addressOf(lab, name);
  const order = ['ACL', 'SETUSER', 'order', 'on', '>order', '~*', '+@all'];
  await until(`${name} takes an order`, () => {
    try {
      cli(address, 'gungnir', 'operator-password', ...order);
      return cli(address, 'order', 'order', 'replicaof', ...of) === 'OK';
    } catch {
      return false;
    }
  });
}

function cli(host: string, user: string, password: string, ...command: string[]): string {
  return execFileSync(
    `${toolsFolder()}/valkey-cli`,
    ['-h', host, '--user', user, '--no-auth-warning', '-a', password, ...command],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  ).trim();
}
