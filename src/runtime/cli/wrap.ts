/**
 * Text in a given number of columns. A word that is longer stays whole, so that it can be copied.
 * Never here: how wide the terminal is.
 */

/**
 * @param columns undefined: nobody reads it in columns, so each line stays whole.
 * @param hang what stands before what a line is continued with.
 */
export function wrap(text: string, columns: number | undefined, hang = '  '): string {
  if (columns === undefined) return text;
  const lines = text.split('\n');
  return lines.flatMap((line) => wrapLine(line, columns, hang)).join('\n');
}

/** A sentence of the table of reasons: what to do has a line of its own, where there are lines. */
export function wrapReason(text: string, columns: number | undefined): string {
  return wrap(columns === undefined ? text : text.replaceAll(' To fix: ', '\n  To fix: '), columns);
}

function wrapLine(line: string, columns: number, hang: string): readonly string[] {
  if (line.length <= columns) return [line];
  const [, indent = '', body = ''] = /^( *)(.*)$/.exec(line) ?? [];
  const [first = '', ...words] = body.split(' ');
  const lines = [indent + first];
  for (const word of words) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (longer.length <= columns) lines.splice(-1, 1, longer);
    else lines.push(hang + word);
  }
  return lines;
}
