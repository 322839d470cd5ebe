/**
 * The nearest known name for a misspelt one.
 * Never here: a guess that is far off; a wrong hint costs more than none.
 */

/** @returns the known name within a third of its length (at least 1, at most 3 edits), if one is nearest. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({
      candidate,
      distance: distance(name.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort(
      (left, right) =>
        left.distance - right.distance || (left.candidate < right.candidate ? -1 : 1),
    );
  const best = ranked[0];
  if (best === undefined) return undefined;
  const limit = Math.min(3, Math.max(1, Math.floor(best.candidate.length / 3)));
  return best.distance <= limit ? best.candidate : undefined;
}

/** Edits (insert, delete, replace, swap neighbours) from one word to the other. */
function distance(left: string, right: string): number {
  let before: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const replaced = at(above, column - 1) + (same ? 0 : 1);
      const cost = Math.min(replaced, at(above, column) + 1, at(current, column - 1) + 1);
      const swapped =
        row > 1 &&
        column > 1 &&
        left[row - 1] === right[column - 2] &&
        left[row - 2] === right[column - 1];
      current.push(swapped ? Math.min(cost, at(before, column - 2) + 1) : cost);
    }
    before = above;
    above = current;
  }
  return at(above, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
