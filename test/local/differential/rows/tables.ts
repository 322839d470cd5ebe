/**
 * How rows ask for a Table, and what of it they show.
 * Never here: rows.
 */
import type { JsonObject } from '../../../../src/local/api/port';
import { type Group, get, post, silently } from '../row';

export const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

/** The columns without their words, and the cells. */
export const cells = (body: JsonObject) => ({
  columns: (body.columnDefinitions as readonly JsonObject[]).map(
    ({ name, type, format, priority }) => [name, type, format, priority] as never,
  ),
  rows: (body.rows as readonly JsonObject[]).map((row) => row.cells as never),
});

/** What is posted to a collection, as its table. */
export const tabled = (
  why: string,
  path: string,
  ...bodies: readonly JsonObject[]
): Group['rows'][number] => ({
  why,
  steps: [
    ...bodies.map((body) => silently(post(path, body))),
    get(path, { accept: table, shown: cells }),
  ],
});
