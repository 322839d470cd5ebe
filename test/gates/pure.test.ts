/**
 * The purity gate finds each impure thing, and leaves alone what only has its name.
 */
import { expect, test } from 'vitest';
import { isPure, pure } from '../../build-tools/gates/pure';
import { places } from './plant';

test.each([
  'export const at = Date.now();',
  'export const at = new Date();',
  'export const at = performance.now();',
  'export const die = Math.random();',
  'const { random } = Math;',
  'export const env = process.env;',
  'declare const process: { readonly env: unknown };',
  'setTimeout(() => {}, 1);',
  'setInterval(() => {}, 1);',
  'queueMicrotask(() => {});',
  "export const answer = fetch('a');",
  "console.log('a');",
  'export const id = crypto.randomUUID();',
  'export const all = globalThis;',
  "export const clock = globalThis['Date'];",
  'export const taken = { process };',
  'export const run = new Function();',
  "export const run = eval('1');",
  'export const here = import.meta;',
  "export const order = 'a'.localeCompare('b');",
  'export const text = (1).toLocaleString();',
  'export const text = new Intl.NumberFormat();',
  'export const bytes = Buffer.alloc(1);',
])('found: %s', (code) => {
  expect(places(pure, { 'src/kit/a.ts': `\n${code}` })).toEqual(['src/kit/a.ts:2']);
});

test.each([
  { code: 'export const most = Math.max(1, 2);', why: 'Math without its dice' },
  { code: 'export interface Seen { readonly process: string }', why: 'a member of that name' },
  { code: 'export function of(process: string): string { return process; }', why: 'a parameter' },
  { code: 'export const of = (m: { process: string }) => m.process;', why: 'a member read' },
  {
    code: 'export const of = ({ process }: { process: string }) => ({ process });',
    why: 'its own',
  },
  { code: 'export const of = ({ process: run }: { process: string }) => run;', why: 'renamed' },
  { code: 'declare const brand: unique symbol;', why: 'a brand is no value' },
  { code: 'export const nowMs = 1; // not Date.now()', why: 'a comment' },
  { code: "export const text = 'Date.now()';", why: 'a string' },
])('left alone: $code ($why)', ({ code }) => {
  expect(places(pure, { 'src/kit/a.ts': code })).toEqual([]);
});

test("a name of a sibling module is that module's own", () => {
  const own = { 'src/kit/self.ts': 'export const self = 1;' };
  const user = "import { self } from './self';\nexport const twice = [self, self];";
  expect(places(pure, { ...own, 'src/kit/a.ts': user })).toEqual([]);
});

test.each([
  { path: 'src/sentinel/core/a.ts', found: true },
  { path: 'src/sentinel/io/a.ts', found: false },
  { path: 'src/runtime/plan/a.ts', found: true },
  { path: 'src/runtime/main.ts', found: false },
  { path: 'src/spec/a.ts', found: true },
  { path: 'src/resources/a.ts', found: true },
])('$path is pure: $found', ({ path, found }) => {
  expect(isPure(path)).toBe(found);
  expect(places(pure, { [path]: 'export const at = Date.now();' })).toHaveLength(found ? 1 : 0);
});
