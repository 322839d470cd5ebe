/**
 * Sections of failover.md as clauses: which scripts do as one says, and which are near and must not. A clause
 * quotes the page; what it means is a pattern over what the engine did. What is wrong between page, clauses and
 * scripts is found here.
 * Never here: the clauses themselves (clauses-unplanned.ts, clauses-planned.ts), how a script is played (script.ts).
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Clause {
  /** How the step begins. */
  readonly step: string;
  /** Words of that step. */
  readonly says: string;
  readonly plays: readonly string[];
  /** What each of `plays` shows. */
  readonly shows: RegExp;
  readonly not: readonly string[];
  /** What none of `not` shows. Default: `shows`. */
  readonly hides?: RegExp;
}

/** The steps of a section: each line is one, and so is what a number or a bold head begins within a line. */
export function stepsOf(page: string, section: number): readonly string[] {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}. `)) ?? '';
  const [, ...lines] = text.split('\n').filter((line) => line !== '');
  return lines.flatMap((line) =>
    line.split(/ (?=[1-9]\. \S)|(?<!^\d\.) (?=\*\*[A-Z])/).map((step) => step.trim()),
  );
}

/** What the engine did in a script, one line each, without commands and the reason why. */
export function outputOf(script: string): string | undefined {
  const path = join(__dirname, `${script}.txt`);
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines
    .filter((line) => line.startsWith('+'))
    .map((line) => `${line}\n`)
    .join('');
}

/** @returns what is wrong between the steps of a page, the clauses and the scripts. */
export function faultsBetween(
  steps: readonly string[],
  clauses: readonly Clause[],
): readonly string[] {
  const bare = steps.filter((one) => !clauses.some(({ step }) => one.startsWith(step)));
  return [...bare.map((step) => `no clause of: ${step}`), ...clauses.flatMap(faultsOf(steps))];
}

function faultsOf(steps: readonly string[]): (clause: Clause) => readonly string[] {
  return ({ step, says, plays, shows, not, hides = shows }) => {
    const unsaid = !steps.some((one) => one.startsWith(step) && one.includes(says));
    const judged = (script: string, pattern: RegExp, wanted: 'shown' | 'hidden') => {
      const output = outputOf(script);
      if (output === undefined) return [`no such script: ${script}`];
      const right = pattern.test(output) === (wanted === 'shown');
      return right ? [] : [`${says}: ${script}: not ${wanted}: ${pattern}`];
    };
    return [
      ...(unsaid ? [`the page does not say in ${step}: ${says}`] : []),
      ...(plays.length === 0 || not.length === 0 ? [`nothing beside: ${says}`] : []),
      ...plays.flatMap((script) => judged(script, shows, 'shown')),
      ...not.flatMap((script) => judged(script, hides, 'hidden')),
    ];
  };
}
