/** The stream parser: no chunking changes what is read, and nothing unfinished is ever parsed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineSplitter, parseWatchLine } from '../../../src/runtime/kube/lines';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

describe('lines', () => {
  test(`any chunking of the bytes gives the same lines (seed ${seed})`, () => {
    const anyLine = fc
      .string({ unit: fc.constantFrom('a', '"', ' x', 'é', '漢', '😀', '\\n') })
      .map((text) => text.trim());
    fc.assert(
      fc.property(
        fc.array(anyLine),
        fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
        (lines, sizes) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          const splitter = lineSplitter();
          const read: string[] = [];
          for (let at = 0; at < bytes.length; ) {
            const size = sizes.next().value ?? 1;
            const fed = splitter.feed(bytes.subarray(at, at + size));
            if (fed === 'tooLong') throw new Error('no line is near the limit');
            read.push(...fed);
            at += size;
          }
          expect(read).toEqual(lines.filter((line) => line !== ''));
        },
      ),
      { seed },
    );
  });

  test('an unfinished line is not told, its end completes it', () => {
    const splitter = lineSplitter();
    expect(splitter.feed(Buffer.from('{"a":1}\n{"b"'))).toEqual(['{"a":1}']);
    expect(splitter.feed(Buffer.from(':2}\r\n'))).toEqual(['{"b":2}']);
  });

  test.each([
    { lengths: [8], told: 1, why: 'the limit itself is allowed' },
    { lengths: [9], told: 'tooLong', why: 'one byte more is not' },
    { lengths: [8, 8], told: 2, why: 'the limit is for a line, not for the stream' },
  ])('lines of $lengths bytes under a limit of 8 -> $told ($why)', ({ lengths, told }) => {
    const fed = lineSplitter(8).feed(
      Buffer.from(lengths.map((length) => `${'x'.repeat(length)}\n`).join('')),
    );
    expect(fed === 'tooLong' ? fed : fed.length).toBe(told);
  });

  test('an endless line is refused while it is still coming', () => {
    const splitter = lineSplitter(8);
    expect(splitter.feed(Buffer.from('xxxxx'))).toEqual([]);
    expect(splitter.feed(Buffer.from('xxxxx'))).toBe('tooLong');
  });
});

const metadata = { name: 'a', uid: 'u', resourceVersion: '7' };

test.each([
  { type: 'ADDED', object: { metadata }, kind: 'added', why: 'an object' },
  { type: 'MODIFIED', object: { metadata }, kind: 'modified', why: 'an object' },
  { type: 'DELETED', object: { metadata }, kind: 'deleted', why: 'an object' },
  {
    type: 'BOOKMARK',
    object: { metadata: { resourceVersion: '9' } },
    kind: 'bookmark',
    why: 'a version, no name',
  },
  { type: 'ERROR', object: { code: 410 }, kind: 'error', why: 'a Status' },
  { type: 'ADDED', object: { metadata: { name: 'a' } }, kind: 'broken', why: 'no version' },
  {
    type: 'ADDED',
    object: { metadata: { resourceVersion: '7' } },
    kind: 'broken',
    why: 'no name: it could not be kept',
  },
  { type: 'BOOKMARK', object: {}, kind: 'broken', why: 'a bookmark of nothing' },
  { type: 'PATCHED', object: { metadata }, kind: 'broken', why: 'no such type' },
  { type: 'ADDED', object: null, kind: 'broken', why: 'no object' },
])('$type with $why -> $kind', ({ type, object, kind }) => {
  expect(parseWatchLine(JSON.stringify({ type, object })).kind).toBe(kind);
});

test.each(['', 'x', '[]', 'null', '{"type":"ADDED","object":{"metadata":{"na'])(
  'the line %j is broken, not an exception',
  (line) => {
    expect(parseWatchLine(line).kind).toBe('broken');
  },
);

test('an ERROR carries the code that decides between resuming and listing again', () => {
  const object = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' };
  expect(parseWatchLine(JSON.stringify({ type: 'ERROR', object }))).toEqual({
    kind: 'error',
    status: { code: 410, reason: 'Expired', message: 'too old', retryAfterMs: undefined },
  });
});
