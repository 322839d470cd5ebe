/**
 * Each command that a page in the root shows is one that works: a script of package.json (npm test and
 * .ci/run run those), or a command that this file runs.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import manifest from '../package.json';

/** Commands beside the npm scripts; run here as they stand. */
const tried = [
  'node bin/gungnir.js crds',
  'node bin/gungnir.js render examples/manifests/minimal.yaml',
  'node build-tools/run.mjs vitest run --project unit test/gates/pure.test.ts',
  'node build-tools/run.mjs biome check .projenrc.ts',
];

const pages = readdirSync('.').filter((name) => name.endsWith('.md'));
const commands = pages.flatMap((page) =>
  commandsOf(readFileSync(page, 'utf8')).map((command) => ({ page, command })),
);

/** Lines of `sh` blocks, without comments. */
function commandsOf(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  const lines = blocks
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/ +#.*/, ''));
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

test('README.md shows commands at all', () => {
  const shown = commands.filter(({ page }) => page === 'README.md').map(({ command }) => command);
  expect(shown).toEqual(expect.arrayContaining(['npm start', 'npm test']));
});

test.each(commands)('$page: $command', ({ command }) => {
  const script = /^npm (?:run )?(\S+)( -- .+)?$/.exec(command)?.[1];
  if (script === undefined) expect(tried).toContain(command);
  else expect(Object.keys(manifest.scripts)).toContain(script);
});

test.each(Object.entries(manifest.scripts))(
  'npm run %s starts a file that is there: %s',
  (_, line) => {
    const started = /\btsx (\S+)/.exec(line)?.[1];
    expect(line).toMatch(/^node build-tools\/run\.mjs /);
    expect(started === undefined || existsSync(started)).toBe(true);
  },
);

test.each(tried)('%s ends well', (command) => {
  const [program = '', ...args] = command.split(' ');
  expect(() => execFileSync(program, args, { stdio: 'pipe' })).not.toThrow();
});

test.each(pages)('the links of %s lead to files', (page) => {
  const links = [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)];
  const missing = links.map(([, target = '']) => target).filter((target) => !existsSync(target));
  expect(missing).toEqual([]);
});
