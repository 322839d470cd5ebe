/**
 * Fails when a file that .projenrc.ts makes differs from what it would make: somebody edited the result.
 * Synthesizes into a temporary folder; the tree itself is not touched.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = process.cwd();
const made = JSON.parse(readFileSync('.projen/files.json', 'utf8')) as { files: readonly string[] };
const files = [...made.files, 'package.json'];
const folder = mkdtempSync(join(tmpdir(), 'gungnir-synth-'));
try {
  for (const path of ['.projenrc.ts', 'build-tools/gates/layers.ts', ...files]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(path, join(folder, path));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  execFileSync('git', ['init', '-q'], { cwd: folder });
  const env = { ...process.env, PROJEN_DISABLE_POST: '1' };
  execFileSync('tsx', ['.projenrc.ts'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const stale = files.filter(
    (path) => readFileSync(path, 'utf8') !== readFileSync(join(folder, path), 'utf8'),
  );
  for (const path of stale) console.error(`${path} is not what .projenrc.ts makes: npm run synth`);
  if (stale.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
