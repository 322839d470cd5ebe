/** A page that lies is found: a command that fails, and one that prints something else than the page says. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { walk } from './walk';
import type { Workshop } from './workshop';

let folder = '';
let linked: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-walk-'));
  mkdirSync(join(folder, 'node_modules'));
  linked = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function walked(...lines: readonly string[]): Promise<string> {
  const page = join(folder, 'page.md');
  writeFileSync(page, `${lines.join('\n')}\n`);
  const workshop = { folder, link: (name: string) => linked.push(name) } as unknown as Workshop;
  return walk(workshop, page);
}

test('files are written, commands run in one shell, and what is printed is what the page says', async () => {
  const output = await walked(
    ...['```js main.js', "console.log('made by', process.env.WHO);", '```'],
    ...['```console', '$ export WHO=us', '$ node main.js', 'made by us', '$ true', '```'],
  );
  expect(output).toContain('$ node main.js\nmade by us\n$ true');
});

test('of a section, nothing outside of it is followed', async () => {
  const page = join(folder, 'page.md');
  const part = (heading: string, line: string) =>
    `\n## ${heading}\n\n\`\`\`console\n$ ${line}\n\`\`\`\n`;
  writeFileSync(page, part('Before', 'false') + part('This', 'echo here') + part('After', 'false'));
  const workshop = { folder, link: () => {} } as unknown as Workshop;
  expect(await walk(workshop, page, 'This')).toContain('here');
  await expect(walk(workshop, page, 'After')).rejects.toThrow('$ false');
  await expect(walk(workshop, page, 'Nowhere')).rejects.toThrow('no section "Nowhere"');
});

test('packages come from an install that names ours', async () => {
  await walked(
    '```console',
    '$ npm install ./gungnir-0.0.0.tgz iovalkey @types/node@24',
    '$ true',
    '```',
  );
  expect(linked).toEqual(['./gungnir-0.0.0.tgz', 'iovalkey', '@types/node']);
});

test.each([
  { why: 'a command that fails', lines: ['$ echo first', '$ false'], says: '$ false' },
  { why: 'a part of a pipe that fails', lines: ['$ false | cat'], says: '$ false | cat' },
  { why: 'other output', lines: ['$ echo two', 'one'], says: 'does not print what the page says' },
  { why: 'more output', lines: ['$ seq 2', '1', '$ true'], says: 'does not print' },
  { why: 'no command', lines: ['only words'], says: 'shows no command' },
  { why: 'an install of others alone', lines: ['$ npm install left-pad'], says: 'install gungnir' },
])('$why is found', async ({ lines, says }) => {
  await expect(walked('```console', ...lines, '```')).rejects.toThrow(says);
});
