/**
 * A watch as a stream: it ends once, tells bookmarks to those who allow them, and does not keep what nobody reads.
 */
import { createServer, get, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { streamWatch } from '../../../../src/local/api/http/watch-stream';
import type { WatchRequest } from '../../../../src/local/api/port';
import type { RawEvent } from '../../../../src/local/api/verbs/watch';
import { admin, createLab } from '../lab';

const errors: unknown[] = [];
let server: Server | undefined;

afterEach(() => {
  vi.useRealTimers();
  server?.close();
  errors.length = 0;
});

/** @returns the types that a client reads when these events are told in one turn. */
async function seen(events: readonly RawEvent['type'][]): Promise<readonly string[]> {
  const { api } = createLab();
  server = createServer((_request, response) => {
    response.on('error', (error) => errors.push(error));
    let tell: (event: RawEvent) => void = () => {};
    const open: typeof api.open = (_asked, onEvent) => {
      tell = onEvent;
      return { bookmark: () => {}, stop: () => {} };
    };
    streamWatch(
      {
        api: { ...api, open },
        kind: undefined,
        request: {
          resource: { group: '', version: 'v1', resource: 'pods' },
          namespace: 'ns',
          user: admin,
        },
        user: admin,
        form: { kind: 'json' },
        includeObject: 'Metadata',
        nowMs: () => 0,
      },
      response,
    );
    for (const type of events) tell({ type, object: { metadata: {} } });
    setTimeout(() => response.end(), 50);
  });
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const text = await new Promise<string>((done) => {
    get({ host: '127.0.0.1', port }, (answer) => {
      let read = '';
      answer.on('data', (chunk) => {
        read += chunk;
      });
      answer.on('end', () => done(read));
    });
  });
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { readonly type: string }).type);
}

test('events follow each other', async () => {
  expect(await seen(['ADDED', 'MODIFIED', 'DELETED'])).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
});

test('an error is the last one, and what comes behind it ends no process', async () => {
  expect(await seen(['ADDED', 'ERROR', 'ADDED'])).toEqual(['ADDED', 'ERROR']);
  expect(errors).toEqual([]);
});

interface Watched {
  readonly tell: (event: RawEvent) => void;
  readonly said: string[];
  /** How often the server was asked for a bookmark. */
  readonly bookmarks: () => number;
  readonly state: () => 'open' | 'ended' | 'destroyed';
}

/** @param unreadBytes what waits for the client by now. */
function watched(
  query: WatchRequest['query'] & object,
  unreadBytes: () => number = () => 0,
): Watched {
  const { api } = createLab();
  const said: string[] = [];
  let state: ReturnType<Watched['state']> = 'open';
  let bookmarks = 0;
  let tell: Watched['tell'] = () => {};
  const open: typeof api.open = (_asked, onEvent) => {
    tell = onEvent;
    const bookmark = (): void => {
      bookmarks += 1;
    };
    return { bookmark, stop: () => {} };
  };
  const response = {
    get writableEnded() {
      return state !== 'open';
    },
    get writableLength() {
      return unreadBytes();
    },
    writeHead: () => {},
    flushHeaders: () => {},
    write: (text: string) => void said.push(text),
    end() {
      state = 'ended';
    },
    destroy() {
      state = 'destroyed';
    },
    on: () => {},
  };
  const resource = { group: '', version: 'v1', resource: 'pods' };
  streamWatch(
    {
      api: { ...api, open },
      kind: undefined,
      request: { resource, namespace: 'ns', user: admin, query },
      user: admin,
      form: { kind: 'json' },
      includeObject: 'Metadata',
      nowMs: () => 0,
    },
    response as unknown as ServerResponse,
  );
  return { tell: (event) => tell(event), said, bookmarks: () => bookmarks, state: () => state };
}

test('a bookmark a minute, and one before the end, for those who allow them', () => {
  vi.useFakeTimers();
  const allowed = watched({ allowWatchBookmarks: true, timeoutSeconds: 150 });
  const not = watched({ timeoutSeconds: 150 });
  vi.advanceTimersByTime(59_000);
  expect(allowed.bookmarks()).toBe(0);
  vi.advanceTimersByTime(2_000);
  expect(allowed.bookmarks()).toBe(1);
  vi.advanceTimersByTime(60_000);
  expect([allowed.bookmarks(), allowed.state()]).toEqual([2, 'open']);
  vi.advanceTimersByTime(28_000);
  expect([allowed.bookmarks(), allowed.state()]).toEqual([3, 'open']);
  vi.advanceTimersByTime(2_000);
  expect(allowed.state()).toBe('ended');
  expect([not.bookmarks(), not.state()]).toEqual([0, 'ended']);
});

test.each([
  { unread: 1_000, state: 'open', why: 'a little waits for it' },
  { unread: 2 ** 26, state: 'destroyed', why: 'it has to begin again' },
])('a client that does not read, $unread bytes behind, is $state: $why', ({ unread, state }) => {
  const one = watched({ timeoutSeconds: 60 }, () => unread);
  one.tell({ type: 'ADDED', object: { metadata: {} } });
  expect(one.said).toHaveLength(1);
  expect(one.state()).toBe(state);
});
