/**
 * RESP2 for the few commands of the engine: encoding, and a decoder that takes bytes as they come.
 * It is total: any bytes give replies, a wish for more, or the word `broken`; never a throw, never an
 * endless wait for a length that is out of all reason.
 * Never here: sockets. Random chunks and garbage: test/sentinel/io/resp.test.ts.
 */

/** A command and its arguments, not empty. */
export type Command = readonly string[];

/** A reply of a server, as RESP2 has them. */
export type Reply =
  | { readonly kind: 'status'; readonly text: string }
  /** `code`: the first word when it is spelled in capitals, as servers do, else ERR. */
  | { readonly kind: 'error'; readonly code: string; readonly message: string }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'bulk'; readonly text: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'array'; readonly items: readonly Reply[] };

/** INFO of a big server is some 10 KB; what is longer than this is no answer to us. Bytes. */
const REPLY_MAX_BYTES = 4 * 1024 * 1024;
const DEPTH_MAX = 8;
const LINE_END = '\r\n';

/** One write for all commands, so that they run one after the other on the server. */
export function encode(commands: readonly Command[]): string {
  return commands.map(encodeOne).join('');
}

function encodeOne(command: Command): string {
  const args = command.map((arg) => `$${Buffer.byteLength(arg)}${LINE_END}${arg}${LINE_END}`);
  return `*${command.length}${LINE_END}${args.join('')}`;
}

/** Takes bytes, gives the replies that are complete. Once broken it stays so. */
export interface Decoder {
  push(chunk: Buffer): readonly Reply[];
  /** `midway`: bytes of a reply that is not complete. */
  state(): 'clean' | 'midway' | 'broken';
}

export function createDecoder(): Decoder {
  let rest: Buffer = Buffer.alloc(0);
  let broken = false;
  return {
    push(chunk) {
      if (broken) return [];
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const replies: Reply[] = [];
      let parsed = parse(rest, 0, 0);
      while (typeof parsed === 'object') {
        replies.push(parsed.reply);
        rest = rest.subarray(parsed.next);
        parsed = parse(rest, 0, 0);
      }
      broken = parsed === 'broken' || rest.length > REPLY_MAX_BYTES;
      return replies;
    },
    state() {
      if (broken) return 'broken';
      return rest.length === 0 ? 'clean' : 'midway';
    },
  };
}

type Parsed = { readonly reply: Reply; readonly next: number } | 'more' | 'broken';

function parse(bytes: Buffer, from: number, depth: number): Parsed {
  if (depth > DEPTH_MAX) return 'broken';
  if (from >= bytes.length) return 'more';
  if (!'+-:$*'.includes(String.fromCharCode(bytes[from] ?? 0))) return 'broken';
  const end = bytes.indexOf(LINE_END, from);
  if (end < 0) return 'more';
  const line = bytes.toString('utf8', from + 1, end);
  const next = end + LINE_END.length;
  switch (String.fromCharCode(bytes[from] ?? 0)) {
    case '+':
      return { reply: { kind: 'status', text: line }, next };
    case '-':
      return { reply: errorOf(line), next };
    case ':':
      return /^-?\d+$/.test(line)
        ? { reply: { kind: 'integer', value: Number(line) }, next }
        : 'broken';
    case '$':
      return parseBulk(bytes, next, line);
    default:
      return parseArray(bytes, next, line, depth);
  }
}

function errorOf(line: string): Reply {
  const word = /^([A-Z][A-Z0-9]*) /.exec(line)?.[1];
  return { kind: 'error', code: word ?? 'ERR', message: line };
}

/** undefined: not a length at all. */
function lengthOf(line: string, most: number): number | undefined {
  if (!/^(-1|\d{1,9})$/.test(line)) return undefined;
  const length = Number(line);
  return length <= most ? length : undefined;
}

function parseBulk(bytes: Buffer, from: number, line: string): Parsed {
  const length = lengthOf(line, REPLY_MAX_BYTES);
  if (length === undefined) return 'broken';
  if (length === -1) return { reply: { kind: 'null' }, next: from };
  const end = from + length;
  if (bytes.length < end + LINE_END.length) return 'more';
  if (bytes.toString('latin1', end, end + LINE_END.length) !== LINE_END) return 'broken';
  return {
    reply: { kind: 'bulk', text: bytes.toString('utf8', from, end) },
    next: end + LINE_END.length,
  };
}

function parseArray(bytes: Buffer, from: number, line: string, depth: number): Parsed {
  const length = lengthOf(line, REPLY_MAX_BYTES / 4);
  if (length === undefined) return 'broken';
  if (length === -1) return { reply: { kind: 'null' }, next: from };
  const items: Reply[] = [];
  let at = from;
  for (let index = 0; index < length; index += 1) {
    const parsed = parse(bytes, at, depth + 1);
    if (typeof parsed !== 'object') return parsed;
    items.push(parsed.reply);
    at = parsed.next;
  }
  return { reply: { kind: 'array', items }, next: at };
}
