/** Where access comes from, how it is renewed, and the one sentence when it cannot be had. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { GungnirError } from '../../../src/kit/reasons';
import { createKubeClient } from '../../../src/runtime/kube/client';
import { inClusterAccess } from '../../../src/runtime/kube/incluster';
import { kubeconfigAccess } from '../../../src/runtime/kube/kubeconfig';
import { resources } from '../../../src/runtime/kube/types';
import { startFaultServer, thing } from './fault-server';
import { handClock } from './support';
import { caPem, clientKeyPem, clientPem, serverKeyPem, serverPem } from './tls-fixture';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gungnir-access-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function file(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

async function errorOf(promise: Promise<unknown>): Promise<GungnirError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GungnirError)) throw new Error(`no GungnirError: ${String(error)}`);
  return error;
}

const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '6443' };

describe('a service account', () => {
  beforeEach(async () => {
    await file('token', 'first\n');
    await file('ca.crt', caPem);
    await file('namespace', 'here\n');
  });

  test.each([
    { host: '10.96.0.1', port: '443', server: 'https://10.96.0.1:443' },
    { host: 'fd00::1', port: '6443', server: 'https://[fd00::1]:6443' },
  ])('$host $port -> $server', async ({ host, port, server }) => {
    const access = await inClusterAccess({
      clock: handClock(),
      directory,
      env: { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port },
    });
    expect([access.server, access.namespace]).toEqual([server, 'here']);
  });

  test('its token is read again after a minute, not before, and at once when it was refused', async () => {
    const clock = handClock();
    const access = await inClusterAccess({ clock, directory, env });
    const token = async (age: 'cached' | 'fresh'): Promise<string | undefined> =>
      (await access.credentials(age)).headers.authorization;
    await file('token', 'second');
    clock.pass(59_999);
    expect(await token('cached')).toBe('Bearer first');
    clock.pass(1);
    expect(await token('cached')).toBe('Bearer second');
    await file('token', 'third');
    expect(await token('fresh')).toBe('Bearer third');
  });

  test('a token that cannot be read again is used as it was; TLS stays the same object', async () => {
    const clock = handClock();
    const access = await inClusterAccess({ clock, directory, env });
    const before = await access.credentials('cached');
    await rm(join(directory, 'token'));
    clock.pass(60_000);
    expect(await access.credentials('cached')).toBe(before);
    await file('token', 'second');
    clock.pass(60_000);
    const after = await access.credentials('cached');
    expect([after.headers.authorization, after.tls === before.tls]).toEqual([
      'Bearer second',
      true,
    ]);
    await file('ca.crt', `${caPem}\n`);
    clock.pass(60_000);
    expect((await access.credentials('cached')).tls === before.tls).toBe(false);
  });

  test('a rotated token is taken over within one request', async () => {
    const server = await startFaultServer(
      (asked, reply) =>
        asked.headers.authorization === 'Bearer second'
          ? reply.json(200, thing('a', 1))
          : reply.status(401, 'Unauthorized', 'no'),
      { tls: { cert: serverPem, key: serverKeyPem } },
    );
    const access = await inClusterAccess({
      clock: handClock(),
      directory,
      env: { ...env, KUBERNETES_SERVICE_PORT: String(server.port) },
    });
    const client = createKubeClient({ access });
    await file('token', 'second');
    const answer = await client.get(resources.pods, { namespace: 'default', name: 'a' });
    client.close();
    await server.close();
    expect(answer.kind).toBe('ok');
  });

  test.each([
    { missing: 'KUBERNETES_SERVICE_HOST', env: {}, act: async () => {} },
    { missing: 'token', env, act: () => rm(join(directory, 'token')) },
    { missing: 'ca.crt', env, act: () => rm(join(directory, 'ca.crt')) },
    { missing: 'is empty', env, act: () => file('token', '\n') },
  ])('without $missing: one sentence', async ({ missing, env: given, act }) => {
    await act();
    const error = await errorOf(inClusterAccess({ clock: handClock(), directory, env: given }));
    expect(error.reason).toBe('NotInCluster');
    expect(error.message).toContain(missing);
    expect(error.message).not.toContain('\n');
  });
});

function kubeconfig(
  overrides: { readonly cluster?: object; readonly user?: object; readonly current?: string } = {},
): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'c',
        cluster: {
          server: 'https://127.0.0.1:6443/',
          'certificate-authority-data': base64(caPem),
          ...overrides.cluster,
        },
      },
    ],
    users: [
      {
        name: 'u',
        user: {
          'client-certificate-data': base64(clientPem),
          'client-key-data': base64(clientKeyPem),
          ...overrides.user,
        },
      },
    ],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'team' } }],
    'current-context': overrides.current ?? 'x',
  });
}

describe('a kubeconfig', () => {
  const load = (path: string | undefined, given: Record<string, string> = {}, context?: string) =>
    kubeconfigAccess({ clock: handClock(), env: given, path, context });

  test('gives server, namespace, certificate and key', async () => {
    const access = await load(await file('config', kubeconfig()));
    expect([access.server, access.namespace]).toEqual(['https://127.0.0.1:6443', 'team']);
    expect(await access.credentials('cached')).toEqual({
      headers: {},
      tls: {
        ca: caPem,
        cert: clientPem,
        key: clientKeyPem,
        serverName: undefined,
        verify: 'always',
      },
    });
  });

  test('gives a token, a server name, and leave not to verify', async () => {
    const text = kubeconfig({
      cluster: { 'tls-server-name': 'localhost', 'insecure-skip-tls-verify': true },
      user: { token: 'abc' },
    });
    const { headers, tls } = await (await load(await file('config', text))).credentials('cached');
    expect([headers, tls.serverName, tls.verify]).toEqual([
      { authorization: 'Bearer abc' },
      'localhost',
      'never',
    ]);
  });

  test('KUBECONFIG may name several files; the first wins, a missing later one is no error', async () => {
    const one = await file('one', kubeconfig());
    const two = await file('two', kubeconfig({ cluster: { server: 'https://127.0.0.2:1' } }));
    const access = await load(undefined, {
      KUBECONFIG: `${one}:${two}:${join(directory, 'none')}`,
    });
    expect(access.server).toBe('https://127.0.0.1:6443');
  });

  test.each([
    { reason: 'KubeconfigUnreadable', text: undefined, says: 'ENOENT', why: 'no such file' },
    { reason: 'KubeconfigUnreadable', text: 'a: [b', says: 'config', why: 'no YAML' },
    {
      reason: 'KubeContextUnknown',
      text: kubeconfig({ current: 'y' }),
      says: 'context=y known=x',
      why: 'current-context names nothing',
    },
    {
      reason: 'KubeContextUnknown',
      text: kubeconfig({ current: '' }),
      says: 'context=(none)',
      why: 'there is no current-context',
    },
    {
      reason: 'KubeProxyUnsupported',
      text: kubeconfig({ cluster: { 'proxy-url': 'http://p:1' } }),
      says: 'http://p:1',
      why: 'a proxy',
    },
    {
      reason: 'KubeconfigUnreadable',
      text: kubeconfig({ cluster: { server: 'ftp://x' } }),
      says: 'ftp://x',
      why: 'no http URL',
    },
    {
      reason: 'KubeconfigUnreadable',
      text: kubeconfig({ user: { 'client-certificate-data': 'bm9uZQ==' } }),
      says: 'client-certificate-data',
      why: 'no certificate',
    },
    {
      reason: 'KubeconfigUnreadable',
      text: kubeconfig({ user: { 'client-certificate': '/nowhere/c.pem' } }),
      says: '/nowhere/c.pem',
      why: 'a certificate file that is not there',
    },
  ])('$why: $reason in one sentence', async ({ reason, text, says }) => {
    const path = text === undefined ? join(directory, 'none') : await file('config', text);
    const error = await errorOf(load(path));
    expect(error.reason).toBe(reason);
    expect(error.message).toContain(says);
    expect(error.message).not.toContain('\n');
    expect(error.message).toContain('To fix: ');
  });

  test('a context that was asked for and is not there', async () => {
    const error = await errorOf(load(await file('config', kubeconfig()), {}, 'prod'));
    expect(error.message).toContain('context=prod known=x');
  });

  test('a certificate that has run out is said before the server says 401', async () => {
    const path = await file('config', kubeconfig());
    const clock = { monotonicMs: () => millis(0), wallMs: () => millis(Date.UTC(2200, 0)) };
    const error = await errorOf(kubeconfigAccess({ clock, env: {}, path }));
    expect(error.reason).toBe('KubeCredentialsExpired');
    expect(error.message).toMatch(/validTo=21\d\d-/);
  });
});
