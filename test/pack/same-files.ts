/**
 * Two folders compared byte by byte.
 * Never here: who wrote them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns one line for each difference. Two empty folders differ: nothing was compared. */
export function differences(wanted: string, found: string): readonly string[] {
  const [ours, theirs] = [filesIn(wanted), filesIn(found)];
  if (ours.length === 0) return [`there is nothing in ${wanted}`];
  return [...new Set([...ours, ...theirs])].sort().flatMap((name) => {
    if (!theirs.includes(name)) return [`${name} is missing`];
    if (!ours.includes(name)) return [`${name} should not be there`];
    const [wants, has] = [readFileSync(join(wanted, name)), readFileSync(join(found, name))];
    return wants.equals(has) ? [] : [`${name} ${firstDifference(wants, has)}`];
  });
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder).sort();
}

function firstDifference(wants: Buffer, has: Buffer): string {
  const at = wants.findIndex((byte, index) => byte !== has[index]);
  const from = at < 0 ? wants.length : at;
  const line = wants.subarray(0, from).toString('latin1').split('\n').length;
  return `differs in line ${line}: "${lineOf(has, line)}" instead of "${lineOf(wants, line)}"`;
}

function lineOf(text: Buffer, line: number): string {
  return text.toString('utf8').split('\n')[line - 1] ?? '';
}
