/**
 * The jsii packages for other languages: a wheel, a Maven repository with our jar, Go modules, and .NET's sources.
 * cdk8s and its peers come from PyPI for Python. For Java and Go they are made here from their npm packages,
 * of the versions in the lock file: Maven Central ends before the one that we need (docs/decisions/0035).
 * Never here: whether they work (test/pack/languages.ts).
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Bounded, runBounded } from './bounded';
import { compileJava } from './java-package';
import type { Language } from './language-tools';

interface Recipe {
  readonly withinMs: number;
  readonly make: (making: Making) => Promise<void>;
}

interface Making {
  readonly folder: string;
  /** Removed afterwards. */
  readonly scratch: string;
  readonly bounded: Bounded;
}

const PEERS = ['constructs', 'cdk8s', 'cdk8s-plus-28'];

const recipes: Readonly<Record<Language, Recipe>> = {
  python: {
    withinMs: 180_000,
    make: ({ folder, bounded }) => generate('python', folder, ['.'], bounded),
  },
  java: { withinMs: 240_000, make: makeJava },
  go: {
    withinMs: 120_000,
    make: ({ folder, bounded }) => generate('go', folder, [...PEERS.map(installed), '.'], bounded),
  },
  dotnet: {
    withinMs: 60_000,
    make: ({ folder, bounded }) => generate('dotnet', folder, ['.'], bounded, '--code-only'),
  },
};

/**
 * Makes the package of one language in a folder of its name. The tree must have been compiled (packed.ts).
 * @param folder absolute. @returns ms. @throws with what the failing program said.
 */
export async function makeLanguage(
  root: string,
  language: Language,
  folder: string,
): Promise<number> {
  const sinceMs = performance.now();
  const { withinMs, make } = recipes[language];
  const scratch = join(folder, `.${language}`);
  for (const old of [join(folder, language), scratch])
    rmSync(old, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  const env = {
    // The peers' packages are packed as they were installed; none of their scripts runs.
    npm_config_ignore_scripts: 'true',
    // Whoever imports a module compiles it.
    JSII_BUILD_GO: '0',
    // A failed run leaves its sources behind.
    TMPDIR: scratch,
  };
  try {
    await make({ folder, scratch, bounded: { cwd: root, withinMs, env } });
    return performance.now() - sinceMs;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function generate(
  language: Language,
  folder: string,
  modules: readonly string[],
  bounded: Bounded,
  ...flags: readonly string[]
): Promise<void> {
  const command = ['jsii-pacmak', '--targets', language, '--outdir', folder];
  await runBounded([...command, ...flags, '--no-npmignore', ...modules], bounded);
}

/** Each module's sources go to a folder of its own; they would lie in one otherwise. */
async function makeJava({ folder, scratch, bounded }: Making): Promise<void> {
  const modules = new Map([...PEERS, 'gungnir'].map((name) => [name, folderOf(name)] as const));
  await Promise.all(
    [...modules].map(([name, module]) =>
      generate('java', join(scratch, name), [module], bounded, '--code-only'),
    ),
  );
  const versions = [...modules].map(
    ([name, module]) => [name, versionIn(join(bounded.cwd, module))] as const,
  );
  await compileJava(scratch, new Map(versions), join(folder, 'java'), bounded);
}

function folderOf(name: string): string {
  return name === 'gungnir' ? '.' : installed(name);
}

function installed(name: string): string {
  return join('node_modules', name);
}

function versionIn(folder: string): string {
  const text = readFileSync(join(folder, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
