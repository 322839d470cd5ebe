/**
 * ARCHITECTURE.md is true to the tree: its import table is the gate's, its house is the folders.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { layers, pureFolders } from '../build-tools/gates/layers';

const page = readFileSync('ARCHITECTURE.md', 'utf8');

describe('the import table', () => {
  const rows = [...page.matchAll(/^\| (\*\*)?([a-z][\w/]*)(?:\*\*)? \| (.+) \| (.+) \|$/gm)]
    .map(([, bold, name = '', allowed = '', packages = '']) => ({ bold, name, allowed, packages }))
    .filter(({ name }) => name !== 'from');
  const wordsOf = (cell: string) => (cell === 'nothing' ? [] : cell.split(', ').sort());
  const table = rows.slice(0, layers.length);

  test('has the rows of the gate, in its order', () => {
    expect(table.map(({ name }) => name)).toEqual(layers.map(({ name }) => name));
  });

  test.each(layers)('$name', ({ name, at, layers: allowed, packages }) => {
    const row = table.find((candidate) => candidate.name === name);
    // The gate lists a layer itself nowhere, as it may always import itself.
    const others = allowed.filter((layer) => layer !== name).sort();
    const written = wordsOf(row?.allowed ?? '').filter((layer) => layer !== name);
    expect(written).toEqual(others);
    expect(wordsOf(row?.packages ?? '')).toEqual([...packages].sort());
    const isPure = pureFolders.some((folder) => `src/${at}`.startsWith(folder));
    expect(row?.bold !== undefined).toBe(isPure);
  });
});

describe('the house', () => {
  const block = /```\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const shown = pathsIn(block);

  test.each(shown)('%s is there', (path) => {
    expect(existsSync(path)).toBe(true);
  });

  test('no folder of src is left out', () => {
    const top = foldersIn('src');
    const folders = [...top, ...top.flatMap((folder) => foldersIn(folder))];
    expect(folders.filter((folder) => !shown.includes(folder))).toEqual([]);
  });
});

/** Two spaces of indentation are one level. */
function pathsIn(block: string): readonly string[] {
  const parents: string[] = [];
  return block
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, indent = '', name = ''] = /^( *)(\S+)/.exec(line) ?? [];
      const level = indent.length / 2;
      const path = join(...parents.slice(0, level), name.replace(/\/$/, ''));
      parents.splice(level, parents.length, name);
      return path;
    });
}

function foldersIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}
