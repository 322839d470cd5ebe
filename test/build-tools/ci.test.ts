/**
 * .ci/run adds up its tiers and lets no failure pass: on a small repository whose scripts only speak.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Ended, runIn, scratchFolder } from './scratch';

// The comment sign takes in the arguments that npm appends.
const green = 'echo 2 passed, 0 failed #';
let root = '';
beforeEach(() => {
  root = scratchFolder();
});
afterEach(() => rmSync(root, { recursive: true }));

/** @param left files that are not committed: path -> text. */
async function ci(
  scripts: Readonly<Record<string, string>>,
  left: Readonly<Record<string, string>> = {},
): Promise<Ended & { last: string }> {
  const main = join(root, 'main');
  const env = { PATH: process.env.PATH ?? '', HOME: root };
  mkdirSync(join(main, '.ci'), { recursive: true });
  cpSync('.ci/run', join(main, '.ci/run'));
  const all = { test: green, verify: green, bench: green, 'test:kubernetes': green, ...scripts };
  writeFileSync(join(main, 'package.json'), JSON.stringify({ scripts: all }));
  const author = ['-c', 'user.name=a', '-c', 'user.email=a@b.c'];
  await runIn(main, ['git', 'init', '-q'], env);
  await runIn(main, ['git', 'add', '-A'], env);
  await runIn(main, ['git', ...author, 'commit', '-q', '-m', 'all'], env);
  for (const [path, text] of Object.entries(left)) writeFileSync(join(main, path), text);
  const ended = await runIn(main, ['.ci/run'], env);
  return { ...ended, last: ended.stdout.trim().split('\n').at(-1) ?? '' };
}

test('the sum of the tiers is the last line, and a missing Kubernetes is said', async () => {
  const { code, last, stdout } = await ci({});
  expect({ code, last }).toEqual({ code: 0, last: '6 passed, 0 failed' });
  expect(stdout).toContain('test:kubernetes NOT RUN');
});

test('a Kubernetes beside the repository is used', async () => {
  mkdirSync(join(root, 'shared/kube'), { recursive: true });
  const { code, last, stdout } = await ci({});
  expect({ code, last }).toEqual({ code: 0, last: '8 passed, 0 failed' });
  expect(stdout).not.toContain('NOT RUN');
});

test('what is not committed is not tested, nor found by it', async () => {
  mkdirSync(join(root, 'shared/kube'), { recursive: true });
  const verify = 'test ! -e left.txt && echo 1 passed, 0 failed';
  const { code, last, stdout } = await ci({ verify }, { 'left.txt': '' });
  expect({ code, last }).toEqual({ code: 0, last: '7 passed, 0 failed' });
  expect(stdout).toContain('a clone of HEAD is made');
});

test.each([
  { verify: 'echo 1 passed, 3 failed; exit 1', last: '5 passed, 3 failed', why: 'tests failed' },
  {
    verify: 'echo 1 passed, 0 failed; exit 1',
    last: '5 passed, 1 failed',
    why: 'it crashed after',
  },
  { verify: 'echo 1 passed', last: '4 passed, 1 failed', why: 'no summary' },
  { verify: 'echo 0 passed, 0 failed', last: '4 passed, 1 failed', why: 'nothing was checked' },
  { verify: 'gone-gone', last: '4 passed, 1 failed', why: 'no such program' },
  {
    verify: 'echo 9 passed, 0 failed; echo 1 passed, 2 failed',
    last: '5 passed, 2 failed',
    why: 'the last line counts',
  },
])('verify: $verify -> $last ($why)', async ({ verify, last }) => {
  expect(await ci({ verify })).toMatchObject({ code: 1, last });
});
