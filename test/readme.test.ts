/**
 * Each command that a page in the root shows is one that works: a script of package.json, or a command that this
 * file runs. Each block of the README and each command in its sentences is claimed by a test, and the numbers of its
 * first screen stand in a table that a program wrote.
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

/** What holds the blocks of README.md: a kind, in the section where it may stand, and the test that reads it. */
const claims: readonly { kind: string; section?: string; by: string; says: string }[] = [
  { kind: 'sh', by: 'test/readme.test.ts', says: '```sh' },
  { kind: 'text', by: 'test/examples/start.test.ts', says: '```text' },
  {
    kind: 'console',
    section: 'On Kubernetes',
    by: 'test/e2e/readme.test.ts',
    says: "'On Kubernetes'",
  },
  { kind: 'console', section: 'Four ways in', by: 'test/pack/walks.ts', says: "'Four ways in'" },
  { kind: 'js', section: 'Four ways in', by: 'test/pack/walks.ts', says: "'Four ways in'" },
];

test('each block of README.md is claimed by a test that reads it', () => {
  const readme = readFileSync('README.md', 'utf8');
  const marks = readme.match(/^ *(```|~~~).*$/gm) ?? [];
  expect(marks.filter((_, place) => place % 2 === 1).every((mark) => mark === '```')).toBe(true);
  const blocks = readme.split(/^## /m).flatMap((part) => {
    const [section = ''] = part.split('\n');
    return [...part.matchAll(/^```(\w+)/gm)].map(([, kind = '']) => ({ kind, section }));
  });
  expect(blocks).toHaveLength(marks.length / 2);
  const claimOf = (block: { readonly kind: string; readonly section: string }) =>
    claims.find(
      ({ kind, section = block.section }) => kind === block.kind && section === block.section,
    );
  expect(blocks.filter((block) => claimOf(block) === undefined)).toEqual([]);
  expect(new Set(blocks.map(claimOf))).toEqual(new Set(claims));
  for (const { by, says } of claims) expect(readFileSync(by, 'utf8'), by).toContain(says);
});

test('no line of README.md is longer than 120 columns', () => {
  const long = readFileSync('README.md', 'utf8')
    .split('\n')
    .filter((line) => line.length > 120);
  expect(long).toEqual([]);
});

/** Commands in the README's sentences: the file that runs each, by these words, or why nobody does. */
const inSentences: Readonly<Record<string, { by: string; says: string } | { notRun: string }>> = {
  'npm start': { by: 'test/examples/start.test.ts', says: 'examples/local/main.ts' },
  'npm test': { by: '.ci/run', says: 'npm test' },
  'npm run bench': { by: '.ci/run', says: 'npm run bench -- --quick' },
  'npm run bundle': { by: 'build-tools/check.ts', says: 'build-tools/bundle.ts' },
  'npm run generate': { by: 'test/e2e/readme.test.ts', says: 'npm run generate' },
  'npm run pack': { by: 'test/pack/workshop.ts', says: "'run', '--silent', 'pack'" },
  'npm run languages': { by: 'test/pack/languages.ts', says: 'makeLanguage(' },
  'npm run test:languages': { by: '.ci/run', says: 'npm run test:languages' },
  'npm run test:pack': { by: '.ci/run', says: 'npm run test:pack' },
  'npm run test:kubernetes': { by: '.ci/run', says: 'npm run test:kubernetes' },
  'npm run test:faults': { notRun: 'half an hour; npm test runs its quick rows' },
  'gungnir render --operator': { by: 'test/e2e/operator.ts', says: "'render', '--operator'" },
  'gungnir local up': { by: 'test/pack/walk.ts', says: 'gungnir local up' },
  'gungnir help': { by: 'test/cli/help.test.ts', says: "'help'" },
  'node bin/gungnir.js': { by: 'test/e2e/readme.test.ts', says: "'On Kubernetes'" },
  'helm install gungnir charts/gungnir-operator --namespace gungnir-system --create-namespace': {
    by: 'test/e2e/readme.test.ts',
    says: 'helm install',
  },
  'pulumi up': { notRun: "Pulumi's engine is not to be had; the README says so beside it" },
};

test('each command in a sentence of README.md is run by a test, or it is said why not', () => {
  const sentences = readFileSync('README.md', 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
  const spans = [...sentences.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
  const shown = spans.filter((span) => /^(npm|npx|node|gungnir|kubectl|helm|pulumi) /.test(span));
  expect(new Set(shown)).toEqual(new Set(Object.keys(inSentences)));
  for (const run of Object.values(inSentences))
    if ('by' in run) expect(readFileSync(run.by, 'utf8'), run.by).toContain(run.says);
});

test('the table of a real Kubernetes is the one that a run has written', () => {
  const [inReadme, inPage] = ['README.md', 'docs/KUBERNETES.md'].map(
    (page) =>
      /<!-- table of npm run test:kubernetes -->\n.*?<!-- end/s.exec(
        readFileSync(page, 'utf8'),
      )?.[0],
  );
  expect(inPage).toMatch(/^\| kill -9 of the primary \| \d+ \|/m);
  expect(inReadme).toBe(inPage);
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
