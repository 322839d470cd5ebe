/**
 * `--output text|json` of the commands that report rather than render.
 * Never here: what is reported.
 */
import type { Flag } from '../args';

export const textOrJson = {
  name: '--output',
  short: '-o',
  placeholder: 'FORMAT',
  fallback: 'text',
  help: 'text or json',
  parse: (value) =>
    value === 'text' || value === 'json'
      ? { kind: 'value', value }
      : { kind: 'limit', limit: 'text or json' },
} satisfies Flag<'text' | 'json'>;
