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
import { type Message, type Part, readMessage, readNumbers, textOf, WireFault } from './wire';

type Field = readonly [json: string, type: string, omitsZero: 0 | 1];
type Fields = Readonly<Record<string, Readonly<Record<string, Field>>>>;

let unpacked: Fields | undefined;

function messages(): Fields {
  unpacked ??= JSON.parse(
    brotliDecompressSync(Buffer.from(PROTOBUF_FIELDS.join(''), 'base64')).toString('utf8'),
  ) as Fields;
  return unpacked;
}

const prefix = Buffer.from('k8s\0');

/** A body before its type is known to be one that is taken. */
export interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly object: Buffer;
}

/** @throws WireFault */
export function openEnvelope(bytes: Buffer): Envelope {
  if (bytes.length === 0) throw new WireFault('empty data');
  if (!bytes.subarray(0, prefix.length).equals(prefix))
    throw new WireFault(
      `provided data does not appear to be a protobuf message, expected prefix [${prefix.join(' ')}]`,
    );
  if (bytes.length === prefix.length) throw new WireFault('empty body');
  const unknown = readMessage(bytes.subarray(prefix.length));
  const type = readMessage(lastBytes(unknown, 1));
  return {
    apiVersion: textOf(lastBytes(type, 1)),
    kind: textOf(lastBytes(type, 2)),
    object: lastBytes(unknown, 2),
  };
}

/** Whether its fields are known; those of definitions and our own kinds are not. */
export function isDecodable({ apiVersion, kind }: Omit<Envelope, 'object'>): boolean {
  return messages()[`${packageOf(apiVersion, kind)}.${kind}`] !== undefined;
}

/** @throws WireFault */
export function decodeObject({ apiVersion, kind, object }: Envelope): JsonObject {
  const type = `${packageOf(apiVersion, kind)}.${kind}`;
  return { kind, apiVersion, ...decodeMessage(type, object) };
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
  if (fields === undefined) throw new Error(`no fields are known of ${type}`);
  const found: Record<string, Json> = {};
  const short = type.slice(type.indexOf('.') + 1);
  for (const [number, parts] of partsOf(short, fields, bytes)) {
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

function partsOf(type: string, fields: Fields[string], bytes: Buffer): Message {
  try {
    return readMessage(bytes, (number, wireType) => {
      const field = fields[String(number)];
      if (field === undefined || isOfType(field[1], wireType)) return;
      throw new WireFault(`proto: wrong wireType = ${wireType} for field ${goNameOf(field[0])}`);
    });
  } catch (cause) {
    const words = (cause as Error).message;
    // Go says whose tag it is.
    throw new WireFault(words.replace('proto: illegal', `proto: ${type}: illegal`));
  }
}

/** Lists of numbers may be packed. */
function isOfType(type: string, wireType: number): boolean {
  const isNumber = /(^|:)(int|bool)$/.test(type) && !type.startsWith('map:');
  return wireType === (isNumber ? 0 : 2) || (wireType === 2 && /^list:(int|bool)$/.test(type));
}

function goNameOf(json: string): string {
  return json === 'metadata' ? 'ObjectMeta' : json.charAt(0).toUpperCase() + json.slice(1);
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
  const isPacked = (type === 'int' || type === 'bool') && part.kind === 'bytes';
  return isPacked ? readNumbers(part.bytes) : [part];
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
