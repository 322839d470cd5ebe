/** What the construct says of an operator's program that cannot be carried. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readBundle } from '../../src/constructs/program';
import { packedFile } from '../../src/resources/operator/bundle';

const folder = mkdtempSync(join(tmpdir(), 'gungnir-program-'));
afterAll(() => rmSync(folder, { recursive: true }));

function program(name: string, text: string, packed?: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  if (packed !== undefined) writeFileSync(packedFile(path), packed);
  return path;
}

test('a small one travels as it is, a larger one packed', () => {
  expect(readBundle(program('small.mjs', 'x'))).toEqual({ kind: 'plain', text: 'x' });
  expect(readBundle(program('large.mjs', 'x'.repeat(300_000), 'eA=='))).toEqual({
    kind: 'gzip',
    base64: 'eA==',
  });
});

test('one that is too large even so is refused in one sentence, with what to do', () => {
  const packed = randomBytes(200_000).toString('base64');
  const path = program('huge.mjs', 'x'.repeat(300_000), packed);
  expect(() => readBundle(path)).toThrow(
    /^\S+huge.mjs does not fit into a ConfigMap: .* above 240000 bytes of JSON. To fix: pass `image`[^\n]*$/,
  );
});

test('one that is not there is told in one sentence, with what to do', () => {
  expect(() => readBundle(join(folder, 'none.mjs'))).toThrow(
    /^the operator's program is not at \S+none.mjs. To fix: install gungnir again[^\n]*$/,
  );
});
