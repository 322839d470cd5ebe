/**
 * The only hand-written configuration: every other file in the root that configures a tool is made
 * from this one. Change it here, then `npm run synth`.
 * Never here: a dependency that is not a jsii module in `deps` or `peerDeps` (jsii refuses it); what
 * the artefacts need is a devDependency that esbuild inlines (docs/decisions).
 */
import { cdk8s, JsonFile, javascript, TextFile, typescript } from 'projen';
import { pureFolders } from './build-tools/gates/layers';

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'gungnir',
  description: 'Valkey on Kubernetes without Sentinel: an operator, an engine and typed constructs',
  author: 'The Gungnir authors',
  authorAddress: 'https://github.com/verilean',
  repositoryUrl: 'https://github.com/verilean/gungnir.git',
  copyrightOwner: 'The Gungnir authors',
  license: 'Apache-2.0',
  keywords: ['valkey', 'redis', 'sentinel', 'kubernetes', 'operator', 'cdk8s', 'failover'],
  stability: 'experimental',
  defaultReleaseBranch: 'main',

  cdk8sVersion: '2.70.100',
  constructsVersion: '10.4.2',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.3',
  projenVersion: '~0.103.25',
  minNodeVersion: '20.0.0',
  packageManager: javascript.NodePackageManager.NPM,
  peerDeps: ['cdk8s-plus-28@^2.5.6'],
  devDeps: [
    '@kubernetes/client-node@^2.0.1',
    '@marcbachmann/cel-js@^8.0.0',
    '@peculiar/x509@^2.2.0',
    '@pulumi/pulumi@^3.270.0',
    '@types/node@^24',
    '@types/ws@^8.18.2',
    '@vitest/coverage-v8@^5.1.1',
    'esbuild@~0.28.2',
    'fast-check@^4.10.2',
    'iovalkey@~0.4.0',
    're2js@^2.10.0',
    'reflect-metadata@^0.2.2',
    'tsx@^4.23.15',
    'vitest@^5.1.1',
    'ws@^8.23.0',
    'yaml@^2.9.1',
    'zod@^4.6.7',
  ],

  // Nothing is published yet: these are the names that jsii-pacmak builds under (`npm run languages`).
  publishToPypi: { distName: 'gungnir', module: 'gungnir' },
  publishToMaven: {
    javaPackage: 'io.github.verilean.gungnir',
    mavenGroupId: 'io.github.verilean',
    mavenArtifactId: 'gungnir',
  },
  publishToGo: { moduleName: 'github.com/verilean/gungnir-go' },
  publishToNuget: { dotNetNamespace: 'Verilean.Gungnir', packageId: 'Verilean.Gungnir' },

  projenrcTs: true,
  projenrcTsOptions: { projenCodeDir: 'build-tools' },
  runner: typescript.TypeScriptRunner.tsx(),
  tsconfig: { fileName: 'tsconfig.jsii.json' },
  excludeTypescript: [
    'src/sentinel',
    'src/runtime',
    'src/local',
    'src/spec/schema',
    'src/constructs/pulumi',
  ],
  tsconfigDevFile: 'tsconfig.json',
  tsconfigDev: {
    compilerOptions: {
      module: 'preserve',
      moduleResolution: javascript.TypeScriptModuleResolution.BUNDLER,
      noEmit: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noImplicitOverride: true,
      noPropertyAccessFromIndexSignature: false,
      allowUnreachableCode: false,
      allowUnusedLabels: false,
      forceConsistentCasingInFileNames: true,
      isolatedModules: true,
      stripInternal: false,
    },
  },

  jest: false,
  eslint: false,
  biome: true,
  biomeOptions: {
    version: '~2.5.15',
    ignoreGeneratedFiles: true,
    biomeConfig: {
      formatter: {
        enabled: true,
        lineWidth: 100,
        indentStyle: javascript.biome_config.IndentStyle.SPACE,
        indentWidth: 2,
      },
      javascript: { formatter: { quoteStyle: javascript.biome_config.QuoteStyle.SINGLE } },
      linter: {
        rules: {
          suspicious: {
            noExplicitAny: 'error',
            noFocusedTests: 'error',
            noImportCycles: 'error',
            noSkippedTests: 'error',
          },
          nursery: { noFloatingPromises: 'error', noMisusedPromises: 'error' },
          style: { noDefaultExport: 'error', useImportType: 'error' },
          correctness: { noUnusedImports: 'error', noUnusedVariables: 'error' },
        },
      },
      overrides: [{ includes: ['*.config.mts'], linter: { enabled: false } }],
    },
  },
  github: false,
  buildWorkflow: false,
  release: false,
  depsUpgrade: false,
  autoDetectBin: false,
  sampleCode: false,
  npmignoreEnabled: false,
  gitignore: [
    '/assets/',
    '/sdk/',
    '/deploy/operator.yaml',
    '/charts/gungnir-operator/files/',
    '/coverage/',
    '/.cache/',
    '*.tsbuildinfo',
    '/results/',
    '.npmignore',
  ],
});

