/**
 * What a user was told in Events and conditions, held against what must and may not be said.
 * Never here: which words belong to which fault (../table.ts).
 */
import type { Bounds } from './bounds';
import type { ToldLine } from './lines';

/** @returns one sentence for each missing or wrong word. */
export function toldProblems(
  lines: readonly ToldLine[],
  { told, neverTold, says }: Pick<Bounds, 'told' | 'neverTold' | 'says'>,
): readonly string[] {
  const reasons = new Set(lines.map(({ reason }) => reason));
  const heard = [...reasons].join(', ');
  const missing = told
    .filter((reason) => !reasons.has(reason))
    .map((reason) => `${reason} was told by no Event and no condition; told were: ${heard}`);
  const wrong = lines
    .filter(({ reason }) => neverTold.includes(reason))
    .map(({ by, reason, message }) => `the ${by} ${reason} is wrong here: ${message}`);
  const unsaid =
    says === undefined || lines.some(({ message }) => new RegExp(says).test(message))
      ? []
      : [`nothing that was told reads like /${says}/`];
  return [...missing, ...new Set(wrong), ...unsaid];
}
