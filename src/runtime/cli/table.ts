/** Columns of text, as kubectl prints them: no colour, three spaces between, nothing at the line's end. */
export function table(
  head: readonly string[] | undefined,
  rows: readonly (readonly string[])[],
): string {
  const all = head === undefined ? rows : [head, ...rows];
  const widths = (all[0] ?? []).map((_, column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  );
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
