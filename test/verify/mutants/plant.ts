/**
 * Plants a mutant: copies the engine's sources to a directory of its own, patches one file and loads
 * that copy. The shipped sources are never touched.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Engine } from '../env/world';
import type { Mutant } from './registry';

/** @throws when the patch does not fit exactly once. */
export async function plant<Value>(mutant: Mutant, use: (engine: Engine) => Value): Promise<Value> {
  const home = mkdtempSync(join(tmpdir(), 'gungnir-mutant-'));
  try {
    const source = join(__dirname, '..', '..', '..', 'src');
    cpSync(join(source, 'kit'), join(home, 'kit'), { recursive: true });
    const core = join(home, 'sentinel', 'core');
    cpSync(join(source, 'sentinel', 'core'), core, { recursive: true });
    patch(join(core, mutant.file), mutant);
    const step = (await import(pathToFileURL(join(core, 'step.ts')).href)) as Pick<Engine, 'step'>;
    const lease = (await import(pathToFileURL(join(core, 'on-lease.ts')).href)) as Pick<
      Engine,
      'initialState'
    >;
    return use({ step: step.step, initialState: lease.initialState });
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
