/** What a request may carry at most. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readBody } from '../../../../src/local/api/http/body';

const LIMIT = 3 * 1024 * 1024;

function sent(bytes: number): IncomingMessage {
  const chunk = 64 * 1024;
  const sizes = [
    ...Array.from({ length: Math.floor(bytes / chunk) }, () => chunk),
    ...(bytes % chunk === 0 ? [] : [bytes % chunk]),
  ];
  return Readable.from(sizes.map((size) => Buffer.alloc(size, 'a'))) as IncomingMessage;
}

test('3 MiB are read whole', async () => {
  expect((await readBody(sent(LIMIT))).length).toBe(LIMIT);
  expect((await readBody(sent(0))).length).toBe(0);
});

test('one byte more is refused by 413', async () => {
  await expect(readBody(sent(LIMIT + 1))).rejects.toMatchObject({
    status: {
      code: 413,
      reason: 'RequestEntityTooLarge',
      message: `Request entity too large: limit is ${LIMIT}`,
    },
  });
});
