/** Each fault of the proxy, seen from a client; the server behind it is a small one of our own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { until } from '../kit/until';
import { serverKeyPem, serverPem } from '../runtime/kube/tls-fixture';
import { type FaultyApi, startFaultyApi } from './faulty-api';

let folder: string;
let server: Server;
let api: FaultyApi;
/** Open ones, as the server behind has them. */
const watches: ServerResponse[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-faulty-'));
  const certFile = join(folder, 'server.crt');
  const keyFile = join(folder, 'server.key');
  writeFileSync(certFile, serverPem);
  writeFileSync(keyFile, serverKeyPem);
  server = createServer({ cert: serverPem, key: serverKeyPem }, (asked, answer) => {
    answer.write('first\n');
    if (!/watch=/.test(asked.url ?? '')) answer.end();
    else watches.push(answer);
  });
  const port = await new Promise<number>((done) => {
    server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port));
  });
  const world = {
    api: { host: '127.0.0.1', port, certFile, keyFile },
    spawn: (program: string, args: readonly string[]) =>
      spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] }),
  };
  api = await startFaultyApi(world, await freePort());
});
afterAll(() => {
  api.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => api.mend());

function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}

interface Seen {
  /** 0: no answer. */
  readonly code: number;
  readonly text: string;
  /** How the answer ended, or why there was none. */
  readonly end: 'whole' | string;
}

function ask(method: string, path: string): Promise<Seen> {
  const port = Number(api.env.KUBERNETES_SERVICE_PORT);
  return new Promise((done) => {
    let code = 0;
    let text = '';
    const broken = (error: NodeJS.ErrnoException): void =>
      done({ code, text, end: error.code ?? error.message });
    const asked = request(
      { host: '127.0.0.1', port, method, path, rejectUnauthorized: false, agent: false },
      (answer) => {
        code = answer.statusCode ?? 0;
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () => done({ code, text, end: 'whole' }));
        answer.on('error', broken);
      },
    );
    asked.on('error', broken);
    asked.end();
  });
}

const answered: Seen = { code: 200, text: 'first\n', end: 'whole' };

test('without a fault it is the server', async () => {
  expect(await ask('GET', '/api/v1/pods')).toEqual(answered);
  expect(await ask('PUT', '/api/v1/pods/a')).toEqual(answered);
});

test('gone: nothing listens; mended, it answers again', async () => {
  await api.gone();
  expect(await ask('GET', '/api/v1/pods')).toMatchObject({ code: 0, end: 'ECONNREFUSED' });
  await api.mend();
  expect(await ask('GET', '/api/v1/pods')).toEqual(answered);
});

test('slow: the same answer, later by what was said, once', async () => {
  await api.slow(1_000);
  const startedMs = performance.now();
  expect(await ask('GET', '/api/v1/pods')).toEqual(answered);
  const tookMs = performance.now() - startedMs;
  expect(tookMs).toBeGreaterThanOrEqual(1_000);
  expect(tookMs).toBeLessThan(2_000);
});

test('slow: a watch tells each event later; mended, the same watch tells them at once', async () => {
  await api.slow(1_000);
  const port = Number(api.env.KUBERNETES_SERVICE_PORT);
  let text = '';
  const asked = request({ host: '127.0.0.1', port, path: '/a?watch=1', rejectUnauthorized: false });
  asked.on('response', (answer) => answer.on('data', (chunk) => (text += String(chunk))));
  asked.on('error', () => {});
  const told = async (event: string): Promise<number> => {
    const sinceMs = performance.now();
    watches.at(-1)?.write(`${event}\n`);
    await until(event, () => text.endsWith(`${event}\n`));
    return performance.now() - sinceMs;
  };
  asked.end();
  await until('the watch is open', () => text === 'first\n');
  expect(await told('second')).toBeGreaterThanOrEqual(990);
  await api.mend();
  expect(await told('third')).toBeLessThan(500);
  asked.destroy();
});

test('conflicts: every second write is refused by 409, reads are not', async () => {
  await api.conflicts();
  const writes = [
    await ask('PUT', '/a'),
    await ask('PATCH', '/a'),
    await ask('POST', '/b'),
    await ask('POST', '/a'),
    await ask('POST', '/b'),
  ];
  expect(
    writes.map(({ code }) => code),
    'each path by itself',
  ).toEqual([409, 200, 409, 409, 200]);
  expect(writes[0]?.text).toContain('"reason":"Conflict"');
  expect((await ask('GET', '/a')).code).toBe(200);
  expect((await ask('GET', '/a')).code).toBe(200);
});

test('broken: watches are reset or refused by 500, lists now and then', async () => {
  await api.broken();
  const watches = [await ask('GET', '/a?watch=1'), await ask('GET', '/a?watch=1')];
  expect(watches.map(({ code, end }) => `${code} ${end}`).sort()).toEqual([
    '200 ECONNRESET',
    '500 whole',
  ]);
  const lists = [await ask('GET', '/a'), await ask('GET', '/a'), await ask('GET', '/a')];
  expect(lists.map(({ code }) => code).sort()).toEqual([200, 200, 500]);
});
