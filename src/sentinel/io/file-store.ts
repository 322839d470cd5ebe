/**
 * Compare-and-swap in a folder of one machine: each version is a file of its own, made by link(2), which
 * only one process can win. The highest number counts; the few below it are removed. A version is on
 * the disk before it has a name, so a power cut leaves the one before or the new one, never a half.
 * Never here: who may write. Several processes at once: test/sentinel/io/file-authority.test.ts.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { canonical } from '../core/record-text';
import {
  type Kept,
  type LeaseStore,
  leaseOf,
  type StoreRead,
  type StoreWrite,
} from './leased-authority';

/** Older versions that stay, so that a reader finds the file that it saw in the list. */
const KEPT_VERSIONS = 4;
/** What a process left that died between writing and linking. */
const LITTER_AGE_MS = 60_000;
const READ_TRIES = 5;
const FORMAT = 1;

export function createFileStore(folder: string): LeaseStore {
  return {
    read: () => read(folder).catch((cause: unknown) => ({ kind: 'failed', cause }) as const),
    write: (next, version) =>
      write(folder, next, version).catch((cause: unknown) => ({ kind: 'failed', cause }) as const),
  };
}

async function read(folder: string): Promise<StoreRead> {
  for (let tries = 1; ; tries += 1) {
    const newest = (await numbersIn(folder)).at(-1);
    if (newest === undefined) return { kind: 'absent' };
    try {
      const text = await readFile(join(folder, nameOf(newest)), 'utf8');
      return { kind: 'kept', kept: parsed(text), version: String(newest) };
    } catch (error) {
      // Removed between list and read: there are newer ones.
      if (codeOf(error) !== 'ENOENT' || tries >= READ_TRIES) throw error;
    }
  }
}

async function write(folder: string, next: Kept, version: string | undefined): Promise<StoreWrite> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const before = (await numbersIn(folder)).at(-1);
  if (before !== (version === undefined ? undefined : Number(version)))
    return before === undefined ? { kind: 'absent' } : { kind: 'conflict' };
  const number = (before ?? 0) + 1;
  const draft = join(folder, `.draft-${process.pid}-${randomBytes(6).toString('hex')}`);
  try {
    await writeSafely(draft, textOf(next));
    await link(draft, join(folder, nameOf(number)));
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return { kind: 'conflict' };
    throw error;
  } finally {
    await unlink(draft).catch(() => {});
  }
  await syncFolder(folder);
  // Stopped for long between list and link, we may have made a number anew that was removed since.
  const numbers = await numbersIn(folder);
  if (numbers.at(-1) !== number) return { kind: 'conflict' };
  await tidy(folder, numbers);
  return { kind: 'written', version: String(number) };
}

async function writeSafely(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Some systems cannot sync a folder; the file itself is safe then too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

async function tidy(folder: string, numbers: readonly number[]): Promise<void> {
  for (const number of numbers.slice(0, -KEPT_VERSIONS))
    await unlink(join(folder, nameOf(number))).catch(() => {});
  for (const name of await readdir(folder)) {
    if (!name.startsWith('.draft-')) continue;
    const made = await stat(join(folder, name)).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > LITTER_AGE_MS)
      await unlink(join(folder, name)).catch(() => {});
  }
}

/** Ascending. A folder that is not there yet holds nothing. */
async function numbersIn(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  return names
    .flatMap((name) => /^authority\.(\d{12})\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((left, right) => left - right);
}

function nameOf(number: number): string {
  return `authority.${String(number).padStart(12, '0')}.json`;
}

function textOf({ lease, record }: Kept): string {
  return `${JSON.stringify({ format: FORMAT, lease, record: record === '' ? null : JSON.parse(record) })}\n`;
}

function parsed(text: string): Kept {
  const { format, lease, record } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if (format !== FORMAT) throw new TypeError(`format ${String(format)} is not ${FORMAT}`);
  return {
    lease: leaseOf((lease ?? {}) as object),
    record: record === null || record === undefined ? '' : canonical(record),
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
