/**
 * The codec alone: what goes out, and what any bytes that come in make of it.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDecoder, encode, type Reply } from '../../../src/sentinel/io/resp';
import { written } from '../../kit/scripted-server';

const seed = Number(process.env.SEED ?? 7);

const line = fc
  .string({ unit: 'grapheme-ascii', maxLength: 30 })
  .map((text) => text.replace(/[\r\n]/g, ' '));
const leaf: fc.Arbitrary<Reply> = fc.oneof(
  line.map((text): Reply => ({ kind: 'status', text })),
  line.map((text): Reply => ({ kind: 'error', code: 'WRONGPASS', message: `WRONGPASS ${text}` })),
  fc.maxSafeInteger().map((value): Reply => ({ kind: 'integer', value: value + 0 })),
  fc.string({ unit: 'binary', maxLength: 60 }).map((text): Reply => ({ kind: 'bulk', text })),
  fc.constant<Reply>({ kind: 'null' }),
);
const anyReply: fc.Arbitrary<Reply> = fc.letrec<{ reply: Reply }>((tie) => ({
  reply: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('reply'), { maxLength: 4 }).map((items): Reply => ({ kind: 'array', items })),
  ),
})).reply;

function inChunks(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort(
    (left, right) => left - right,
  );
  return [...ends, bytes.length].map((end, index) =>
    bytes.subarray(index === 0 ? 0 : ends[index - 1], end),
  );
}

describe('encode', () => {
  test.each([
    { command: ['PING'], bytes: '*1\r\n$4\r\nPING\r\n', why: 'one word' },
    {
      command: ['SET', 'ä', ''],
      bytes: '*3\r\n$3\r\nSET\r\n$2\r\nä\r\n$0\r\n\r\n',
      why: 'lengths are bytes, empty is an argument',
    },
    {
      command: ['A', 'x\r\nDEL y'],
      bytes: '*2\r\n$1\r\nA\r\n$8\r\nx\r\nDEL y\r\n',
      why: 'a line end in an argument begins no command',
    },
  ])('$command ($why)', ({ command, bytes }) => {
    expect(encode([command])).toBe(bytes);
  });
});

describe('decode', () => {
  test('what a server writes is read, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(anyReply, { maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (replies, cuts) => {
          const decoder = createDecoder();
          const read = inChunks(Buffer.from(replies.map(written).join('')), cuts).flatMap((chunk) =>
            decoder.push(chunk),
          );
          expect(read).toEqual(replies);
          expect(decoder.state()).toBe('clean');
        },
      ),
      { seed },
    );
  });

  test('any bytes give replies, more or broken, and never a throw', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (chunks) => {
        const decoder = createDecoder();
        for (const chunk of chunks) decoder.push(Buffer.from(chunk));
        expect(['clean', 'midway', 'broken']).toContain(decoder.state());
      }),
      { seed },
    );
  });

  test('every prefix of a reply is a wish for more, not a reply', () => {
    const bytes = Buffer.from('*2\r\n$3\r\nabc\r\n:1\r\n');
    for (let end = 1; end < bytes.length; end += 1) {
      const decoder = createDecoder();
      expect({ replies: decoder.push(bytes.subarray(0, end)), state: decoder.state() }).toEqual({
        replies: [],
        state: 'midway',
      });
    }
  });

  test.each([
    { bytes: 'HTTP/1.1 400 Bad Request\r\n', why: 'another protocol' },
    { bytes: '$99999999999\r\n', why: 'a length out of all reason' },
    { bytes: '$-2\r\n', why: 'no such length' },
    { bytes: '*1x\r\n', why: 'not a length' },
    { bytes: ':1.5\r\n', why: 'not an integer' },
    { bytes: '$3\r\nabcd\r\n', why: 'longer than it said' },
    { bytes: '*1\r\n'.repeat(10), why: 'nested without end' },
  ])('$bytes is broken ($why)', ({ bytes }) => {
    const decoder = createDecoder();
    expect(decoder.push(Buffer.from(bytes))).toEqual([]);
    expect(decoder.state()).toBe('broken');
    expect(decoder.push(Buffer.from('+OK\r\n')), 'once broken it stays so').toEqual([]);
  });

  test.each([
    { line: '-NOAUTH Authentication required.', code: 'NOAUTH', why: 'a code' },
    { line: '-ERR max number of clients reached', code: 'ERR', why: 'the general one' },
    { line: '-Server is closing', code: 'ERR', why: 'a sentence without a code' },
    { line: '-LOADING', code: 'ERR', why: 'a code without a text is no code that we know' },
  ])('$line has the code $code ($why)', ({ line, code }) => {
    expect(createDecoder().push(Buffer.from(`${line}\r\n`))).toEqual([
      { kind: 'error', code, message: line.slice(1) },
    ]);
  });
});
