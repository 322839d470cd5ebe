/**
 * Plants a mutant: copies the engine's sources and the checker to a directory of its own, patches one
 * file there and loads that copy. The shipped sources are never touched.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Mutant } from './registry';

const REPOSITORY = join(__dirname, '..', '..', '..');
const copied = [
  'src/kit',
  'src/sentinel/core',
  'test/verify/env',
  'test/verify/mc',
  'test/verify/props',
  'test/verify/scopes',
];

/** The checker with the mutant in it. */
export interface Planted {
  readonly scopesOf: typeof import('../scopes/all').scopesOf;
  readonly shipped: typeof import('../scopes/models').shipped;
  readonly explore: typeof import('../mc/explore').explore;
  readonly safety: typeof import('../props/safety').safety;
}

/** @throws when the patch does not fit exactly once. */
export async function plant<Value>(
  mutant: Mutant,
  use: (planted: Planted) => Value,
): Promise<Value> {
  const home = mkdtempSync(join(tmpdir(), 'gungnir-mutant-'));
  try {
    for (const folder of copied)
      cpSync(join(REPOSITORY, folder), join(home, folder), { recursive: true });
    patch(join(home, mutant.file), mutant);
    const load = async (file: string): Promise<Planted> =>
      (await import(pathToFileURL(join(home, 'test/verify', file)).href)) as Planted;
    return use({
      scopesOf: (await load('scopes/all.ts')).scopesOf,
      shipped: (await load('scopes/models.ts')).shipped,
      explore: (await load('mc/explore.ts')).explore,
      safety: (await load('props/safety.ts')).safety,
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function patch(file: string, { name, find, replace }: Mutant): void {
  const text = readFileSync(file, 'utf8');
  const times = text.split(find).length - 1;
  if (times !== 1) throw new Error(`mutant ${name} fits ${times} times in ${file}, expected once`);
  writeFileSync(
    file,
    text.replace(find, () => replace),
  );
}
