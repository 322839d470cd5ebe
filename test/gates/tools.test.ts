/**
 * Types, lint and format are gates too: each is asked about planted text, beside text that is fine.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = resolve('.');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gate-tools-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const types = [
  { name: 'fine', text: 'export const first = (all: readonly string[]) => all[0] ?? "";' },
  { name: 'any', text: 'export const same = (value) => value;' },
  { name: 'index', text: 'export const first = (all: readonly string[]): string => all[0];' },
  { name: 'null', text: 'export const size = (text: string | undefined) => text.length;' },
  {
    name: 'optional',
    text: 'export const made: { readonly size?: number } = { size: undefined };',
  },
  { name: 'unused', text: 'const left = 1;\nexport const right = 2;' },
] as const;

test('the compiler refuses what is loose, and only that', () => {
  for (const { name, text } of types) writeFileSync(join(folder, `${name}.ts`), `${text}\n`);
  const config = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: { noEmit: true, rootDir: folder, types: [] },
    include: [],
    files: types.map(({ name }) => `${name}.ts`),
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], {
    cwd: folder,
    encoding: 'utf8',
  });
  const refused = new Set([...stdout.matchAll(/^(\w+)\.ts\(/gm)].map(([, name]) => name));
  expect([...refused].sort()).toEqual(
    types.flatMap(({ name }) => (name === 'fine' ? [] : [name])).sort(),
  );
});

const lints = [
  {
    name: 'fine',
    text: 'export const size = (text: string): number => text.length;\n',
    by: undefined,
  },
  {
    name: 'any',
    text: 'export const same = (value: any): unknown => value;\n',
    by: 'noExplicitAny',
  },
  {
    name: 'bang',
    text: 'export const size = (text?: string): number => text!.length;\n',
    by: 'noNonNullAssertion',
  },
  { name: 'format', text: 'export const size  = 1\n', by: 'format' },
] as const;

test.each(lints)('lint and format on $name: $by', ({ name, text, by }) => {
  const place = join(folder, `lint-${name}`);
  mkdirSync(join(place, 'src'), { recursive: true });
  copyFileSync('biome.jsonc', join(place, 'biome.jsonc'));
  writeFileSync(join(place, 'src', 'planted.ts'), text);
  const argv = ['ci', '--error-on-warnings', '--colors=off', '--vcs-enabled=false', 'src'];
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/biome'), argv, {
    cwd: place,
    encoding: 'utf8',
  });
  if (by === undefined) expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  else
    expect({ status, said: stdout + stderr }).toMatchObject({
      status: 1,
      said: expect.stringContaining(by),
    });
});
