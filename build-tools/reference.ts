/**
 * docs/reference: what each entry of the package exports, with the words that stand at its declaration. Types are
 * shown as they are written there. An export without a comment fails the generation, so no page has a bare name.
 * Never here: a text of its own about an export; API.md, which jsii makes of the constructs.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ts from 'typescript';

interface Entry {
  readonly page: string;
  readonly title: string;
  /** The module whose exports are told. */
  readonly file: string;
  readonly more: string;
}

const entries: readonly Entry[] = [
  {
    page: 'docs/reference/engine.md',
    title: 'gungnir/sentinel',
    file: 'src/sentinel/index.ts',
    more: 'How to begin, and what it cannot know: [the engine in a Node.js program](../engine.md).',
  },
  {
    page: 'docs/reference/kubernetes-authority.md',
    title: 'gungnir/sentinel/kubernetes',
    file: 'src/runtime/lease/index.ts',
    more: 'Where it belongs: [the engine in a Node.js program](../engine.md), two processes, one authority.',
  },
  {
    page: 'docs/reference/pulumi.md',
    title: 'gungnir/pulumi',
    file: 'src/constructs/pulumi/index.ts',
    more: 'Inputs, outputs, options, and what was run: [Pulumi](../pulumi.md).',
  },
];

/** @returns each page by its path. @throws with every export that has no comment. */
export function referencePages(root: string, marker: string): ReadonlyMap<string, string> {
  return new Map(
    entries.map(({ page, title, file, more }) => {
      const told = exportsOf(join(root, file)).map(tell);
      const bare = told.filter(({ words }) => words === '').map(({ name }) => name);
      if (bare.length > 0) throw new Error(`${file}: no comment at ${bare.join(', ')}`);
      const lines = [`<!-- ${marker} -->`, `# ${title}`, '', more];
      for (const { name, words, lines: rest } of told)
        lines.push('', `## ${name}`, '', words, ...(rest.length === 0 ? [] : ['', ...rest]));
      return [page, `${lines.join('\n')}\n`] as const;
    }),
  );
}

type Declared =
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.FunctionDeclaration
  | ts.TypeAliasDeclaration
  | ts.EnumDeclaration
  | ts.VariableStatement;

interface Exported {
  /** As users import it. */
  readonly name: string;
  readonly declared: Declared;
}

interface Told {
  readonly name: string;
  readonly words: string;
  readonly lines: readonly string[];
}

function parsed(path: string): ts.SourceFile {
  const text = readFileSync(path, 'utf8');
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** In the order of the module, following what it takes from others. */
function exportsOf(path: string): readonly Exported[] {
  return parsed(path).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement)) return ownOf(statement);
    const { moduleSpecifier, exportClause } = statement;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
    const from = exportsOf(resolved(dirname(path), moduleSpecifier.text));
    if (exportClause === undefined) return from;
    if (!ts.isNamedExports(exportClause)) return [];
    return exportClause.elements.map(({ name, propertyName }) => {
      const wanted = (propertyName ?? name).text;
      const found = from.find((one) => one.name === wanted);
      if (found === undefined) throw new Error(`${path}: ${wanted} is not there`);
      return { ...found, name: name.text };
    });
  });
}

function resolved(folder: string, specifier: string): string {
  const candidates = [`${specifier}.ts`, `${specifier}/index.ts`].map((one) => join(folder, one));
  const found = candidates.find((path) => ts.sys.fileExists(path));
  if (found === undefined) throw new Error(`${specifier} is not a module in ${folder}`);
  return found;
}

function ownOf(statement: ts.Statement): readonly Exported[] {
  if (!isDeclared(statement)) return [];
  const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (isExported !== true) return [];
  if (!ts.isVariableStatement(statement))
    return [{ name: statement.name?.text ?? '', declared: statement }];
  return statement.declarationList.declarations.map((one) => ({
    name: one.name.getText(),
    declared: statement,
  }));
}

function isDeclared(node: ts.Node): node is Declared {
  return (
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isVariableStatement(node)
  );
}

function tell({ name, declared }: Exported): Told {
  return { name, words: wordsOf(declared), lines: shown(name, declared) };
}

/** The last comment before a node: its sentences, then its tags, one line each. */
function wordsOf(node: ts.Node): string {
  const doc = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1);
  if (doc === undefined) return '';
  const written = ts.getTextOfJSDocComment(doc.comment) ?? '';
  // A program in it keeps its lines.
  const text = written.includes('```') ? written.trim() : oneLine(written);
  const tags = (doc.tags ?? []).map((tag) => {
    const of = ts.isJSDocParameterTag(tag) ? ` \`${tag.name.getText()}\`` : '';
    const said = oneLine(ts.getTextOfJSDocComment(tag.comment) ?? '').replace(/^- /, '');
    return `**${tag.tagName.text}**${of} ${said}`;
  });
  return [text, ...tags].filter((part) => part !== '').join(' ');
}

