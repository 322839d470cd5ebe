/**
 * Every test that is written runs: no `.only`, `.skip`, `.todo`, and no condition that skips one in
 * silence. What cannot run somewhere belongs to a tier that says so.
 */
import ts from 'typescript';
import { type Finding, findingAt, type Gate, parse, type TreeFile, walk } from './tree';

const starters = /^(test|it|describe|suite|bench)\b/;
const switches = new Set(['only', 'skip', 'todo', 'skipIf', 'runIf', 'fails']);
const aliases = /^(xit|xtest|xdescribe|fit|fdescribe)$/;

export const switchedOff: Gate = {
  name: 'switched-off',
  holds: 'no test is skipped, focused or left for later',
  check: (tree) => tree.files.filter(({ path }) => isTest(path)).flatMap(checkFile),
};

function isTest(path: string): boolean {
  return path.startsWith('test/') && /\.[cm]?[jt]s$/.test(path);
}

function checkFile(file: TreeFile): readonly Finding[] {
  const source = parse(file);
  const found: Finding[] = [];
  walk(source, (node) => {
    const name = switchOf(node, source);
    if (name === undefined) return;
    found.push(findingAt(source, node, `'${name}' keeps tests from running: run it or delete it`));
  });
  return found;
}

function switchOf(node: ts.Node, source: ts.SourceFile): string | undefined {
  if (ts.isPropertyAccessExpression(node) && switches.has(node.name.text)) {
    return starters.test(node.expression.getText(source)) ? node.getText(source) : undefined;
  }
  const called = ts.isCallExpression(node) ? node.expression.getText(source) : '';
  return aliases.test(called) ? called : undefined;
}
