/**
 * A tree with planted files, on no disk.
 */
import type { Gate, Tree } from '../../build-tools/gates/tree';

/** @param files path -> text. */
export function planted(files: Readonly<Record<string, string>>): Tree {
  return { root: '', files: Object.entries(files).map(([path, text]) => ({ path, text })) };
}

/** The findings as `path:line`, in the gate's order. */
export function places(gate: Gate, files: Readonly<Record<string, string>>): readonly string[] {
  return gate.check(planted(files)).map(({ path, line }) => `${path}:${line}`);
}
