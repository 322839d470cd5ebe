/**
 * The members of a JSON text that names one of them twice, as a real server's strict decoder meets them.
 * Never here: whether the text is JSON (it is, when this is asked), which of the two counts (the last).
 */
import type { Json } from './port';

/**
 * @param value what the text says.
 * @returns the paths of all members, `spec.containers[0].image`, in the order of the text; undefined: each is there
 *   once.
 */
export function membersOfDoubled(text: string, value: Json): readonly string[] | undefined {
  // Nearly every text has as many names as its value has members, and there is no more to see.
  const names = text.match(/"\s*:/g)?.length ?? 0;
  if (names === membersIn(value)) return undefined;
  const paths = pathsIn(text);
  return new Set(paths).size === paths.length ? undefined : paths;
}

/** Those that are said again, each once. */
export function doubledAmong(members: readonly string[]): readonly string[] {
  return [...new Set(members.filter((path, index) => members.indexOf(path) < index))];
}

/** @param unknown paths of members that a type has not. @returns both, in the order of the text. */
export function inTextOrder(
  members: readonly string[],
  doubled: readonly string[],
  unknown: readonly string[],
): readonly string[] {
  const told = [
    ...doubled.map((path) => {
      const again = members.indexOf(path, members.indexOf(path) + 1);
      return { at: again, text: `duplicate field "${path}"` };
    }),
    ...unknown.map((path) => ({ at: members.indexOf(path), text: `unknown field "${path}"` })),
  ];
  return told.sort((one, other) => one.at - other.at).map(({ text }) => text);
}

function membersIn(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside: readonly Json[] = Array.isArray(value) ? value : Object.values(value);
  const own = Array.isArray(value) ? 0 : inside.length;
  return inside.reduce<number>((sum, one) => sum + membersIn(one), own);
}

interface Place {
  readonly path: string;
  readonly kind: 'object' | 'list';
  index: number;
  /** The name that waits for its value. */
  name: string;
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

function pathsIn(text: string): readonly string[] {
  const found: string[] = [];
  const open: Place[] = [];
  let last = '';
  for (const [sign] of text.matchAll(token)) {
    const place = open.at(-1);
    if (sign === '{' || sign === '[') {
      const kind = sign === '{' ? 'object' : 'list';
      open.push({ path: place === undefined ? '' : pathOf(place), kind, index: 0, name: '' });
    } else if (sign === '}' || sign === ']') open.pop();
    else if (sign === ',' && place !== undefined) place.index += 1;
    else if (sign === ':' && place !== undefined) {
      place.name = JSON.parse(last) as string;
      found.push(pathOf(place));
    }
    last = sign;
  }
  return found;
}

function pathOf({ path, kind, index, name }: Place): string {
  if (kind === 'list') return `${path}[${index}]`;
  return path === '' ? name : `${path}.${name}`;
}
