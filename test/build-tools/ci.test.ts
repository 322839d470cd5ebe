/**
 * .ci/run adds up its tiers and lets no failure pass: on a small repository whose scripts only speak.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Ended, runIn, scratchFolder } from './scratch';

const tiers = [...readFileSync('.ci/run', 'utf8').matchAll(/^ *tier (\S+)/gm)].map(
  ([, name = '']) => name,
);
/** What all tiers but verify and the Kubernetes say of themselves. */
const others = 2 * (tiers.length - 2);

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
  const all = { ...Object.fromEntries(tiers.map((tier) => [tier, green])), ...scripts };
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
  expect({ code, last }).toEqual({ code: 0, last: `${others + 2} passed, 0 failed` });
  expect(stdout).toContain('test:kubernetes NOT RUN');
});

test('a Kubernetes beside the repository is used', async () => {
  mkdirSync(join(root, 'shared/kube'), { recursive: true });
  const { code, last, stdout } = await ci({});
  expect({ code, last }).toEqual({ code: 0, last: `${others + 4} passed, 0 failed` });
  expect(stdout).not.toContain('NOT RUN');
});

test('what is not committed is not tested, nor found by it', async () => {
  mkdirSync(join(root, 'shared/kube'), { recursive: true });
  const verify = 'test ! -e left.txt && echo 1 passed, 0 failed';
  const { code, last, stdout } = await ci({ verify }, { 'left.txt': '' });
  expect({ code, last }).toEqual({ code: 0, last: `${others + 3} passed, 0 failed` });
  expect(stdout).toContain('a clone of HEAD is made');
});

test.each([
  { verify: 'echo 1 passed, 3 failed; exit 1', adds: [1, 3], why: 'tests failed' },
  {
    verify: 'echo 1 passed, 0 failed; exit 1',
    adds: [1, 1],
    why: 'it crashed after',
  },
  { verify: 'echo 1 passed', adds: [0, 1], why: 'no summary' },
  { verify: 'echo 0 passed, 0 failed', adds: [0, 1], why: 'nothing was checked' },
  { verify: 'gone-gone', adds: [0, 1], why: 'no such program' },
  {
    verify: 'echo 9 passed, 0 failed; echo 1 passed, 2 failed',
    adds: [1, 2],
    why: 'the last line counts',
  },
])('verify: $verify adds $adds ($why)', async ({ verify, adds: [passed = 0, failed] }) => {
  const last = `${others + passed} passed, ${failed} failed`;
  expect(await ci({ verify })).toMatchObject({ code: 1, last });
});

test('what failed is named once more above the overview, and nothing of what did not', async () => {
  const verify =
    'printf "FAILED a (1 s)\\n       why\\nok b\\n  not this\\n1 passed, 1 failed\\n"; exit 1 #';
  const { stdout } = await ci({ verify });
  const named = '=== what failed in verify\nFAILED a (1 s)\n       why\n=== overview';
  expect(stdout).toContain(named);
});
