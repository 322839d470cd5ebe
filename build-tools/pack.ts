/**
 * `npm run pack`: gungnir-VERSION.tgz as it would be published, in this folder; what follows `--` goes to
 * `npm pack`. A bare `npm pack` would leave out what is built, since scripts of packages are off (.npmrc).
 * Never here: checks; `npm run test:pack` installs what this makes.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { makePacked } from './packed';

const root = join(__dirname, '..');

function main(args: readonly string[]): void {
  makePacked(root);
  // Only what npm says is the result: the name of the file, or what --json asks for.
  execFileSync('npm', ['pack', '--ignore-scripts', '--loglevel=error', ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

main(process.argv.slice(2));
