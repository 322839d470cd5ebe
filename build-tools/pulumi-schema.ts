/**
 * The components of Pulumi as its package schema, which SDKs for other languages and Pulumi YAML stand on: read from
 * the components' own types, so that both say the same.
 * Never here: a property of its own.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

const PACKAGE = 'gungnir';

type Json = Readonly<Record<string, unknown>>;

interface Known {
  readonly structs: ReadonlyMap<string, ts.InterfaceDeclaration>;
  readonly enums: ReadonlyMap<string, ts.EnumDeclaration>;
}

/** @param folders where components, arguments and enums are. */
export function pulumiSchema(folders: readonly string[], version: string): Json {
  const sources = folders.flatMap(sourcesIn);
  const known: Known = {
    structs: named(sources, ts.isInterfaceDeclaration),
    enums: named(sources, ts.isEnumDeclaration),
  };
  const components = [...named(sources, ts.isClassDeclaration).values()].filter(isComponent);
  const resources = components.map((one) => [tokenOf(nameOf(one)), componentOf(one, known)]);
  const types = usedBy(resources, known).map((name) => [
    tokenOf(shortName(name)),
    typeOf(name, known),
  ]);
  const language = Object.fromEntries(
    ['csharp', 'go', 'java', 'nodejs', 'python'].map((name) => [
      name,
      { respectSchemaVersion: true },
    ]),
  );
  return {
    name: PACKAGE,
    version,
    description: 'Valkey on Kubernetes without Sentinel',
    license: 'Apache-2.0',
    language,
    resources: Object.fromEntries(resources),
    types: Object.fromEntries(types),
  };
}

function sourcesIn(folder: string): readonly ts.SourceFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) =>
      ts.createSourceFile(
        name,
        readFileSync(join(folder, name), 'utf8'),
        ts.ScriptTarget.Latest,
        true,
      ),
    );
}

type Declaration = ts.InterfaceDeclaration | ts.EnumDeclaration | ts.ClassDeclaration;

function named<Kind extends Declaration>(
  sources: readonly ts.SourceFile[],
  is: (node: ts.Node) => node is Kind,
): ReadonlyMap<string, Kind> {
  const all = sources.flatMap((source) => source.statements.filter(is));
  return new Map(all.map((one) => [nameOf(one), one]));
}

function nameOf(one: Declaration): string {
  return one.name?.text ?? '';
}

function isComponent(one: ts.ClassDeclaration): boolean {
  return (one.heritageClauses ?? []).some((clause) =>
    clause.getText().includes('ComponentResource'),
  );
}

function componentOf(component: ts.ClassDeclaration, known: Known): Json {
  const outputs = component.members.filter(ts.isPropertyDeclaration).map((member) => {
    const [type = member.type, missing] = outputOf(member.type);
    return { member, type, isRequired: missing === undefined };
  });
  const args = known.structs.get(`${nameOf(component)}Args`);
  return {
    ...described(component),
    type: 'object',
    isComponent: true,
    ...inputsOf(args, known),
    properties: Object.fromEntries(
      outputs.map(({ member, type }) => [
        member.name.getText(),
        { ...described(member), ...propertyOf(type, known) },
      ]),
    ),
    required: outputs
      .filter(({ isRequired }) => isRequired)
      .map(({ member }) => member.name.getText()),
  };
}

/** What is inside of `Output<T> | undefined`, and the `undefined`. */
function outputOf(
  type: ts.TypeNode | undefined,
): readonly [ts.TypeNode | undefined, ts.TypeNode | undefined] {
  const [first, missing] = type !== undefined && ts.isUnionTypeNode(type) ? type.types : [type];
  return [argumentOf(first, 'pulumi.Output'), missing];
}

function argumentOf(type: ts.TypeNode | undefined, name: string): ts.TypeNode | undefined {
  if (type === undefined || !ts.isTypeReferenceNode(type)) return undefined;
  return type.typeName.getText() === name ? type.typeArguments?.[0] : undefined;
}

