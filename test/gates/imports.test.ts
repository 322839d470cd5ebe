/**
 * The import gate finds what it is for; each forbidden row stands beside an allowed one.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { imports } from '../../build-tools/gates/imports';
import { layers } from '../../build-tools/gates/layers';
import { places } from './plant';

const manifest = JSON.stringify({
  devDependencies: { zod: '4', iovalkey: '1', prom: '1' },
  peerDependencies: { cdk8s: '2', constructs: '10' },
  peerDependenciesMeta: { '@pulumi/kubernetes': { optional: true } },
});
/** One module in each layer, so that every import below resolves. */
const house = Object.fromEntries(
  layers.map(({ at }) => [
    `src/${at.endsWith('/') ? `${at}there.ts` : at}`,
    'export const there = 1;',
  ]),
);

function faultsOf(path: string, code: string): readonly string[] {
  return places(imports, { ...house, 'package.json': manifest, [path]: code });
}

describe('layers', () => {
  test.each([
    { from: 'src/kit/a.ts', to: './there', why: 'a layer imports itself' },
    { from: 'src/spec/a.ts', to: '../kit/there', why: 'spec may use kit' },
    { from: 'src/spec/schema/a.ts', to: '../there', why: 'the schema knows the nouns' },
    { from: 'src/resources/a.ts', to: '../spec/there', why: 'builders take definitions' },
    { from: 'src/sentinel/io/a.ts', to: '../core/there', why: 'the driver runs the core' },
    { from: 'src/runtime/a.ts', to: '../sentinel/io/there', why: 'the operator drives the engine' },
    {
      from: 'src/runtime/cli/a.ts',
      to: '../../local/there',
      why: 'only the CLI starts a local world',
    },
    { from: 'src/runtime/cli/a.ts', to: '../../../package.json', why: 'it says its version' },
    { from: 'src/index.ts', to: './constructs/cdk8s/there', why: 'what jsii sees' },
  ])('$from may import $to ($why)', ({ from, to }) => {
    expect(faultsOf(from, `import { there } from '${to}';`)).toEqual([]);
  });

  test.each([
    { from: 'src/kit/a.ts', to: '../spec/there', why: 'kit imports nothing' },
    { from: 'src/spec/a.ts', to: './schema/there', why: 'zod must not reach the constructs' },
    { from: 'src/resources/a.ts', to: '../sentinel/core/there', why: 'builders know no engine' },
    { from: 'src/sentinel/core/a.ts', to: '../io/there', why: 'the core knows no driver' },
    { from: 'src/sentinel/io/a.ts', to: '../../spec/there', why: 'the engine knows no Kubernetes' },
    { from: 'src/runtime/plan/a.ts', to: '../there', why: 'the plan knows no driver' },
    { from: 'src/runtime/a.ts', to: '../local/there', why: 'the operator must not hold its world' },
    { from: 'src/local/a.ts', to: '../runtime/there', why: 'the world must not hold the operator' },
    {
      from: 'src/constructs/cdk8s/a.ts',
      to: '../../runtime/there',
      why: 'constructs have no logic',
    },
    {
      from: 'src/runtime/a.ts',
      to: '../../package.json',
      why: 'a release would change the bundle',
    },
    { from: 'src/kit/a.ts', to: './gone', why: 'nothing is there' },
    { from: 'src/kit/a.ts', to: '../../test/gates/plant', why: 'src imports only src' },
  ])('$from may not import $to ($why)', ({ from, to }) => {
    expect(faultsOf(from, `\nimport { there } from '${to}';`)).toEqual([`${from}:2`]);
  });

  test('a folder without a row is found, so that a new layer gets its rule first', () => {
    expect(faultsOf('src/fresh/a.ts', '')).toEqual(['src/fresh/a.ts:1']);
  });
});

describe('packages', () => {
  test.each([
    { from: 'src/spec/schema/a.ts', name: 'zod', found: false, why: 'in its row' },
    { from: 'src/spec/a.ts', name: 'zod', found: true, why: 'not in its row' },
    { from: 'src/sentinel/io/a.ts', name: 'node:net', found: false, why: 'the driver has sockets' },
    { from: 'src/sentinel/core/a.ts', name: 'node:net', found: true, why: 'the core has none' },
    { from: 'src/sentinel/io/a.ts', name: 'net', found: true, why: 'the prefix shows a built-in' },
    { from: 'src/sentinel/io/a.ts', name: 'prom', found: true, why: 'the driver has one package' },
    { from: 'src/runtime/a.ts', name: 'prom/deep', found: false, why: 'any declared package' },
    {
      from: 'src/runtime/a.ts',
      name: 'undeclared',
      found: true,
      why: 'works only where it is hoisted',
    },
    {
      from: 'src/constructs/pulumi/a.ts',
      name: '@pulumi/kubernetes',
      found: false,
      why: 'its scope',
    },
    {
      from: 'src/constructs/cdk8s/a.ts',
      name: '@pulumi/kubernetes',
      found: true,
      why: 'not its scope',
    },
  ])('$from imports $name: found $found ($why)', ({ from, name, found }) => {
    expect(faultsOf(from, `import * as it from '${name}';`)).toEqual(found ? [`${from}:1`] : []);
  });
});

test.each([
  "import type { A } from '../spec/there';",
  "export * from '../spec/there';",
  "export { there } from '../spec/there';",
  "import '../spec/there';",
  "import it = require('../spec/there');",
  "const it = require('../spec/there');",
  "const it = import('../spec/there');",
  "type A = import('../spec/there').A;",
  'const it = import(name);',
  'const it = require(name);',
])('every syntax that imports is seen: %s', (code) => {
  expect(faultsOf('src/kit/a.ts', code)).toEqual(['src/kit/a.ts:1']);
});

test('a module on the disk that the listing does not name is found', () => {
  const root = mkdtempSync(join(tmpdir(), 'gate-'));
  try {
    mkdirSync(join(root, 'src/kit'), { recursive: true });
    for (const name of ['a.ts', 'b.ts']) writeFileSync(join(root, 'src/kit', name), '');
    const listed = ['src/kit/a.ts', 'src/kit/b.ts'].map((path) => ({ path, text: '' }));
    expect(imports.check({ root, files: listed })).toEqual([]);
    expect(imports.check({ root, files: listed.slice(1) })).toHaveLength(1);
    expect(imports.check({ root, files: [] })).toHaveLength(1);
  } finally {
    rmSync(root, { recursive: true });
  }
});
