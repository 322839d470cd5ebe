/**
 * Columns of text, as kubectl prints them: no colour, three spaces between, nothing at the line's end.
 * Where they are wider than the terminal, one block for each row, a line for each cell: names are never
 * cut, because they are copied.
 * Never here: what stands in the cells.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number | undefined,
): string {
  const lines = aligned([head, ...rows]);
  if (columns === undefined || lines.every((line) => line.length <= columns)) return ended(lines);
  return rows.map((row) => pairs(head.map((title, place) => [title, row[place] ?? '']))).join('\n');
}

/** A name and its value on each line. */
export function pairs(lines: readonly (readonly [string, string])[]): string {
  return ended(aligned(lines));
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}

function ended(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
