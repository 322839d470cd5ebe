/**
 * Files aim at 150 lines and functions at 20; past 400 and 70 they do not go in (style page).
 * A `describe` callback is a chapter, not a function, and is not measured; what stands in it is.
 */
import ts from 'typescript';
import { type Finding, findingAt, type Gate, isCode, parse, type TreeFile, walk } from './tree';

const fileLinesMax = 400;
const functionLinesMax = 70;

export const sizes: Gate = {
  name: 'sizes',
  holds: `no file is longer than ${fileLinesMax} lines, no function than ${functionLinesMax}`,
  check: (tree) => tree.files.filter(({ path }) => isCode(path)).flatMap(checkFile),
};

function checkFile(file: TreeFile): readonly Finding[] {
  const lines = file.text.replace(/\n$/, '').split('\n').length;
  const long = `${lines} lines, the limit is ${fileLinesMax}: split the file by what it decides`;
  const own = lines > fileLinesMax ? [{ path: file.path, line: 1, message: long }] : [];
  const source = parse(file);
  const found: Finding[] = [];
  walk(source, (node) => {
    if (!ts.isFunctionLike(node) || isChapter(node)) return;
    const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
    const length = last - first + 1;
    if (length <= functionLinesMax) return;
    const message = `a function of ${length} lines, the limit is ${functionLinesMax}: name its parts`;
    found.push(findingAt(source, node, message));
  });
  return [...own, ...found];
}

function isChapter(node: ts.Node): boolean {
  if (!ts.isCallExpression(node.parent)) return false;
  return /^describe\b/.test(node.parent.expression.getText());
}
