/**
 * pods/exec over WebSocket: the subprotocols v5.channel.k8s.io and v4.channel.k8s.io, one byte of channel before
 * each message.
 * Never here: how the command is run.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ContainerRef, ExecEnd, ExecOptions, NodeAgent } from '../node-agent';
import { isTrue } from './route';

const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const normalClosure = 1_000;

export interface ExecFront {
  /** Takes the connection over; the request has been authorized, and the container is known. */
  accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    inside: ContainerRef,
    options: ExecOptions,
  ): void;
  close(): void;
}

export function execOptionsOf(query: URLSearchParams): ExecOptions {
  return {
    command: query.getAll('command'),
    tty: isTrue(query.get('tty')) ? 'yes' : 'no',
    stdin: isTrue(query.get('stdin')) ? 'yes' : 'no',
  };
}

export function execFront(agent: NodeAgent): ExecFront {
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => protocols.find((one) => offered.has(one)) ?? false,
  });
  return {
    accept(request, socket, head, inside, options) {
      server.handleUpgrade(request, socket, head, (connection) => {
        run(agent, connection, inside, options).catch((problem: Error) => {
          finish(connection, { kind: 'failed', message: problem.message });
        });
      });
    },
    close() {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

async function run(
  agent: NodeAgent,
  connection: WebSocket,
  inside: ContainerRef,
  options: ExecOptions,
): Promise<void> {
  const gone = new AbortController();
  let onStdin: (chunk: Uint8Array | undefined) => void = () => {};
  let onResize: (size: { width: number; height: number }) => void = () => {};
  // What comes before the command listens is kept for it.
  const early: (Uint8Array | undefined)[] = [];
  let stdin = (chunk: Uint8Array | undefined): void => void early.push(chunk);
  connection.on('message', (data: Buffer) => {
    const channel = data[0];
    const rest = data.subarray(1);
    if (channel === channels.stdin) stdin(rest);
    else if (channel === channels.resize) resized(rest, (size) => onResize(size));
    else if (channel === channels.close && rest[0] === channels.stdin) stdin(undefined);
  });
  connection.on('close', () => gone.abort());
  connection.on('error', () => gone.abort());
  const ended = await agent.exec(inside, options, {
    stdout: (bytes) => tellTo(connection, channels.stdout, bytes),
    stderr: (bytes) => tellTo(connection, channels.stderr, bytes),
    onStdin(listener) {
      onStdin = listener;
      for (const chunk of early.splice(0)) onStdin(chunk);
      stdin = (chunk) => onStdin(chunk);
    },
    onResize(listener) {
      onResize = listener;
    },
    signal: gone.signal,
  });
  finish(connection, ended);
}

function tellTo(connection: WebSocket, channel: number, bytes: Uint8Array): void {
  if (connection.readyState !== connection.OPEN) return;
  connection.send(Buffer.concat([Buffer.of(channel), bytes]));
}

function finish(connection: WebSocket, end: Told): void {
  tellTo(connection, channels.error, Buffer.from(JSON.stringify(statusOf(end))));
  connection.close(normalClosure);
}

function resized(bytes: Buffer, tell: (size: { width: number; height: number }) => void): void {
  try {
    const { Width, Height } = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
    if (typeof Width === 'number' && typeof Height === 'number') {
      tell({ width: Width, height: Height });
    }
  } catch {
    // A size that cannot be read changes nothing.
  }
}

type Told = { readonly kind: 'refused'; readonly message: string } | ExecEnd;

function statusOf(end: Told): object {
  if (end.kind === 'exited' && end.code === 0) return { metadata: {}, status: 'Success' };
  if (end.kind === 'exited') {
    return {
      metadata: {},
      status: 'Failure',
      message: `command terminated with non-zero exit code: exit status ${end.code}`,
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: String(end.code) }] },
    };
  }
  const { message } = end;
  return { metadata: {}, status: 'Failure', message, reason: 'InternalError', code: 500 };
}
