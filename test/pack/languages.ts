/**
 * `npm run test:languages`: the packages for Python, Java and Go, made and used as a user would, in empty folders: each
 * README of its example is followed, and its YAML compared byte by byte with that of examples/cdk8s-typescript.
 * `-- LANGUAGE...` for some. A language whose tools are not here is left out aloud and not counted.
 * Ends with `N passed, N failed`.
 */
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { runBounded } from '../../build-tools/bounded';
import { MAVEN_CACHE } from '../../build-tools/java-package';
import { makeLanguage } from '../../build-tools/language-packages';
import { type Language, languages, missingFor, notMade } from '../../build-tools/language-tools';
import { summary } from '../../build-tools/outcome';
import { examples, type Run, replaced, TYPESCRIPT, withMore } from './language-examples';
import { differences } from './same-files';
import { walk } from './walk';
import { openWorkshop, type Workshop } from './workshop';

const PACKAGE_MAX_BYTES = 3_000_000;
const RUN_MAX_MS = 120_000;
/** Of the classes that a user names; what is not there cannot be used. */
const DOTNET_CLASSES = ['ValkeyCluster', 'ValkeyOperator', 'ValkeyCrds', 'ValkeyClusterProps'];

/** What TypeScript makes of the same definitions. */
interface Reference {
  readonly dist: string;
  readonly workload: string;
  readonly problems: readonly string[];
}

interface Bench {
  readonly workshop: Workshop;
  readonly reference: Reference;
  /** The packages of a language. */
  made(language: Language): string;
}

type Check = readonly [name: string, check: () => string | Promise<string>];

function demand(holds: boolean, found: string): void {
  if (!holds) throw new Error(found);
}

/** The example in TypeScript on the packed tarball; cdk8s and the compiler are those of this repository. */
async function referenceIn(workshop: Workshop): Promise<Reference> {
  for (const name of [
    'cdk8s',
    'cdk8s-plus-28',
    'constructs',
    'typescript',
    '@types/node',
    'undici-types',
  ])
    workshop.link(name);
  const folder = join(workshop.folder, 'typescript');
  cpSync(TYPESCRIPT.folder, folder, { recursive: true });
  const inFolder = { cwd: folder, withinMs: RUN_MAX_MS };
  await runBounded(['tsc'], inFolder);
  await runBounded(['node', TYPESCRIPT.program], inFolder);
  const text = readFileSync(join(folder, TYPESCRIPT.program), 'utf8');
  const workload = join(folder, 'workload');
  mkdirSync(workload);
  writeFileSync(join(folder, 'workload.js'), withMore(text, TYPESCRIPT));
  await runBounded(['node', '../workload.js'], { ...inFolder, cwd: workload });
  const wrong = TYPESCRIPT.mistakes.reduce((all, [from, to]) => replaced(all, from, to), text);
  workshop.write('typescript/wrong.js', wrong);
  const { code, output } = await workshop.run('node', ['typescript/wrong.js']);
  const problems = problemsIn(output);
  demand(code === 1 && problems.length === TYPESCRIPT.mistakes.length, output);
  return { dist: join(folder, 'dist'), workload: join(workload, 'dist'), problems };
}

/** Sorted, each once: the languages hand on fields in orders of their own, and Java says everything twice. */
function problemsIn(said: string): readonly string[] {
  const lines = [...said.matchAll(/\[[\w/-]+\] [\w.]+: .*To fix: .*/g)].map(([line]) => line);
  return [...new Set(lines)].sort();
}

function checksOf(language: Run, { workshop, reference, made }: Bench): readonly Check[] {
  const example = examples[language];
  const folder = join(workshop.folder, 'languages', 'walks', basename(example.folder));
  return [
    [`${language}: its package is made, and small`, () => sizeOf(language, made(language))],
    [
      `${example.folder}/README.md, as printed: the YAML of TypeScript, byte by byte`,
      async () => {
        mkdirSync(folder, { recursive: true });
        cpSync(made(language), join(folder, example.packages), { recursive: true });
        const page = join(example.folder, 'README.md');
        // No node_modules there: a package that lacks something must not find it beside itself.
        await walk({ ...workshop, folder: join(workshop.folder, 'languages') }, page);
        return same(reference.dist, join(folder, 'dist'));
      },
    ],
    [
      `${language}: mistakes in two constructs are told at once, with paths, in the words of TypeScript`,
      () => {
        made(language);
        const problems = problemsIn(readFileSync(join(folder, 'wrong.txt'), 'utf8'));
        demand(problems.join('\n') === reference.problems.join('\n'), problems.join('\n'));
        return problems.map((problem) => problem.replace(/: .*/, '')).join(', ');
      },
    ],
    [
      `${language}: more fields, and the cluster as its workload, byte by byte`,
      async () => {
        made(language);
        const source = join(folder, example.source);
        writeFileSync(source, withMore(readFileSync(source, 'utf8'), example));
        rmSync(join(folder, 'dist'), { recursive: true, force: true });
        await runBounded(['bash', '-c', example.command], { cwd: folder, withinMs: RUN_MAX_MS });
        return same(reference.workload, join(folder, 'dist'));
      },
    ],
  ];
}

