/**
 * The programs as they are shipped: the same bytes from the same tree, the licences of what is in them, and a source
 * map that leads back to the sources and does not travel with the operator.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { licenceOf, makePrograms } from '../../build-tools/bundle';
import { bundleOptions } from '../../build-tools/bundle-options';
import { readBundle } from '../../src/constructs/program';
import { BUNDLE_MAX_BYTES, bundleConfigMap } from '../../src/resources/operator/bundle';
import { differences } from '../pack/same-files';

let folder = '';
const first = (): string => join(folder, 'first');
const read = (name: string): string => readFileSync(join(first(), name), 'utf8');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-bundle-'));
  await makePrograms(first());
  await makePrograms(join(folder, 'deeper', 'other'));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('two builds are the same bytes, and know nothing of where they were made', () => {
  expect(readdirSync(first()).sort()).toEqual([
    'LICENSES.txt',
    'cli.mjs',
    'operator.mjs',
    'operator.mjs.gz.txt',
    'operator.mjs.map',
  ]);
  expect(differences(first(), join(folder, 'deeper', 'other'))).toEqual([]);
  for (const name of readdirSync(first()))
    expect(read(name).includes(process.cwd()), name).toBe(false);
});

interface RawMap {
  readonly sources: readonly string[];
  readonly sourcesContent: readonly string[];
}

const packagesIn = ({ sources }: RawMap): readonly string[] => [
  ...new Set(sources.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [])),
];

describe('the source map of the operator', () => {
  const raw = (): RawMap => JSON.parse(read('operator.mjs.map'));

  test('leads from a place in the program to the line of the source', () => {
    const lines = read('operator.mjs').split('\n');
    const needle = 'gungnir-operator-lease';
    const lineOffset = lines.findIndex((line) => line.includes(needle));
    const columnOffset = (lines[lineOffset] ?? '').indexOf(needle);
    const map = new SourceMap(raw() as never);
    const found = map.findEntry(lineOffset, columnOffset);
    if (!('originalSource' in found)) throw new Error('no entry');
    expect(found.originalSource).toBe('src/runtime/args.ts');
    const content = raw().sourcesContent[raw().sources.indexOf(found.originalSource)] ?? '';
    expect(content.split('\n')[found.originalLine]).toContain(needle);
  });

  test('is not in what the ConfigMap carries, nor named there', () => {
    const bundle = readBundle(join(first(), 'operator.mjs'));
    const json = JSON.stringify(bundleConfigMap(bundle, 'gungnir-system'));
    expect(Buffer.byteLength(json)).toBeLessThan(BUNDLE_MAX_BYTES);
    expect(read('operator.mjs')).not.toContain('sourceMappingURL');
    expect(json).not.toContain('sourcesContent');
  });
});

describe('the licences', () => {
  test('are of every package that a source map finds, with their text, and of no other', async () => {
    const { outputFiles } = await build({
      ...bundleOptions,
      entryPoints: ['src/runtime/cli/main.ts'],
      outfile: 'cli.mjs',
      sourcemap: 'external',
      write: false,
    });
    const ofCommandLine = outputFiles.find(({ path }) => path.endsWith('.map'))?.text ?? '';
    const maps: readonly RawMap[] = [
      JSON.parse(ofCommandLine),
      JSON.parse(read('operator.mjs.map')),
    ];
    const packages = [...new Set(maps.flatMap(packagesIn))].sort();
    expect(packages).toContain('@kubernetes/client-node');
    const told = read('LICENSES.txt');
    for (const name of packages) expect(told).toContain(licenceOf(join('node_modules', name)));
    const heads = [...told.matchAll(/^(\S+) \d+\.\d+\.\d+\S* \(.*\)$/gm)].map(([, name]) => name);
    expect([...new Set(heads)].sort()).toEqual(packages);
  });

  test.each([
    { why: 'no word and no file', license: undefined, file: undefined, says: 'cannot be shipped' },
    { why: 'a word', license: 'MIT', file: undefined, says: '' },
    { why: 'a file', license: undefined, file: 'LICENCE.md', says: '' },
  ])('a package with $why: "$says"', ({ license, file, says }) => {
    const planted = join(folder, `planted-${license}-${file}`);
    mkdirSync(planted);
    const manifest = { name: 'planted', version: '1.0.0', license };
    writeFileSync(join(planted, 'package.json'), JSON.stringify(manifest));
    if (file !== undefined) writeFileSync(join(planted, file), 'Do what you like.');
    if (says === '') expect(licenceOf(planted)).toMatch(/^planted 1\.0\.0 \((MIT|see below)\)/);
    else expect(() => licenceOf(planted)).toThrow(says);
  });
});
