/**
 * The programs of an image as a folder of starters that stands where the image has /usr/local/bin. They
 * give a process what a network namespace would: its pod's own address.
 * Never here: which program stands for an image (images.ts).
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Image } from './images';
import { nodePreload } from './node-preload';
import type { Mapping } from './paths';

export interface PodPlace {
  readonly podIp: string;
  /** Of the container, for programs that name paths themselves. */
  readonly mappings: readonly Mapping[];
}

const IMAGE_FOLDER = '/usr/local/bin';
export const IMAGE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** @param folder one for each container; what is there is written again. */
export function writeImageFiles(
  folder: string,
  image: Exclude<Image, { readonly kind: 'none' }>,
  place: PodPlace,
): void {
  mkdirSync(folder, { recursive: true });
  if (image.kind === 'node') {
    const preload = join(folder, 'pod.cjs');
    writeFileSync(preload, nodePreload(place));
    writeStarter(join(folder, 'node'), `exec ${q(image.program)} --require ${q(preload)} "$@"`);
    return;
  }
  const { program } = image.server;
  for (const name of readdirSync(dirname(program))) {
    if (!/^(valkey|redis)-[a-z-]+$/.test(name) || existsSync(join(folder, name))) continue;
    symlinkSync(join(dirname(program), name), join(folder, name));
  }
  writeOver(join(folder, 'valkey-server'), serverStarter(program, place.podIp));
  const cli = join(dirname(program), 'valkey-cli');
  if (existsSync(cli)) writeOver(join(folder, 'valkey-cli'), cliStarter(cli, place.podIp));
}

/** @returns the PATH with the image's own folder where the image has it. */
export function withImageFolder(path: string, folder: string): string {
  const parts = path.split(':');
  const at = parts.indexOf(IMAGE_FOLDER);
  if (at < 0) return [...parts, folder].join(':');
  return [...parts.slice(0, at), folder, ...parts.slice(at)].join(':');
}

/** A server without an address of its own would answer on every address of the machine. */
function serverStarter(program: string, podIp: string): string {
  return [
    'case "$#:$1" in',
    `  1:-v | 1:--version | 1:-h | 1:--help | *:--test-memory | *:--check-system) exec ${q(program)} "$@" ;;`,
    'esac',
    `exec ${q(program)} "$@" --bind ${podIp} --bind-source-addr ${podIp}`,
  ].join('\n');
}

/** Without -h it would ask 127.0.0.1, which is the pod itself only where it has a network of its own. */
function cliStarter(program: string, podIp: string): string {
  return [
    'for word in "$@"; do',
    `  case $word in -h | -u | -s | --version | --help) exec ${q(program)} "$@" ;; esac`,
    'done',
    `exec ${q(program)} -h ${podIp} "$@"`,
  ].join('\n');
}

function writeOver(path: string, body: string): void {
  writeStarter(`${path}.new`, body, path);
}

function writeStarter(path: string, body: string, moveTo = path): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  if (moveTo !== path) renameSync(path, moveTo);
}

/** As one word of a shell. */
function q(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
