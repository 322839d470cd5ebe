/**
 * The structs of a definition as arguments of Pulumi: each member takes an Input, at any depth. Written out,
 * because tools that read the types of a component follow no mapped type.
 * Never here: a member of its own.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

const ROOT = 'ValkeyClusterSpec';

/** @param folder where the structs are. */
export function pulumiArgs(folder: string, marker: string): string {
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.includes('generated'))
    .map((name) =>
      ts.createSourceFile(
        name,
        readFileSync(join(folder, name), 'utf8'),
        ts.ScriptTarget.Latest,
        true,
      ),
    );
  const structs = new Map(
    sources.flatMap((source) =>
      source.statements
        .filter(ts.isInterfaceDeclaration)
        .map((one) => [one.name.text, one] as const),
    ),
  );
  const used = reachable(ROOT, structs);
  const text = used.map((name) => argsOf(structs.get(name), structs)).join('\n');
  const enums = enumsOf(sources).filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  return [
    `/** ${marker} */`,
    '// biome-ignore-all format: generated',
    `import type * as pulumi from '@pulumi/pulumi';`,
    `import type { ${enums.sort().join(', ')} } from '../../spec/enums';`,
    '',
    text,
  ].join('\n');
}

type Structs = ReadonlyMap<string, ts.InterfaceDeclaration>;

function enumsOf(sources: readonly ts.SourceFile[]): string[] {
  return sources.flatMap((source) =>
    source.statements.filter(ts.isEnumDeclaration).map((one) => one.name.text),
  );
}

/** The structs that the root names, itself first. */
function reachable(root: string, structs: Structs): readonly string[] {
  const seen: string[] = [];
  const visit = (name: string): void => {
    const struct = structs.get(name);
    if (struct === undefined || seen.includes(name)) return;
    seen.push(name);
    const look = (node: ts.Node): void => {
      if (ts.isTypeReferenceNode(node)) visit(node.typeName.getText());
      ts.forEachChild(node, look);
    };
    look(struct);
  };
  visit(root);
  return seen;
}

function argsOf(struct: ts.InterfaceDeclaration | undefined, structs: Structs): string {
  if (struct === undefined) throw new Error('a struct is not there');
  const members = struct.members.filter(ts.isPropertySignature).flatMap((member) => {
    const doc = ts.getJSDocCommentsAndTags(member).find(ts.isJSDoc)?.getText() ?? '';
    const mark = member.questionToken === undefined ? '' : '?';
    if (member.type === undefined)
      throw new Error(`${struct.name.text} has a member without a type`);
    const type = inputOf(member.type, structs);
    return [`  ${doc}`, `  readonly ${member.name.getText()}${mark}: ${type};`];
  });
  const doc = ts.getJSDocCommentsAndTags(struct).find(ts.isJSDoc)?.getText() ?? '';
  return [doc, `export interface ${struct.name.text}Args {`, ...members, '}', ''].join('\n');
}

function inputOf(type: ts.TypeNode, structs: Structs): string {
  if (ts.isArrayTypeNode(type)) return `pulumi.Input<${inputOf(type.elementType, structs)}[]>`;
  if (ts.isTypeLiteralNode(type)) {
    const [index] = type.members.filter(ts.isIndexSignatureDeclaration);
    if (index === undefined || type.members.length !== 1)
      throw new Error(`no input for ${type.getText()}`);
    return `pulumi.Input<{ readonly [key: string]: ${inputOf(index.type, structs)} }>`;
  }
  const name = type.getText();
  return structs.has(name) ? `pulumi.Input<${name}Args>` : `pulumi.Input<${name}>`;
}
