/**
 * /healthz, /readyz and /metrics. A standby is ready too: it could lead at once.
 * Never here: what healthy means; the checks are handed in. Tests: test/runtime/ops/http.test.ts.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GungnirError } from '../../kit/reasons';
import { contentType, type Registry } from './metrics';

/** One thing that must hold. `failing` says in a sentence what does not. */
export interface Check {
  readonly name: string;
  readonly run: () => 'passing' | { readonly failing: string };
}

export interface OpsServerOptions {
  /** Host '' means every address of this machine; port 0 lets the system choose. */
  readonly address: { readonly host: string; readonly port: number };
  readonly health: readonly Check[];
  readonly ready: readonly Check[];
  readonly registry: Registry;
}

export interface OpsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** @throws GungnirError PortInUse, AddressUnusable. */
export async function startOpsServer(options: OpsServerOptions): Promise<OpsServer> {
  const { host, port } = options.address;
  const server = createServer((request, response) => answer(options, request, response));
  // A peer that sends half a request holds a socket for this long at most.
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'PortInUse' : 'AddressUnusable';
      reject(new GungnirError(reason, { port, host: host || '*', cause: error.code }, error));
    });
    server.listen(port, host === '' ? undefined : host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(
  options: OpsServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const path = (request.url ?? '/').split('?')[0];
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    send(response, 405, 'only GET and HEAD\n');
  } else if (path === '/healthz' || path === '/livez') {
    report(response, options.health);
  } else if (path === '/readyz') {
    report(response, options.ready);
  } else if (path === '/metrics') {
    send(response, 200, options.registry.text(), contentType);
  } else {
    send(response, 404, 'there are /healthz, /readyz and /metrics\n');
  }
}

/** `[+]name ok` for each check, as the API server's own. */
function report(response: ServerResponse, checks: readonly Check[]): void {
  const results = checks.map((check) => ({ name: check.name, result: check.run() }));
  const failing = results.filter(({ result }) => result !== 'passing').length;
  const lines = results.map(({ name, result }) =>
    result === 'passing' ? `[+]${name} ok` : `[-]${name} failed: ${result.failing}`,
  );
  send(
    response,
    failing === 0 ? 200 : 503,
    `${[...lines, failing === 0 ? 'ok' : 'failed'].join('\n')}\n`,
  );
}

function send(response: ServerResponse, code: number, body: string, type = 'text/plain'): void {
  response.writeHead(code, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}
