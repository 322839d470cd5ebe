/**
 * Which valkey-server programs this machine has. The first one is $VALKEY_SERVER or the one in PATH;
 * further versions are looked for where `GUNGNIR_TOOLS` keeps them. Tests run on all that are there
 * and say which are not.
 * Never here: fetching; build-tools/setup/valkey.mjs does that.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface ServerVersion {
  /** Major and minor, as `8.0`. */
  readonly version: string;
  readonly program: string;
}

const WANTED = ['8.0', '8.1', '9.1'] as const;

/** @throws one sentence that says what to do, when there is none. */
export function serverProgram(): string {
  const named = process.env.VALKEY_SERVER;
  if (named !== undefined && named !== '') return named;
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'valkey-server'))
    .find(isProgram);
  if (found === undefined)
    throw new Error(
      'there is no valkey-server in PATH. To fix: install one, or set VALKEY_SERVER to its path',
    );
  return found;
}

/** @returns the installed one first, then every other version that is there. */
export function serverVersions(): readonly ServerVersion[] {
  const first = serverProgram();
  const installed = { version: versionOf(first), program: first };
  const others = WANTED.filter((version) => version !== installed.version).map((version) => ({
    version,
    program: join(toolsFolder(), 'valkey', version, 'bin', 'valkey-server'),
  }));
  return [installed, ...others.filter(({ program }) => isProgram(program))];
}

/** The wanted versions that this machine does not have. */
export function missingVersions(): readonly string[] {
  const present = serverVersions().map(({ version }) => version);
  return WANTED.filter((version) => !present.includes(version));
}

function toolsFolder(): string {
  return process.env.GUNGNIR_TOOLS ?? join(homedir(), '.cache', 'gungnir-tools');
}

function versionOf(program: string): string {
  const text = execFileSync(program, ['--version'], { encoding: 'utf8' });
  return /v=(\d+\.\d+)/.exec(text)?.[1] ?? 'unknown';
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
