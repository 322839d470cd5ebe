/**
 * run.mjs sets up once, says what went wrong in a sentence, and is transparent for its tool. npm is
 * played by a script, so that nothing is downloaded; the real one runs whenever these tests do.
 */
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Ended, putProgram, runIn, scratchFolder } from './scratch';

let root = '';
beforeEach(() => {
  root = scratchFolder();
  for (const path of ['run.mjs', 'setup', 'node/package.json', 'node/package-lock.json']) {
    cpSync(join('build-tools', path), join(root, 'build-tools', path), { recursive: true });
  }
  cpSync('package-lock.json', join(root, 'package-lock.json'));
  putProgram(join(root, 'bin/valkey-server'), '#!/bin/sh\n');
  putNpm(`echo "$PWD" >> '${root}/npm.log'; mkdir -p node_modules/.bin`);
});
afterEach(() => rmSync(root, { recursive: true }));

function putNpm(body: string): void {
  putProgram(join(root, 'bin/npm'), `#!/bin/sh\n${body}\n`);
}

function run(args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const path = [join(root, 'bin'), process.env.PATH].join(delimiter);
  const env = { HOME: root, PATH: path, ...more };
  return runIn(root, [process.execPath, 'build-tools/run.mjs', ...args], env);
}

function installs(): number {
  const log = join(root, 'npm.log');
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0;
}

test('the first run installs both folders, the next one nothing', async () => {
  expect(await run(['true'])).toMatchObject({ code: 0, stdout: '' });
  expect(installs()).toBe(2);
  expect(await run(['true'])).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(installs()).toBe(2);
});

test('another lock file installs again', async () => {
  await run(['true']);
  writeFileSync(join(root, 'package-lock.json'), '{}');
  await run(['true']);
  expect(installs()).toBe(3);
});

test('five first runs at once install once, and all of them find it done', async () => {
  putNpm(`sleep 0.3; echo "$PWD" >> '${root}/npm.log'; mkdir -p node_modules/.bin`);
  const ended = await Promise.all(Array.from({ length: 5 }, () => run(['true'])));
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  expect(installs()).toBe(2);
});

test('an install that failed is said by its errors alone, and tried again', async () => {
  putNpm('echo "npm warn old" >&2; echo "npm error code E404" >&2; exit 1');
  const failed = await run(['true']);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain('npm error code E404');
  expect(failed.stderr).not.toMatch(/npm warn|\n {4}at /);
  putNpm('mkdir -p node_modules/.bin');
  expect(await run(['true'])).toMatchObject({ code: 0 });
});

test('arguments, output and exit code are those of the tool', async () => {
  const script = 'echo "$1"; echo bad >&2; exit 7';
  await run(['true']);
  expect(await run(['sh', '-c', script, 'sh', 'a b'])).toEqual({
    code: 7,
    stdout: 'a b\n',
    stderr: 'bad\n',
  });
});

test('a tool that a signal ended is told from one that ended well', async () => {
  expect((await run(['sh', '-c', 'kill -TERM $$'])).code).toBe(128 + 15);
});

test('the tool finds valkey-server where it is installed', async () => {
  const { stdout } = await run(['sh', '-c', 'echo "$VALKEY_SERVER"']);
  expect(stdout).toBe(`${join(root, 'bin/valkey-server')}\n`);
});

test.each([
  {
    args: ['true'],
    more: { VALKEY_SERVER: '/gone' },
    says: 'VALKEY_SERVER=/gone is not a program',
  },
  { args: ['gone'], more: {}, says: "cannot start 'gone'" },
  { args: [], more: {}, says: 'name a tool' },
])('$says: one sentence, no stack trace', async ({ args, more, says }) => {
  await run(['true']);
  const { code, stderr } = await run(args, more);
  expect(code).toBe(1);
  expect(stderr).toContain(says);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
