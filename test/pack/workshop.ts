/**
 * A folder outside the tree, with the packed package installed as a user would: from the tarball, and
 * without a registry.
 * Never here: what must hold of it.
 */
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Ran {
  readonly code: number | null;
  readonly output: string;
  readonly ms: number;
}

export interface Workshop {
  readonly folder: string;
  readonly tarball: string;
  write(path: string, text: string): void;
  /** A program in the folder; never throws for its exit code. */
  run(program: string, args: readonly string[], withinMs?: number): Promise<Ran>;
  /** Makes a package of our own node_modules one of the folder's, with its commands. The tarball's name does nothing. */
  link(name: string): void;
  remove(): void;
}

const root = process.cwd();
const RUN_MAX_MS = 180_000;

/** Builds everything that is packed, packs it, and installs the tarball alone. */
export function openWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-pack-'));
  try {
    const tarball = pack(folder);
    writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "private": true }\n');
    // Peers are left out on purpose: the engine must do without them.
    npm(folder, ['install', '--offline', '--legacy-peer-deps', '--ignore-scripts', tarball]);
    return workshopIn(folder, tarball);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** With the command that the pages name. */
function pack(folder: string): string {
  const options = ['--json', '--pack-destination', folder];
  const text = npm(root, ['run', '--silent', 'pack', '--', ...options]);
  const [packed] = JSON.parse(text) as readonly { readonly filename: string }[];
  if (packed === undefined) throw new Error('npm run pack made no tarball');
  return join(folder, packed.filename);
}

function npm(cwd: string, args: readonly string[]): string {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  return execFileSync('npm', [...args, ...quiet], { cwd, encoding: 'utf8' });
}

function workshopIn(folder: string, tarball: string): Workshop {
  return {
    folder,
    tarball,
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    run: (program, args, withinMs = RUN_MAX_MS) => run(folder, program, args, withinMs),
    link: (name) => link(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function link(folder: string, name: string): void {
  if (name.includes('gungnir')) return;
  const at = join(folder, 'node_modules', name);
  if (existsSync(at)) return;
  mkdirSync(dirname(at), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), at);
  const { bin = {} } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as {
    readonly bin?: string | Readonly<Record<string, string>>;
  };
  const commands = typeof bin === 'string' ? { [name]: bin } : bin;
  for (const [command, file] of Object.entries(commands)) {
    const program = join(folder, 'node_modules', '.bin', command);
    if (!existsSync(program)) symlinkSync(join(at, file), program);
  }
}

function run(
  cwd: string,
  program: string,
  args: readonly string[],
  withinMs: number,
): Promise<Ran> {
  const sinceMs = performance.now();
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
    const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
    const end = (code: number | null): void => {
      clearTimeout(timer);
      resolve({ code, output: chunks.join(''), ms: performance.now() - sinceMs });
    };
    child.once('error', (error) => {
      chunks.push(error.message);
      end(null);
    });
    child.once('close', end);
  });
}
