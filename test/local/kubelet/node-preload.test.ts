/** What a Node program in a pod imports: files below a mount path are those of the mount, on every Node.js. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { nodePreload } from '../../../src/local/kubelet/node-preload';

const folder = mkdtempSync(join(tmpdir(), 'gungnir-preload-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(before: string, mappings: readonly { from: string; to: string }[]): string {
  const preload = join(folder, 'preload.cjs');
  writeFileSync(preload, before + nodePreload({ podIp: '127.0.0.1', mappings }));
  writeFileSync(join(folder, 'there.mjs'), "export const told = 'from the mount';\n");
  const program = join(folder, 'program.mjs');
  writeFileSync(
    program,
    "import('file:///mount-of-a-pod/there.mjs').then(({ told }) => console.log(told), ({ code }) => console.log(code));\n",
  );
  return execFileSync(process.execPath, ['--no-warnings', '--require', preload, program], {
    encoding: 'utf8',
  }).trim();
}

const old = "require('node:module').registerHooks = undefined;\n";

test.each([
  { node: 'with hooks in its own thread', before: '' },
  { node: 'before Node.js 22.15', before: old },
])('an import below a mount path, $node', ({ before }) => {
  expect(run(before, [{ from: '/mount-of-a-pod', to: folder }])).toBe('from the mount');
  expect(run(before, [])).toBe('ERR_MODULE_NOT_FOUND');
});