function same(wanted: string, found: string): string {
  const all = differences(wanted, found);
  demand(all.length === 0, all.join('\n'));
  return readdirSync(wanted)
    .map((name) => `${name} ${statSync(join(wanted, name)).size} bytes`)
    .join(', ');
}

/** What holds the program: a wheel, a jar, the module's embedded archive. */
function sizeOf(language: Run, folder: string): string {
  const wanted = { python: /\.whl$/, java: /gungnir-[\d.]+\.jar$/, go: /gungnir-[\d.]+\.tgz$/ };
  const [file = '', ...others] = filesBelow(folder).filter((path) => wanted[language].test(path));
  demand(file !== '' && others.length === 0, `${[file, ...others].join()} in ${folder}`);
  const { size } = statSync(join(folder, file));
  demand(size < PACKAGE_MAX_BYTES, `${file}: ${size} bytes`);
  return `${basename(file)} ${size} bytes`;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

function dotnetChecks({ made }: Bench): readonly Check[] {
  return [
    [
      'dotnet: its sources are generated',
      () => {
        const names = filesBelow(made('dotnet')).map((path) => basename(path));
        const missing = DOTNET_CLASSES.filter((name) => !names.includes(`${name}.cs`));
        demand(missing.length === 0, `there is no ${missing.join()}`);
        return `${names.filter((name) => name.endsWith('.cs')).length} files`;
      },
    ],
  ];
}

/** All at once: most of the time is Maven's and pip's waiting. @returns the failures. */
async function makeAll(
  wanted: readonly Language[],
  folder: string,
): Promise<ReadonlyMap<Language, string>> {
  const failures = new Map<Language, string>();
  const make = async (language: Language): Promise<void> => {
    try {
      const ms = await makeLanguage(process.cwd(), language, folder);
      console.log(`made   ${language} in ${(ms / 1000).toFixed(1)} s`);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      failures.set(
        language,
        `${said}\nTo fix: see whether the registry that its tool is set up with can be reached, and has it.`,
      );
    }
  };
  await Promise.all(wanted.map(make));
  return failures;
}

function isThere(language: Language): boolean {
  const missing = missingFor(language);
  if (missing !== undefined) console.log(notMade(language, missing));
  return missing === undefined;
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const stray = words.find((word) => !languages.some((language) => language === word));
  if (stray !== undefined) throw new Error(`${stray} is none of ${languages.join(', ')}`);
  const wanted = languages
    .filter((language) => words.length === 0 || words.includes(language))
    .filter(isThere);
  const workshop = openWorkshop();
  try {
    // Nothing of this package is left in the user's caches.
    process.env.MAVEN_OPTS = `-Dmaven.repo.local=${join(process.cwd(), MAVEN_CACHE)}`;
    process.env.JSII_RUNTIME_PACKAGE_CACHE = 'disabled';
    const packages = join(workshop.folder, 'packages');
    const reference = await referenceIn(workshop);
    const failures = await makeAll(wanted, packages);
    const told = new Set<Language>();
    // What went wrong is told by the first check of the language.
    const made = (language: Language): string => {
      const failure = failures.get(language);
      if (failure === undefined) return join(packages, language);
      if (told.has(language)) throw new Error('its package was not made');
      told.add(language);
      throw new Error(failure);
    };
    const bench = { workshop, reference, made };
    const checks = wanted.flatMap((language) =>
      language === 'dotnet' ? dotnetChecks(bench) : checksOf(language, bench),
    );
    await runAll(checks);
  } finally {
    workshop.remove();
  }
}

async function runAll(checks: readonly Check[]): Promise<void> {
  const counts = { passed: 0, failed: 0 };
  for (const [name, check] of checks) {
    const sinceMs = performance.now();
    try {
      const seen = await check();
      console.log(
        `ok     ${name}: ${seen} (${((performance.now() - sinceMs) / 1000).toFixed(1)} s)`,
      );
      counts.passed += 1;
    } catch (error) {
      const found = error instanceof Error ? error.message : String(error);
      console.log(`FAILED ${name}\n${found.replace(/^/gm, '       ')}`);
      counts.failed += 1;
    }
  }
  console.log("NOT RUN here: .NET's package is not compiled, its example not written");
  console.log(summary(counts));
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.log(summary({ passed: 0, failed: 1 }));
  process.exitCode = 1;
});
