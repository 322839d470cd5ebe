/**
 * A proxy between the operator and the API server that is gone, slow or wrong when it is told so by a
 * line of stdin: `none`, `gone`, `slow MS`, `broken`, `conflicts`. It knows the server's key, so the
 * operator cannot tell it from the server. Plain Node, nothing but built-ins, run as it stands; argument:
 * `{host, port, certFile, keyFile, targetPort}` as JSON. Says `ready` once it listens, and `is FAULT`
 * once a fault is in force.
 * Never here: which fault a test wants.
 */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request } from 'node:https';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { Transform } from 'node:stream';

interface Settings {
  readonly host: string;
  readonly port: number;
  readonly certFile: string;
  readonly keyFile: string;
  readonly targetPort: number;
}

type Fault =
  | { readonly kind: 'none' | 'gone' | 'broken' | 'conflicts' }
  | { readonly kind: 'slow'; readonly byMs: number };

/** A broken watch is let live this long, then it is reset. */
const WATCH_MS = 1_000;
const settings = JSON.parse(process.argv[2] ?? '{}') as Settings;
/** By the client's port: a TLS socket cannot be reset, the one below it can. */
const sockets = new Map<number, Socket>();
const counts = { watches: 0, lists: 0 };
/** By the path, so that none is always the one that is let through. */
const writes = new Map<string, number>();
let fault: Fault = { kind: 'none' };

const server = createServer(
  { cert: readFileSync(settings.certFile), key: readFileSync(settings.keyFile) },
  (asked, answer) => onRequest(asked, answer),
);
server.requestTimeout = 0;
server.keepAliveTimeout = 120_000;
server.on('connection', (socket: Socket) => {
  const { remotePort = 0 } = socket;
  sockets.set(remotePort, socket);
  socket.on('close', () => sockets.delete(remotePort));
  socket.on('error', () => {});
});

function onRequest(asked: IncomingMessage, answer: ServerResponse): void {
  answer.on('error', () => {});
  const refusal = refusalOf(asked);
  if (refusal !== undefined) {
    asked.resume();
    refuse(answer, refusal.code, refusal.reason);
    return;
  }
  pass(asked, answer);
}

function isWatch({ url = '' }: IncomingMessage): boolean {
  return /[?&]watch=(1|true)/.test(url);
}

/** Counted here alone, so each request counts once. */
function refusalOf(
  asked: IncomingMessage,
): { readonly code: number; readonly reason: string } | undefined {
  const { method = 'GET', url = '' } = asked;
  if (fault.kind === 'conflicts' && method !== 'GET') {
    const count = (writes.get(url) ?? 0) + 1;
    writes.set(url, count);
    return count % 2 === 1 ? { code: 409, reason: 'Conflict' } : undefined;
  }
  if (fault.kind !== 'broken' || method !== 'GET') return undefined;
  if (isWatch(asked)) {
    counts.watches += 1;
    return counts.watches % 2 === 0 ? { code: 500, reason: 'InternalError' } : undefined;
  }
  counts.lists += 1;
  return counts.lists % 3 === 0 ? { code: 500, reason: 'InternalError' } : undefined;
}

function refuse(answer: ServerResponse, code: number, reason: string): void {
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `a fault of the test: ${reason}`,
    reason,
    code,
  };
  answer.writeHead(code, { 'content-type': 'application/json' });
  answer.end(JSON.stringify(status));
}

function pass(asked: IncomingMessage, answer: ServerResponse): void {
  const { host, targetPort } = settings;
  const { method, url, headers } = asked;
  const onward = request(
    { host, port: targetPort, method, path: url, headers, rejectUnauthorized: false },
    (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.headers);
      answer.flushHeaders();
      answered.on('error', () => answer.destroy());
      const late = isWatch(asked) ? lateness() : undefined;
      if (late === undefined) answered.pipe(answer);
      else answered.pipe(late).pipe(answer);
      if (fault.kind === 'broken' && isWatch(asked)) {
        const { remotePort = 0 } = asked.socket;
        setTimeout(() => sockets.get(remotePort)?.resetAndDestroy(), WATCH_MS);
      }
    },
  );
  onward.on('error', () => answer.destroy());
  answer.on('close', () => onward.destroy());
  if (fault.kind === 'slow') setTimeout(() => asked.pipe(onward), fault.byMs);
  else asked.pipe(onward);
}

/**
 * Of a watch: each event comes so much later, in order, and at once again when that is over. Answers were late
 * with their request already.
 */
function lateness(): Transform | undefined {
  if (fault.kind !== 'slow') return undefined;
  let before = Promise.resolve();
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const byMs = fault.kind === 'slow' ? fault.byMs : 0;
      const comes = new Promise<void>((resolve) => setTimeout(resolve, byMs));
      before = before.then(() => comes).then(() => void this.push(chunk));
      done();
    },
    flush(done) {
      void before.then(() => done());
    },
  });
}

function listen(): Promise<void> {
  return new Promise((done) => server.listen({ host: settings.host, port: settings.port }, done));
}

async function become(next: Fault): Promise<void> {
  const was = fault.kind;
  fault = next;
  if (next.kind === 'gone' && was !== 'gone') {
    server.close();
  }
  if (was === 'gone' && next.kind !== 'gone') await listen();
  // A watch from before would not feel the fault.
  if (next.kind !== 'none') for (const socket of sockets.values()) socket.resetAndDestroy();
  process.stdout.write(`is ${next.kind}\n`);
}

function faultOf(line: string): Fault {
  const [kind = 'none', ms] = line.trim().split(' ');
  if (kind === 'slow') return { kind, byMs: Number(ms) };
  if (kind === 'gone' || kind === 'broken' || kind === 'conflicts') return { kind };
  return { kind: 'none' };
}

let orders = Promise.resolve();
createInterface({ input: process.stdin })
  .on('line', (line) => {
    orders = orders.then(() => become(faultOf(line)));
  })
  .on('close', () => process.exit(0));
void listen().then(() => process.stdout.write('ready\n'));
