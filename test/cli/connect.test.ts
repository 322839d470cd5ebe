/** An API server that cannot be used: one sentence with what to do, whatever the command. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serverPem } from '../runtime/kube/tls-fixture';
import { gungnir, kubeconfigFor, scratch, startApi } from './api';
import { golden } from './golden';
import { objects } from './objects';

/** The one line that a log would hold. */
async function told(kubeconfig: string, argv: readonly string[]): Promise<string> {
  const { code, out, err } = await gungnir(kubeconfig, argv, { columns: undefined });
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err.trimEnd().split('\n')).toHaveLength(1);
  expect(err).toMatch(/^error: [A-Z]\w+: .+ \(.+\)\. To fix: .+\.\n$/);
  return err;
}

const commands = [
  ['status'],
  ['status', 'cart'],
  ['switchover', 'cart'],
  ['operator', '--http-address', '127.0.0.1:0'],
];

function fileWith(text: string): string {
  const file = join(scratch(), 'kubeconfig');
  writeFileSync(file, text);
  return file;
}

describe.each(commands)('%s %s', (...argv) => {
  test.each([
    { is: 'absent', text: undefined, says: 'ENOENT' },
    { is: 'no YAML', text: 'a: [', says: 'KubeconfigUnreadable' },
    { is: 'empty', text: '', says: 'KubeconfigUnreadable' },
    { is: 'without a context', text: 'kind: Config', says: 'known=(none)' },
    {
      is: 'one with a number for a server',
      text: 'clusters: [{name: c, cluster: {server: 77}}]\nusers: [{name: u, user: {}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x',
      says: 'cause=a field has another type than in a kubeconfig',
    },
    { is: 'a binary', text: '\u0000\u0001\u0002', says: 'KubeconfigUnreadable' },
  ])('a kubeconfig that is $is', async ({ text, says }) => {
    const file = text === undefined ? join(scratch(), 'none') : fileWith(text);
    expect(await told(file, argv)).toContain(says);
  });

  test('nobody listens', async () => {
    const kubeconfig = kubeconfigFor({ server: `https://127.0.0.1:${await closedPort()}` });
    expect(await told(kubeconfig, argv)).toMatch(/KubeUnreachable: .*ECONNREFUSED/);
  });

  test('a certificate that the kubeconfig does not trust', async () => {
    const { server } = await startApi([]);
    const kubeconfig = kubeconfigFor({ server: server.url });
    expect(await told(kubeconfig, argv)).toContain('KubeCertificateRefused');
  });

  test('a certificate authority of another cluster', async () => {
    const { server } = await startApi([]);
    const kubeconfig = kubeconfigFor({ server: server.url, ca: serverPem });
    expect(await told(kubeconfig, argv)).toContain('KubeCertificateRefused');
  });

  test.each([
    { code: 401, reason: 'Unauthorized', says: 'KubeUnauthorized', why: 'the login is over' },
    {
      code: 403,
      reason: 'Forbidden',
      says: 'KubeForbidden: RBAC does not allow this request (verb=',
      why: 'RBAC lacks a rule',
    },
    { code: 500, reason: 'InternalError', says: 'KubeRequestFailed', why: 'the server is ill' },
  ])('$code is told as $says ($why)', async ({ code, reason, says }) => {
    const api = await startApi([objects.running]);
    api.instead = (_asked, reply) => {
      reply.status(code, reason, 'said by the server');
      return 'answered';
    };
    const err = await told(api.kubeconfig, argv);
    expect(err).toContain(says);
    expect(err).toContain('said by the server');
  });

  test('the definitions are not installed', async () => {
    const api = await startApi([]);
    api.instead = (_asked, reply) => {
      reply.text(404, '404 page not found');
      return 'answered';
    };
    expect(await told(api.kubeconfig, argv)).toMatch(/KubeKindMissing: .*gungnir crds/);
  });
});

test('a server that speaks no TLS', async () => {
  const plain = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('SSH-2.0-OpenSSH\r\n');
    socket.on('data', () => socket.destroy());
  });
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const address = plain.address();
  const port = typeof address === 'object' ? address?.port : 0;
  expect(await told(kubeconfigFor({ server: `https://127.0.0.1:${port}` }), ['status'])).toContain(
    'KubeUnreachable',
  );
  await new Promise((resolve) => plain.close(resolve));
});

test('a context that is not there is told with those that are', async () => {
  const { kubeconfig } = await startApi([]);
  const { code, err } = await gungnir(kubeconfig, ['status', '--context', 'day']);
  expect({ code, err: err.replace(/\n */g, ' ') }).toMatchObject({
    code: 1,
    err: expect.stringContaining('context=day known=night'),
  });
});

test('how it looks in 80 columns', async () => {
  const api = await startApi([objects.running]);
  const missing = 'User "ann" cannot list resource "valkeyclusters" in the namespace "shop"';
  api.instead = (_asked, reply) => {
    reply.status(403, 'Forbidden', missing);
    return 'answered';
  };
  await golden('connect-forbidden', await gungnir(api.kubeconfig, ['status']));
});

test('colours are for a person who looks, and who did not ask for none', async () => {
  const { kubeconfig } = await startApi([]);
  const argv = ['status', 'cart'];
  const seen = await gungnir(kubeconfig, argv, { errIsTerminal: true });
  const asked = await gungnir(kubeconfig, argv, { errIsTerminal: true, env: { NO_COLOR: '1' } });
  expect(seen.err.startsWith('\u001b[31merror:\u001b[0m ')).toBe(true);
  expect(asked.err.startsWith('error: ')).toBe(true);
  expect(seen.err.replace('\u001b[31m', '').replace('\u001b[0m', '')).toBe(asked.err);
});

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
