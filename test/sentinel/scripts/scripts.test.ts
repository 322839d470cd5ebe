/**
 * Every script beside this file, played against the engine: what it must do is what stands there.
 * `UPDATE=1` rewrites them; then read the difference as a reviewer would.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { playFile } from './script';

const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.txt'))
  .sort();

describe('scripts', () => {
  test('there are scripts at all', () => {
    expect(files.length).toBeGreaterThan(150);
  });
  test.each(files)('%s', (name) => {
    const { expected, actual } = playFile(join(__dirname, name), process.env.UPDATE === '1');
    expect(actual).toBe(expected);
  });
});
