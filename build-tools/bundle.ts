/**
 * `npm run bundle`: assets/operator.mjs (what runs in the pod) and assets/cli.mjs, each one file with
 * its packages inlined, and their licences beside them; of the operator also its source map, which its ConfigMap
 * does not carry. The same tree gives the same bytes.
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { packedFile } from '../src/resources/operator/bundle';
import { packed } from '../src/runtime/cli/pack';
import { bundleOptions } from './bundle-options';

interface Bundle {
  readonly entry: string;
  readonly file: string;
  /** What must not get in, by the beginning of its path. */
  readonly without: readonly string[];
}

const OPERATOR = 'src/runtime/main.ts';

const bundles: readonly Bundle[] = [
  {
    entry: OPERATOR,
    file: 'operator.mjs',
    without: ['src/runtime/cli/', 'src/local/', 'node_modules/@kubernetes/client-node/'],
  },
  { entry: 'src/runtime/cli/main.ts', file: 'cli.mjs', without: [] },
];

const root = process.cwd();

/** Makes all of it in a folder. @returns the programs, with their size in bytes. */
export async function makePrograms(folder: string): Promise<ReadonlyMap<string, number>> {
  mkdirSync(folder, { recursive: true });
  const sizes = new Map<string, number>();
  const packages = new Set<string>();
  for (const bundle of bundles) {
    for (const one of packageFolders(await bundled(bundle, folder))) packages.add(one);
    sizes.set(bundle.file, statSync(join(folder, bundle.file)).size);
  }
  const licences = [...packages].sort().map((one) => licenceOf(join(root, one)));
  writeFileSync(join(folder, 'LICENSES.txt'), licences.join('\n\n'));
  return sizes;
}

/** @returns which files are in it. */
async function bundled(
  { entry, file, without }: Bundle,
  folder: string,
): Promise<readonly string[]> {
  const outfile = join(folder, file);
  const isOperator = entry === OPERATOR;
  const result = await build({
    ...bundleOptions,
    entryPoints: [entry],
    outfile,
    metafile: true,
    // Named nowhere in the program: who reads a stack trace looks it up (CONTRIBUTING.md).
    ...(isOperator ? { sourcemap: 'external' } : {}),
  });
  const inputs = inputsOf(result.metafile);
  const wrong = inputs.filter((input) => without.some((start) => input.startsWith(start)));
  if (wrong.length > 0) throw new Error(`${file} must not contain ${wrong.join(', ')}`);
  // Packed here once: the same bytes for everybody, whichever zlib their Node.js has.
  if (isOperator) {
    writeFileSync(packedFile(outfile), packed(readFileSync(outfile, 'utf8')));
    nameSources(`${outfile}.map`, folder);
  }
  return inputs;
}

/** Sources by their path in the tree, wherever that is and wherever the map is written. */
function nameSources(file: string, folder: string): void {
  const map = JSON.parse(readFileSync(file, 'utf8')) as { readonly sources: readonly string[] };
  const sources = map.sources.map((source) => relative(root, join(folder, source)));
  writeFileSync(file, JSON.stringify({ ...map, sources }));
}

/** Only what left code in the output: a type import or a shaken-off module is not shipped. */
function inputsOf(metafile: Metafile): readonly string[] {
  const outputs = Object.values(metafile.outputs);
  const used = outputs.flatMap((output) => Object.entries(output.inputs));
  return used.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
}

function packageFolders(inputs: readonly string[]): ReadonlySet<string> {
  const folders = inputs.flatMap(
    (input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? [],
  );
  return new Set(folders);
}

/** @param folder of an installed package. @throws when it may not be shipped. */
export function licenceOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined && manifest.license === undefined) {
    throw new Error(`${manifest.name} has no licence and cannot be shipped`);
  }
  const body = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
  return `${manifest.name} ${manifest.version} (${manifest.license ?? 'see below'})${body}\n`;
}

async function main(): Promise<void> {
  for (const [file, bytes] of await makePrograms(join(root, 'assets')))
    console.log(`assets/${file} ${bytes} bytes`);
}

if (require.main === module) void main();
