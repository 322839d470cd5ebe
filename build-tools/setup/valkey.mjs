/**
 * Finds a valkey-server: $VALKEY_SERVER, the path, the cache, else fetches Debian's package into the
 * cache. Needs no root, installs nothing on the machine and starts no service.
 * The package comes from the machine's own apt sources; on bookworm from its backports suite.
 */
import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fail, withLock } from './lock.mjs';

const remedy =
  'To fix: install valkey-server (macOS: brew install valkey; Debian, Ubuntu: apt install valkey-server), ' +
  'or set VALKEY_SERVER to its path.';

/** @returns the path of a valkey-server, or undefined after a sentence on stderr that says what to do. */
export async function valkeyServer() {
  const named = process.env.VALKEY_SERVER;
  if (named !== undefined && named !== '') {
    return isProgram(named) ? named : fail(`VALKEY_SERVER=${named} is not a program. ${remedy}`);
  }
  const folders = (process.env.PATH ?? '').split(delimiter);
  const installed = folders.map((folder) => join(folder, 'valkey-server')).find(isProgram);
  if (installed !== undefined) return installed;
  const cache = join(cacheFolder(), 'valkey');
  const cached = join(cache, 'bin', 'valkey-server');
  if (isProgram(cached)) return cached;
  try {
    await withLock(cache, () => (isProgram(cached) ? undefined : fetchInto(cache)));
    return cached;
  } catch (error) {
    const cause = String(error.stderr || error.message)
      .trim()
      .split('\n')
      .at(-1);
    process.stderr.write(
      `set-up: no valkey-server, and it cannot be fetched (${cause}). ${remedy}\n`,
    );
    return undefined;
  }
}

function cacheFolder() {
  const { GUNGNIR_CACHE, XDG_CACHE_HOME } = process.env;
  return GUNGNIR_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'gungnir');
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Builds the folder beside its place and moves it in whole, so that a broken download leaves nothing. */
function fetchInto(cache) {
  process.stderr.write('set-up: fetching valkey-server (apt-get download)\n');
  const work = `${cache}.${process.pid}`;
  try {
    const apt = aptIn(join(work, 'apt'));
    apt('apt-get', ['download', ...neededPackages(apt)]);
    const files = join(work, 'root');
    const debs = readdirSync(join(work, 'apt')).filter((name) => name.endsWith('.deb'));
    for (const deb of debs) execFileSync('dpkg', ['-x', join(work, 'apt', deb), files]);
    rmSync(join(work, 'apt'), { recursive: true });
    writePrograms(work, cache);
    rmSync(cache, { recursive: true, force: true });
    renameSync(work, cache);
    execFileSync(join(cache, 'bin', 'valkey-server'), ['--version'], { stdio: 'pipe' });
  } catch (error) {
    rmSync(work, { recursive: true, force: true });
    throw error;
  }
}

/** The libraries too, but not the C library: the system's own fits, as the suite is its own. */
function neededPackages(apt) {
  const names = apt('apt-cache', [
    'depends',
    '--recurse',
    '--no-recommends',
    '--no-suggests',
    '--no-conflicts',
    '--no-breaks',
    '--no-replaces',
    '--no-enhances',
    '--no-pre-depends',
    'valkey-server',
    'valkey-tools',
  ])
    .split('\n')
    .filter((line) => /^(lib|valkey|zlib)/.test(line));
  return [...new Set(names)].filter(
    (name) => !/^(libc6|libgcc|libpam|libperl|libdebconf)/.test(name),
  );
}

/**
 * An apt of its own: state, cache and sources in the folder, so that neither root nor `apt update` is
 * needed. The backports suite joins only where the release has no Valkey: testing has no backports.
 */
function aptIn(folder) {
  for (const part of ['parts', 'lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  const options = [
    'Dir::Etc::sourcelist=/dev/null',
    `Dir::Etc::sourceparts=${folder}/parts`,
    `Dir::State::lists=${folder}/lists`,
    `Dir::Cache=${folder}/cache`,
    'Dir::State::status=/dev/null',
    ...(process.getuid() === 0 ? ['APT::Sandbox::User=root'] : []),
  ].flatMap((option) => ['-o', option]);
  const apt = (program, args) =>
    execFileSync(program, [...options, ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  for (const extra of ['', '-backports']) {
    writeFileSync(join(folder, 'parts', 'own.sources'), ownSources(extra));
    apt('apt-get', ['update']);
    if (apt('apt-cache', ['search', '--names-only', '^valkey-server$']) !== '') return apt;
  }
  throw new Error('the apt sources have no package valkey-server');
}

/** @param extra '' for the machine's own release alone, '-backports' to add that suite to it. */
function ownSources(extra) {
  const release = readFileSync('/etc/os-release', 'utf8');
  const codename = /^VERSION_CODENAME=(.*)$/m.exec(release)?.[1] ?? '';
  const stanzas = [...deb822Stanzas(), ...oneLineStanzas()].filter((stanza) =>
    new RegExp(`^Suites:.*\\b${codename}\\b(?!-)`, 'm').test(stanza),
  );
  if (codename === '' || stanzas.length === 0)
    throw new Error('no apt source of the own release found');
  return stanzas
    .map((stanza) =>
      stanza.replace(
        /^Suites:.*$/m,
        `Suites: ${[...new Set([codename, codename + extra])].join(' ')}`,
      ),
    )
    .join('\n\n');
}

function aptFiles(ending) {
  const folder = '/etc/apt/sources.list.d';
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith(ending))
    : [];
  return names.sort().map((name) => readFileSync(join(folder, name), 'utf8'));
}

function deb822Stanzas() {
  const all = aptFiles('.sources')
    .join('\n\n')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
  return all
    .split(/\n\s*\n/)
    .map((stanza) => stanza.trim())
    .filter((stanza) => stanza.startsWith('Types: deb'));
}

/** `deb [signed-by=KEY] URI SUITE COMPONENT...` in the other notation. */
function oneLineStanzas() {
  const main = '/etc/apt/sources.list';
  const files = [...(existsSync(main) ? [readFileSync(main, 'utf8')] : []), ...aptFiles('.list')];
  return files
    .join('\n')
    .split('\n')
    .flatMap((line) => {
      const [, options = '', uri, suite, components] =
        /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
      if (uri === undefined) return [];
      const key = /signed-by=(\S+)/.exec(options)?.[1];
      const signed = key === undefined ? [] : [`Signed-By: ${key}`];
      return [
        [
          `Types: deb`,
          `URIs: ${uri}`,
          `Suites: ${suite}`,
          `Components: ${components}`,
          ...signed,
        ].join('\n'),
      ];
    });
}

/** Starters with the own libraries first; `exec` keeps the pid, so signals reach the server itself. */
function writePrograms(work, cache) {
  const bin = join(work, 'bin');
  mkdirSync(bin);
  const libraries = readdirSync(join(work, 'root/usr/lib')).filter((name) =>
    name.includes('-linux-'),
  );
  for (const name of ['valkey-server', 'valkey-cli', 'valkey-benchmark']) {
    const real = realpathSync(join(work, 'root/usr/bin', name)).replace(realpathSync(work), cache);
    const path = libraries.map((folder) => join(cache, 'root/usr/lib', folder)).join(':');
    writeFileSync(
      join(bin, name),
      `#!/bin/bash\nLD_LIBRARY_PATH='${path}' exec -a ${name} '${real}' "$@"\n`,
    );
    chmodSync(join(bin, name), 0o755);
  }
}
