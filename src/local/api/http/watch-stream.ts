/**
 * A watch as a stream of JSON lines: bookmarks, its end, and a client that does not read.
 * Never here: which events (verbs/watch.ts).
 */
import type { ServerResponse } from 'node:http';
import type { ApiServer } from '../api';
import type { Kind } from '../kinds/kind';
import type { JsonObject, Status, User, WatchRequest } from '../port';
import type { RawEvent } from '../verbs/watch';
import type { Form } from './negotiate';
import { textOf, warningText } from './respond';
import { metadataOf, tableOf } from './table';

/** Bookmarks about once a minute, as the real server sends them. */
const bookmarkMs = 60_000;
/** A watch without a limit of its own ends after half an hour to an hour. */
const defaultSeconds = 2_700;
/** What may wait for a client that reads too slowly; then it has to begin again. */
const waitingBytesMax = 32 * 1024 * 1024;

export interface WatchStream {
  readonly api: ApiServer;
  readonly kind: Kind | undefined;
  readonly request: WatchRequest;
  readonly user: User;
  readonly form: Form;
  readonly includeObject: 'Metadata' | 'Object' | 'None';
  readonly nowMs: () => number;
}

/** @returns the refusal, if there is one; nothing has been written then. */
export function streamWatch(stream: WatchStream, response: ServerResponse): Status | undefined {
  const { api, request } = stream;
  let headers: 'yes' | 'no' = 'yes';
  const opened = api.open(request, (event) => {
    // Ended, but not closed yet: what comes now is for the next watch.
    if (response.writableEnded) return;
    response.write(`{"type":"${event.type}","object":${shownText(stream, event, headers)}}\n`);
    if (event.type !== 'BOOKMARK' && event.type !== 'ERROR') headers = 'no';
    if (response.writableLength > waitingBytesMax) response.destroy();
    if (event.type === 'ERROR') end();
  });
  if (!('stop' in opened)) return opened;
  response.writeHead(200, {
    'Cache-Control': 'no-cache, private',
    'Content-Type': 'application/json',
    'Transfer-Encoding': 'chunked',
    ...warned(stream.kind?.deprecation),
  });
  response.flushHeaders();
  const limitMs = (request.query?.timeoutSeconds ?? defaultSeconds) * 1_000;
  const limit = setTimeout(end, limitMs);
  const wantsBookmarks = request.query?.allowWatchBookmarks === true;
  const ticking = setInterval(() => wantsBookmarks && opened.bookmark(), bookmarkMs);
  // One shortly before the end, so that the next watch goes on from there.
  const last = setTimeout(() => wantsBookmarks && opened.bookmark(), Math.max(limitMs - 2_000, 0));
  const stop = (): void => {
    opened.stop();
    clearTimeout(limit);
    clearTimeout(last);
    clearInterval(ticking);
  };
  response.on('close', stop);
  function end(): void {
    response.end();
  }
  return undefined;
}

function warned(deprecation: string | undefined): { readonly Warning?: string } {
  return deprecation === undefined ? {} : { Warning: warningText(deprecation) };
}

function shownText(stream: WatchStream, event: RawEvent, headers: 'yes' | 'no'): string {
  const { form, kind } = stream;
  if (event.type === 'ERROR' || kind === undefined) return textOf(event.object);
  if (form.kind === 'table') {
    const { includeObject, nowMs } = stream;
    if (event.type === 'BOOKMARK') return JSON.stringify(bookmarkTable(event.object));
    return JSON.stringify(
      tableOf(kind, event.object, {
        includeObject,
        headers,
        nowMs: nowMs(),
        definitions: stream.api.server.typings.definitions,
      }),
    );
  }
  return form.kind === 'metadata' ? JSON.stringify(metadataOf(event.object)) : textOf(event.object);
}

function bookmarkTable(object: JsonObject): JsonObject {
  const metadata = object.metadata as JsonObject;
  const { resourceVersion = '' } = metadata;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion },
    columnDefinitions: null,
    rows: [{ cells: [], object: metadataOf(object) }],
  };
}
