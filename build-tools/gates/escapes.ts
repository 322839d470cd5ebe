/**
 * No way around the type checker: no `any`, no comment that switches it off. In tests
 * `@ts-expect-error` may show what does not compile; it fails when the line compiles after all.
 */
import ts from 'typescript';
import {
  type Finding,
  findingAt,
  findingsOf,
  type Gate,
  isCode,
  parse,
  type TreeFile,
  walk,
} from './tree';

export const escapes: Gate = {
  name: 'escapes',
  holds: 'no `any` and no comment that switches the type checker off',
  check: (tree) => tree.files.filter(({ path }) => isCode(path)).flatMap(checkFile),
};

function checkFile(file: TreeFile): readonly Finding[] {
  const source = parse(file);
  const found: Finding[] = [];
  walk(source, (node) => {
    if (node.kind !== ts.SyntaxKind.AnyKeyword) return;
    found.push(findingAt(source, node, '`any` switches checks off: use unknown and narrow it'));
  });
  const switches = file.path.startsWith('test/')
    ? /(\/\/|\/\*)\s*@ts-(ignore|nocheck)/
    : /(\/\/|\/\*)\s*@ts-(ignore|nocheck|expect-error)/;
  return [...found, ...findingsOf(file, switches, 'switches the type checker off: mend the type')];
}
