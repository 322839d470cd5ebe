/**
 * The Service proxy on real sockets, driven by Services and EndpointSlices in the real store.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { systemTimers } from '../../../src/local/controllers/frame/timers';
import type { Service } from '../../../src/local/controllers/objects/network';
import { type ServiceProxy, startProxy } from '../../../src/local/proxy/proxy';
import { rangeOf } from '../../../src/local/range';
import { testInstance } from '../../kit/kubelet-lab';
import { startLocalApi } from '../../kit/local-api';
import { until } from '../../kit/until';

const range = rangeOf(testInstance());
const PORT = 6379;
const SLICES = 'discovery.k8s.io/v1:endpointslices';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Answers each connection with its name and what it sees of the client, then echoes. */
async function backend(
  index: number,
  greeting: 'greets' | 'is silent' = 'greets',
): Promise<string> {
  const host = range.pod(index);
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (greeting === 'greets') socket.write(`${host} ${socket.remoteAddress}\n`);
    socket.pipe(socket);
  });
  server.listen(PORT, host);
  await once(server, 'listening');
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return host;
}

interface Lab {
  readonly address: string;
  readonly proxy: ServiceProxy;
  route(...hosts: string[]): void;
  /** The Service itself, by a merge patch. */
  change(patch: object): void;
}

function lab(
  minSyncPeriodMs = 0,
  connectionsMax = 10_000,
  onProblem: (sentence: string) => void = () => {},
): Lab {
  const local = startLocalApi(range);
  const service = local.put<Service>('services', {
    metadata: { name: 's' },
    spec: { ports: [{ port: PORT }] },
  });
  const proxy = startProxy({
    api: local.api,
    timers: systemTimers,
    nowMs: Date.now,
    range,
    nodes: 1,
    minSyncPeriodMs,
    connectionsMax,
    onProblem,
  });
  ends.push(() => proxy.stop());
  local.put(SLICES, {
    metadata: { name: 's-x', labels: { 'kubernetes.io/service-name': 's' } },
    addressType: 'IPv4',
    ports: [{ name: '', port: PORT }],
    endpoints: [],
  });
  return {
    address: service.spec.clusterIP ?? '',
    proxy,
    route(...hosts) {
      const endpoints = hosts.map((host) => ({ addresses: [host], conditions: { ready: true } }));
      expect(local.patch(SLICES, 's-x', { endpoints }).code).toBe(200);
    },
    change: (patch) => expect(local.patch('services', 's', patch).code).toBe(200),
  };
}

interface Client {
  readonly socket: Socket;
  /** The next line. */
  line(): Promise<string>;
}

async function dial(host: string, from?: string): Promise<Client> {
  const local = from === undefined ? {} : { localAddress: from };
  const socket = connect({ host, port: PORT, allowHalfOpen: true, ...local });
  let seen = '';
  socket.on('data', (chunk) => {
    seen += chunk.toString();
  });
  ends.push(() => void socket.destroy());
  await once(socket, 'connect');
  socket.on('error', () => {});
  return {
    socket,
    async line() {
      await until('a line', () => seen.includes('\n'));
      const [first = ''] = seen.split('\n', 1);
      seen = seen.slice(first.length + 1);
      return first;
    },
  };
}

/** Until the Service takes connections. */
function reached(host: string): Promise<Client> {
  return until('connects', () => dial(host).catch(() => undefined));
}

/** How a connection that was taken ends; undefined: it was not taken. */
async function resetOf(host: string): Promise<string | undefined> {
  const socket = connect({ host, port: PORT });
  const [problem] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  return problem.code === 'ECONNREFUSED' ? undefined : problem.code;
}

function refused(host: string): Promise<boolean> {
  return dial(host).then(
    () => false,
    (problem: NodeJS.ErrnoException) => problem.code === 'ECONNREFUSED',
  );
}

