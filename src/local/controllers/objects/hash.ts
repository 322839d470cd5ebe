/**
 * Names by content as Kubernetes makes them: JSON as Go writes it, FNV, and an alphabet without vowels.
 * Never here: secrecy.
 */
import { utf8Bytes } from '../../../kit/utf8';

/** No vowels: no hash spells a word. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** JSON with sorted keys and Go's escapes. A field that is undefined is not there. */
export function goJson(value: unknown): string {
  return JSON.stringify(sortedKeys(value)).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortedKeys(inner)]));
}

/** FNV-1, 32 bits. */
export function fnv1(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of utf8Bytes(text)) hash = (Math.imul(hash, 0x01000193) >>> 0) ^ byte;
  return hash >>> 0;
}

/** FNV-1a, 32 bits. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of utf8Bytes(text)) hash = Math.imul((hash ^ byte) >>> 0, 0x01000193) >>> 0;
  return hash >>> 0;
}

/** As `rand.SafeEncodeString` of the number's digits. */
export function safeWord(hash: number): string {
  return [...String(hash)].map((digit) => ALPHABET[digit.charCodeAt(0) % 27] ?? '').join('');
}
