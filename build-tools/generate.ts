/**
 * Writes what is made from the sources: `npx tsx build-tools/generate.ts` writes it, with --check it
 * only says which file is not as it should be (exit code 1).
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { valkeyClusterCrd } from '../src/spec/schema/crd';
import { docsOfStructs } from './docs-of-structs';

const root = join(__dirname, '..');
const marker = 'Made by `npx tsx build-tools/generate.ts` from src/spec. Do not edit.';

/** Every generated file, by its path below the root. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const crd = valkeyClusterCrd(docsOfStructs(join(root, 'src/spec')));
  return new Map([
    ['src/spec/crds.generated.ts', typescriptOf(crd)],
    [
      'deploy/crds/valkeyclusters.yaml',
      `# ${marker}\n${stringify(crd, { lineWidth: 100, aliasDuplicateObjects: false })}`,
    ],
  ]);
}

function typescriptOf(crd: unknown): string {
  return [
    `/** ${marker} */`,
    "import type { CustomResourceDefinition } from './structural';",
    '',
    '// biome-ignore format: generated',
    `export const VALKEY_CLUSTER_CRD: CustomResourceDefinition = ${JSON.stringify(crd, null, 1)};`,
    '',
  ].join('\n');
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
