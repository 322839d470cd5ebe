/**
 * The form in which the operator's program travels: plain where it fits, else packed.
 * Never here: reading the program.
 */
import { gzipSync } from 'node:zlib';
import { type Bundle, fitsPlain } from '../../resources/operator/bundle';

export function packBundle(text: string): Bundle {
  if (fitsPlain(text)) return { kind: 'plain', text };
  return { kind: 'gzip', base64: gzipSync(text, { level: 9 }).toString('base64') };
}
