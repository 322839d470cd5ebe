/**
 * A TCP server that speaks just enough RESP to misbehave on purpose, with the same handlers as the fake
 * transport; what no real server does on demand can so be put before the real transport.
 * Never here: a model of valkey-server; the labs run real ones.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { Address } from '../../src/sentinel/core/facts';
import { createDecoder, type Reply } from '../../src/sentinel/io/resp';
import type { Handler } from './fake-transport';

export interface ScriptedServer {
  readonly address: Address;
  /** Ends every connection; it goes on listening. */
  dropConnections(): void;
  /** Ends all; the address refuses from then on. */
  stop(): Promise<void>;
}

/** @param greeting bytes written to each connection before anything was asked. */
export async function startScriptedServer(
  handler: Handler,
  greeting = '',
): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    connections += 1;
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    if (greeting !== '') socket.end(greeting);
    serve(socket, connections, handler);
  });
  const port = await listening(server);
  return {
    address: { host: '127.0.0.1', port },
    dropConnections() {
      for (const socket of sockets) socket.destroy();
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

/** Commands are arrays of bulk strings, so the reply decoder reads them. */
function serve(socket: Socket, connection: number, handler: Handler): void {
  const decoder = createDecoder();
  let state: 'up' | 'silent' = 'up';
  socket.on('data', (chunk) => {
    for (const request of decoder.push(chunk)) {
      if (state === 'silent') return;
      const reaction = handler(wordsOf(request), { connection, end: () => socket.destroy() });
      if (reaction === 'silence') state = 'silent';
      else if (reaction === 'close') socket.end();
      else socket.write(written(reaction));
    }
  });
}

function wordsOf(request: Reply): readonly string[] {
  if (request.kind !== 'array') return [];
  return request.items.map((item) => (item.kind === 'bulk' ? item.text : ''));
}

/** A reply as a server writes it. */
export function written(reply: Reply): string {
  switch (reply.kind) {
    case 'status':
      return `+${reply.text}\r\n`;
    case 'error':
      return `-${reply.message}\r\n`;
    case 'integer':
      return `:${reply.value}\r\n`;
    case 'bulk':
      return `$${Buffer.byteLength(reply.text)}\r\n${reply.text}\r\n`;
    case 'null':
      return '$-1\r\n';
    case 'array':
      return `*${reply.items.length}\r\n${reply.items.map(written).join('')}`;
  }
}
