/**
 * Regular expressions of RE2, as CRDs write them. JavaScript's engine runs those that mean the same in
 * both; the rest run in RE2 itself.
 * Never here: what is matched.
 */
import { RE2JS } from 're2js';

type Test = (text: string) => boolean;

const compiled = new Map<string, Test | string>();

/** Flags, Unicode classes, anchors and quotes that only RE2 knows, or only JavaScript. */
const differs = /\(\?[^:]|\\[pPzZAQEC1-9kux]|\[\[:|[*+?}]\+/;

/** @returns a test for a match anywhere, or why the pattern is none. */
export function patternOf(pattern: string): Test | string {
  const before = compiled.get(pattern);
  if (before !== undefined) return before;
  const made = compile(pattern);
  compiled.set(pattern, made);
  return made;
}

function compile(pattern: string): Test | string {
  let re2: RE2JS;
  try {
    re2 = RE2JS.compile(pattern);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (!differs.test(pattern)) {
    try {
      const native = new RegExp(pattern);
      return (text) => native.test(text);
    } catch {
      // JavaScript does not know it; RE2 does
    }
  }
  return (text) => re2.matcher(text).find();
}
