/**
 * `npm run generate` writes what is made from the sources: the CRDs, the chart, the schema for editors,
 * docs/errors.md, docs/reference, arguments and schema of the Pulumi components, the types of Valkey commands (as the installed server
 * describes them), and what holds the operator's program and is therefore not committed (docs/decisions/0011). With
 * --check it only says which committed file is not as it should be (exit code 1).
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { version } from '../package.json';
import { readBundle } from '../src/constructs/program';
import { NODE_IMAGE } from '../src/resources/operator/options';
import { renderOperator } from '../src/resources/operator/render';
import { formatObjects } from '../src/runtime/cli/output';
import { valkeyClusterCrd } from '../src/spec/schema/crd';
import type { CustomResourceDefinition, StructuralSchema } from '../src/spec/structural';
import { chartFiles, PROGRAM_FILE, programFile } from './chart/chart';
import { docsOfStructs } from './docs-of-structs';
import { editorSchema } from './editor-schema';
import { errorsPage } from './errors-page';
import { pulumiArgs } from './pulumi-args';
import { pulumiSchema } from './pulumi-schema';
import { referencePages } from './reference';

const root = join(__dirname, '..');
const marker = 'Made by `npm run generate`. Do not edit.';

/** Every generated file that is committed, by its path below the root. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const crd = valkeyClusterCrd(docsOfStructs(join(root, 'src/spec')));
  return new Map([
    [
      'src/spec/crds.generated.ts',
      typescriptOf('VALKEY_CLUSTER_CRD', 'CustomResourceDefinition', crd),
    ],
    [
      'src/spec/cluster-schema.generated.ts',
      typescriptOf('SPEC_SCHEMA', 'StructuralSchema', bare(specOf(crd))),
    ],
    [
      'deploy/crds/valkeyclusters.yaml',
      `# ${marker}\n${stringify(crd, { lineWidth: 100, aliasDuplicateObjects: false })}`,
    ],
    ['deploy/schemas/valkeycluster.schema.json', editorSchema(crd, marker)],
    ['docs/errors.md', errorsPage(marker)],
    ...referencePages(root, marker),
    ['src/constructs/pulumi/args.generated.ts', pulumiArgs(join(root, 'src/spec'), marker)],
    ['src/constructs/pulumi/schema.generated.ts', pulumiSchemaFile()],
    ...chartFiles(crd, version, marker),
  ]);
}

function pulumiSchemaFile(): string {
  const folders = ['src/spec', 'src/constructs/pulumi'].map((folder) => join(root, folder));
  return [
    `/** ${marker} */`,
    '',
    'interface Component {',
    '  readonly properties: Readonly<Record<string, object>>;',
    '  readonly [key: string]: unknown;',
    '}',
    '',
    '// biome-ignore format: generated',
    'export const COMPONENT_SCHEMA: {',
    '  readonly version: string;',
    '  readonly resources: Readonly<Record<string, Component>>;',
    `} & Readonly<Record<string, unknown>> = ${JSON.stringify(pulumiSchema(folders, version), undefined, 1)};`,
    '',
  ].join('\n');
}

/** What holds the program, as it stands in assets/. @throws Error when it is not there. */
export function filesWithProgram(): ReadonlyMap<string, string> {
  const bundle = readBundle();
  const operator = renderOperator({ kind: 'bundle', bundle, image: NODE_IMAGE });
  return new Map([
    ['deploy/operator.yaml', formatObjects(operator, 'yaml')],
    [PROGRAM_FILE, programFile(bundle)],
  ]);
}

function typescriptOf(name: string, type: string, value: object): string {
  return [
    `/** ${marker} */`,
    `import type { ${type} } from './structural';`,
    '',
    '// biome-ignore format: generated',
    `export const ${name}: ${type} = ${JSON.stringify(value, null, 1)};`,
    '',
  ].join('\n');
}

function specOf(crd: CustomResourceDefinition): StructuralSchema {
  const spec = crd.spec.versions[0]?.schema.openAPIV3Schema.properties?.spec;
  if (spec === undefined) throw new Error('the CRD has no spec');
  return spec;
}

/** Without words and rules in CEL: what the operator carries to check definitions by itself. */
function bare(schema: StructuralSchema): StructuralSchema {
  const {
    description,
    'x-kubernetes-validations': rules,
    properties,
    items,
    additionalProperties,
    ...rest
  } = schema;
  const entries = Object.entries(properties ?? {}).map(([key, inner]) => [key, bare(inner)]);
  return {
    ...rest,
    ...(properties === undefined ? {} : { properties: Object.fromEntries(entries) }),
    ...(items === undefined ? {} : { items: bare(items) }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: bare(additionalProperties) }),
  };
}

function main(check: boolean): number {
  const stale = [...generatedFiles()].filter(([path, text]) => contentOf(path) !== text);
  if (check) {
    for (const [path] of stale) process.stderr.write(`${path} is not fresh: npm run generate\n`);
    return stale.length > 0 ? 1 : 0;
  }
  for (const program of ['build-tools/valkey-commands.ts', 'build-tools/bundle.ts'])
    execFileSync('tsx', [program], { cwd: root, stdio: 'inherit' });
  const programs = [...filesWithProgram()].filter(([path, text]) => contentOf(path) !== text);
  for (const [path, text] of [...stale, ...programs]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    process.stdout.write(`wrote ${path}\n`);
  }
  return 0;
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

if (require.main === module) process.exitCode = main(process.argv.includes('--check'));
