/**
 * A page that a user follows, followed: files that it shows are written, commands that it shows are run,
 * in its order, in a folder where the packed package is installed. Conventions of such a page:
 *   ```ts main.ts     a file with that name
 *   ```console        lines that begin with `$ ` are commands of one shell; the lines between two of them, if
 *                     there are any, must be what the first one prints
 *   ```text           what nobody runs
 * `gungnir local up` stays in the background, as in a terminal of its own; `npm install` takes the tarball
 * and packages of this repository instead of a registry.
 * Never here: what a page should show.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { optionalTool } from '../../build-tools/optional-tool';
import type { Workshop } from './workshop';

interface Block {
  readonly kind: string;
  /** Of a block that is a file. */
  readonly file: string;
  readonly text: string;
}

interface Command {
  readonly line: string;
  /** '' where the page does not say. */
  readonly prints: string;
}

const WALK_MAX_MS = 240_000;
const END_MAX_MS = 20_000;

/**
 * @param section the heading of the only part that is followed; else the whole page.
 * @throws with what the page printed when a command of it failed, or when it shows none. @returns its output.
 */
export async function walk(workshop: Workshop, page: string, section?: string): Promise<string> {
  const folder = folderFor(workshop, page);
  const text = readFileSync(page, 'utf8');
  const blocks = blocksOf(section === undefined ? text : sectionOf(text, section));
  for (const { file, text } of blocks.filter(({ file }) => file !== '')) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const commands = blocks.flatMap((block) =>
    block.kind === 'console' ? commandsOf(block.text) : [],
  );
  if (commands.length === 0) throw new Error(`${page} shows no command`);
  for (const name of commands.flatMap(({ line }) => installed(line))) workshop.link(name);
  const background = commands
    .filter(({ line }) => isBackground(line))
    .map(({ line }) => startInBackground(folder, line));
  try {
    const env = Object.assign({}, ...(await Promise.all(background.map(({ ready }) => ready))));
    const rest = commands.filter(({ line }) => !isBackground(line) && installed(line).length === 0);
    return await shell(folder, rest, env);
  } finally {
    for (const { end } of background) await end();
  }
}

/** An example is its folder, the README has all of them; a page of docs begins in an empty one. */
function folderFor(workshop: Workshop, page: string): string {
  const isExample = basename(page) === 'README.md' && page !== 'README.md';
  const name = isExample ? basename(dirname(page)) : basename(page, '.md');
  const folder = join(workshop.folder, 'walks', name);
  mkdirSync(folder, { recursive: true });
  if (isExample) cpSync(dirname(page), folder, { recursive: true });
  if (page === 'README.md') cpSync('examples', join(folder, 'examples'), { recursive: true });
  const modules = join(folder, 'node_modules');
  if (!existsSync(modules)) symlinkSync(join(workshop.folder, 'node_modules'), modules);
  return folder;
}

/** From its heading to the next one of its level. @throws when there is none: nothing would be tested. */
export function sectionOf(text: string, heading: string): string {
  const [, after] = text.split(`\n## ${heading}\n`);
  if (after === undefined) throw new Error(`no section "${heading}"`);
  return after.split('\n## ')[0] ?? '';
}

export function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(/^```(\S+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, kind = '', file = '', block = '']) => ({ kind, file, text: block }),
  );
}

/** A line that ends with a backslash goes on in the next one. */
export function commandsOf(block: string): readonly Command[] {
  const commands: { line: string; prints: string }[] = [];
  for (const line of block.replaceAll('\\\n', '').trimEnd().split('\n')) {
    const last = commands.at(-1);
    if (line.startsWith('$ ')) commands.push({ line: line.slice(2), prints: '' });
    else if (last !== undefined) last.prints += `${line}\n`;
  }
  return commands;
}

/** Names of the packages that an `npm install` brings; a version or the tarball's path says nothing here. */
function installed(command: string): readonly string[] {
  const [, names = ''] = /^npm install (.*)$/.exec(command) ?? [];
  const words = names.split(' ').filter((word) => word !== '' && !word.startsWith('-'));
  if (command.startsWith('npm install') && !words.some((word) => word.includes('gungnir')))
    throw new Error(`"${command}" does not install gungnir`);
  return words.map((word) => word.replace(/(.)@.*$/, '$1'));
}

function isBackground(command: string): boolean {
  return /^npx gungnir local up\b/.test(command);
}

interface Background {
  /** What the commands beside it find in their environment. */
  readonly ready: Promise<Readonly<Record<string, string>>>;
  end(): Promise<void>;
}

function startInBackground(folder: string, command: string): Background {
  const program = join(folder, 'node_modules', '.bin', 'gungnir');
  const args = command.split(' ').slice(2);
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ready = new Promise<Readonly<Record<string, string>>>((resolve, reject) => {
    const said: string[] = [];
    const hear = (chunk: Buffer): void => {
      said.push(chunk.toString());
      const [, kubeconfig] = /export KUBECONFIG=(\S+)/.exec(said.join('')) ?? [];
      if (kubeconfig !== undefined) resolve({ KUBECONFIG: kubeconfig });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`"${command}" ended: ${said.join('')}`)));
  });
  return { ready, end: () => ended(child, 'SIGINT') };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MAX_MS);
  child.kill(signal);
  await end;
  clearTimeout(timer);
}

/** In one shell, since an `export` and a background job are for the lines after it. */
async function shell(
  folder: string,
  commands: readonly Command[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const child = spawn('bash', ['-e', '-o', 'pipefail'], {
    cwd: folder,
    env: { ...process.env, PATH: withTools(process.env), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, so that its background jobs end with it.
    detached: true,
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  let late = '';
  const timer = setTimeout(() => {
    late = `it did not end within ${WALK_MAX_MS / 1000} s:\n`;
    killGroup(child);
  }, WALK_MAX_MS);
  const script = commands.map(({ line }, index) => `echo ${mark(index)}\n${line}\n`);
  child.stdin.end(script.join(''));
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  killGroup(child);
  const said = chunks.join('');
  const output = commands.reduce(
    (text, { line }, index) => text.replace(mark(index), () => `$ ${line}`),
    said,
  );
  if (code !== 0) throw new Error(`${late}${output}`);
  for (const [index, { line, prints }] of commands.entries()) {
    const from = said.indexOf(`${mark(index)}\n`) + mark(index).length + 1;
    const to = index + 1 < commands.length ? said.indexOf(mark(index + 1)) : said.length;
    if (prints !== '' && said.slice(from, to) !== prints)
      throw new Error(`"${line}" does not print what the page says:\n${output}`);
  }
  return output;
}

/** kubectl may stand in the folder for tools (build-tools/optional-tool.ts). */
function withTools({ PATH = '' }: NodeJS.ProcessEnv): string {
  const kubectl = optionalTool('kubectl');
  return kubectl === undefined ? PATH : `${PATH}${delimiter}${dirname(kubectl)}`;
}

/** Between what two commands print. */
function mark(index: number): string {
  return `@@${index}@@`;
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
