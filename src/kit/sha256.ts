/**
 * SHA-256 (FIPS 180-4) of text, so that pure code can name things by their content and write
 * password hashes. Never here: secrecy of timing; it hashes what the caller already holds.
 */
import { utf8Bytes } from './utf8';

/** The first 32 bits of the fractional parts of the roots of the first primes, as the standard says. */
function fractions(count: number, exponent: number): readonly number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate += 1) {
    if (isPrime(candidate)) found.push(((candidate ** exponent % 1) * 2 ** 32) | 0);
  }
  return found;
}

function isPrime(candidate: number): boolean {
  for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) {
    if (candidate % divisor === 0) return false;
  }
  return true;
}

const START = fractions(8, 1 / 2);
const ROUNDS = fractions(64, 1 / 3);

/** @returns 64 lower-case hex digits of the hash of the text's UTF-8. */
export function sha256(text: string): string {
  const words = padded(utf8Bytes(text));
  let state = START;
  for (let block = 0; block < words.length; block += 16)
    state = compressed(state, words.slice(block, block + 16));
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function padded(bytes: readonly number[]): readonly number[] {
  const blocks = Math.ceil((bytes.length + 9) / 64);
  const view = new DataView(new ArrayBuffer(blocks * 64));
  new Uint8Array(view.buffer).set(bytes);
  view.setUint8(bytes.length, 0x80);
  view.setUint32(blocks * 64 - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(blocks * 64 - 4, bytes.length * 8);
  return Array.from({ length: blocks * 16 }, (_, word) => view.getInt32(word * 4));
}

function compressed(state: readonly number[], block: readonly number[]): readonly number[] {
  const words = [...block];
  for (let round = 16; round < 64; round += 1) {
    const early = at(words, round - 15);
    const late = at(words, round - 2);
    const small = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
    const large = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
    words.push((at(words, round - 16) + small + at(words, round - 7) + large) | 0);
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let round = 0; round < 64; round += 1) {
    const high = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const first = (h + high + ((e & f) ^ (~e & g)) + at(ROUNDS, round) + at(words, round)) | 0;
    const low = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const second = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [a, b, c, d, e, f, g, h] = [(first + second) | 0, a, b, c, (d + first) | 0, e, f, g];
  }
  const mixed = [a, b, c, d, e, f, g, h];
  return state.map((word, place) => (word + at(mixed, place)) | 0);
}

function turned(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function at(words: readonly number[], place: number): number {
  return words[place] ?? 0;
}
