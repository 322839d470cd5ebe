/** A difference that is planted is found: the comparison of test:languages can fail. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { differences } from './same-files';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-same-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, string>>;

function compared(wanted: Files, found: Files): readonly string[] {
  return differences(written('wanted', wanted), written('found', found));
}

function written(name: string, files: Files): string {
  const at = join(folder, name);
  mkdirSync(at);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at, file)), { recursive: true });
    writeFileSync(join(at, file), text);
  }
  return at;
}

test('the same bytes are the same', () => {
  expect(compared({ 'a.yaml': 'a: 1\nb: 2\n' }, { 'a.yaml': 'a: 1\nb: 2\n' })).toEqual([]);
});

test.each([
  {
    why: 'a value',
    found: { 'a.yaml': 'a: 1\nb: 3\n' },
    says: 'a.yaml differs in line 2: "b: 3" instead of "b: 2"',
  },
  {
    why: 'the last newline',
    found: { 'a.yaml': 'a: 1\nb: 2' },
    says: 'a.yaml differs in line 2: "b: 2" instead of "b: 2"',
  },
  {
    why: 'a line more',
    found: { 'a.yaml': 'a: 1\nb: 2\nc: 3\n' },
    says: 'a.yaml differs in line 3: "c: 3" instead of ""',
  },
  { why: 'a file that is missing', found: {}, says: 'a.yaml is missing' },
  {
    why: 'a file too many',
    found: { 'a.yaml': 'a: 1\nb: 2\n', 'b.yaml': '' },
    says: 'b.yaml should not be there',
  },
])('$why is a difference', ({ found, says }) => {
  expect(compared({ 'a.yaml': 'a: 1\nb: 2\n' }, found as Files)).toEqual([says]);
});

test('two empty folders are no proof', () => {
  expect(compared({}, {})).toEqual([expect.stringContaining('there is nothing')]);
});
