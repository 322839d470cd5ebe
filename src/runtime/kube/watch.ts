/**
 * One watch, from its opening to its end: events go out in order, the end is a fact. A stream that
 * outlives its own server-side limit is half-open and is cut here.
 * Never here: opening it again (reflector.ts).
 */
import type { IncomingMessage } from 'node:http';
import { type Millis, millis } from '../../kit/brands';
import { type Failure, refusalOf, refused } from './answer';
import { lineSplitter, parseWatchLine, type WatchEvent } from './lines';
import { collectionPath, queryText, type Scope } from './paths';
import type { KubeObject, Resource } from './types';
import { causeOf, failureOf, type Streamed } from './wire';

/** What a watch needs of the client's transport. */
export type OpenStream = (
  path: string,
  timeoutMs: Millis,
  signal: AbortSignal | undefined,
) => Promise<Streamed>;

export interface WatchCall extends Scope {
  readonly resourceVersion: string;
  /** The server ends the watch after this long. Whole seconds, 1 or more. */
  readonly serverSeconds: number;
  /** Beyond `serverSeconds`, in silence or not: the connection is half-open. */
  readonly graceMs: Millis;
  /** For the headers of the answer. */
  readonly openMs: Millis;
  readonly signal?: AbortSignal | undefined;
}

export interface WatchHandlers<T extends KubeObject> {
  /** Bytes came: the server was alive a moment ago. */
  readonly contact: () => void;
  readonly event: (
    event: WatchEvent<T> & { kind: 'added' | 'modified' | 'deleted' | 'bookmark' },
  ) => void;
}

/** `ended`: the server closed the stream in order, as it does at its limit. */
export type WatchEnd = { readonly kind: 'ended' } | Failure;

export async function readWatch<T extends KubeObject>(
  open: OpenStream,
  at: Resource<T>,
  call: WatchCall,
  handlers: WatchHandlers<T>,
): Promise<WatchEnd> {
  const query = queryText({
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion: call.resourceVersion,
    timeoutSeconds: call.serverSeconds,
    labelSelector: call.labelSelector,
    fieldSelector: call.fieldSelector,
  });
  const answer = await open(collectionPath(at, call.namespace) + query, call.openMs, call.signal);
  if (answer.kind === 'answered') {
    const { code, body, retryAfter } = answer.response;
    return refused(refusalOf(code, body, retryAfter));
  }
  if (answer.kind !== 'streaming') return failureOf(answer);
  handlers.contact();
  return follow(answer.response, call, handlers);
}

function follow<T extends KubeObject>(
  response: IncomingMessage,
  call: WatchCall,
  handlers: WatchHandlers<T>,
): Promise<WatchEnd> {
  const limitMs = millis(call.serverSeconds * 1_000 + call.graceMs);
  const splitter = lineSplitter();
  return new Promise((resolve) => {
    let over = false;
    const timer = setTimeout(
      () => end({ kind: 'timedOut', afterMs: limitMs, effect: 'none' }),
      limitMs,
    );
    const onAbort = (): void => end({ kind: 'aborted', effect: 'none' });
    function end(how: WatchEnd): void {
      if (over) return;
      over = true;
      clearTimeout(timer);
      call.signal?.removeEventListener('abort', onAbort);
      response.destroy();
      resolve(how);
    }
    response.on('data', (chunk: Buffer) => {
      if (over) return;
      handlers.contact();
      const lines = splitter.feed(chunk);
      if (lines === 'tooLong') return end(broken('a line longer than 16 MiB'));
      for (const line of lines) {
        const event = parseWatchLine<T>(line);
        if (event.kind === 'error') return end(refused(event.status));
        if (event.kind === 'broken') return end(broken(event.line));
        handlers.event(event);
        // The handler may have aborted us: nothing after that is told.
        if (over) return;
      }
    });
    response.on('end', () => end({ kind: 'ended' }));
    response.on('error', (error) => {
      end({ kind: 'unreachable', cause: causeOf(error), effect: 'none' });
    });
    response.on('close', () => {
      end({ kind: 'unreachable', cause: 'the connection was closed', effect: 'none' });
    });
    if (call.signal?.aborted === true) onAbort();
    else call.signal?.addEventListener('abort', onAbort);
  });
}

function broken(what: string): Failure {
  const message = `the watch sent what is no watch event: ${what}`;
  return { kind: 'failed', status: { code: 200, reason: '', message, retryAfterMs: undefined } };
}
