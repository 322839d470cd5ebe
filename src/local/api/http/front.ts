/**
 * The HTTPS front: a listening socket with client certificates, requests and WebSocket upgrades.
 * Never here: verbs; where certificates come from.
 */
import type { IncomingMessage } from 'node:http';
import { createServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ApiServer } from '../api';
import { textAt } from '../json';
import type { NodeAgent } from '../node-agent';
import type { JsonObject, Status } from '../port';
import { badRequest, failure, internalError, Refused, unauthorized } from '../status';
import type { KeyPair } from './certificates';
import { type ExecFront, execFront, execOptionsOf } from './exec';
import { handle, podOf } from './handler';
import { identify, impersonated } from './identify';
import { openApi } from './openapi';
import { containerOf } from './pod-target';
import { routeOf } from './route';

export interface FrontOptions {
  readonly api: ApiServer;
  readonly agent: NodeAgent;
  /** The certificate of the authority that signs clients, PEM. */
  readonly ca: string;
  readonly tls: KeyPair;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Wall time in ms. */
  readonly nowMs: () => number;
}

export interface Front {
  /** `https://127.64.0.1:6443`. */
  readonly url: string;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** @throws what listening throws: EADDRINUSE, EADDRNOTAVAIL, EACCES. */
export async function listen(options: FrontOptions): Promise<Front> {
  const { api, agent, ca, tls, host, nowMs } = options;
  const exec = execFront(agent);
  const documents = openApi(api.registry, api.server.typings);
  const settings = {
    ca,
    cert: tls.cert,
    key: tls.key,
    requestCert: true,
    rejectUnauthorized: false,
  };
  const server = createServer({ ...settings, keepAlive: true });
  // Long watches are the rule here, and clients keep their connections.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 120_000;
  await bound(server, host, options.port);
  const { port } = server.address() as AddressInfo;
  const address = `${host}:${port}`;
  const handling = { api, agent, documents, address, nowMs };
  server.on('request', (request, response) => void handle(handling, request, response));
  server.on('upgrade', (request, socket, head) => upgrade(options, exec, request, socket, head));
  return {
    url: `https://${address}`,
    close: () =>
      new Promise((resolve) => {
        exec.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function bound(server: HttpsServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 511 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function upgrade(
  options: FrontOptions,
  exec: ExecFront,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  socket.on('error', () => socket.destroy());
  try {
    const { api } = options;
    const identity = identify(api.server, request);
    if (identity === undefined) throw new Refused(unauthorized());
    const user = impersonated(api, request, identity);
    const url = new URL(request.url ?? '/', 'https://api');
    const route = routeOf(request.method ?? 'GET', url);
    if (route.kind === 'path') throw new Refused(badRequest('this path cannot be upgraded'));
    const pod = podOf(api, user, route);
    if (route.subresource === 'portforward') throw new Refused(notForwarded(pod));
    if (route.subresource !== 'exec') {
      throw new Refused(badRequest(`${route.subresource ?? ''} is not served here: use exec`));
    }
    const inside = containerOf(pod, url.searchParams.get('container') ?? '');
    if (inside.node === '') {
      throw new Refused(badRequest(`pod ${inside.pod} does not have a host assigned`));
    }
    // kubectl falls back to SPDY when it was refused, and shows this answer: that reason comes first.
    if ((request.headers.upgrade ?? '').toLowerCase() !== 'websocket') {
      throw new Refused(
        badRequest('exec is served over WebSocket only: use kubectl 1.31 or later'),
      );
    }
    exec.accept(request, socket, head, inside, execOptionsOf(url.searchParams));
  } catch (error) {
    const status =
      error instanceof Refused
        ? error.status
        : internalError(error instanceof Error ? error.message : String(error));
    refuse(socket, status);
  }
}

/** Pods listen on loopback addresses of this machine: there is nothing to carry. */
function notForwarded(pod: JsonObject): Status {
  const address = textAt(pod, 'status', 'podIP');
  const where = address === '' ? 'once it has an address, ' : '';
  return failure(
    400,
    'BadRequest',
    `port-forward is not needed here: ${where}connect to the pod's own address ${address}`.trim(),
  );
}

function refuse(socket: Duplex, status: Status): void {
  const body = JSON.stringify(status);
  socket.end(
    `HTTP/1.1 ${status.code} ${status.reason ?? 'Error'}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
