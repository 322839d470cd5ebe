/**
 * Makes all that is packed: what jsii compiles, the programs, the engine's entries. `npm run build` without its checks.
 * Never here: packing it.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

export function makePacked(root: string): void {
  // What a deleted source left there would be packed.
  rmSync(join(root, 'lib'), { recursive: true, force: true });
  for (const [program = '', ...args] of [
    ['jsii', '--silence-warnings=reserved-word'],
    ['tsx', 'build-tools/bundle.ts'],
    ['tsx', 'build-tools/sdk.ts'],
  ])
    execFileSync(program, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}