project.package.addBin({ gungnir: 'bin/gungnir.js' });
project.package.addField('files', [
  '.jsii',
  'lib',
  'sdk',
  'assets',
  'bin',
  'API.md',
  'CHANGELOG.md',
]);
// Whoever imports gungnir/pulumi has it; npm installs nothing for anybody else. Not a peer, which jsii would refuse.
project.package.addField('peerDependenciesMeta', { '@pulumi/pulumi': { optional: true } });
// CommonJS, which ES modules import as it is: one class of each kind in a program that uses both ways.
project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './sentinel': { types: './sdk/types/sentinel/index.d.ts', default: './sdk/sentinel.js' },
  './sentinel/kubernetes': {
    types: './sdk/types/runtime/lease/index.d.ts',
    default: './sdk/sentinel-kubernetes.js',
  },
  './pulumi': {
    types: './sdk/types/constructs/pulumi/index.d.ts',
    default: './sdk/pulumi/index.js',
  },
  './assets/*': './assets/*',
  './.jsii': './.jsii',
  './package.json': './package.json',
});
for (const [key, value] of [
  ['omit-lockfile-registry-resolved', 'true'],
  ['ignore-scripts', 'true'],
  ['fund', 'false'],
  ['audit', 'false'],
  ['update-notifier', 'false'],
] as const) {
  project.npmrc.addConfig(key, value);
}

// projen only adds to `include`; the glob it starts with would take in node_modules of build-tools/node.
project.tsconfigDev.file.addOverride('include', [
  '.projenrc.ts',
  'vitest.config.mts',
  'src/**/*.ts',
  'test/**/*.ts',
  'build-tools/**/*.ts',
  'examples/**/*.ts',
]);

// Examples import the package by its name, as users do.
project.tsconfigDev.file.addOverride('compilerOptions.paths', {
  gungnir: ['./src/index.ts'],
  'gungnir/pulumi': ['./src/constructs/pulumi/index.ts'],
});

for (const pattern of ['examples/**', 'bin/**']) project.biome?.addFilePattern(pattern);

// Pure code without the types of Node.js and the browser: `process` or `setTimeout` does not compile.
new JsonFile(project, 'tsconfig.pure.json', {
  obj: {
    extends: './tsconfig.json',
    compilerOptions: { lib: ['es2022'], types: [] },
    include: ['build-tools/pure/*.d.ts', ...pureFolders.map((folder) => `${folder}**/*.ts`)],
    exclude: ['src/spec/schema'],
  },
});

project.tsconfigDev.addExclude('build-tools/pure');

