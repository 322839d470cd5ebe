/**
 * Which of the instances of this machine this one is, and the folder that it keeps. A listening socket is
 * the lock: the system gives it to one process, and takes it back when that process ends, however it ends.
 * Never here: what runs in the range.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { INSTANCES_MAX, rangeOf } from './range';

/** The port that is the lock of an address range. */
const LOCK_PORT = 6442;
/** The first file of a kept folder: its number. */
const INSTANCE_FILE = 'instance';

export interface Place {
  readonly instance: number;
  /** Absolute. */
  readonly folder: string;
  /** `kept`: given by the user; `scratch`: made here, removed at the end. */
  readonly kind: 'kept' | 'scratch';
}

/** A place, held until it is let go. */
export interface TakenPlace extends Place {
  release(): Promise<void>;
}

/**
 * Takes the first free instance. A folder that was given remembers its instance, since the objects in it
 * have addresses of that range.
 * @param data the folder to keep; undefined: a scratch one.
 * @throws Error with one sentence and what to do.
 */
export async function takePlace(data: string | undefined): Promise<TakenPlace> {
  const kept = data === undefined ? undefined : keptPlace(resolve(data));
  const remembered = kept?.instance;
  const candidates =
    remembered === undefined ? Array.from({ length: INSTANCES_MAX }, (_, n) => n) : [remembered];
  for (const instance of candidates) {
    const lock = await lockOf(instance);
    if (lock === undefined) continue;
    const release = (): Promise<void> => new Promise((done) => lock.close(() => done()));
    return { ...placeOf(instance, kept?.folder), release };
  }
  if (remembered !== undefined) {
    throw new Error(
      `the addresses of ${kept?.folder}, ${rangeOf(remembered).name}, are in use: the same data is up ` +
        'already, or another local cluster took them. To fix: end it, or use another --data folder',
    );
  }
  throw new Error(
    `all ${INSTANCES_MAX} address ranges, ${rangeOf(0).name} to ${rangeOf(INSTANCES_MAX - 1).name}, ` +
      'are taken. To fix: end one of the local clusters',
  );
}

/** @returns undefined when another process has it. */
function lockOf(instance: number): Promise<Server | undefined> {
  const { server: host, name } = rangeOf(instance);
  return new Promise((resolve, reject) => {
    const lock = createServer((socket) => socket.destroy());
    lock.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(new Error(refusalOf(name, error.code ?? error.message)));
    });
    lock.listen({ host, port: LOCK_PORT, exclusive: true }, () => resolve(lock));
  });
}

function refusalOf(range: string, code: string): string {
  if (code === 'EADDRNOTAVAIL') {
    return `this machine has no addresses ${range}: only Linux has all of 127.0.0.0/8. To fix: run it on Linux, or in a container`;
  }
  return `the address range ${range} cannot be used (${code}). To fix: see what else listens there`;
}

interface Kept {
  readonly folder: string;
  readonly instance: number | undefined;
}

function keptPlace(folder: string): Kept {
  if (/[\s:]/.test(folder)) {
    throw new Error(
      `the data folder ${folder} has a blank or a colon in its path. To fix: use another --data folder`,
    );
  }
  try {
    makeFolder(folder);
    writeFileSync(join(folder, '.writable'), '');
    rmSync(join(folder, '.writable'));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new Error(
      `the data folder ${folder} cannot be written to (${code}). To fix: use another --data folder`,
    );
  }
  const [other] = othersIn(folder);
  if (other !== undefined) {
    throw new Error(
      `the data folder ${folder} holds other files, ${other} among them. To fix: use an empty or a new folder`,
    );
  }
  return { folder, instance: rememberedIn(folder) };
}

/** What a cluster of ours did not put there; a file system of its own has lost+found. */
function othersIn(folder: string): readonly string[] {
  const names = readdirSync(folder);
  const isOurs = names.includes(INSTANCE_FILE);
  return isOurs ? [] : names.filter((name) => name !== 'lost+found');
}

function rememberedIn(folder: string): number | undefined {
  try {
    const instance = Number(readFileSync(join(folder, INSTANCE_FILE), 'utf8'));
    return Number.isInteger(instance) && instance >= 0 && instance < INSTANCES_MAX
      ? instance
      : undefined;
  } catch {
    return undefined;
  }
}

function placeOf(instance: number, kept: string | undefined): Place {
  if (kept !== undefined) {
    writeFileSync(join(kept, INSTANCE_FILE), String(instance));
    return { instance, folder: kept, kind: 'kept' };
  }
  // The name tells the user and the instance, so that the next one finds what a crash left behind.
  const user = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `gungnir-local-${user}-${instance}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return { instance, folder, kind: 'scratch' };
}

/** Step by step: `recursive` of Node.js never ends below /proc. @throws what the system says. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}
