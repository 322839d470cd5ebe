/**
 * An HTTP(S) server in this process that answers as the test says, down to resets, half lines and silence.
 * Never here: the behaviour of a real API server; that one is asked in real-contract.test.ts.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Counts connections from 1: two requests of one number came over one connection. */
  readonly connection: number;
}

export interface Reply {
  json(code: number, value: unknown, headers?: Record<string, string>): void;
  text(code: number, body: string, headers?: Record<string, string>): void;
  status(code: number, reason: string, message: string, headers?: Record<string, string>): void;
  /** Headers of 200 now; the body as it is written. */
  stream(): Stream;
  /** RST, before any header. */
  reset(): void;
  /** Neither an answer nor an end. */
  hang(): void;
}

export interface Stream {
  line(type: string, object: unknown): void;
  raw(bytes: string | Uint8Array): void;
  /** An orderly end. */
  end(): void;
  /** RST in the middle. */
  reset(): void;
}

export interface FaultServer {
  readonly url: string;
  readonly port: number;
  readonly asked: readonly Asked[];
  /** Connections so far. */
  connections(): number;
  /** Replaces the handler for the requests from now on. */
  answer(handler: Handler): void;
  /** Closes idle connections, as a server does at its idle timeout. */
  dropConnections(): void;
  close(): Promise<void>;
}

export type Handler = (asked: Asked, reply: Reply) => void;

export interface FaultServerOptions {
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
  /** Default: the system chooses. */
  readonly port?: number;
}

export async function startFaultServer(
  handler: Handler,
  options: FaultServerOptions = {},
): Promise<FaultServer> {
  let current = handler;
  let connections = 0;
  const asked: Asked[] = [];
  const sockets = new Map<Socket, number>();
  const { tls } = options;
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://test');
    const connection = sockets.get(request.socket) ?? 0;
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const one: Asked = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body,
        connection,
      };
      asked.push(one);
      current(one, replyOn(response));
    });
  };
  const server =
    tls === undefined
      ? createServer(onRequest)
      : createSecureServer(
          {
            cert: tls.cert,
            key: tls.key,
            ...(tls.ca === undefined ? {} : { ca: tls.ca, requestCert: true }),
          },
          onRequest,
        );
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    connections += 1;
    sockets.set(socket, connections);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    asked,
    connections: () => connections,
    answer(next) {
      current = next;
    },
    dropConnections() {
      for (const socket of sockets.keys()) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of sockets.keys()) socket.destroy();
      }),
  };
}

function replyOn(response: ServerResponse): Reply {
  const text: Reply['text'] = (code, body, headers = {}) => {
    response.writeHead(code, { 'content-length': Buffer.byteLength(body), ...headers });
    response.end(body);
  };
  const json: Reply['json'] = (code, value, headers = {}) =>
    text(code, JSON.stringify(value), { 'content-type': 'application/json', ...headers });
  return {
    text,
    json,
    status: (code, reason, message, headers) =>
      json(
        code,
        { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message },
        headers,
      ),
    stream() {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      return {
        line: (type, object) => response.write(`${JSON.stringify({ type, object })}\n`),
        raw: (bytes) => response.write(bytes),
        end: () => response.end(),
        // Let what was written leave first, or the reset would swallow it.
        reset: () => setTimeout(() => resetOf(response), 20),
      };
    },
    reset: () => resetOf(response),
    hang: () => {},
  };
}

function resetOf(response: ServerResponse): void {
  const { socket } = response;
  if (socket === null) return;
  if ('resetAndDestroy' in socket) socket.resetAndDestroy();
  else (socket as Socket).destroy();
}

/** A ConfigMap-like object as a server would give it. */
export function thing(
  name: string,
  resourceVersion: number | string,
  uid = `uid-${name}`,
  extra: object = {},
): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid, resourceVersion: String(resourceVersion) },
    ...extra,
  };
}

/** A list as a server gives it: its items carry no kind. */
export function listOf(
  resourceVersion: number | string,
  items: readonly object[],
  next?: string,
): object {
  return {
    kind: 'PodList',
    apiVersion: 'v1',
    metadata: {
      resourceVersion: String(resourceVersion),
      ...(next === undefined ? {} : { continue: next }),
    },
    items: items.map((item) => ({ ...item, kind: undefined, apiVersion: undefined })),
  };
}