function inputsOf(args: ts.InterfaceDeclaration | undefined, known: Known): Json {
  const members = args === undefined ? [] : membersOf(args, known);
  return {
    inputProperties: propertiesOf(members, known),
    requiredInputs: requiredOf(members),
  };
}

/** Its own, after those of the interface that it extends. */
function membersOf(struct: ts.InterfaceDeclaration, known: Known): readonly ts.PropertySignature[] {
  const parents = (struct.heritageClauses ?? []).flatMap((clause) =>
    clause.types.flatMap((type) => known.structs.get(type.expression.getText()) ?? []),
  );
  return [
    ...parents.flatMap((parent) => membersOf(parent, known)),
    ...struct.members.filter(ts.isPropertySignature),
  ];
}

function propertiesOf(members: readonly ts.PropertySignature[], known: Known): Json {
  return Object.fromEntries(
    members.map((member) => [
      member.name.getText(),
      { ...described(member), ...propertyOf(member.type, known), ...plainness(member.type) },
    ]),
  );
}

function requiredOf(members: readonly ts.PropertySignature[]): readonly string[] {
  return members.filter((one) => one.questionToken === undefined).map((one) => one.name.getText());
}

/** What takes no Output must be known when the program runs. */
function plainness(type: ts.TypeNode | undefined): Json {
  return argumentOf(type, 'pulumi.Input') === undefined ? { plain: true } : {};
}

function propertyOf(given: ts.TypeNode | undefined, known: Known): Json {
  const type = argumentOf(given, 'pulumi.Input') ?? given;
  if (type === undefined) throw new Error('a member has no type');
  if (ts.isArrayTypeNode(type))
    return { type: 'array', items: propertyOf(type.elementType, known) };
  if (ts.isTypeLiteralNode(type)) {
    const [index] = type.members.filter(ts.isIndexSignatureDeclaration);
    return { type: 'object', additionalProperties: propertyOf(index?.type, known) };
  }
  if (ts.isUnionTypeNode(type)) return { type: 'string' };
  const name = type.getText();
  if (name === 'number') return { type: 'integer' };
  if (name === 'string' || name === 'boolean') return { type: name };
  if (known.structs.has(name) || known.enums.has(name))
    return { $ref: `#/types/${tokenOf(shortName(name))}` };
  throw new Error(`${name} has no place in a schema`);
}

function typeOf(name: string, known: Known): Json {
  const struct = known.structs.get(name);
  if (struct !== undefined) {
    const members = membersOf(struct, known);
    const properties = propertiesOf(members, known);
    return { ...described(struct), type: 'object', properties, required: requiredOf(members) };
  }
  const values = known.enums.get(name);
  const members = [...(values?.members ?? [])].map((member) => ({
    ...described(member),
    name: member.name.getText(),
    value: member.initializer?.getText().slice(1, -1),
  }));
  return { ...(values === undefined ? {} : described(values)), type: 'string', enum: members };
}

/** Names of all types that are referred to, directly or not. */
function usedBy(resources: unknown, known: Known): readonly string[] {
  const all = [...known.structs.keys(), ...known.enums.keys()];
  const seen = new Set<string>();
  const visit = (value: unknown): void => {
    const text = JSON.stringify(value);
    for (const name of all) {
      if (seen.has(name) || !text.includes(`"#/types/${tokenOf(shortName(name))}"`)) continue;
      seen.add(name);
      visit(typeOf(name, known));
    }
  };
  visit(resources);
  return [...seen].sort();
}

function shortName(name: string): string {
  return name.replace(/Args$/, '');
}

function tokenOf(name: string): string {
  return `${PACKAGE}:index:${name}`;
}

function described(node: ts.Node): Json {
  const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = ts.getTextOfJSDocComment(doc?.comment);
  const tag = (doc?.tags ?? []).find(({ tagName }) => tagName.text === 'default');
  const fallback = ts.getTextOfJSDocComment(tag?.comment)?.replace(/^- /, '');
  const parts = [text, ...(fallback === undefined ? [] : [`Default: ${fallback}.`])];
  const description = parts.filter((part) => part !== undefined).join('\n');
  return description === '' ? {} : { description };
}
