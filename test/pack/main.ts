/**
 * `npm run test:pack`: the package as it would be published, in an empty folder; `-- WORD...` for the
 * checks with a word of these in their names. Ends with `N passed, N failed`. What takes long is compared with the same thing done without us, in the same run.
 */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { notRun, optionalTool } from '../../build-tools/optional-tool';
import { summary } from '../../build-tools/outcome';
import {
  BOTH,
  COMMONJS,
  CONSTRUCTS,
  ESM,
  LOADED,
  MANY,
  TYPES,
  TYPES_ALONE,
  TYPES_NONE,
  tsconfig,
} from './consumers';
import { walk } from './walk';
import { walks } from './walks';
import { openWorkshop, type Workshop } from './workshop';

const TARBALL_MAX_BYTES = 3_000_000;
const IMPORT_MAX_MS = 60;
const TYPES_MAX_MS = 2000;
/** The best of so many: other processes of the machine make a run slower, never faster. */
const TRIES = 5;
const SYNTH_MAX_MS = 2000;
/** Ten times as many clusters: ten when linear, a hundred when not. */
const LINEAR_MAX = 60;

type Check = (workshop: Workshop) => Promise<string>;

/** @throws with what was found. @returns what was seen, to be printed. */
const checks: Readonly<Record<string, Check>> = {
  'the tarball is small': async ({ tarball }) => {
    const { size } = statSync(tarball);
    demand(size < TARBALL_MAX_BYTES, `${size} bytes`);
    return `${size} bytes`;
  },
  'it brings no package with it': async ({ folder }) => {
    const names = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    demand(names.join() === 'gungnir', names.join());
    const { dependencies = {} } = manifest(folder);
    demand(Object.keys(dependencies).length === 0, Object.keys(dependencies).join());
    return names.join();
  },
  'the engine is made of nothing but itself': async ({ folder }) => {
    const inputs = inputsOf(folder, 'sentinel.js');
    const foreign = inputs.filter((path) => !/^src\/(sentinel|kit)\//.test(path));
    demand(inputs.length > 20 && foreign.length === 0, foreign.join());
    return `${inputs.length} modules`;
  },
  'its Kubernetes entry has neither client library, zod nor constructs': async ({ folder }) => {
    const inputs = inputsOf(folder, 'sentinel-kubernetes.js');
    const foreign = inputs.filter((path) => !/^src\/(runtime|kit|sentinel\/io)\//.test(path));
    demand(inputs.includes('src/runtime/kube/client.ts') && foreign.length === 0, foreign.join());
    return `${inputs.length} modules`;
  },
  'import() finds it': (workshop) =>
    prints(workshop, 'esm.mjs', ESM, 'function function idle true lease.namespace\ngungnir'),
  'require() finds it': (workshop) =>
    prints(workshop, 'commonjs.cjs', COMMONJS, 'true nodes,credentials function'),
  'both are the same classes': (workshop) => prints(workshop, 'both.mjs', BOTH, 'true'),
  'its import is quick, and loads one file': async (workshop) => {
    workshop.write('loaded.cjs', LOADED);
    workshop.write('import.mjs', "import 'gungnir/sentinel';\n");
    workshop.write('bare.mjs', '');
    const { output } = await workshop.run('node', ['loaded.cjs']);
    const files = output.trim().split(',');
    const own = files.filter((file) => file.startsWith('gungnir/'));
    demand(own.join() === 'gungnir/sdk/sentinel.js', own.join());
    const bareMs = await best(workshop, 'bare.mjs');
    const ms = (await best(workshop, 'import.mjs')) - bareMs;
    // A bare node that takes 30 ms when it is alone tells how much slower the machine is just then.
    const limitMs = Math.max(IMPORT_MAX_MS, 2 * bareMs);
    demand(ms < limitMs, `${ms.toFixed(0)} ms, limit ${limitMs.toFixed(0)}`);
    return `${ms.toFixed(0)} ms beyond the ${bareMs.toFixed(0)} ms of an empty program`;
  },
  'types under nodenext': async (workshop) => {
    for (const name of ['@types/node', 'undici-types']) workshop.link(name);
    return compiles(workshop, 'nodenext');
  },
  'types under bundler': (workshop) => compiles(workshop, 'bundler'),
  'its types are checked quickly': async (workshop) => {
    const wholeMs = await typesMs(workshop, TYPES_ALONE);
    const noneMs = await typesMs(workshop, TYPES_NONE);
    const ms = wholeMs - noneMs;
    demand(ms < TYPES_MAX_MS, `${ms.toFixed(0)} ms`);
    return `${ms.toFixed(0)} ms beyond an empty program's ${noneMs.toFixed(0)} ms`;
  },
  'without its peers, or with old ones, it says in one sentence what to install': async (
    workshop,
  ) => {
    const none = await workshop.run('node', ['-e', "require('gungnir')"]);
    demand(none.output.includes(ofPeers('none')), none.output);
    demand(!/^ +at /m.test(none.output), none.output);
    const pulumi = await workshop.run('node', ['-e', "require('gungnir/pulumi')"]);
    demand(
      /PeerUnusable: .*To fix: npm install @pulumi\/pulumi@/.test(pulumi.output),
      pulumi.output,
    );
    workshop.write('node_modules/cdk8s/package.json', '{ "version": "2.70.99" }');
    const old = await workshop.run('node', ['-e', "require('gungnir')"]);
    rmSync(join(workshop.folder, 'node_modules/cdk8s'), { recursive: true });
    demand(old.output.includes(ofPeers('2.70.99')), old.output);
    return ofPeers('2.70.99');
  },
  'with its peers: a chart in TypeScript synthesizes': async (workshop) => {
    linkPeers(workshop);
    return prints(workshop, 'chart.cjs', CONSTRUCTS, 'true');
  },
  'with its peers: 100 clusters are synthesized quickly, and 1000 in ten charts in a linear time':
    async (workshop) => {
      linkPeers(workshop);
      workshop.write('many.cjs', MANY);
      const runs: (readonly number[])[] = [];
      for (let tries = 0; tries < 3; tries += 1) {
        const { code, output } = await workshop.run('node', ['many.cjs']);
        demand(code === 0, output);
        runs.push(output.trim().split(' ').map(Number));
      }
      const [hundredMs = 0, thousandMs = 0, wholeMs = 0, fewMs = 0, manyMs = 0] = [
        0, 1, 2, 3, 4,
      ].map((column) => Math.min(...runs.map((run) => run[column] ?? 0)));
      const written = `written: 100 in one chart in ${fewMs}, 1000 in ten in ${manyMs}`;
      const seen = `100 made in ${hundredMs} ms, 1000 in ${thousandMs}; 100 made and written in ${wholeMs}; ${written}`;
      const isLinear = thousandMs < LINEAR_MAX * hundredMs && manyMs < LINEAR_MAX * fewMs;
      demand(wholeMs < SYNTH_MAX_MS && isLinear, seen);
      return seen;
    },
};

/** Each page that a user follows is a check of its own. */
const walked = Object.fromEntries(
  walks.map(({ page, section, seen }): [string, Check] => [
    page,
    async (workshop) => {
      const output = await walk(workshop, page, section);
      const seenThere = seen(output);
      if (seenThere === undefined) throw new Error(output);
      return seenThere;
    },
  ]),
);

/** Said aloud where it cannot run, as for every tool that only some machines have. */
function canRun([name]: readonly [string, Check]): boolean {
  const isPage = Object.hasOwn(walked, name);
  if (!isPage || !/^\$ .*\bkubectl /m.test(readFileSync(name, 'utf8'))) return true;
  if (optionalTool('kubectl') !== undefined) return true;
  console.log(notRun('kubectl', name));
  return false;
}

/** Each check that needs them, since any may be run alone. */
function linkPeers(workshop: Workshop): void {
  for (const name of ['cdk8s', 'cdk8s-plus-28', 'constructs']) workshop.link(name);
}

/** What is said where the other two are missing. */
function ofPeers(cdk8s: string): string {
  const peers = ['cdk8s@^2.70.100', 'cdk8s-plus-28@^2.5.6', 'constructs@^10.4.2'];
  return `(cdk8s=${cdk8s} cdk8s-plus-28=none constructs=none). To fix: npm install ${peers.join(' ')}.`;
}

function demand(holds: boolean, found: string): void {
  if (!holds) throw new Error(found);
}

async function prints(
  workshop: Workshop,
  file: string,
  text: string,
  wanted: string,
): Promise<string> {
  workshop.write(file, text);
  const { code, output } = await workshop.run('node', [file]);
  demand(code === 0 && output.trim() === wanted, output);
  return wanted.replaceAll('\n', ' ');
}

/** Of a whole process, ms. */
async function best(workshop: Workshop, file: string): Promise<number> {
  const runs: number[] = [];
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { code, output, ms } = await workshop.run('node', [file]);
    demand(code === 0, output);
    runs.push(ms);
  }
  return Math.min(...runs);
}

async function compiles(
  workshop: Workshop,
  moduleResolution: 'nodenext' | 'bundler',
): Promise<string> {
  workshop.write('types/consumer.ts', TYPES);
  workshop.write('types/tsconfig.json', tsconfig(moduleResolution, false));
  const { code, output, ms } = await workshop.run('tsc', ['-p', 'types']);
  demand(code === 0, output);
  return `${(ms / 1000).toFixed(1)} s, declarations checked too`;
}

async function typesMs(workshop: Workshop, text: string): Promise<number> {
  workshop.write('types/consumer.ts', text);
  workshop.write('types/tsconfig.json', tsconfig('nodenext', true));
  const runs: number[] = [];
  for (let tries = 0; tries < 2; tries += 1) {
    const { code, output, ms } = await workshop.run('tsc', ['-p', 'types']);
    demand(code === 0, output);
    runs.push(ms);
  }
  return Math.min(...runs);
}

function manifest(folder: string): { readonly dependencies?: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(join(folder, 'node_modules/gungnir/package.json'), 'utf8'));
}

function inputsOf(folder: string, file: string): readonly string[] {
  const path = join(folder, 'node_modules/gungnir/sdk', `${file}.inputs.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as readonly string[];
}

async function main(): Promise<void> {
  const counts = { passed: 0, failed: 0 };
  const workshop = openWorkshop();
  try {
    const wanted = process.argv.slice(2);
    const isWanted = ([name]: readonly [string, Check]): boolean =>
      wanted.length === 0 || wanted.some((word) => name.includes(word));
    const all = Object.entries({ ...checks, ...walked });
    const stray = wanted.find((word) => !all.some(([name]) => name.includes(word)));
    if (stray !== undefined) throw new Error(`no check has ${stray} in its name`);
    for (const [name, check] of all.filter(isWanted).filter(canRun)) {
      try {
        console.log(`ok     ${name}: ${await check(workshop)}`);
        counts.passed += 1;
      } catch (error) {
        const found = error instanceof Error ? error.message : String(error);
        console.log(`FAILED ${name}\n${found.replace(/^/gm, '       ')}`);
        counts.failed += 1;
      }
    }
  } finally {
    workshop.remove();
  }
  console.log(summary(counts));
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.log(summary({ passed: 0, failed: 1 }));
  process.exitCode = 1;
});
