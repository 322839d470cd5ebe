/**
 * What is wrong with the given values is told before anything is created, as failures of the component's
 * inputs. Values that a preview does not know are judged once they are known.
 * Never here: a rule.
 */
import * as pulumi from '@pulumi/pulumi';
import type { Problem } from '../../spec/problem';
import { filled, isLater, type Path, type Spot } from './spots';

export interface Fault {
  readonly path: string;
  readonly reason: string;
}

/** The spec's fields are fields of the component. */
export function faultOf({ path, value, limit, remedy }: Problem): Fault {
  return {
    path: path.replace(/^spec\./, ''),
    reason: `${value}: ${limit}. To fix: ${remedy}.`,
  };
}

/** @throws pulumi.InputPropertiesError with all of them, if there are any. */
export function refuse(what: string, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const error = new pulumi.InputPropertiesError({
    message: `${what}: ${faults.map(({ path, reason }) => `${path}: ${reason}`).join('\n')}`,
    errors: faults.map(({ path, reason }) => ({ propertyPath: path, reason })),
  });
  // The host of a program in Node.js prints the stack, which says nothing about an input.
  error.stack = error.message;
  throw error;
}

/** What decides how many resources there are must be known when the program runs. */
export function notPlain(given: Readonly<Record<string, unknown>>): readonly Fault[] {
  return Object.entries(given)
    .filter(([, value]) => isLater(value))
    .map(([path]) => ({
      path,
      reason:
        'an Output: must be known when the program runs. To fix: give a plain value; its fields may be Outputs.',
    }));
}

/** What is wrong whatever the Outputs turn out to be: a fault of what is known, which each sample shows. */
export function certainFaults(
  given: unknown,
  spots: readonly Spot[],
  samplesAt: (path: Path) => readonly unknown[],
  judge: (given: unknown) => readonly Fault[],
): readonly Fault[] {
  const rounds = Math.max(1, ...spots.map(({ path }) => samplesAt(path).length));
  const seen = Array.from({ length: rounds }, (_, round) =>
    judge(
      filled(
        given,
        spots,
        spots.map(({ path }) => {
          const samples = samplesAt(path);
          return samples[round % samples.length];
        }),
      ),
    ),
  );
  const [first = [], ...others] = seen;
  const places = spots.map(({ path }) => placeOf(path));
  const known = first.filter((fault) => !places.some((place) => isIn(fault.path, place)));
  return known.filter((fault) =>
    others.every((faults) =>
      faults.some(({ path, reason }) => path === fault.path && reason === fault.reason),
    ),
  );
}

/** Not in the declarations of the SDK, but what its own serialization stands on. */
interface Inside {
  readonly isKnown: Promise<boolean>;
  promise(): Promise<unknown>;
}

/**
 * Waits for the values and has them judged; resources depend on it, so nothing is created before. A promise
 * and not an Output: it makes nothing secret or unknown.
 */
export async function judged(
  given: unknown,
  spots: readonly Spot[],
  judge: (given: unknown) => void,
): Promise<pulumi.Resource[]> {
  const inside = spots.map(({ output }) => output as unknown as Inside);
  const known = await Promise.all(inside.map(({ isKnown }) => isKnown));
  if (known.includes(false)) return [];
  const values = await Promise.all(inside.map((one) => one.promise()));
  if (values.some((value) => pulumi.containsUnknowns(value))) return [];
  judge(filled(given, spots, values));
  return [];
}

/** As faults name it: `users[0].name`. */
function placeOf(path: Path): string {
  const inside = path[0] === 'spec' ? path.slice(1) : path;
  return inside
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`))
    .join('');
}

function isIn(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`);
}
