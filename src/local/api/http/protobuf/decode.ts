/**
 * Bodies that clients written in Go send for built-in kinds: application/vnd.kubernetes.protobuf, as JSON.
 * Answers are JSON always, which those clients accept too.
 * Never here: the fields of types (fields.generated.ts).
 */
import { brotliDecompressSync } from 'node:zlib';
import { isObject } from '../../json';
import { microTimeText, timeText } from '../../metadata';
import type { Json, JsonObject } from '../../port';
import { PROTOBUF_FIELDS } from './fields.generated';
import { doubleOf, type Message, type Part, readMessage, textOf } from './wire';

type Field = readonly [json: string, type: string, omitsZero: 0 | 1];
type Fields = Readonly<Record<string, Readonly<Record<string, Field>>>>;

let unpacked: Fields | undefined;

function messages(): Fields {
  unpacked ??= JSON.parse(
    brotliDecompressSync(Buffer.from(PROTOBUF_FIELDS.join(''), 'base64')).toString('utf8'),
  ) as Fields;
  return unpacked;
}

const magic = Buffer.from('k8s\0');

/** Why a body is none. */
export class WireFault extends Error {
  override readonly name = 'WireFault';
}

/** @throws WireFault */
export function decodeProtobuf(bytes: Buffer): JsonObject {
  if (!bytes.subarray(0, 4).equals(magic)) {
    throw new WireFault('provided data does not appear to be a protobuf message, expected prefix');
  }
  const unknown = readMessage(bytes.subarray(4));
  const typeMeta = readMessage(lastBytes(unknown, 1));
  const apiVersion = textOf(lastBytes(typeMeta, 1));
  const kind = textOf(lastBytes(typeMeta, 2));
  const type = `${packageOf(apiVersion, kind)}.${kind}`;
  if (messages()[type] === undefined) {
    throw new WireFault(`${kind} of ${apiVersion} is not taken as protobuf here: send it as JSON`);
  }
  return { kind, apiVersion, ...decodeMessage(type, lastBytes(unknown, 2)) };
}

function packageOf(apiVersion: string, kind: string): string {
  if (kind === 'DeleteOptions') return 'meta/v1';
  const [group = '', version] = apiVersion.split('/');
  if (version === undefined) return `core/${group}`;
  return `${group.split('.')[0] ?? ''}/${version}`;
}

function lastBytes(message: Message, number: number): Buffer {
  const part = message.get(number)?.at(-1);
  return part?.kind === 'bytes' ? part.bytes : Buffer.alloc(0);
}

function decodeMessage(type: string, bytes: Buffer): JsonObject {
  const fields = messages()[type];
  if (fields === undefined) throw new WireFault(`unknown message ${type}`);
  const found: Record<string, Json> = {};
  for (const [number, parts] of readMessage(bytes)) {
    const field = fields[String(number)];
    if (field === undefined) continue;
    const [json, of, omitsZero] = field;
    const value = decodeField(of, parts);
    // An embedded struct has no name of its own in JSON.
    if (json === '') Object.assign(found, isObject(value) ? value : {});
    else if (omitsZero === 0 || !isZero(value)) found[json] = value;
  }
  return found;
}

function isZero(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === '' || value === 0 || value === false || value === null;
}

function decodeField(type: string, parts: readonly Part[]): Json {
  if (type.startsWith('list:')) {
    const of = type.slice('list:'.length);
    return parts.flatMap((part) => unpackedScalars(of, part)).map((part) => decodeOne(of, part));
  }
  if (type.startsWith('map:')) {
    const of = type.slice('map:'.length);
    return Object.fromEntries(parts.map((part) => entryOf(of, part)));
  }
  const last = parts.at(-1);
  return last === undefined ? null : decodeOne(type, last);
}

/** Numbers may stand packed in one part. */
function unpackedScalars(type: string, part: Part): readonly Part[] {
  if ((type !== 'int' && type !== 'bool') || part.kind !== 'bytes') return [part];
  const packed: Part[] = [];
  for (let i = 0; i < part.bytes.length; ) {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = part.bytes[i] ?? 0;
      i += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    packed.push({ kind: 'number', value });
  }
  return packed;
}

function entryOf(type: string, part: Part): [string, Json] {
  const entry = readMessage(part.kind === 'bytes' ? part.bytes : Buffer.alloc(0));
  const value = entry.get(2);
  const key = textOf(lastBytes(entry, 1));
  return [key, value === undefined ? emptyOf(type) : decodeField(type, value)];
}

function emptyOf(type: string): Json {
  if (type === 'string' || type === 'bytes') return '';
  return type.startsWith('wrapped:') ? [] : 0;
}

function decodeOne(type: string, part: Part): Json {
  if (part.kind === 'number') return numberOf(type, part.value);
  const { bytes } = part;
  switch (type) {
    case 'string':
      return textOf(bytes);
    case 'bytes':
      return bytes.toString('base64');
    case 'double':
      return doubleOf(bytes);
    case 'quantity':
      return textOf(lastBytes(readMessage(bytes), 1));
    case 'json':
      return parsedJson(lastBytes(readMessage(bytes), 1));
    case 'time':
    case 'microTime':
      return timeOf(type, readMessage(bytes));
    case 'duration':
      return `${Number(numberIn(readMessage(bytes), 1)) / 1e9}s`;
    case 'intOrString':
      return intOrString(readMessage(bytes));
    default:
      if (type.startsWith('wrapped:')) {
        const items = readMessage(bytes).get(1) ?? [];
        return items.map((item) => decodeOne(type.slice('wrapped:'.length), item));
      }
      return decodeMessage(type, bytes);
  }
}

function numberOf(type: string, value: bigint): Json {
  if (type === 'bool') return value !== 0n;
  return Number(BigInt.asIntN(64, value));
}

function numberIn(message: Message, number: number): bigint {
  const part = message.get(number)?.at(-1);
  return part?.kind === 'number' ? BigInt.asIntN(64, part.value) : 0n;
}

function timeOf(type: 'time' | 'microTime', message: Message): Json {
  // Go's zero time is an empty message, or the year 1.
  if (message.size === 0) return null;
  const seconds = Number(numberIn(message, 1));
  if (seconds <= -62_135_596_800) return null;
  const ms = seconds * 1_000 + Number(numberIn(message, 2)) / 1e6;
  return type === 'time' ? timeText(ms) : microTimeText(ms);
}

function intOrString(message: Message): Json {
  return numberIn(message, 1) === 1n ? textOf(lastBytes(message, 3)) : Number(numberIn(message, 2));
}

function parsedJson(bytes: Buffer): Json {
  return bytes.length === 0 ? null : (JSON.parse(textOf(bytes)) as Json);
}