describe('routing', () => {
  test('what is connected stays with its backend; what connects goes to the new one', async () => {
    const [a, b] = [await backend(1), await backend(2)];
    const { address, route } = lab();
    route(a);
    const first = await reached(address);
    expect(await first.line()).toContain(a);
    route(b);
    await until('the new backend', async () => (await (await dial(address)).line()).startsWith(b));
    first.socket.write('still here\n');
    expect(await first.line()).toBe('still here');
  });

  test('without endpoints connections are refused, and what is connected goes on', async () => {
    const a = await backend(1);
    const { address, route } = lab();
    expect(await refused(address)).toBe(true);
    route(a);
    const client = await reached(address);
    await client.line();
    route();
    await until('refused', () => refused(address));
    client.socket.write('still here\n');
    expect(await client.line()).toBe('still here');
  });

  test('two backends take turns', async () => {
    const hosts = [await backend(1), await backend(2)];
    const { address, route } = lab();
    route(...hosts);
    await (await reached(address)).line();
    const lines = [await dial(address), await dial(address)].map((client) => client.line());
    const seen = (await Promise.all(lines)).map((line) => line.split(' ')[0]);
    expect(seen.sort()).toEqual(hosts.sort());
  });

  test("a backend sees the client's own address when it is one of the instance", async () => {
    const a = await backend(1);
    const { address, route } = lab();
    route(a);
    await (await reached(address)).line();
    const inside = await dial(address, range.pod(9));
    expect(await inside.line()).toBe(`${a} ${range.pod(9)}`);
    const outside = await dial(address, '127.0.0.1');
    expect(await outside.line()).toBe(`${a} 127.0.0.1`);
  });

  test('with the period of a real kube-proxy, the second change waits for it', async () => {
    const [a, b] = [await backend(1), await backend(2)];
    const periodMs = 400;
    const { address, route } = lab(periodMs);
    route(a);
    await reached(address);
    const beganMs = performance.now();
    route(b);
    route();
    route(b);
    expect(await (await dial(address)).line()).toContain(a);
    await until('the new backend', async () => (await (await dial(address)).line()).startsWith(b));
    const tookMs = performance.now() - beganMs;
    expect(tookMs).toBeGreaterThan(periodMs / 4);
    expect(tookMs).toBeLessThan(periodMs * 10);
  });
});

test('with that period, a Service that selects others is no change: where they are is taken in at once', async () => {
  const [a, b] = [await backend(1), await backend(2)];
  const periodMs = 3_000;
  const { address, route, change } = lab(periodMs);
  route(a);
  await reached(address);
  await new Promise((done) => setTimeout(done, periodMs));
  const beganMs = performance.now();
  change({ spec: { selector: { app: 'b' } }, metadata: { annotations: { x: '1' } } });
  await new Promise((done) => setTimeout(done, 50));
  route(b);
  await until('the new backend', async () => (await (await dial(address)).line()).startsWith(b));
  expect(performance.now() - beganMs).toBeLessThan(periodMs / 2);
});

test('an address that another program has is told once, and taken when it is free', async () => {
  const a = await backend(1);
  const sentences: string[] = [];
  const { address, route } = lab(0, 10, (sentence) => sentences.push(sentence));
  const squatter = createServer((socket) => socket.destroy()).listen(PORT, address);
  await once(squatter, 'listening');
  route(a);
  await until('is told', () => sentences.length > 0);
  expect(sentences[0]).toBe(
    `the Service address ${address}:${PORT} cannot be listened on (EADDRINUSE): another program has it; ` +
      'to fix: end that program, or use another instance',
  );
  squatter.close();
  await once(squatter, 'close');
  route(a, a);
  expect(await (await reached(address)).line()).toContain(a);
  expect(sentences).toHaveLength(1);
});

describe('the ends of a connection', () => {
  test('a side that has said all still hears the rest', async () => {
    const a = await backend(1, 'is silent');
    const { address, route } = lab();
    route(a);
    const { socket } = await reached(address);
    socket.end('last words\n');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    await once(socket, 'end');
    expect(Buffer.concat(chunks).toString()).toBe('last words\n');
  });

  test('a reset of one side resets the other', async () => {
    const a = await backend(1);
    const { address, route, proxy } = lab();
    route(a);
    const client = await reached(address);
    await client.line();
    client.socket.resetAndDestroy();
    await until('no connections', () => proxy.connections() === 0);
  });

  test('an endpoint that nobody listens on resets the client', async () => {
    const { address, route } = lab();
    route(range.pod(77));
    const code = await until('a reset', () => resetOf(address));
    expect(code).toBe('ECONNRESET');
  });

  test('a reader that does not read holds up the writer, not the memory of the proxy', async () => {
    const a = await backend(1, 'is silent');
    const { address, route } = lab();
    route(a);
    const { socket } = await reached(address);
    socket.pause();
    const chunk = Buffer.alloc(1024 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    let written = 0;
    // Echoed bytes come back to a client that does not read: everything between must fill up.
    while (written < 256 && socket.writableLength < 8 * chunk.length) {
      socket.write(chunk);
      written += 1;
      await new Promise((turn) => setImmediate(turn));
    }
    expect(written).toBeLessThan(256);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
  });

  test('connections above the limit are reset', async () => {
    const a = await backend(1);
    const { address, route } = lab(0, 2);
    route(a);
    const kept = [await reached(address), await dial(address)];
    for (const client of kept) await client.line();
    const third = connect({ host: address, port: PORT });
    const [problem] = (await once(third, 'error')) as [NodeJS.ErrnoException];
    expect(problem.code).toBe('ECONNRESET');
    kept[0]?.socket.write('still here\n');
    expect(await kept[0]?.line()).toBe('still here');
  });
});