function shown(name: string, declared: Declared): readonly string[] {
  if (ts.isEnumDeclaration(declared)) return declared.members.flatMap(item);
  if (ts.isInterfaceDeclaration(declared))
    return [...heritage(declared), ...declared.members.flatMap(item)];
  if (ts.isClassDeclaration(declared))
    return [...heritage(declared), ...declared.members.filter(isPublic).flatMap(item)];
  if (ts.isFunctionDeclaration(declared)) return code(`${name}${signature(declared)}`);
  if (ts.isTypeAliasDeclaration(declared)) return code(declared.type.getText());
  const [variable] = declared.declarationList.declarations;
  return variable?.type === undefined ? [] : code(variable.type.getText());
}

/** What it has beside its own members. */
function heritage(declared: ts.ClassDeclaration | ts.InterfaceDeclaration): readonly string[] {
  const clauses = declared.heritageClauses ?? [];
  const parents = clauses.flatMap(({ types }) => types.map((one) => one.getText()));
  return parents.map((parent) => `- all of \`${oneLine(parent)}\``);
}

/** Users see neither what is hidden nor the body behind overloads, whose signature is wider than they are. */
function isPublic(member: ts.ClassElement): boolean {
  const name = member.name?.getText() ?? '';
  const isOverloaded =
    ts.isMethodDeclaration(member) &&
    member.body !== undefined &&
    ts.isClassLike(member.parent) &&
    member.parent.members.some(
      (one) => ts.isMethodDeclaration(one) && one.body === undefined && one.name.getText() === name,
    );
  return !isHidden(member) && !isOverloaded && !name.startsWith('#');
}

function isHidden(node: ts.Node): boolean {
  const hidden = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword];
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  return modifiers.some(({ kind }) => hidden.includes(kind));
}

function item(member: ts.TypeElement | ts.ClassElement | ts.EnumMember): readonly string[] {
  const words = wordsOf(member);
  const own = `- \`${oneLine(head(member))}\`${words === '' ? '' : `: ${words}`}`;
  if (!ts.isConstructorDeclaration(member)) return [own];
  const fields = member.parameters.filter(
    (one) => ts.isParameterPropertyDeclaration(one, member) && !isHidden(one),
  );
  return [own, ...fields.map((field) => `- \`${parameter(field)}\``)];
}

/** A member without its body, and without words that say nothing to a user. */
function head(member: ts.TypeElement | ts.ClassElement | ts.EnumMember): string {
  if (ts.isConstructorDeclaration(member)) return `new${signature(member)}`;
  if (ts.isMethodDeclaration(member)) return `${member.name.getText()}${signature(member)}`;
  if (ts.isGetAccessorDeclaration(member))
    return `${member.name.getText()}${signature(member)}`.replace('()', '');
  if (ts.isPropertyDeclaration(member))
    return `${member.name.getText()}${member.type === undefined ? '' : `: ${plain(member.type)}`}`;
  return plain(member)
    .replace(/^readonly /, '')
    .replace(/[;,]$/, '');
}

function signature(one: ts.SignatureDeclaration): string {
  const generics = one.typeParameters?.map((each) => each.getText()).join(', ');
  const parameters = one.parameters.map(parameter).join(', ');
  const result = one.type === undefined ? '' : `: ${plain(one.type)}`;
  return `${generics === undefined ? '' : `<${generics}>`}(${parameters})${result}`;
}

/** A default value makes it optional; what it is, the words say. */
function parameter({
  name,
  type,
  questionToken,
  initializer,
  dotDotDotToken,
}: ts.ParameterDeclaration): string {
  const optional = questionToken !== undefined || initializer !== undefined ? '?' : '';
  const shownName = ts.isIdentifier(name) ? name.text.replace(/^_/, '') : 'options';
  const rest = dotDotDotToken === undefined ? '' : '...';
  return `${rest}${shownName}${optional}${type === undefined ? '' : `: ${plain(type)}`}`;
}

/** Without comments, which are told beside it or not at all. */
function plain(node: ts.Node): string {
  return node.getText().replaceAll(/\/\*[\s\S]*?\*\//g, '');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function code(text: string): readonly string[] {
  return ['```ts', text, '```'];
}
