/**
 * `node build-tools/run.mjs TOOL [ARG...]`: runs a tool of this repository after everything that it
 * needs has been set up: the pinned Node.js, the packages of the lock file, a valkey-server.
 * Works on any Node.js >= 20 with its built-ins only. Set-up is skipped where the stamps say it is done.
 * The child sees the pinned `node` and node_modules/.bin first in PATH, and VALKEY_SERVER.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, withLock } from './setup/lock.mjs';
import { valkeyServer } from './setup/valkey.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pinFolder = join(root, 'build-tools', 'node');
/** vitest 5 and jsii need it; older ones are only good enough to start this file. */
const nodeLeast = [22, 12];

const [tool, ...args] = process.argv.slice(2);
if (tool === undefined) {
  fail('run.mjs: name a tool, for example: node build-tools/run.mjs vitest run test/kit');
}
await installed(pinFolder, 'the pinned Node.js', process.env);
const path = [dirname(pinnedNode()), process.env.PATH].join(delimiter);
await installed(root, 'the packages', { ...process.env, PATH: path });
const server = await valkeyServer();
run(tool, args, {
  ...process.env,
  ...(server === undefined ? {} : { VALKEY_SERVER: server }),
  PATH: [join(root, 'node_modules', '.bin'), path].join(delimiter),
});

/** Runs `npm ci` in a folder where its last one was for another lock file. */
async function installed(folder, what, env) {
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  const stamp = join(folder, 'node_modules', '.gungnir-stamp');
  const fresh = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (fresh()) return;
  await withLock(folder, () => {
    if (fresh()) return;
    process.stderr.write(`set-up: installing ${what} (npm ci)\n`);
    const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    if (npm.error !== undefined)
      fail(`set-up: npm cannot be started (${npm.error.message}). Install npm.`);
    if (npm.status !== 0) fail(`set-up: npm ci failed in ${folder}\n${told(npm.stderr)}`);
    writeFileSync(stamp, wanted);
  });
}

/** The first lines of npm's errors; the rest is its manual. */
function told(text) {
  const errors = text.split('\n').filter((line) => line.startsWith('npm error'));
  return errors.slice(0, 12).join('\n');
}

/** The pinned binary; on a platform without one the user's own, when it is new enough. */
function pinnedNode() {
  const pinned = join(
    pinFolder,
    'node_modules',
    `node-${process.platform}-${process.arch}`,
    'bin',
    'node',
  );
  if (existsSync(pinned)) return pinned;
  const [major, minor] = process.versions.node.split('.').map(Number);
  const enough = major > nodeLeast[0] || (major === nodeLeast[0] && minor >= nodeLeast[1]);
  if (enough) return process.execPath;
  return fail(
    `set-up: there is no pinned Node.js for ${process.platform}-${process.arch}, and this one is ` +
      `${process.versions.node}. Install Node.js >= ${nodeLeast.join('.')} and run this again.`,
  );
}

/** Ctrl-C reaches the child by the terminal; the other signals are handed on. Exits as the child did. */
function run(name, rest, env) {
  const child = spawn(name, rest, { stdio: 'inherit', env, cwd: process.cwd() });
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`run.mjs: cannot start '${name}': ${error.message}`));
  child.on('exit', (code, signal) => {
    process.exit(signal === null ? code : 128 + constants.signals[signal]);
  });
}
