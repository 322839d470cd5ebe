/**
 * What is wrong with a definition, one entry for each field: the field, its value, the limit that it
 * breaks, and what to do. Never here: the rules themselves.
 */
export interface Problem {
  /** Where: `spec.users[0].name`, `spec.config[port]`. Empty for the object as a whole. */
  readonly path: string;
  /** The value as JSON, cut to 60 characters; `absent` where there is none. */
  readonly value: string;
  /** What is allowed, as a clause: `must be at most 65535`. */
  readonly limit: string;
  /** What to do, without a full stop. */
  readonly remedy: string;
}

/** Longest piece of a value that is quoted back. */
const VALUE_MAX_CHARACTERS = 60;

/** @returns the value as it is quoted to the user. */
export function quoted(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= VALUE_MAX_CHARACTERS
    ? text
    : `${text.slice(0, VALUE_MAX_CHARACTERS - 3)}...`;
}

/** One line: `spec.port: 70000 is not allowed, it must be at most 65535. To fix: ...`. */
export function explainProblem({ path, value, limit, remedy }: Problem): string {
  return `${path === '' ? 'the definition' : path}: ${value}: ${limit}. To fix: ${remedy}.`;
}

/** `a` and `b` as `a.b`; map keys and list places go into brackets. */
export function join(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** The keys of a path, the inverse of `join`. */
export function keysOf(path: string): readonly string[] {
  return [...path.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map(
    ([whole, bracketed]) => bracketed ?? whole,
  );
}
