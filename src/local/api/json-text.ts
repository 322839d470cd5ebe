/**
 * JSON of a request's body, refused in the words of Go's decoder, which clients print as they are.
 * Never here: what the value means.
 */

/** Why a text is no JSON. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault';
}

/** @throws JsonFault */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new JsonFault(inGo(text, error instanceof Error ? error.message : ''));
  }
}

/** V8's words on the left, what Go's decoder was looking for on the right. */
const places: readonly (readonly [RegExp, string])[] = [
  [/^Expected (property name|double-quoted)/, 'looking for beginning of object key string'],
  [/^Expected ':'/, 'after object key'],
  [/^Expected ',' or '}'/, 'after object key:value pair'],
  [/^Expected ',' or '\]'/, 'after array element'],
  [/^Unexpected non-whitespace/, 'after top-level value'],
  [/^Bad (control|escaped)/, 'in string literal'],
];

function inGo(text: string, v8: string): string {
  if (text.trim() === '' || /^Untermin|end of JSON/.test(v8)) return 'unexpected end of JSON input';
  const position = /position (\d+)/.exec(v8)?.[1];
  const token = /^Unexpected token '(.)'/u.exec(v8)?.[1];
  const sign = token ?? text[Number(position ?? 0)];
  if (sign === undefined) return 'unexpected end of JSON input';
  const word = misspelt(text.trimStart());
  if (word !== undefined) return word;
  const place = places.find(([pattern]) => pattern.test(v8))?.[1];
  return `invalid character '${printed(sign)}' ${place ?? 'looking for beginning of value'}`;
}

function printed(sign: string): string {
  if (!/\p{C}/u.test(sign)) return sign;
  const code = sign.codePointAt(0) ?? 0;
  const hex = (digits: number): string => code.toString(16).padStart(digits, '0');
  return code < 0x80 ? `\\x${hex(2)}` : `\\u${hex(4)}`;
}

/** A text that begins as one of the three words, and goes on otherwise. */
function misspelt(text: string): string | undefined {
  const word = ['null', 'true', 'false'].find((one) => one[0] === text[0]);
  if (word === undefined) return undefined;
  const at = [...word].findIndex((sign, index) => text[index] !== sign);
  if (at < 0 || text[at] === undefined) return undefined;
  return `invalid character '${text[at]}' in literal ${word} (expecting '${word[at]}')`;
}
