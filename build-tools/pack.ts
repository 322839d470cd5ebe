/**
 * `npm run pack`: gungnir-VERSION.tgz as it would be published, in this folder; what follows `--` goes to
 * `npm pack`. A bare `npm pack` would leave out what is built, since scripts of packages are off (.npmrc).
 * Never here: checks; `npm run test:pack` installs what this makes.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');

function main(args: readonly string[]): void {
  // What a deleted source left there would be packed.
  rmSync(join(root, 'lib'), { recursive: true, force: true });
  // Only what npm says is the result: the name of the file, or what --json asks for.
  for (const [program = '', ...rest] of [
    ['jsii', '--silence-warnings=reserved-word'],
    ['tsx', 'build-tools/bundle.ts'],
    ['tsx', 'build-tools/sdk.ts'],
    ['npm', 'pack', '--ignore-scripts', '--loglevel=error', ...args],
  ])
    execFileSync(program, rest, {
      cwd: root,
      stdio: ['ignore', program === 'npm' ? 'inherit' : 'ignore', 'inherit'],
    });
}

main(process.argv.slice(2));