new TextFile(project, 'vitest.config.mts', {
  lines: [
    '// Made by .projenrc.ts.',
    "import { defineConfig } from 'vitest/config';",
    '',
    '// `unit` runs anywhere. `e2e` starts a Kubernetes, or uses the one of GUNGNIR_TEST_KUBECONFIG.',
    "const real = ['test/e2e/**/*.test.ts', 'test/**/real-*.test.ts'];",
    "const quickFaults = 'test/faults/quick.test.ts';",
    '// Held to records anywhere, and to the real thing where there is one.',
    "const beside = ['test/local/differential/*.test.ts'];",
    '// Stops the API server for some seconds, which a cluster of others must allow (build-tools/kubernetes.ts says so).',
    'const { GUNGNIR_TEST_KUBECONFIG: shared, GUNGNIR_TEST_APISERVER_PID: mayStop } = process.env;',
    "const tooMuch = shared && !mayStop ? ['test/runtime/kube/real-hung-server.test.ts'] : [];",
    'export default defineConfig({',
    '  test: {',
    '    projects: [',
    '      // Real servers and child processes on a busy machine: slow is not wrong, hung is.',
    "      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [...real, quickFaults], testTimeout: 30_000, hookTimeout: 30_000 } },",
    '      {',
    '        extends: true,',
    '        test: {',
    "          name: 'e2e',",
    '          include: [...real, ...beside],',
    '          exclude: tooMuch,',
    "          globalSetup: ['test/e2e/setup.ts'],",
    '          fileParallelism: false,',
    '          testTimeout: 300_000,',
    '          hookTimeout: 600_000,',
    '        },',
    '      },',
    '      // The main job of e2e, GitOps, several namespaces and the quick faults on the local cluster, which needs nothing but a valkey-server.',
    '      {',
    '        extends: true,',
    '        test: {',
    "          name: 'local',",
    "          include: ['test/e2e/kubernetes.test.ts', 'test/e2e/gitops.test.ts', 'test/e2e/namespaces.test.ts', quickFaults],",
    '          fileParallelism: false,',
    '          testTimeout: 120_000,',
    '          hookTimeout: 120_000,',
    '        },',
    '      },',
    '    ],',
    '    // Most of them wait for real servers; vitest itself would leave one of two cores to itself.',
    '    maxWorkers: 3,',
    "    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'json-summary'], reportOnFailure: true, thresholds: { lines: 90, branches: 85 } },",
    '  },',
    '});',
    '',
  ],
});

// Each script sets up all that it needs by itself; `npx projen TASK` still works for the rest.
const run = 'node build-tools/run.mjs';
project.package.addField('scripts', {
  start: `${run} tsx examples/local/main.ts`,
  engine: `${run} tsx examples/engine/main.ts`,
  test: `${run} tsx build-tools/check.ts`,
  bench: `${run} tsx test/bench/main.ts`,
  verify: `${run} tsx test/verify/main.ts`,
  'test:faults': `${run} tsx test/faults/main.ts`,
  'test:kubernetes': `${run} tsx build-tools/kubernetes.ts`,
  'test:pack': `${run} tsx test/pack/main.ts`,
  'test:languages': `${run} tsx test/pack/languages.ts`,
  coverage: `${run} vitest run --project unit --coverage`,
  format: `${run} biome check --write`,
  bundle: `${run} tsx build-tools/bundle.ts`,
  sdk: `${run} tsx build-tools/sdk.ts`,
  api: `${run} tsx build-tools/api.ts`,
  languages: `${run} tsx build-tools/languages.ts`,
  generate: `${run} tsx build-tools/generate.ts`,
  pack: `${run} tsx build-tools/pack.ts`,
  build: `${run} projen build`,
  synth: `${run} projen`,
});
project.testTask.reset('tsx build-tools/check.ts');
// What a deleted source left there would be packaged.
project.preCompileTask.exec(`node -e "fs.rmSync('lib', { recursive: true, force: true })"`);
project.preCompileTask.exec('tsx build-tools/bundle.ts');
project.preCompileTask.exec('tsx build-tools/sdk.ts');
// Outside of CI projen would package for every language.
project.packageTask.reset('projen package:js');
// With cdk8s for Java and Go, and without a compiler for .NET.
project.tasks.tryFind('package-all')?.reset('tsx build-tools/languages.ts');
for (const language of ['java', 'python', 'go', 'dotnet'])
  project.removeTask(`package:${language}`);
project.removeTask('clobber');
// The rest of build-tools is checked with everything else, by tsconfig.json.
project.tryFindObjectFile('build-tools/tsconfig.json')?.addOverride('include', ['../.projenrc.ts']);

project.synth();
