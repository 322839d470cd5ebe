/**
 * How commands write: YAML documents or JSON on the standard output, errors on the other one.
 * Never here: what is written.
 */
import { stringify } from 'yaml';
import type { Flag } from '../args';
import type { CliIo } from './command';
import { wrapReason } from './wrap';

/** More is not read by anybody. */
const SHOWN_MOST = 30;

export type OutputFormat = 'yaml' | 'json';

/** `--output`, for every command that prints objects. */
export const outputFlag = {
  name: '--output',
  short: '-o',
  placeholder: 'FORMAT',
  fallback: 'yaml',
  help: 'yaml or json',
  parse: (value) =>
    value === 'yaml' || value === 'json'
      ? { kind: 'value', value }
      : { kind: 'limit', limit: 'yaml or json' },
} satisfies Flag<OutputFormat>;

/** Several objects: YAML documents, or one JSON List, as kubectl takes them. */
export function formatObjects(objects: readonly object[], format: OutputFormat): string {
  if (format === 'json') {
    return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }, null, 2)}\n`;
  }
  return objects.map(yamlOf).join('---\n');
}

export function yamlOf(object: object): string {
  return stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** `error: text`, in red on a terminal that has not asked for NO_COLOR. */
export function writeError(io: CliIo, text: string): void {
  const plain = !io.errIsTerminal || (io.env.NO_COLOR ?? '') !== '';
  const told = wrapReason(`error: ${text}\n`, io.errColumns);
  io.writeErr(plain ? told : told.replace('error:', '\u001b[31merror:\u001b[0m'));
}

/**
 * All problems of definitions, each with its place.
 * @param consequence what is not done for them
 */
export function writeProblems(io: CliIo, problems: readonly string[], consequence: string): void {
  const total = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  writeError(io, `${total}, ${consequence}\n${shown(problems).join('\n')}`);
}

/** One fault of YAML is found again at each line behind it. */
function shown(problems: readonly string[]): readonly string[] {
  const more = problems.length - SHOWN_MOST;
  if (more <= 0) return problems;
  return [...problems.slice(0, SHOWN_MOST), `and ${more} more; mend these first`];
}
