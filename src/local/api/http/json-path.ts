/**
 * The JSONPath of printer columns: members, indices, wildcards and filters such as
 * `[?(@.type=="Ready")]` (client-go/util/jsonpath, without ranges and functions).
 * Never here: columns.
 */
import { isObject } from '../json';
import type { Json } from '../port';

type Step =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  /** `[*]`: of lists alone. */
  | { readonly kind: 'items' }
  | {
      readonly kind: 'filter';
      readonly path: readonly Step[];
      readonly operator: string;
      readonly value: string | number | boolean;
    };

export type JsonPath = (root: Json) => readonly Json[];

const parsed = new Map<string, JsonPath>();

/** What cannot be understood finds nothing. */
export function jsonPath(text: string): JsonPath {
  let path = parsed.get(text);
  if (path === undefined) {
    const steps = stepsOf(text);
    path = steps === undefined ? () => [] : (root) => found([root], steps);
    parsed.set(text, path);
  }
  return path;
}

const token =
  /^(?:\.?\['((?:[^'\\]|\\.)*)'\]|\[(-?\d+)\]|\[(\*)\]|\.\*|\[\?\(@((?:\.[\w-]+)+)\s*(==|!=|<=|>=|<|>)\s*("[^"]*"|'[^']*'|-?[\d.]+|true|false)\)\]|\.((?:[^.[\]\\]|\\.)+))/;

function stepsOf(text: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  let rest = text.replace(/^\{?\$?/, '').replace(/\}$/, '');
  if (rest !== '' && !rest.startsWith('.') && !rest.startsWith('[')) rest = `.${rest}`;
  while (rest !== '') {
    const match = token.exec(rest);
    if (match === null) return undefined;
    const [whole, quoted, index, items, path, operator, value, member] = match;
    // Between quotes stands a path of its own: dots part it unless they are escaped.
    if (quoted !== undefined) steps.push(...(stepsOf(`.${quoted}`) ?? []));
    else if (member !== undefined)
      steps.push({ kind: 'member', name: member.replace(/\\(.)/g, '$1') });
    else if (index !== undefined) steps.push({ kind: 'index', index: Number(index) });
    else if (items !== undefined) steps.push({ kind: 'items' });
    else if (path === undefined) steps.push({ kind: 'all' });
    else {
      const inner = stepsOf(path) ?? [];
      steps.push({ kind: 'filter', path: inner, operator: operator ?? '', value: literal(value) });
    }
    rest = rest.slice(whole.length);
  }
  return steps;
}

function literal(text: string | undefined): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^["']/.test(text ?? '') ? (text ?? '').slice(1, -1) : Number(text);
}

function found(values: readonly Json[], steps: readonly Step[]): readonly Json[] {
  let current = values;
  for (const step of steps) current = current.flatMap((value) => next(value, step));
  return current;
}

function next(value: Json, step: Step): readonly Json[] {
  switch (step.kind) {
    case 'member': {
      const member = isObject(value) ? value[step.name] : undefined;
      return member === undefined ? [] : [member];
    }
    case 'index':
      return Array.isArray(value) ? value.slice(step.index, step.index + 1 || undefined) : [];
    case 'items':
      return Array.isArray(value) ? value : [];
    case 'all':
      if (Array.isArray(value)) return value;
      return isObject(value) ? Object.values(value) : [];
    case 'filter':
      if (!Array.isArray(value)) return [];
      return value.filter((one: Json) =>
        found([one], step.path).some((member) => fits(member, step)),
      );
  }
}

function fits(
  member: Json,
  { operator, value }: { operator: string; value: string | number | boolean },
): boolean {
  if (operator === '==') return member === value;
  if (operator === '!=') return member !== value;
  if (typeof member !== typeof value || member === null) return false;
  const [a, b] = [member as string | number, value as string | number];
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}
