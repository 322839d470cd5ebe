/**
 * Holds the import table (layers.ts): every module of src/ has a layer, imports only what its row
 * allows, and only packages that package.json declares. Type imports, re-exports, `import()` types,
 * dynamic imports and require() count like any other.
 */
import { readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import ts from 'typescript';
import { type Layer, layerOf } from './layers';
import { type Finding, findingAt, type Gate, parse, type Tree, type TreeFile, walk } from './tree';

export const imports: Gate = {
  name: 'imports',
  holds: 'each module imports only what the table of ARCHITECTURE.md allows',
  check(tree) {
    const modules = tree.files.filter(({ path }) => isModule(path));
    const known = new Set(tree.files.map(({ path }) => path));
    const declared = declaredPackages(tree);
    return [
      ...unread(tree.root, modules.length),
      ...modules.flatMap((file) => checkModule(file, known, declared)),
    ];
  },
};

/** The packages, built-ins aside, that the modules of src/ import. */
export function packagesOf(tree: Tree): readonly string[] {
  const specifiers = tree.files
    .filter(({ path }) => isModule(path))
    .flatMap((file) => importsOf(parse(file)).map(({ specifier = '.' }) => specifier));
  const names = specifiers.filter((name) => !name.startsWith('.') && !isBuiltin(name));
  return [...new Set(names.map(packageName))].sort();
}

/** `@scope/name/deep` -> `@scope/name`. */
function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function isModule(path: string): boolean {
  return /^src\/.*\.[cm]?tsx?$/.test(path);
}

/** A checker that reads a part of the tree reports success for the rest; so the disk is counted too. */
function unread(root: string, read: number): readonly Finding[] {
  const there = root === '' ? read : modulesOnDisk(root);
  if (read === there && read > 0) return [];
  const message = `read ${read} modules, but there are ${there}: an ignored or unlisted file escapes the gate`;
  return [{ path: 'src', line: 1, message }];
}

function modulesOnDisk(root: string): number {
  const all = readdirSync(posix.join(root, 'src'), { recursive: true, encoding: 'utf8' });
  return all.filter((path) => isModule(`src/${path}`)).length;
}

function declaredPackages(tree: Tree): ReadonlySet<string> {
  const text = tree.files.find(({ path }) => path === 'package.json')?.text ?? '{}';
  const manifest = JSON.parse(text) as Record<string, Record<string, string> | undefined>;
  const kinds = ['dependencies', 'devDependencies', 'peerDependencies', 'peerDependenciesMeta'];
  return new Set(kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {})));
}

function checkModule(
  file: TreeFile,
  known: ReadonlySet<string>,
  declared: ReadonlySet<string>,
): readonly Finding[] {
  const layer = layerOf(file.path);
  if (layer === undefined) {
    const message = 'no row of the import table fits: add one to build-tools/gates/layers.ts';
    return [{ path: file.path, line: 1, message }];
  }
  const source = parse(file);
  return importsOf(source).flatMap(({ node, specifier }) => {
    const fault =
      specifier === undefined
        ? 'imports a computed name, which no table can hold: name the module'
        : specifier.startsWith('.')
          ? relativeFault(layer, file.path, specifier, known)
          : packageFault(layer, specifier, declared);
    return fault === undefined ? [] : [findingAt(source, node, fault)];
  });
}

interface Import {
  readonly node: ts.Node;
  /** undefined: not a literal. */
  readonly specifier: string | undefined;
}

function importsOf(source: ts.SourceFile): readonly Import[] {
  const found: Import[] = [];
  walk(source, (node) => {
    const named = specifierNode(node);
    if (named === undefined) return;
    found.push({ node, specifier: ts.isStringLiteralLike(named) ? named.text : undefined });
  });
  return found;
}

/** The node that names the imported module, for each syntax that can import. */
function specifierNode(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument;
  }
  if (!ts.isCallExpression(node)) return undefined;
  const dynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const required = ts.isIdentifier(node.expression) && node.expression.text === 'require';
  return dynamic || required ? (node.arguments[0] ?? node) : undefined;
}

function relativeFault(
  layer: Layer,
  from: string,
  specifier: string,
  known: ReadonlySet<string>,
): string | undefined {
  const base = posix.join(posix.dirname(from), specifier);
  const target = [base, `${base}.ts`, `${base}/index.ts`].find((path) => known.has(path));
  if (target === undefined) return `imports '${specifier}', which is no file of the tree`;
  if (layer.files?.includes(target)) return undefined;
  const to = layerOf(target);
  if (!target.startsWith('src/') || to === undefined) {
    return `imports ${target}: src may import only src`;
  }
  if (to.name === layer.name || layer.layers.includes(to.name)) return undefined;
  return `${layer.name} may not import ${to.name} (${target}); it may import ${allowed(layer)}`;
}

function packageFault(
  layer: Layer,
  specifier: string,
  declared: ReadonlySet<string>,
): string | undefined {
  if (isBuiltin(specifier)) {
    if (!specifier.startsWith('node:')) return `write 'node:${specifier}'`;
    if (layer.packages.includes('node:*')) return undefined;
    return `${layer.name} may not import ${specifier}; it may import ${allowed(layer)}`;
  }
  const name = packageName(specifier);
  if (!declared.has(name))
    return `imports the package '${name}', which package.json does not declare`;
  const fits = [name, `${name.split('/')[0]}/*`, '*'].some((pattern) =>
    layer.packages.includes(pattern),
  );
  if (fits) return undefined;
  return `${layer.name} may not import the package '${name}'; it may import ${allowed(layer)}`;
}

function allowed({ layers, packages }: Layer): string {
  return [...layers, ...packages].join(', ') || 'nothing';
}
