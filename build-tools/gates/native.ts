/**
 * What is shipped is JavaScript alone: no package that src/ imports or package.json depends on, nor
 * one below it, has a native addon or an install script. So the bundle runs wherever Node.js runs. An optional
 * peer is not shipped: who imports the entry that needs it has brought it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagesOf } from './imports';
import type { Finding, Gate, Tree } from './tree';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

export const native: Gate = {
  name: 'native',
  holds: 'no shipped package has a native addon or an install script',
  check: (tree) => {
    const folders = closure(tree.root, rootsOf(tree));
    return [...folders].flatMap(([name, folder]) => faultsOf(name, folder));
  },
};

function rootsOf(tree: Tree): readonly string[] {
  const own = tree.files.find(({ path }) => path === 'package.json');
  const manifest = JSON.parse(own?.text ?? '{}') as Manifest;
  const kept = { ...manifest.dependencies, ...manifest.peerDependencies };
  const brought = manifest.peerDependenciesMeta ?? {};
  const all = [...new Set([...packagesOf(tree), ...Object.keys(kept)])];
  return all.filter((name) => brought[name]?.optional !== true);
}

/** Name -> folder of each package that is reached; folder undefined where it is not installed. */
function closure(root: string, roots: readonly string[]): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  const open = roots.map((name) => ({ name, from: root, optional: false }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const folder = installedAt(root, next.from, next.name);
    const key = folder === undefined ? next.name : folder.slice(root.length + 1);
    if (found.has(key) || (folder === undefined && next.optional)) continue;
    found.set(key, folder);
    if (folder === undefined) continue;
    const { dependencies, optionalDependencies } = manifestOf(folder);
    for (const name of Object.keys(dependencies ?? {})) {
      open.push({ name, from: folder, optional: name in (optionalDependencies ?? {}) });
    }
    for (const name of Object.keys(optionalDependencies ?? {})) {
      open.push({ name, from: folder, optional: true });
    }
  }
  return found;
}

function installedAt(root: string, from: string, name: string): string | undefined {
  for (let folder = from; folder.startsWith(root); folder = join(folder, '..')) {
    const place = join(folder, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return place;
  }
  return undefined;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function faultsOf(name: string, folder: string | undefined): readonly Finding[] {
  const say = (message: string): readonly Finding[] => [{ path: name, line: 1, message }];
  if (folder === undefined)
    return say('is not installed, so nothing can be said of it: run npm ci');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const below = files.filter((file) => !file.includes('node_modules'));
  const addon = below.find((file) => /(\.node|(^|[\\/])binding\.gyp)$/.test(file));
  if (addon !== undefined)
    return say(`has a native addon (${addon}): choose a package without one`);
  const scripts = Object.keys(manifestOf(folder).scripts ?? {});
  const script = scripts.find((key) => ['preinstall', 'install', 'postinstall'].includes(key));
  return script === undefined ? [] : say(`has a script '${script}': choose a package without one`);
}
