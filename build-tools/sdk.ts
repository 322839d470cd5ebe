/**
 * `npm run sdk`: what the package offers beside jsii's lib/: the engine, its Kubernetes authority and the Pulumi
 * components as CommonJS, each one file, and their types. ES modules import them as they are, so a program that uses
 * both ways still has one class of each kind. The same tree gives the same bytes.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, normalize, relative } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import ts from 'typescript';
import { version } from '../package.json';

interface Entry {
  readonly source: string;
  readonly file: string;
  /** What must not get in, by the beginning of its path. */
  readonly without: readonly string[];
  /** Packages that the user has. */
  readonly peers?: readonly string[];
}

const CORE: Entry = {
  source: 'src/sentinel/index.ts',
  file: 'sdk/sentinel.js',
  without: ['src/runtime/', 'src/resources/', 'src/spec/', 'src/constructs/', 'node_modules/'],
};

const KUBERNETES: Entry = {
  source: 'src/runtime/lease/index.ts',
  file: 'sdk/sentinel-kubernetes.js',
  without: [
    'src/runtime/cli/',
    'src/local/',
    'src/constructs/',
    'node_modules/',
    'src/sentinel/core/',
  ],
};

/** In a folder as deep as lib/constructs: the operator's program is found by the same relative path. */
const PULUMI: Entry = {
  source: 'src/constructs/pulumi/index.ts',
  file: 'sdk/pulumi/index.js',
  without: [
    'src/runtime/',
    'src/sentinel/',
    'src/local/',
    'src/constructs/cdk8s/',
    'node_modules/',
  ],
  peers: ['@pulumi/pulumi'],
};

const ENTRIES = [CORE, KUBERNETES, PULUMI];

const root = process.cwd();
const types = join(root, 'sdk', 'types');

async function main(): Promise<void> {
  rmSync(join(root, 'sdk'), { recursive: true, force: true });
  mkdirSync(join(root, 'sdk'));
  await bundled(CORE, []);
  await bundled(KUBERNETES, [sharedClasses]);
  await bundled(PULUMI, []);
  checkShared();
  componentPlugin();
  declareTypes();
}

async function bundled(entry: Entry, plugins: readonly Plugin[]): Promise<void> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry.source],
    outfile: entry.file,
    plugins: [...plugins],
    external: [...(entry.peers ?? [])],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  const wrong = inputsOf(result.metafile).filter((input) =>
    entry.without.some((start) => input.startsWith(start)),
  );
  if (wrong.length > 0) throw new Error(`${entry.file} must not contain ${wrong.join(', ')}`);
  writeFileSync(join(root, `${entry.file}.inputs.json`), inputsText(result.metafile));
  console.log(`${entry.file} ${result.metafile.outputs[entry.file]?.bytes ?? 0} bytes`);
}

/** Which sources each file is made of: what a test of the package reads. */
function inputsText(metafile: Metafile): string {
  return `${JSON.stringify([...inputsOf(metafile)].sort(), undefined, 1)}\n`;
}

function inputsOf(metafile: Metafile): readonly string[] {
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return used.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
}

const shared = ['src/sentinel/index', 'src/kit/reasons', 'src/kit/invalid-options'];

/** Errors and authorities come from one file: `instanceof` holds whichever entry threw. */
const sharedClasses: Plugin = {
  name: 'shared classes',
  setup(building) {
    building.onResolve(
      { filter: /(^|\/)(index|reasons|invalid-options)$/ },
      ({ resolveDir, path }) =>
        shared.includes(relative(root, join(resolveDir, path)))
          ? { path: './sentinel.js', external: true }
          : undefined,
    );
  },
};

/** esbuild does not see what a file outside of the bundle has. @throws naming what it lacks. */
function checkShared(): void {
  const text = readFileSync(join(root, KUBERNETES.file), 'utf8');
  const load = createRequire(join(root, KUBERNETES.file));
  const core = load('./sentinel.js') as Readonly<Record<string, unknown>>;
  const objects = [...text.matchAll(/(\w+) = require\("\.\/sentinel\.js"\)/g)].map(
    ([, name]) => name,
  );
  const uses = objects.flatMap((name) => [...text.matchAll(RegExp(`\\b${name}\\.(\\w+)`, 'g'))]);
  const lacking = uses.map(([, name = '']) => name).filter((name) => !Object.hasOwn(core, name));
  if (uses.length === 0 || lacking.length > 0)
    throw new Error(
      `${CORE.source} must export ${[...new Set(lacking)].join(', ') || 'something'}`,
    );
}

/** The folder that `pulumi package add` takes: Pulumi's host for plugins in Node.js starts its main module. */
function componentPlugin(): void {
  const folder = join(root, 'sdk', 'pulumi-provider');
  const files = {
    'PulumiPlugin.yaml': 'runtime: nodejs\n',
    'package.json': `${JSON.stringify({ name: 'gungnir', version, main: 'index.js' }, undefined, 2)}\n`,
    'index.js': [
      "const { provider } = require('@pulumi/pulumi');",
      "const { componentProvider } = require('../pulumi/index.js');",
      'provider.main(componentProvider, process.argv.slice(2));',
      '',
    ].join('\n'),
  };
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** One declaration for each module, without those that no entry leads to. */
function declareTypes(): void {
  const options: ts.CompilerOptions = {
    ...compilerOptions(),
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    inlineSourceMap: false,
    inlineSources: false,
    rootDir: join(root, 'src'),
    outDir: types,
  };
  const program = ts.createProgram(
    ENTRIES.map(({ source }) => join(root, source)),
    options,
  );
  const emitted = program.emit();
  const wrong = [...ts.getPreEmitDiagnostics(program), ...emitted.diagnostics];
  if (wrong.length > 0)
    throw new Error(ts.formatDiagnostics(wrong, { ...ts.createCompilerHost(options) }));
  const entries = ENTRIES.map(({ source }) => declarationOf(source));
  const wanted = reachable(entries);
  for (const file of filesIn(types)) if (!wanted.has(file)) rmSync(file);
}

function compilerOptions(): ts.CompilerOptions {
  const file = join(root, 'tsconfig.json');
  return ts.parseJsonConfigFileContent(
    ts.readConfigFile(file, ts.sys.readFile).config,
    ts.sys,
    root,
  ).options;
}

function declarationOf(source: string): string {
  return join(types, relative('src', source).replace(/\.ts$/, '.d.ts'));
}

function reachable(entries: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const imports = ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles;
    for (const { fileName } of imports) {
      if (!fileName.startsWith('.')) continue;
      const path = normalize(join(dirname(file), fileName));
      waiting.push(
        statSync(path, { throwIfNoEntry: false })?.isDirectory()
          ? join(path, 'index.d.ts')
          : `${path}.d.ts`,
      );
    }
  }
  return seen;
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

main().catch((error: unknown) => {
  console.error(`sdk: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
