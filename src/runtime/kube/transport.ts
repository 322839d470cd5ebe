/**
 * Sends requests under the credentials of the moment and over the connections that belong to them. Tried
 * again is only what cannot have been carried out: a refused token, a GET on a connection closed under it.
 * Never here: what an answer means.
 */
import type { Millis } from '../../kit/brands';
import type { KubeAccess, TlsMaterial } from './access';
import type { OpenStream } from './watch';
import {
  exchange,
  type Lane,
  openStream,
  openWire,
  type Streamed,
  type Wire,
  type WireAnswer,
} from './wire';

/** One request that was answered, or not: for metrics. */
export interface RequestFact {
  readonly method: string;
  readonly host: string;
  /** HTTP status, or `timedOut`, `unreachable`, `aborted`. */
  readonly code: string;
}

export interface TransportOptions {
  readonly access: KubeAccess;
  readonly onRequest?: (fact: RequestFact) => void;
}

/** What a request looks like once the credentials are known. */
export interface Raw {
  readonly method: string;
  readonly path: string;
  readonly contentType: string | undefined;
  readonly body: string | undefined;
  readonly lane: Lane;
  readonly timeoutMs: Millis;
  readonly signal: AbortSignal | undefined;
}

export interface Transport {
  send(raw: Raw): Promise<WireAnswer>;
  readonly stream: OpenStream;
  close(): void;
}

export function createTransport(options: TransportOptions): Transport {
  const { access, onRequest } = options;
  const host = new URL(access.server).host;
  let wire: Wire | undefined;
  let under: TlsMaterial | undefined;
  function wireUnder(tls: TlsMaterial): Wire {
    // The old wire is not closed: its requests in flight end by themselves, its idle sockets by the server.
    if (wire === undefined || under !== tls) wire = openWire(access.server, tls);
    under = tls;
    return wire;
  }
  async function once<A extends Streamed>(
    raw: Raw,
    age: 'cached' | 'fresh',
    run: typeof exchange | typeof openStream,
  ): Promise<A> {
    const { headers: identity, tls } = await access.credentials(age);
    const headers = {
      accept: 'application/json',
      'user-agent': 'gungnir',
      ...identity,
      ...(raw.contentType === undefined ? {} : { 'content-type': raw.contentType }),
      ...(raw.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(raw.body)) }),
    };
    const answer = (await run(wireUnder(tls), { ...raw, headers })) as A;
    onRequest?.({ method: raw.method, host, code: codeOf(answer) });
    return answer;
  }
  async function withRetry<A extends Streamed>(
    raw: Raw,
    run: typeof exchange | typeof openStream,
  ): Promise<A> {
    const first = await once<A>(raw, 'cached', run);
    if (first.kind === 'answered' && first.response.code === 401) return once(raw, 'fresh', run);
    const stale = first.kind === 'unreachable' && first.connection === 'reused';
    return stale && raw.method === 'GET' ? once(raw, 'cached', run) : first;
  }
  return {
    send: (raw) => withRetry<WireAnswer>(raw, exchange),
    stream: (path, timeoutMs, signal) =>
      withRetry<Streamed>(
        {
          method: 'GET',
          path,
          contentType: undefined,
          body: undefined,
          lane: 'watch',
          timeoutMs,
          signal,
        },
        openStream,
      ),
    close: () => wire?.close(),
  };
}

function codeOf(answer: Streamed): string {
  if (answer.kind === 'answered') return String(answer.response.code);
  return answer.kind === 'streaming' ? '200' : answer.kind;
}
