/**
 * `npm run api`: compiles what jsii sees, and writes API.md from it. With `--check` it fails instead of
 * writing when the committed page differs.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const page = 'API.md';

function main(): void {
  execFileSync('jsii', ['--silence-warnings=reserved-word'], { stdio: 'inherit' });
  if (process.argv.includes('--check')) comparePage();
  else writePage(page);
}

function comparePage(): void {
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-api-'));
  try {
    const made = join(folder, page);
    writePage(made);
    if (readFileSync(made, 'utf8') === readFileSync(page, 'utf8')) return;
    console.error(`${page} is not what the sources say: npm run api`);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writePage(file: string): void {
  execFileSync('jsii-docgen', ['-o', file], { stdio: 'inherit' });
}

try {
  main();
} catch (error) {
  // jsii has said what is wrong.
  if (!(error instanceof Error && 'status' in error)) throw error;
  process.exitCode = 1;
}
