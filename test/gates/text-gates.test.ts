/**
 * The gates that read one file at a time: each limit from both sides.
 */
import { describe, expect, test } from 'vitest';
import { addresses } from '../../build-tools/gates/addresses';
import { escapes } from '../../build-tools/gates/escapes';
import { headers } from '../../build-tools/gates/headers';
import { sizes } from '../../build-tools/gates/sizes';
import { switchedOff } from '../../build-tools/gates/switched-off';
import { places } from './plant';

function lines(count: number): string {
  return 'x();\n'.repeat(count);
}

describe('sizes', () => {
  test.each([
    { path: 'src/kit/a.ts', count: 400, found: [], why: 'the limit itself' },
    { path: 'src/kit/a.ts', count: 401, found: ['src/kit/a.ts:1'], why: 'one more' },
    { path: 'build-tools/a.mjs', count: 401, found: ['build-tools/a.mjs:1'], why: 'tools too' },
    { path: 'src/spec/crds.gen.ts', count: 401, found: [], why: 'made by a program' },
    { path: 'docs/a.md', count: 401, found: [], why: 'no code' },
  ])('$path of $count lines ($why)', ({ path, count, found }) => {
    expect(places(sizes, { [path]: lines(count) })).toEqual(found);
  });

  test.each([
    { head: 'function f() {', tail: '}', inner: 68, found: [], why: '70 with its braces' },
    { head: 'function f() {', tail: '}', inner: 69, found: ['test/a.ts:1'], why: '71' },
    { head: 'const f = () => {', tail: '};', inner: 69, found: ['test/a.ts:1'], why: 'an arrow' },
    { head: 'class A { m() {', tail: '} }', inner: 69, found: ['test/a.ts:1'], why: 'a method' },
    { head: "test('a', () => {", tail: '});', inner: 69, found: ['test/a.ts:1'], why: 'one test' },
    { head: "describe('a', () => {", tail: '});', inner: 69, found: [], why: 'a chapter of tests' },
    {
      head: "describe.each([1])('a', () => {",
      tail: '});',
      inner: 69,
      found: [],
      why: 'a chapter',
    },
  ])('$head ... $inner lines ($why)', ({ head, tail, inner, found }) => {
    expect(places(sizes, { 'test/a.ts': `${head}\n${lines(inner)}${tail}\n` })).toEqual(found);
  });
});

describe('escapes', () => {
  // In parts, so that this file itself switches nothing off.
  const ignore = ['// @ts', 'ignore'].join('-');
  const nocheck = ['/* @ts', 'nocheck */'].join('-');
  test.each([
    { path: 'src/kit/a.ts', code: 'let a: any;', count: 1, why: 'any' },
    { path: 'test/a.ts', code: 'const a = b as any;', count: 1, why: 'any in tests' },
    { path: 'src/kit/a.ts', code: 'let any = 1; // any of them', count: 0, why: 'only the word' },
    { path: 'src/kit/a.ts', code: ignore, count: 1, why: 'off for a line' },
    { path: 'test/a.ts', code: nocheck, count: 1, why: 'off for a file' },
    { path: 'src/kit/a.ts', code: '// @ts-expect-error', count: 1, why: 'src has no wrong lines' },
    {
      path: 'test/a.ts',
      code: '// @ts-expect-error',
      count: 0,
      why: 'shows what does not compile',
    },
  ])('$path: $code ($why)', ({ path, code, count }) => {
    expect(places(escapes, { [path]: code })).toHaveLength(count);
  });
});

describe('headers', () => {
  test.each([
    { path: 'src/kit/a.ts', code: '/** What. */', count: 0, why: 'a header' },
    { path: 'src/kit/a.ts', code: 'export {};', count: 1, why: 'none' },
    { path: 'src/kit/a.ts', code: '/** */\nclass A {}', count: 1, why: 'a class in a pure folder' },
    { path: 'src/kit/a.ts', code: '/** */\nclass A extends Error {}', count: 0, why: 'an error' },
    { path: 'src/runtime/a.ts', code: '/** */\nclass A {}', count: 0, why: 'a shell may' },
  ])('$path: $code ($why)', ({ path, code, count }) => {
    expect(places(headers, { [path]: code })).toHaveLength(count);
  });
});

describe('switched-off', () => {
  test.each([
    { code: "test.only('a', f);", count: 1 },
    { code: "test.skip('a', f);", count: 1 },
    { code: "describe.skip('a', f);", count: 1 },
    { code: "test.todo('a');", count: 1 },
    { code: "test.skipIf(x)('a', f);", count: 1 },
    { code: "test.runIf(x)('a', f);", count: 1 },
    { code: "describe.each([1]).only('a', f);", count: 1 },
    { code: "xit('a', f);", count: 1 },
    { code: "test('a', f);", count: 0 },
    { code: "test.each([1])('a', f);", count: 0 },
    { code: 'list.skip(1);', count: 0 },
  ])('$code', ({ code, count }) => {
    expect(places(switchedOff, { 'test/a.test.ts': code })).toHaveLength(count);
  });
});

describe('addresses', () => {
  // In parts, so that this file itself holds none.
  const registry = ['registry', 'npmjs', 'org'].join('.');
  const mirror = ['deb', 'debian', 'org'].join('.');
  const home = ['', 'root', '.cache'].join('/');
  const work = ['', 'work', 'main'].join('/');
  test.each([
    { text: `https://${registry}/zod`, count: 1 },
    { text: `URIs: http://${mirror}/debian`, count: 1 },
    { text: `cache: ${home}/a`, count: 1 },
    { text: `"${work}/src"`, count: 1 },
    { text: ['', 'home', 'ann', 'x'].join('/'), count: 1 },
    { text: 'https://github.com/valkey-io/valkey', count: 0 },
    { text: 'mountPath: /tmp', count: 0 },
    { text: 'src/work/main.ts and $root/lib', count: 0 },
  ])('$text', ({ text, count }) => {
    expect(places(addresses, { 'docs/a.md': text })).toHaveLength(count);
  });
});
