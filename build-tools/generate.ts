/**
 * Writes what is made from the sources: `npx tsx build-tools/generate.ts` writes it, with --check it
 * only says which file is not as it should be (exit code 1).
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { valkeyClusterCrd } from '../src/spec/schema/crd';
import type { CustomResourceDefinition, StructuralSchema } from '../src/spec/structural';
import { docsOfStructs } from './docs-of-structs';

const root = join(__dirname, '..');
const marker = 'Made by `npx tsx build-tools/generate.ts` from src/spec. Do not edit.';

/** Every generated file, by its path below the root. */
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
  for (const [path, text] of stale) {
    if (check) process.stderr.write(`${path} is not fresh: run npx tsx build-tools/generate.ts\n`);
    else {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
      process.stdout.write(`wrote ${path}\n`);
    }
  }
  return check && stale.length > 0 ? 1 : 0;
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

if (require.main === module) process.exitCode = main(process.argv.includes('--check'));
