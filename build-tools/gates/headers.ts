/**
 * Each module of src/ begins with a header that says what it decides and what never happens there;
 * pure code has no classes but errors (style page).
 */
import ts from 'typescript';
import { isPure } from './pure';
import {
  type Finding,
  findingAt,
  type Gate,
  isGenerated,
  parse,
  type TreeFile,
  walk,
} from './tree';

export const headers: Gate = {
  name: 'headers',
  holds: 'each module begins with its header; pure folders declare no class but errors',
  check: (tree) =>
    tree.files
      .filter(({ path }) => path.startsWith('src/') && path.endsWith('.ts') && !isGenerated(path))
      .flatMap((file) => [...headerFault(file), ...classFaults(file)]),
};

function headerFault({ path, text }: TreeFile): readonly Finding[] {
  if (text.startsWith('/**')) return [];
  return [
    {
      path,
      line: 1,
      message: 'no header: begin with /** what it decides, what never happens here */',
    },
  ];
}

function classFaults(file: TreeFile): readonly Finding[] {
  if (!isPure(file.path)) return [];
  const source = parse(file);
  const found: Finding[] = [];
  walk(source, (node) => {
    if (!ts.isClassLike(node)) return;
    const base = node.heritageClauses?.[0]?.types[0]?.expression.getText(source) ?? '';
    if (base.endsWith('Error')) return;
    found.push(
      findingAt(source, node, 'a class in a pure folder: use readonly data and functions'),
    );
  });
  return found;
}
