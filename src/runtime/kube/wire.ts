/**
 * One HTTP exchange over node:http(s), within its budget, as a fact. Each lane has sockets of its own,
 * so a slow reconcile request never stands before a failover's.
 * Never here: what a status code means, retries, credentials.
 */

import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { TLSSocket } from 'node:tls';
import type { Millis } from '../../kit/brands';
import type { TlsMaterial } from './access';
import type { Effect, Failure } from './answer';

/** Which sockets a request may use. `watch` ones are never shared. */
export type Lane = 'failover' | 'reconcile' | 'watch';

/**
 * Sockets for each lane. Reconcile is bounded, so that a large repair does not flood the server; the
 * failover lane is bounded only by the number of clusters.
 */
const socketsMax: Readonly<Record<Lane, number>> = {
  failover: Number.POSITIVE_INFINITY,
  reconcile: 16,
  watch: Number.POSITIVE_INFINITY,
};

/** Idle time after which the kernel probes a connection (then 10 probes, 1 s apart, on Linux). */
const tcpKeepAliveMs = 10_000;

export interface Wire {
  readonly server: URL;
  open(lane: Lane, options: WireOptions): ClientRequest;
  close(): void;
}

interface WireOptions {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Connections under one set of credentials. */
export function openWire(server: string, tls: TlsMaterial): Wire {
  const url = new URL(server);
  const secure = url.protocol === 'https:';
  const agents = {
    failover: agentFor('failover', secure, tls),
    reconcile: agentFor('reconcile', secure, tls),
    watch: agentFor('watch', secure, tls),
  };
  const prefix = url.pathname === '/' ? '' : url.pathname;
  const target = {
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
  };
  return {
    server: url,
    open(lane, options) {
      const all = { ...target, ...options, path: prefix + options.path, agent: agents[lane] };
      return secure ? httpsRequest(all) : httpRequest(all);
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

function agentFor(lane: Lane, secure: boolean, tls: TlsMaterial): HttpAgent {
  const options = {
    keepAlive: lane !== 'watch',
    keepAliveMsecs: tcpKeepAliveMs,
    maxSockets: socketsMax[lane],
    scheduling: 'lifo' as const,
  };
  if (!secure) return new HttpAgent(options);
  return new HttpsAgent({
    ...options,
    rejectUnauthorized: tls.verify === 'always',
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
  });
}

export interface WireRequest extends WireOptions {
  readonly lane: Lane;
  readonly body: string | undefined;
  /** From now to the last byte of the answer; for a stream to its headers. */
  readonly timeoutMs: Millis;
  readonly signal: AbortSignal | undefined;
}

export interface WireResponse {
  readonly code: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

export type WireFailure =
  | { readonly kind: 'timedOut'; readonly afterMs: Millis; readonly effect: Effect }
  | {
      readonly kind: 'unreachable';
      readonly cause: string;
      readonly effect: Effect;
      /** `reused`: a kept-alive connection had been closed under us before a byte came back. */
      readonly connection: 'new' | 'reused';
    }
  | { readonly kind: 'aborted'; readonly effect: Effect };

export type WireAnswer =
  | { readonly kind: 'answered'; readonly response: WireResponse }
  | WireFailure;

/** Sends one request and reads its whole answer. */
export async function exchange(wire: Wire, request: WireRequest): Promise<WireAnswer> {
  const started = begin(wire, request);
  const opened = await started.opened;
  if (opened.kind !== 'opened') return opened;
  const body = await started.body(opened.response);
  if (typeof body !== 'string') return body;
  return { kind: 'answered', response: responseOf(opened.response, body) };
}

export type Streamed =
  | WireAnswer
  | { readonly kind: 'streaming'; readonly response: IncomingMessage };

/** The connection's age is the client's business; callers get the fact without it. */
export function failureOf(answer: WireFailure): Failure {
  if (answer.kind !== 'unreachable') return answer;
  return { kind: 'unreachable', cause: answer.cause, effect: answer.effect };
}

/** Sends one request and hands over the answer's body as it comes; a refusal is read whole. */
export async function openStream(wire: Wire, request: WireRequest): Promise<Streamed> {
  const started = begin(wire, request);
  const opened = await started.opened;
  if (opened.kind !== 'opened') return opened;
  if (opened.response.statusCode === 200) {
    started.release();
    return { kind: 'streaming', response: opened.response };
  }
  const body = await started.body(opened.response);
  if (typeof body !== 'string') return body;
  return { kind: 'answered', response: responseOf(opened.response, body) };
}

function responseOf(response: IncomingMessage, body: string): WireResponse {
  return {
    code: response.statusCode ?? 0,
    retryAfter: response.headers['retry-after'],
    body,
  };
}

interface Started {
  readonly opened: Promise<
    WireFailure | { readonly kind: 'opened'; readonly response: IncomingMessage }
  >;
  /** Reads the body to its end; the budget and the signal still count. */
  body(response: IncomingMessage): Promise<string | WireFailure>;
  /** Lifts the budget: what follows is a stream. The signal's abort is then the caller's. */
  release(): void;
}

/** The effect is `none` only while nothing can have reached the server, or when nothing is changed. */
function begin(wire: Wire, request: WireRequest): Started {
  let effect: Effect = 'none';
  let fail: (failure: WireFailure) => void = () => {};
  const { method, path, headers, lane, body, timeoutMs, signal } = request;
  const sent = wire.open(lane, { method, path, headers });
  const timer = setTimeout(
    () => giveUp({ kind: 'timedOut', afterMs: timeoutMs, effect }),
    timeoutMs,
  );
  const onAbort = (): void => giveUp({ kind: 'aborted', effect });
  const release = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  };
  function giveUp(failure: WireFailure): void {
    release();
    fail(failure);
    sent.destroy();
  }
  function broken(error: Error): void {
    const connection = sent.reusedSocket ? 'reused' : 'new';
    giveUp({ kind: 'unreachable', cause: causeOf(error), effect, connection });
  }
  sent.on('socket', (socket) => {
    socket.setKeepAlive(true, tcpKeepAliveMs);
    const reached = (): void => {
      if (method !== 'GET') effect = 'unknown';
    };
    if (!socket.connecting) reached();
    else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', reached);
  });
  const opened = new Promise<
    WireFailure | { readonly kind: 'opened'; readonly response: IncomingMessage }
  >((resolve) => {
    fail = resolve;
    sent.on('error', broken);
    sent.on('response', (response) => resolve({ kind: 'opened', response }));
  });
  if (signal?.aborted === true) onAbort();
  else {
    signal?.addEventListener('abort', onAbort);
    sent.end(body);
  }
  return {
    opened,
    release,
    body: (response) =>
      new Promise((resolve) => {
        fail = resolve;
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', broken);
        response.on('end', () => {
          release();
          resolve(Buffer.concat(chunks).toString('utf8'));
        });
      }),
  };
}

/** `ECONNREFUSED 127.0.0.1:6443`, or the message where there is no code. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return causeOf(error.errors[0]);
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}
