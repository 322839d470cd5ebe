/**
 * Protobuf's wire format: a message as parts by field number.
 * Never here: what a field means.
 */

export type Part =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'bytes'; readonly bytes: Buffer };

/** Parts of each field, in their order. */
export type Message = ReadonlyMap<number, readonly Part[]>;

/** What is cut off or of no known kind ends the message where it stands. */
export function readMessage(bytes: Buffer): Message {
  const found = new Map<number, Part[]>();
  const reader = { bytes, at: 0 };
  while (reader.at < bytes.length) {
    const tag = Number(varint(reader));
    const part = partOf(reader, tag & 7);
    if (part === undefined) break;
    const number = tag >>> 3;
    const parts = found.get(number);
    if (parts === undefined) found.set(number, [part]);
    else parts.push(part);
  }
  return found;
}

interface Reader {
  readonly bytes: Buffer;
  at: number;
}

function varint(reader: Reader): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.bytes[reader.at] ?? 0;
    reader.at += 1;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return value;
}

function partOf(reader: Reader, wireType: number): Part | undefined {
  switch (wireType) {
    case 0:
      return { kind: 'number', value: varint(reader) };
    case 1:
      return taken(reader, 8);
    case 2:
      return taken(reader, Number(varint(reader)));
    case 5:
      return taken(reader, 4);
    default:
      return undefined;
  }
}

function taken(reader: Reader, length: number): Part | undefined {
  if (length < 0 || reader.at + length > reader.bytes.length) return undefined;
  const bytes = reader.bytes.subarray(reader.at, reader.at + length);
  reader.at += length;
  return { kind: 'bytes', bytes };
}

export function textOf(bytes: Buffer): string {
  return bytes.toString('utf8');
}

/** Little-endian, 8 bytes. */
export function doubleOf(bytes: Buffer): number {
  return bytes.length === 8 ? bytes.readDoubleLE(0) : 0;
}
