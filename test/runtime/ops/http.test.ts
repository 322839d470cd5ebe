/** The health and metrics port, asked over real HTTP. */
import { afterEach, expect, test } from 'vitest';
import { GungnirError } from '../../../src/kit/reasons';
import { type Check, type OpsServer, startOpsServer } from '../../../src/runtime/ops/http';
import { createRegistry } from '../../../src/runtime/ops/metrics';

const open: OpsServer[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function start(ready: readonly Check[] = [], port = 0): Promise<OpsServer> {
  const registry = createRegistry();
  registry.gauge({ name: 'g', help: 'G.' }).set(1);
  const address = { host: '127.0.0.1', port };
  const server = await startOpsServer({ address, health: [], ready, registry });
  open.push(server);
  return server;
}

const ask = async (
  server: OpsServer,
  path: string,
  method = 'GET',
): Promise<{ code: number; body: string }> => {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
  return { code: response.status, body: await response.text() };
};

test.each([
  { path: '/healthz', method: 'GET', code: 200, why: 'alive' },
  { path: '/healthz?verbose', method: 'HEAD', code: 200, why: 'a query and HEAD change nothing' },
  { path: '/metrics', method: 'GET', code: 200, why: 'the scrape' },
  { path: '/', method: 'GET', code: 404, why: 'there is nothing else' },
  { path: '/healthz', method: 'POST', code: 405, why: 'nothing can be changed here' },
])('$method $path -> $code ($why)', async ({ path, method, code }) => {
  expect((await ask(await start(), path, method)).code).toBe(code);
});

test('ready when all checks pass; else 503 and the sentence of the one that fails', async () => {
  let cache: ReturnType<Check['run']> = { failing: 'pods are not listed yet' };
  const server = await start([
    { name: 'lease', run: () => 'passing' },
    { name: 'cache', run: () => cache },
  ]);
  expect(await ask(server, '/readyz')).toEqual({
    code: 503,
    body: '[+]lease ok\n[-]cache failed: pods are not listed yet\nfailed\n',
  });
  cache = 'passing';
  expect(await ask(server, '/readyz')).toEqual({
    code: 200,
    body: '[+]lease ok\n[+]cache ok\nok\n',
  });
  expect((await ask(server, '/healthz')).code).toBe(200);
});

test('the metrics are the registry, in its own content type', async () => {
  const server = await start();
  const response = await fetch(`http://127.0.0.1:${server.port}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await response.text()).toContain('g 1\n');
});

test('a used port is one sentence with the port and what to do', async () => {
  const { port } = await start();
  const error: unknown = await start([], port).catch((reason: unknown) => reason);
  if (!(error instanceof GungnirError)) throw new Error('no GungnirError');
  expect(error.message).toBe(
    `PortInUse: another process listens on this port (port=${port} host=127.0.0.1 cause=EADDRINUSE). To fix: choose a free one by --http-address HOST:PORT, or end the other process.`,
  );
});

test('an address that is not ours is told apart from a used port', async () => {
  const address = { host: '192.0.2.1', port: 0 };
  const started = startOpsServer({ address, health: [], ready: [], registry: createRegistry() });
  await expect(started).rejects.toThrow(/^AddressUnusable: .*192\.0\.2\.1/);
});

test('close ends at once although a client keeps its connection', async () => {
  const server = await start();
  await ask(server, '/healthz');
  await open.splice(0)[0]?.close();
  await expect(ask(server, '/healthz')).rejects.toThrow();
});
