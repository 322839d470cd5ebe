/**
 * Who may import whom: the table of ARCHITECTURE.md as data.
 * Never here: how imports are found (imports.ts).
 */

export interface Layer {
  readonly name: string;
  /** Folder (with `/` at the end) or file below src/. The longest that fits a module is its layer. */
  readonly at: string;
  /** Names of layers. A layer may always import itself. */
  readonly layers: readonly string[];
  /** Package names, `@scope/*`, `node:*` for all built-ins, `*` for all declared packages. */
  readonly packages: readonly string[];
  /** Files outside src/. */
  readonly files?: readonly string[];
}

const engine = ['sentinel/core', 'sentinel/io', 'sentinel'];
const nouns = ['spec', 'resources', 'kit'];
const operator = [...nouns, ...engine, 'spec/schema', 'runtime', 'runtime/plan'];

export const layers: readonly Layer[] = [
  { name: 'kit', at: 'kit/', layers: [], packages: [] },
  { name: 'spec', at: 'spec/', layers: ['kit'], packages: [] },
  { name: 'spec/schema', at: 'spec/schema/', layers: ['spec', 'kit'], packages: ['zod'] },
  { name: 'resources', at: 'resources/', layers: ['spec', 'kit'], packages: [] },
  { name: 'sentinel/core', at: 'sentinel/core/', layers: ['kit'], packages: [] },
  {
    name: 'sentinel/io',
    at: 'sentinel/io/',
    layers: ['sentinel/core', 'kit'],
    packages: ['node:*'],
  },
  { name: 'sentinel', at: 'sentinel/', layers: [...engine, 'kit'], packages: [] },
  {
    name: 'runtime/plan',
    at: 'runtime/plan/',
    layers: [...nouns, 'sentinel/core'],
    packages: [],
  },
  { name: 'runtime', at: 'runtime/', layers: operator, packages: ['*', 'node:*'] },
  {
    name: 'runtime/cli',
    at: 'runtime/cli/',
    layers: [...operator, 'local'],
    packages: ['*', 'node:*'],
    files: ['package.json'],
  },
  { name: 'local', at: 'local/', layers: ['kit', 'spec'], packages: ['*', 'node:*'] },
  {
    name: 'constructs/program',
    at: 'constructs/program.ts',
    layers: ['resources'],
    packages: ['node:*'],
  },
  {
    name: 'constructs/peers',
    at: 'constructs/peers.ts',
    layers: ['kit'],
    packages: ['node:*'],
  },
  {
    name: 'constructs/cdk8s',
    at: 'constructs/cdk8s/',
    layers: [...nouns, 'constructs/program', 'constructs/peers'],
    packages: ['cdk8s', 'cdk8s-plus-28', 'constructs'],
  },
  {
    name: 'constructs/pulumi',
    at: 'constructs/pulumi/',
    layers: [...nouns, 'constructs/program', 'constructs/peers'],
    packages: ['@pulumi/*'],
  },
  { name: 'index', at: 'index.ts', layers: ['spec', 'constructs/cdk8s'], packages: [] },
];

/** Folders whose code computes the same from the same arguments, always (architecture.md, "Pure core"). */
export const pureFolders = [
  'src/kit/',
  'src/spec/',
  'src/resources/',
  'src/sentinel/core/',
  'src/runtime/plan/',
] as const;

/** @param module a path below the root, such as `src/kit/rng.ts`. */
export function layerOf(module: string): Layer | undefined {
  const inside = module.replace(/^src\//, '');
  const fitting = layers.filter(({ at }) =>
    at.endsWith('/') ? inside.startsWith(at) : inside === at,
  );
  return fitting.sort((a, b) => b.at.length - a.at.length)[0];
}
