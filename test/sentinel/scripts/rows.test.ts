/**
 * The tables of failover.md, sections 5 and 9, row by row beside the scripts that play them. A row
 * without a script, a script that is gone and a row that the page does not have are found here.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Row, resumptions, verdicts } from './rows';

/** The first cells of the first table of a section, without its head. */
function cellsOf(page: string, section: number): readonly string[] {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}. `)) ?? '';
  const rows = [...text.matchAll(/^\| (.+?) \| /gm)].map(([, cell = '']) => cell);
  return rows.slice(1);
}

/** @returns what is wrong between the page's rows and ours. */
function gapsBetween(cells: readonly string[], rows: readonly Row[]): readonly string[] {
  const unplayed = cells.filter((cell) => !rows.some(({ row }) => cell.startsWith(row)));
  const unknown = rows.filter(({ row }) => !cells.some((cell) => cell.startsWith(row)));
  const bare = rows.filter(({ plays, not }) => plays.length === 0 || not.length === 0);
  const missing = rows
    .flatMap(({ plays, not }) => [...plays, ...not])
    .filter((script) => !existsSync(join(__dirname, `${script}.txt`)));
  return [
    ...unplayed.map((cell) => `no script plays: ${cell}`),
    ...unknown.map(({ row }) => `no such row: ${row}`),
    ...bare.map(({ row }) => `nothing beside: ${row}`),
    ...missing.map((script) => `no such script: ${script}`),
  ];
}

const page = readFileSync(join(__dirname, '../../../docs/design/failover.md'), 'utf8');

describe.each([
  { section: 5, rows: verdicts },
  { section: 9, rows: resumptions },
])('section $section of failover.md', ({ section, rows }) => {
  test('each row has its scripts, those that do and those that must not', () => {
    expect(cellsOf(page, section)).toHaveLength(rows.length);
    expect(gapsBetween(cellsOf(page, section), rows)).toEqual([]);
  });

  test('a row more, a row less and a script that is gone are found', () => {
    const cells = cellsOf(page, section);
    expect(gapsBetween([...cells, 'planted row'], rows)).toEqual(['no script plays: planted row']);
    expect(gapsBetween(cells.slice(1), rows)).toEqual([`no such row: ${rows[0]?.row}`]);
    const gone = [{ row: cells[0] ?? '', plays: ['planted'], not: [] }, ...rows.slice(1)];
    expect(gapsBetween(cells, gone)).toEqual([
      `nothing beside: ${cells[0]}`,
      'no such script: planted',
    ]);
  });
});

test('a script of a verdict or of a resumption stands in a row', () => {
  const named = [...verdicts, ...resumptions].flatMap(({ plays, not }) => [...plays, ...not]);
  const files = readdirSync(__dirname).filter((name) => /^(verdict|resume)-.*\.txt$/.test(name));
  expect(files.length).toBeGreaterThan(25);
  expect(files.filter((name) => !named.includes(name.replace('.txt', '')))).toEqual([]);
});
