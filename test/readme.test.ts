/**
 * Each command that a page in the root shows is one that works: a script of package.json, or a command that this file runs. Each block of the README is claimed by a test, and
 * the numbers of its first screen stand in a table that a program wrote.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** What a block is, and the test that holds it. */
const claims = {
  sh: 'test/readme.test.ts',
  console: 'test/e2e/readme.test.ts',
  text: 'test/examples/start.test.ts',
  js: 'test/pack/pages.ts',
} as const;

test('each block of README.md is claimed by a test that reads it', () => {
  const marks = readFileSync('README.md', 'utf8').match(/^ *(```|~~~).*$/gm) ?? [];
  const kinds = marks.filter((_, place) => place % 2 === 0).map((mark) => mark.slice(3));
  expect(marks.filter((_, place) => place % 2 === 1).every((mark) => mark === '```')).toBe(true);
  expect(kinds.filter((kind) => !Object.hasOwn(claims, kind))).toEqual([]);
  expect(new Set(kinds)).toEqual(new Set(Object.keys(claims)));
  for (const [kind, file] of Object.entries(claims))
    expect(readFileSync(file, 'utf8')).toContain(`\`\`\`${kind}`);
});

test('each bold number of the first screen stands in a table of README.md that is measured', () => {
  const text = readFileSync('README.md', 'utf8');
  const [, measured = ''] = /<!-- table of npm run bench -->\n(.*?)<!-- end/s.exec(text) ?? [];
  const cells = new Set(measured.split(/[|\n]/).map((cell) => cell.trim()));
  const bold = text.slice(0, text.indexOf('\n## ')).matchAll(/\*\*([\d.]+)\*\*/g);
  const numbers = [...bold].map(([, number]) => number);
  expect(numbers.length).toBeGreaterThan(3);
  expect(numbers.filter((number) => !cells.has(number ?? ''))).toEqual([]);
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

const furtherPages = ['docs', 'examples'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join(folder, path)),
);

test.each([...pages, ...furtherPages])('the links of %s lead to files', (page) => {
  const links = [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)];
  const missing = links
    .map(([, target = '']) => target)
    .filter((target) => !existsSync(join(dirname(page), target)));
  expect(missing).toEqual([]);
});
