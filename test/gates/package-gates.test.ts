/**
 * The gates that read lock files, installed packages and the bundle, on planted ones.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bundleSize } from '../../build-tools/gates/bundle-size';
import { lockFile } from '../../build-tools/gates/lock-file';
import { native } from '../../build-tools/gates/native';
import { rngFrom } from '../../src/kit/rng';
import { places } from './plant';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gate-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe('lock-file', () => {
  const lock = (packages: object): Readonly<Record<string, string>> => ({
    'package-lock.json': JSON.stringify({ packages }),
  });
  const a = { version: '1.0.0', optionalDependencies: { b: '1' } };

  test('every name has its entry, above or below the package that wants it', () => {
    const here = { '': { dependencies: { a: '1' } }, 'node_modules/a': a };
    const b = { version: '1.0.0' };
    expect(places(lockFile, lock({ ...here, 'node_modules/b': b }))).toEqual([]);
    expect(places(lockFile, lock({ ...here, 'node_modules/a/node_modules/b': b }))).toEqual([]);
  });

  test.each([
    { packages: { 'node_modules/a': a }, why: 'the optional b of another platform is missing' },
    { packages: { '': { dependencies: { a: '1' } } }, why: 'a is missing' },
    { packages: { 'node_modules/b': {} }, why: 'no version' },
    { packages: { 'node_modules/b': { version: '1', resolved: 'x' } }, why: 'an address' },
  ])('found: $why', ({ packages }) => {
    expect(places(lockFile, lock(packages))).toHaveLength(1);
  });
});

describe('native', () => {
  const files = [
    { path: 'package.json', text: JSON.stringify({ dependencies: { a: '1' } }) },
    { path: 'src/runtime/a.ts', text: "import * as b from 'b';" },
  ];
  beforeEach(() => {
    put('node_modules/a/package.json', JSON.stringify({ dependencies: { c: '1' } }));
    put('node_modules/b/package.json', '{}');
    put('node_modules/a/node_modules/c/package.json', '{}');
    put('node_modules/dev/package.json', JSON.stringify({ scripts: { install: 'make' } }));
    put('node_modules/dev/dev.node', '');
  });
  const found = () => native.check({ root, files }).map(({ path }) => path);

  test('packages in JavaScript pass; what only builds is not shipped', () => {
    expect(found()).toEqual([]);
  });
  test('an addon below a dependency is found', () => {
    put('node_modules/a/node_modules/c/build/c.node', '');
    expect(found()).toEqual(['node_modules/a/node_modules/c']);
  });
  test('an addon that has yet to be built is found, in a package that src imports', () => {
    put('node_modules/b/binding.gyp', '{}');
    expect(found()).toEqual(['node_modules/b']);
  });
  test('an install script is found', () => {
    put('node_modules/b/package.json', JSON.stringify({ scripts: { postinstall: 'x' } }));
    expect(found()).toEqual(['node_modules/b']);
  });
  test('an optional peer is the user’s own; one that is not optional is not', () => {
    put('node_modules/b/package.json', JSON.stringify({ scripts: { postinstall: 'x' } }));
    const withPeer = (optional: boolean) => {
      const text = JSON.stringify({ peerDependenciesMeta: { b: { optional } } });
      return native.check({ root, files: [{ path: 'package.json', text }, ...files.slice(1)] });
    };
    expect(withPeer(true)).toEqual([]);
    expect(withPeer(false).map(({ path }) => path)).toEqual(['node_modules/b']);
  });
  test('a package that is not installed is not taken for a clean one', () => {
    rmSync(join(root, 'node_modules/b'), { recursive: true });
    expect(found()).toEqual(['b']);
  });
});

describe('bundle-size', () => {
  const check = () => bundleSize.check({ root, files: [] });

  test('nothing to say before the first bundle', () => expect(check()).toEqual([]));
  test('what fits plain fits', () => {
    put('assets/operator.mjs', 'x'.repeat(239_000));
    expect(check()).toEqual([]);
  });
  test('what does not fit plain may travel packed', () => {
    put('assets/operator.mjs', 'x'.repeat(400_000));
    expect(check()).toEqual([]);
  });
  test('what does not fit packed either is found', () => {
    const rng = rngFrom(1);
    put('assets/operator.mjs', Array.from({ length: 60_000 }, () => rng.next()).join());
    expect(check()).toHaveLength(1);
  });
});
