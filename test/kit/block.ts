/**
 * A block of a page that a program writes, between two comments that say which one.
 * Never here: what stands in it.
 */
const end = '<!-- end of the table -->';

/** @param command what writes it, as a user types it. @returns the lines with their marks. */
export function blockOf(command: string, lines: readonly string[]): string {
  return [`<!-- table of ${command} -->`, ...lines, end].join('\n');
}

/** @returns the text with this block in place of the earlier one, or of its mark; undefined when it has none. */
export function withBlock(text: string, block: string): string | undefined {
  const [begin = ''] = block.split('\n');
  const from = text.indexOf(begin);
  if (from < 0) return undefined;
  const ends = text.indexOf(end, from);
  const to = ends < 0 ? from + begin.length : ends + end.length;
  return text.slice(0, from) + block + text.slice(to);
}
