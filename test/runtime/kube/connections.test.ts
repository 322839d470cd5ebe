/** Connections and credentials: which are kept, which are opened anew, and who waits for whom. */
import { afterEach, describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { createKubeClient, type KubeClient } from '../../../src/runtime/kube/client';
import { resources } from '../../../src/runtime/kube/types';
import { type FaultServer, type Handler, startFaultServer, thing } from './fault-server';
import { eventually, plainAccess } from './support';
import { caPem, clientKeyPem, clientPem, serverKeyPem, serverPem } from './tls-fixture';

const { pods } = resources;
const pod = { namespace: 'default', name: 'a' };
const open: (FaultServer | KubeClient)[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function serve(handler: Handler): Promise<{ server: FaultServer; client: KubeClient }> {
  const server = await startFaultServer(handler);
  const client = createKubeClient({ access: plainAccess(server.url) });
  open.push(client, server);
  return { server, client };
}

describe('connections', () => {
  test('are kept; a GET on one that the server had closed is sent again, a write is not', async () => {
    const { server, client } = await serve((_asked, reply) => reply.json(200, thing('a', 1)));
    await client.get(pods, pod);
    await client.get(pods, pod);
    expect(server.asked.map((asked) => asked.connection)).toEqual([1, 1]);
    // The next request on connection 1 is reset before a byte of an answer, as by a server that had closed it.
    server.answer((asked, reply) =>
      asked.connection === 1 ? reply.reset() : reply.json(200, thing('a', 1)),
    );
    expect((await client.get(pods, pod)).kind).toBe('ok');
    expect(server.asked.at(-1)?.connection).toBe(2);
    server.answer((asked, reply) =>
      asked.connection === 2 ? reply.reset() : reply.json(200, thing('a', 1)),
    );
    const manifest = { apiVersion: 'v1', kind: 'Pod', metadata: { ...pod, resourceVersion: '1' } };
    expect(await client.update(pods, manifest)).toMatchObject({
      kind: 'unreachable',
      effect: 'unknown',
    });
  });

  test('a failover request does not wait behind reconcile requests', async () => {
    const { server, client } = await serve((asked, reply) =>
      asked.path.endsWith('/urgent') ? reply.json(200, thing('urgent', 1)) : reply.hang(),
    );
    const aborting = new AbortController();
    const slow = Array.from({ length: 40 }, () =>
      client.get(pods, pod, { signal: aborting.signal }),
    );
    await eventually(
      () => server.asked.length,
      (count) => count === 16,
    );
    const urgent = { namespace: 'default', name: 'urgent' };
    const short = { timeoutMs: millis(300) };
    expect((await client.get(pods, urgent, { ...short, lane: 'failover' })).kind).toBe('ok');
    // The same request on the crowded lane shows that there was something to wait behind.
    expect((await client.get(pods, urgent, { ...short, lane: 'reconcile' })).kind).toBe('timedOut');
    aborting.abort();
    await Promise.all(slow);
  });

  test('warm() opens the connection that the next failover request uses', async () => {
    const { server, client } = await serve((asked, reply) =>
      reply.json(200, asked.path === '/version' ? { major: '1' } : thing('a', 1)),
    );
    expect((await client.warm()).kind).toBe('ok');
    await client.get(pods, pod, { lane: 'failover' });
    await client.get(pods, pod, { lane: 'reconcile' });
    expect(server.asked.map((asked) => asked.connection)).toEqual([1, 1, 2]);
  });
});

describe('credentials', () => {
  test('a token that was rotated is read again after a 401, once', async () => {
    let reads = 0;
    const server = await startFaultServer((asked, reply) =>
      asked.headers.authorization === 'Bearer new'
        ? reply.json(200, thing('a', 1))
        : reply.status(401, 'Unauthorized', 'no'),
    );
    let token = 'old';
    const base = plainAccess(server.url);
    const client = createKubeClient({
      access: {
        ...base,
        async credentials(age) {
          if (age === 'fresh') {
            reads += 1;
            token = 'new';
          }
          const { tls } = await base.credentials(age);
          return { tls, headers: { authorization: `Bearer ${token}` } };
        },
      },
    });
    open.push(client, server);
    expect((await client.get(pods, pod)).kind).toBe('ok');
    expect((await client.get(pods, pod)).kind).toBe('ok');
    expect(reads).toBe(1);
    server.answer((_asked, reply) => reply.status(401, 'Unauthorized', 'never'));
    const asked = server.asked.length;
    expect((await client.get(pods, pod)).kind).toBe('unauthorized');
    expect(server.asked.length - asked).toBe(2);
  });

  test.each([
    {
      ca: caPem,
      cert: clientPem,
      verify: 'always' as const,
      kind: 'ok',
      why: 'the right CA, a client certificate',
    },
    {
      ca: undefined,
      cert: clientPem,
      verify: 'always' as const,
      kind: 'unreachable',
      why: 'the CA is unknown: nothing was sent',
    },
    {
      ca: undefined,
      cert: clientPem,
      verify: 'never' as const,
      kind: 'ok',
      why: 'insecure-skip-tls-verify',
    },
    {
      ca: caPem,
      cert: undefined,
      verify: 'always' as const,
      kind: 'unreachable',
      why: 'the server wants a client certificate',
    },
  ])('TLS -> $kind ($why)', async ({ ca, cert, verify, kind }) => {
    const server = await startFaultServer((_asked, reply) => reply.json(200, thing('a', 1)), {
      tls: { cert: serverPem, key: serverKeyPem, ca: caPem },
    });
    const key = cert === undefined ? undefined : clientKeyPem;
    const tls = { ca, cert, key, serverName: undefined, verify };
    const access = { ...plainAccess(server.url), credentials: async () => ({ headers: {}, tls }) };
    const client = createKubeClient({ access });
    open.push(client, server);
    expect((await client.get(pods, pod)).kind).toBe(kind);
  });

  test('changed TLS material opens a new connection under it', async () => {
    const server = await startFaultServer((_asked, reply) => reply.json(200, thing('a', 1)), {
      tls: { cert: serverPem, key: serverKeyPem },
    });
    let tls = {
      ca: caPem,
      cert: undefined,
      key: undefined,
      serverName: undefined,
      verify: 'always' as const,
    };
    const access = { ...plainAccess(server.url), credentials: async () => ({ headers: {}, tls }) };
    const client = createKubeClient({ access });
    open.push(client, server);
    await client.get(pods, pod);
    tls = { ...tls, ca: `${caPem}\n` };
    await client.get(pods, pod);
    await client.get(pods, pod);
    expect(server.asked.map((asked) => asked.connection)).toEqual([1, 2, 2]);
  });
});
