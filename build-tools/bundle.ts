/**
 * `npm run bundle`: assets/operator.mjs (what runs in the pod) and assets/cli.mjs, each one file with
 * its packages inlined, and their licences beside them. The same tree gives the same bytes.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
    file: 'assets/operator.mjs',
    without: ['src/runtime/cli/', 'src/local/', 'node_modules/@kubernetes/client-node/'],
  },
  { entry: 'src/runtime/cli/main.ts', file: 'assets/cli.mjs', without: [] },
];

const root = process.cwd();
const licences = new Map<string, string>();
async function main(): Promise<void> {
  mkdirSync(join(root, 'assets'), { recursive: true });
  for (const bundle of bundles) {
    if (!existsSync(join(root, bundle.entry))) {
      console.error(`bundle: ${bundle.entry} is missing, so there is no ${bundle.file}`);
      process.exitCode = 1;
      continue;
    }
    const bytes = await bundled(bundle);
    console.log(`${bundle.file} ${bytes} bytes`);
  }
  const folders = [...licences.keys()].sort();
  const text = folders.map((folder) => licences.get(folder)).join('\n\n');
  writeFileSync(join(root, 'assets/LICENSES.txt'), text);
}

async function bundled({ entry, file, without }: Bundle): Promise<number> {
  const result = await build({
    ...bundleOptions,
    entryPoints: [entry],
    outfile: file,
    metafile: true,
  });
  const inputs = inputsOf(result.metafile);
  const wrong = inputs.filter((input) => without.some((start) => input.startsWith(start)));
  if (wrong.length > 0) throw new Error(`${file} must not contain ${wrong.join(', ')}`);
  for (const folder of packageFolders(inputs)) licences.set(folder, licenceOf(folder));
  // Packed here once: the same bytes for everybody, whichever zlib their Node.js has.
  if (entry === OPERATOR)
    writeFileSync(join(root, packedFile(file)), packed(readFileSync(join(root, file), 'utf8')));
  return result.metafile.outputs[file]?.bytes ?? 0;
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

function licenceOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined && manifest.license === undefined) {
    throw new Error(`${manifest.name} has no licence and cannot be shipped`);
  }
  const body =
    file === undefined ? '' : `\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}`;
  return `${manifest.name} ${manifest.version} (${manifest.license ?? 'see below'})${body}\n`;
}

void main();
