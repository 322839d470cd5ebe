/**
 * The form in which the operator's program travels: plain where it fits, else packed.
 * Never here: where the program is.
 */
import { gzipSync } from 'node:zlib';
import { type Bundle, fitsPlain, packedFile } from '../../resources/operator/bundle';

/** Base64 of the program, compressed. The same program gives the same text with the same zlib. */
export function packed(text: string): string {
  return gzipSync(text, { level: 9 }).toString('base64');
}

export function packBundle(text: string): Bundle {
  return fitsPlain(text) ? { kind: 'plain', text } : { kind: 'gzip', base64: packed(text) };
}

/**
 * The program at `path`, packed as it was when it was built, if it was.
 * @throws what reading the program throws.
 */
export async function readBundle(
  path: string,
  readFile: (path: string) => Promise<string>,
): Promise<Bundle> {
  const text = await readFile(path);
  if (fitsPlain(text)) return { kind: 'plain', text };
  const base64 = await readFile(packedFile(path)).catch(() => packed(text));
  return { kind: 'gzip', base64 };
}
