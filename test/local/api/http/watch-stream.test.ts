/** A watch that has ended says nothing more, whatever still happens before its socket is closed. */
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { streamWatch } from '../../../../src/local/api/http/watch-stream';
import type { RawEvent } from '../../../../src/local/api/verbs/watch';
import { admin, createLab } from '../lab';

const errors: unknown[] = [];
let server: Server | undefined;

afterEach(() => {
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
