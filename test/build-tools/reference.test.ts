/** The pages of docs/reference are fresh (generate.test.ts), tell every export, and no export goes without words. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { referencePages } from '../../build-tools/reference';
import * as engine from '../../src/sentinel';

const ENGINE = 'docs/reference/engine.md';
const page = (root: string): string => referencePages(root, 'made').get(ENGINE) ?? '';

test('every value that the engine exports has a heading, under the name that users import', () => {
  const headings = page('.').match(/^## .*$/gm) ?? [];
  expect(headings).toEqual(expect.arrayContaining(Object.keys(engine).map((name) => `## ${name}`)));
  expect(headings).not.toContain('## createLeasedAuthority');
});

test('what is private is not told, and what is public is, with its errors', () => {
  const [, sentinel = ''] = /^## Sentinel\n([\s\S]*?)^## /m.exec(page('.')) ?? [];
  expect(sentinel).toMatch(/^- `switchover\(.*\*\*throws\*\* GungnirError SwitchoverRefused/m);
  expect(sentinel).not.toMatch(/#|private|- `options/);
});

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gungnir-reference-'));
  write('src/runtime/lease/index.ts', '');
  write('src/constructs/pulumi/index.ts', '');
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

test('a comment that changes changes the page', () => {
  write('src/sentinel/index.ts', "export { a as b } from './a';");
  write('src/sentinel/a.ts', '/** One. @throws never. */\nexport function a(x = 1): void {}');
  expect(page(root)).toContain('## b\n\nOne. **throws** never.\n\n```ts\nb(x?): void\n```');
  write('src/sentinel/a.ts', '/** Two. */\nexport function a(x = 1): void {}');
  expect(page(root)).toContain('## b\n\nTwo.');
});

test.each([
  { why: 'an export without words', text: 'export function a(): void {}', says: 'no comment at b' },
  { why: 'an export that is not there', text: 'export const c = 1;', says: 'a is not there' },
])('$why is refused', ({ text, says }) => {
  write('src/sentinel/index.ts', "export { a as b } from './a';");
  write('src/sentinel/a.ts', text);
  expect(() => page(root)).toThrow(says);
});
