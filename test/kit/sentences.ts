/**
 * What a program says when it refuses, held to its shape: the error in a sentence, then what to do, and no more.
 * Never here: which error.
 */
import { expect } from 'vitest';
import type { Running } from './local-up';

/** @returns it in one line. */
export function sentencesOf(refused: Running): string {
  const text = refused.text();
  expect(text).toMatch(/^error: \w+: /);
  expect(text).toContain('\n  To fix: ');
  for (const line of text.trimEnd().split('\n').slice(1)) expect(line).toMatch(/^ {2}To fix: /);
  return text.replace(/\s+/g, ' ');
}
