/**
 * Folders that stand for volumes. What is made of objects is swapped as a whole by one rename of a link,
 * so that a container never sees half of a change, as a real kubelet does it.
 * Never here: what the files hold (volume-files.ts).
 */
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { VolumeFile } from './volume-files';

const DATA = '..data';

/**
 * Makes the folder hold exactly these files.
 * @returns whether anything changed.
 * @throws where it cannot be written, or two of them are in each other's way; what was there stays.
 */
export function writeVolume(
  folder: string,
  files: readonly VolumeFile[],
  nowMs: number,
): 'changed' | 'same' {
  mkdirSync(folder, { recursive: true });
  const present = presentData(folder);
  if (present !== undefined && holds(join(folder, present), files)) return 'same';
  const next = `..${new Date(nowMs).toISOString().replace(/[-:.TZ]/g, '_')}${process.hrtime.bigint()}`;
  try {
    writeFiles(join(folder, next), files);
  } catch (problem) {
    rmSync(join(folder, next), { recursive: true, force: true });
    throw problem;
  }
  rmSync(join(folder, `${DATA}_tmp`), { force: true });
  symlinkSync(next, join(folder, `${DATA}_tmp`));
  renameSync(join(folder, `${DATA}_tmp`), join(folder, DATA));
  linkNames(folder, files);
  if (present !== undefined) rmSync(join(folder, present), { recursive: true, force: true });
  return 'changed';
}

function writeFiles(folder: string, files: readonly VolumeFile[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { path, bytes, mode } of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    chmodSync(file, mode);
  }
}

function presentData(folder: string): string | undefined {
  try {
    return readlinkSync(join(folder, DATA));
  } catch {
    return undefined;
  }
}

function holds(folder: string, files: readonly VolumeFile[]): boolean {
  try {
    const there = readdirSync(folder, { recursive: true, withFileTypes: true });
    if (there.filter((entry) => entry.isFile()).length !== files.length) return false;
    return files.every(({ path, bytes, mode }) => {
      const file = join(folder, path);
      return (statSync(file).mode & 0o777) === mode && readFileSync(file).equals(bytes);
    });
  } catch {
    return false;
  }
}

/** Each first part of a path is a link through `..data`, made once and taken away with its last file. */
function linkNames(folder: string, files: readonly VolumeFile[]): void {
  const wanted = new Set(files.map(({ path }) => path.split('/')[0] ?? ''));
  const there = readdirSync(folder).filter((name) => !name.startsWith('..'));
  for (const name of there) if (!wanted.has(name)) rmSync(join(folder, name), { force: true });
  for (const name of wanted) {
    if (!there.includes(name)) symlinkSync(join(DATA, name), join(folder, name));
  }
}
