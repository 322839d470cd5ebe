/**
 * What a command printed, held against a file as a person sees it: `vitest -u` writes it anew, then read
 * the difference as that person would. No line is longer than a terminal.
 * Never here: what must be right whatever the words are.
 */
import { expect } from 'vitest';
import type { Ran } from './fake-io';

export async function golden(name: string, { code, out, err }: Ran): Promise<void> {
  const seen = [out, ...(err === '' ? [] : ['--- standard error\n', err]), `--- exit ${code}\n`];
  const text = seen.join('');
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(text).not.toMatch(/^ +at /m);
  expect(text).not.toContain('\u001b');
  await expect(text).toMatchFileSnapshot(`golden/${name}.txt`);
}
