/**
 * Protobuf's wire format: a message as parts by field number.
 * Never here: what a field means.
 */

export type Part =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'bytes'; readonly bytes: Buffer };

/** Parts of each field, in their order. */
export type Message = ReadonlyMap<number, readonly Part[]>;

/** Why bytes are no message, in the words of Go's decoder. */
export class WireFault extends Error {
  override readonly name = 'WireFault';
}

/**
 * @param seen each tag, before what it holds is read.
 * @throws WireFault
 */
export function readMessage(
  bytes: Buffer,
  seen: (number: number, wireType: number) => void = () => {},
): Message {
  const found = new Map<number, Part[]>();
  const reader = { bytes, at: 0 };
  while (reader.at < bytes.length) {
    const tag = varint(reader);
    const [number, wireType] = [Number(tag >> 3n), Number(tag & 7n)];
    if (number === 0) throw new WireFault(`proto: illegal tag 0 (wire type ${wireType})`);
    seen(number, wireType);
    const part = partOf(reader, wireType);
    const parts = found.get(number);
    if (parts === undefined) found.set(number, [part]);
    else parts.push(part);
  }
  return found;
}

/** Numbers one after the other. @throws WireFault */
export function readNumbers(bytes: Buffer): readonly Part[] {
  const found: Part[] = [];
  const reader = { bytes, at: 0 };
  while (reader.at < bytes.length) found.push({ kind: 'number', value: varint(reader) });
  return found;
}

interface Reader {
  readonly bytes: Buffer;
  at: number;
}

function varint(reader: Reader): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 64n; shift += 7n) {
    const byte = reader.bytes[reader.at];
    if (byte === undefined) throw new WireFault('unexpected EOF');
    reader.at += 1;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw new WireFault('proto: integer overflow');
}

function partOf(reader: Reader, wireType: number): Part {
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
      throw new WireFault(`proto: illegal wireType ${wireType}`);
  }
}

function taken(reader: Reader, length: number): Part {
  if (reader.at + length > reader.bytes.length) throw new WireFault('unexpected EOF');
  const bytes = reader.bytes.subarray(reader.at, reader.at + length);
  reader.at += length;
  return { kind: 'bytes', bytes };
}

export function textOf(bytes: Buffer): string {
  return bytes.toString('utf8');
}
