/**
 * What a gate reads and what it says. A gate sees the repository as a list of texts, so that its own
 * test plants a violation without touching the disk.
 * Never here: a rule.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface TreeFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface Tree {
  /** Absolute; only gates that read installed packages use it. */
  readonly root: string;
  readonly files: readonly TreeFile[];
}

export interface Finding {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** What is wrong, and what to do. */
  readonly message: string;
}

export interface Gate {
  readonly name: string;
  /** The fact that holds when there is no finding. */
  readonly holds: string;
  readonly check: (tree: Tree) => readonly Finding[];
}

/** Every text that is committed or would be by `git add`: ignored files are not part of the project. */
export function readTree(root: string): Tree {
  const listing = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const paths = [...new Set(listing.split('\0'))].filter((path) => isText(root, path)).sort();
  return {
    root,
    files: paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
  };
}

function isText(root: string, path: string): boolean {
  const binary = /\.(png|jpg|gif|ico|gz|tgz|rdb|aof)$/.test(path);
  return (
    path !== '' && !binary && existsSync(join(root, path)) && lstatSync(join(root, path)).isFile()
  );
}

const codeFolders = /^(src|test|build-tools|examples|bin)\//;

/** Made by a program of this repository; what a human has to read is the program. */
export function isGenerated(path: string): boolean {
  return /\.(gen|generated)\./.test(path);
}

/** Hand-written code. */
export function isCode(path: string): boolean {
  const code = /\.(ts|mts|cts|js|mjs|cjs)$/.test(path) && !isGenerated(path);
  return code && (codeFolders.test(path) || path === '.projenrc.ts');
}

export function parse(file: TreeFile): ts.SourceFile {
  return ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
}

/** Visits every node below this one, this one first. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

export function findingAt(source: ts.SourceFile, node: ts.Node, message: string): Finding {
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return { path: source.fileName, line: line + 1, message };
}

/** One finding for each line that matches. */
export function findingsOf(file: TreeFile, pattern: RegExp, message: string): readonly Finding[] {
  return file.text
    .split('\n')
    .flatMap((line, index) =>
      pattern.test(line) ? [{ path: file.path, line: index + 1, message }] : [],
    );
}
