/**
 * What an HTTP and a TCP probe take for an answer, against a server that says each of them.
 * Never here: commands as probes (lives.test.ts), what comes of several answers (decisions.test.ts).
 */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemTimers } from '../../../src/local/controllers/frame/timers';
import { type Inside, runHandler } from '../../../src/local/kubelet/handler-run';
import type { Handler } from '../../../src/local/kubelet/pod';

const LATE_MS = 300;
const HOST = '127.0.0.1';
let seen: IncomingHttpHeaders = {};
let asked = '';
/** `/503` answers with 503; `/silent` with nothing. */
const server = createServer((request, response) => {
  seen = request.headers;
  asked = request.url ?? '';
  if (request.url !== '/silent')
    response.writeHead(Number(request.url?.slice(1, 4)), { location: '/gone' }).end();
});
let port = 0;
/** Nobody listens there any more. */
let closed = 0;
beforeAll(async () => {
  const other = createServer().listen(0, HOST);
  server.listen(0, HOST);
  await Promise.all([once(server, 'listening'), once(other, 'listening')]);
  port = (server.address() as AddressInfo).port;
  closed = (other.address() as AddressInfo).port;
  other.close();
  await once(other, 'close');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const get = (path: string) => (): Handler => ({ httpGet: { path, port } });
const rows: readonly {
  readonly is: string;
  readonly handler: () => Handler;
  /** Undefined: success. */
  readonly fails?: RegExp;
}[] = [
  { is: 'HTTP 200', handler: get('/200') },
  { is: 'HTTP 302, which is not followed', handler: get('/302') },
  { is: 'HTTP 399', handler: get('/399') },
  { is: 'HTTP 400', handler: get('/400'), fails: /^HTTP probe failed with statuscode: 400$/ },
  { is: 'HTTP 503', handler: get('/503'), fails: /^HTTP probe failed with statuscode: 503$/ },
  {
    is: 'HTTP without an answer',
    handler: get('/silent'),
    fails: /^Get "http:\/\/127.0.0.1:\d+\/silent": context deadline exceeded/,
  },
  {
    is: 'HTTP where nobody listens',
    handler: () => ({ httpGet: { port: closed } }),
    fails: /^Get "http:\/\/127.0.0.1:\d+\/": dial tcp 127.0.0.1:\d+: connect: connection refused$/,
  },
  {
    is: 'HTTPS of a server that speaks none',
    handler: () => ({ httpGet: { port, scheme: 'HTTPS' } }),
    fails: /^Get "https:\/\/127.0.0.1:\d+\/": /,
  },
  { is: 'HTTP by the name of a port', handler: () => ({ httpGet: { path: '/200', port: 'web' } }) },
  { is: 'TCP where somebody listens', handler: () => ({ tcpSocket: { port } }) },
  { is: 'TCP by the name of a port', handler: () => ({ tcpSocket: { port: 'web' } }) },
  {
    is: 'TCP where nobody listens',
    handler: () => ({ tcpSocket: { port: closed } }),
    fails: /^dial tcp 127.0.0.1:\d+: connect: connection refused$/,
  },
];

function inside(): Inside {
  return {
    container: { name: 'a', image: 'a', ports: [{ name: 'web', containerPort: port }] },
    podIp: HOST,
    hostIp: HOST,
    timers: systemTimers,
    exec: () => ({ kind: 'failed', message: 'no command is asked for here' }),
  };
}

test.each(rows)('$is', async ({ handler, fails }) => {
  const signal = new AbortController().signal;
  const outcome = await runHandler(handler(), inside(), LATE_MS, signal);
  if (fails === undefined) expect(outcome).toEqual({ kind: 'success' });
  else expect(outcome).toEqual({ kind: 'failure', message: expect.stringMatching(fails) });
});

test('a probe says who it is, and sends the headers that it is given', async () => {
  const httpHeaders = [{ name: 'X-Who', value: 'me' }];
  const signal = new AbortController().signal;
  await runHandler({ httpGet: { path: '/200', port, httpHeaders } }, inside(), LATE_MS, signal);
  expect(seen).toMatchObject({ 'user-agent': 'kube-probe/1.34', 'x-who': 'me' });
});

test.each([
  { is: 'an HTTP port that nobody named', handler: { httpGet: { port: 'none' } } },
  { is: 'a TCP port that nobody named', handler: { tcpSocket: { port: 'none' } } },
  { is: 'a port beyond all ports', handler: { tcpSocket: { port: 70_000 } } },
  {
    is: 'a header that cannot be sent',
    handler: { httpGet: { port: 80, httpHeaders: [{ name: 'X-Who', value: 'a\nb' }] } },
  },
])('$is cannot be asked: that is neither success nor failure', async ({ handler }) => {
  const signal = new AbortController().signal;
  const outcome = await runHandler(handler, inside(), LATE_MS, signal);
  expect(outcome).toEqual({ kind: 'errored', message: expect.stringMatching(/./) });
});

test('a path is sent as an address can say it', async () => {
  const signal = new AbortController().signal;
  const path = '/200/a b?c=%20&d=ü';
  const outcome = await runHandler({ httpGet: { path, port } }, inside(), LATE_MS, signal);
  expect([outcome, asked]).toEqual([{ kind: 'success' }, '/200/a%20b?c=%20&d=%C3%BC']);
});

test('nobody wants to know any more: that is no answer', async () => {
  const asked = new AbortController();
  const outcome = runHandler(get('/silent')(), inside(), 60_000, asked.signal);
  asked.abort();
  expect(await outcome).toEqual({ kind: 'given up' });
});
