/** A row of the table of definitions, and shorthands for writing one. Never here: rows. */
export interface Row {
  readonly why: string;
  /** Default `orders`. */
  readonly name?: string;
  readonly spec: unknown;
  /** Where the problem is, and a word that every place says of it; undefined for a good definition. */
  readonly refused?: { readonly path: string; readonly word: string };
  /** What only synth time and the operator can see (decisions.md, "Validation in three places"). */
  readonly only?: 'operator';
}

export const bad = (path: string, word: string) => ({ refused: { path, word } });

export const long = (length: number) => 'a'.repeat(length);

/** The API server names the field, or the object or map around it where a rule is about several. */
export function namesPlace(message: string, path: string): boolean {
  const around = path.replace(/(?:\.[^.[\]]+|\[[^\]]*\])$/, '');
  return message.includes(path) || message.includes(`${around}: Invalid value`);
}
