/** What a scripted server can do to a request, and the fact that it becomes. */
import { afterEach, describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { explainFailure } from '../../../src/runtime/kube/answer';
import { createKubeClient, type KubeClient } from '../../../src/runtime/kube/client';
import { resources } from '../../../src/runtime/kube/types';
import {
  type FaultServer,
  type Handler,
  listOf,
  type Reply,
  startFaultServer,
  thing,
} from './fault-server';
import { eventually, plainAccess, refusal } from './support';

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

describe('a refusal is named', () => {
  test.each([
    { code: 400, reason: 'BadRequest', kind: 'invalid' },
    { code: 401, reason: 'Unauthorized', kind: 'unauthorized' },
    { code: 403, reason: 'Forbidden', kind: 'forbidden' },
    { code: 404, reason: 'NotFound', kind: 'notFound' },
    { code: 409, reason: 'Conflict', kind: 'conflict' },
    { code: 409, reason: 'AlreadyExists', kind: 'alreadyExists' },
    { code: 410, reason: 'Expired', kind: 'gone' },
    { code: 422, reason: 'Invalid', kind: 'invalid' },
    { code: 429, reason: 'TooManyRequests', kind: 'throttled' },
    { code: 500, reason: 'InternalError', kind: 'failed' },
    { code: 503, reason: 'ServiceUnavailable', kind: 'failed' },
    { code: 504, reason: 'Timeout', kind: 'failed' },
  ])('$code $reason -> $kind', async ({ code, reason, kind }) => {
    const { client } = await serve((_asked, reply) => reply.status(code, reason, 'because'));
    const answer = await client.get(pods, pod);
    expect(refusal(answer)).toEqual({
      kind,
      status: { code, reason, message: 'because', retryAfterMs: undefined },
    });
  });

  test("a proxy's HTML page is a failure with an excerpt, not an exception", async () => {
    const { client } = await serve((_asked, reply) => reply.text(502, '<html>bad gateway</html>'));
    expect(refusal(await client.get(pods, pod))).toMatchObject({
      kind: 'failed',
      status: { code: 502, reason: '', message: '<html>bad gateway</html>' },
    });
  });

  test('a success that is no JSON is a failure', async () => {
    const { client } = await serve((_asked, reply) => reply.text(200, '<html>log in</html>'));
    expect((await client.get(pods, pod)).kind).toBe('failed');
  });

  test("429 carries the server's wish", async () => {
    const { client } = await serve((_asked, reply) =>
      reply.status(429, 'TooManyRequests', 'slow down', { 'retry-after': '3' }),
    );
    expect(refusal(await client.get(pods, pod)).status.retryAfterMs).toBe(3_000);
  });
});

describe('without an answer', () => {
  test.each<{
    what: string;
    method: 'get' | 'update';
    act: (reply: Reply) => void;
    kind: string;
    effect: string;
    why: string;
  }>([
    {
      what: 'silence',
      method: 'get',
      act: (reply) => reply.hang(),
      kind: 'timedOut',
      effect: 'none',
      why: 'a read changes nothing',
    },
    {
      what: 'silence',
      method: 'update',
      act: (reply) => reply.hang(),
      kind: 'timedOut',
      effect: 'unknown',
      why: 'the write may have been done',
    },
    {
      what: 'a reset',
      method: 'update',
      act: (reply) => reply.reset(),
      kind: 'unreachable',
      effect: 'unknown',
      why: 'the write may have been done',
    },
    {
      what: 'half an answer',
      method: 'update',
      act: (reply) => {
        const stream = reply.stream();
        stream.raw('{"kind":');
        stream.reset();
      },
      kind: 'unreachable',
      effect: 'unknown',
      why: 'a body that was cut is no answer',
    },
    {
      what: 'half an answer, then silence',
      method: 'get',
      act: (reply) => reply.stream().raw('{"kind":'),
      kind: 'timedOut',
      effect: 'none',
      why: 'the budget ends with the last byte, not with the first',
    },
  ])(
    '$what after $method -> $kind, effect $effect ($why)',
    async ({ method, act, kind, effect }) => {
      const { client } = await serve((_asked, reply) => act(reply));
      const call = { timeoutMs: millis(150) };
      const answer = await (method === 'get'
        ? client.get(pods, pod, call)
        : client.update(pods, { apiVersion: 'v1', kind: 'Pod', metadata: pod }, call));
      expect(answer).toMatchObject({ kind, effect });
    },
  );

  test('a refused connection: the write was certainly not done', async () => {
    const { server, client } = await serve((_asked, reply) => reply.hang());
    await server.close();
    const answer = await client.create(pods, { apiVersion: 'v1', kind: 'Pod', metadata: pod });
    expect(answer).toMatchObject({ kind: 'unreachable', effect: 'none' });
    expect(answer.kind === 'unreachable' && answer.cause).toMatch(/ECONNREFUSED/);
  });

  test('an answer after 3 s is one for a failover too', async () => {
    const { client } = await serve((_asked, reply) => {
      setTimeout(() => reply.json(200, thing('p', 1)), 3_100);
    });
    expect((await client.get(pods, pod, { lane: 'failover' })).kind).toBe('ok');
  });

  test("the caller's abort ends the request at once, before and during it", async () => {
    const { server, client } = await serve((_asked, reply) => reply.hang());
    const aborting = new AbortController();
    const during = client.get(pods, pod, { signal: aborting.signal });
    await eventually(
      () => server.asked.length,
      (count) => count === 1,
    );
    aborting.abort();
    expect((await during).kind).toBe('aborted');
    expect((await client.get(pods, pod, { signal: aborting.signal })).kind).toBe('aborted');
    expect(server.asked.length).toBe(1);
  });
});

describe('lists', () => {
  test('are read page by page, and their items carry their kind', async () => {
    const { server, client } = await serve((asked, reply) =>
      reply.json(
        200,
        asked.query.get('continue') === 'p2'
          ? listOf(5, [thing('b', 2)])
          : listOf(5, [thing('a', 1)], 'p2'),
      ),
    );
    const answer = await client.list(pods, { namespace: 'default', labelSelector: 'x=y' });
    if (answer.kind !== 'ok') throw new Error(answer.kind);
    expect(answer.value.resourceVersion).toBe('5');
    expect(
      answer.value.items.map((item) => `${item.apiVersion} ${item.kind} ${item.metadata.name}`),
    ).toEqual(['v1 Pod a', 'v1 Pod b']);
    expect(server.asked.map((asked) => asked.query.get('labelSelector'))).toEqual(['x=y', 'x=y']);
  });

  test('whose page token expired begin again in one piece', async () => {
    const { server, client } = await serve((asked, reply) => {
      if (asked.query.has('continue')) reply.status(410, 'Expired', 'the token is too old');
      else if (asked.query.has('limit')) reply.json(200, listOf(5, [thing('a', 1)], 'p2'));
      else reply.json(200, listOf(9, [thing('b', 8)]));
    });
    const answer = await client.list(pods, {});
    if (answer.kind !== 'ok') throw new Error(answer.kind);
    expect(answer.value.items.map((item) => item.metadata.name)).toEqual(['b']);
    expect(server.asked.length).toBe(3);
  });

  test('a 410 to the first page is told, not tried for ever', async () => {
    const { server, client } = await serve((_asked, reply) => reply.status(410, 'Expired', 'no'));
    expect((await client.list(pods, {})).kind).toBe('gone');
    expect(server.asked.length).toBe(1);
  });

  test('an empty collection may come as null', async () => {
    const { client } = await serve((_asked, reply) =>
      reply.json(200, { metadata: { resourceVersion: '3' }, items: null }),
    );
    expect(await client.list(pods, {})).toEqual({
      kind: 'ok',
      value: { items: [], resourceVersion: '3' },
    });
  });
});

describe('writes', () => {
  test('say what they are by method, path, content type and query', async () => {
    const { server, client } = await serve((_asked, reply) => reply.json(200, thing('a', 1)));
    const manifest = { apiVersion: 'v1', kind: 'Pod', metadata: pod };
    await client.create(pods, manifest);
    await client.update(pods, manifest, { subresource: 'status' });
    await client.apply(pods, manifest);
    await client.apply(pods, manifest, { force: 'no', dryRun: 'All' });
    await client.mergePatch(pods, pod, { metadata: { labels: null } });
    await client.jsonPatch(pods, pod, [{ op: 'test', path: '/a', value: 1 }]);
    await client.remove(pods, pod, { uid: 'u', resourceVersion: '7', gracePeriodSeconds: 1 });
    await client.remove(pods, pod);
    const path = '/api/v1/namespaces/default/pods';
    const mine = 'fieldManager=gungnir';
    expect(
      server.asked.map(
        (one) => `${one.method} ${one.path} ${one.headers['content-type']} ${one.query}`,
      ),
    ).toEqual([
      `POST ${path} application/json ${mine}`,
      `PUT ${path}/a/status application/json ${mine}`,
      `PATCH ${path}/a application/apply-patch+yaml ${mine}&force=true&fieldValidation=Strict`,
      `PATCH ${path}/a application/apply-patch+yaml ${mine}&dryRun=All&force=false&fieldValidation=Strict`,
      `PATCH ${path}/a application/merge-patch+json ${mine}`,
      `PATCH ${path}/a application/json-patch+json ${mine}`,
      `DELETE ${path}/a application/json `,
      `DELETE ${path}/a application/json `,
    ]);
    expect(server.asked.slice(-2).map((one) => JSON.parse(one.body))).toEqual([
      {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        gracePeriodSeconds: 1,
        preconditions: { uid: 'u', resourceVersion: '7' },
      },
      { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' },
    ]);
  });
});

test('every request is told to the metrics by what became of it', async () => {
  const facts: string[] = [];
  const server = await startFaultServer((asked, reply) =>
    asked.path.endsWith('/a') ? reply.json(200, thing('a', 1)) : reply.hang(),
  );
  const client = createKubeClient({
    access: plainAccess(server.url),
    onRequest: (fact) => facts.push(`${fact.method} ${fact.code}`),
  });
  open.push(client, server);
  await client.get(pods, pod);
  await client.get(pods, { ...pod, name: 'b' }, { timeoutMs: millis(50) });
  expect(facts).toEqual(['GET 200', 'GET timedOut']);
});

describe('one sentence for a person', () => {
  const asked = { verb: 'list', resource: 'pods', namespace: 'n', server: 'https://h:1' };
  const status = {
    code: 403,
    reason: 'Forbidden',
    message: 'User "x" cannot list',
    retryAfterMs: undefined,
  };
  test.each([
    {
      failure: { kind: 'forbidden', status } as const,
      says: /^KubeForbidden: .*verb=list resource=pods namespace=n.*To fix: /,
    },
    {
      failure: { kind: 'unauthorized', status: { ...status, code: 401 } } as const,
      says: /^KubeUnauthorized: .*https:\/\/h:1/,
    },
    {
      failure: { kind: 'unreachable', cause: 'ECONNREFUSED', effect: 'none' } as const,
      says: /^KubeUnreachable: .*ECONNREFUSED/,
    },
    {
      failure: { kind: 'timedOut', afterMs: millis(9), effect: 'none' } as const,
      says: /^KubeUnreachable: .*silentMs=9/,
    },
    {
      failure: { kind: 'notFound', status: { ...status, code: 404, reason: '' } } as const,
      says: /^KubeKindMissing: .*gungnir crds/,
    },
    {
      failure: { kind: 'notFound', status: { ...status, code: 404, reason: 'NotFound' } } as const,
      says: /^KubeNotFound: /,
    },
    {
      failure: { kind: 'invalid', status: { ...status, code: 422 } } as const,
      says: /^KubeRequestFailed: .*code=422/,
    },
  ])('$failure.kind -> $says', ({ failure, says }) => {
    const { message } = explainFailure(failure, asked);
    expect(message).toMatch(says);
    expect(message).not.toContain('\n');
  });
});
