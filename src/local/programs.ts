/**
 * Looks for what stands in for images: valkey-servers of this machine, and the Node.js that runs this.
 * Never here: fetching one (build-tools does it for this repository), which image gets which.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { InstalledServer, Programs } from './kubelet/images';

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error with one sentence and what to do when there is no valkey-server, or not the one named. */
export function findPrograms(env: Environment): Programs {
  const wanted = env.VALKEY_SERVER ?? '';
  if (wanted !== '' && (!isProgram(wanted) || serverAt(wanted).length === 0)) {
    throw new Error(
      `VALKEY_SERVER=${wanted} is not a valkey-server that runs here. To fix: set it to the path of one, or unset it`,
    );
  }
  const places = [wanted, ...onPath(env), cached(env), ...tools(env)];
  const servers = [...new Set(places)].filter(isProgram).flatMap(serverAt);
  if (servers.length === 0) {
    throw new Error(
      'there is no valkey-server on this machine. To fix: install it (Debian, Ubuntu: apt install ' +
        'valkey-server; macOS: brew install valkey), or set VALKEY_SERVER to its path',
    );
  }
  const firstOfEach = new Map<string, InstalledServer>();
  for (const server of servers)
    if (!firstOfEach.has(server.version)) firstOfEach.set(server.version, server);
  return { servers: [...firstOfEach.values()], node: process.execPath };
}

function onPath({ PATH = '' }: Environment): readonly string[] {
  return PATH.split(delimiter).map((folder) => join(folder, 'valkey-server'));
}

/** Where the set-up of this repository puts one that it fetched. */
function cached({ GUNGNIR_CACHE, XDG_CACHE_HOME }: Environment): string {
  const cache = GUNGNIR_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'gungnir');
  return join(cache, 'valkey', 'bin', 'valkey-server');
}

/** Other versions beside it, a folder for each. */
function tools({ GUNGNIR_TOOLS }: Environment): readonly string[] {
  const folder = join(GUNGNIR_TOOLS ?? join(homedir(), '.cache', 'gungnir-tools'), 'valkey');
  try {
    return readdirSync(folder).map((version) => join(folder, version, 'bin', 'valkey-server'));
  } catch {
    return [];
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return file !== '';
  } catch {
    return false;
  }
}

function serverAt(program: string): readonly InstalledServer[] {
  try {
    const text = execFileSync(program, ['--version'], { encoding: 'utf8', timeout: 5_000 });
    const [, version] = /v=(\d+\.\d+)/.exec(text) ?? [];
    return version === undefined ? [] : [{ version, program }];
  } catch {
    return [];
  }
}
