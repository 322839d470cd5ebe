/**
 * Pure folders compute the same from the same arguments: no clock, random source, environment, timer,
 * socket, output or locale. A name counts as the global one where nothing in the folders declares it,
 * so a parameter called `process` is fine. Imports are held by imports.ts, types by tsconfig.pure.json.
 */
import ts from 'typescript';
import { pureFolders } from './layers';
import { type Finding, findingAt, type Gate, type Tree, walk } from './tree';

const impureGlobals = new Set([
  ...['Date', 'performance', 'Intl', 'setTimeout', 'setInterval', 'setImmediate'],
  ...['queueMicrotask', 'process', 'Buffer', 'console', 'fetch', 'WebSocket', 'crypto'],
  ...['globalThis', 'global', 'window', 'self', 'require', 'module', 'eval', 'Function'],
  ...['WeakRef', 'FinalizationRegistry', 'Atomics', 'SharedArrayBuffer'],
]);
/** They answer by the machine's locale. */
const impureMembers = /^(localeCompare|toLocale\w+)$/;

export const pure: Gate = {
  name: 'pure',
  holds: 'pure folders read no clock, random source, environment, timer, socket, output or locale',
  check(tree) {
    const program = programOf(tree);
    const checker = program.getTypeChecker();
    return program
      .getSourceFiles()
      .filter(({ fileName }) => isPure(fileName))
      .flatMap((source) => checkSource(source, checker));
  },
};

export function isPure(path: string): boolean {
  return pureFolders.some((folder) => path.startsWith(folder));
}

/** The pure modules alone, without any library: what a name does not resolve to is a global. */
function programOf(tree: Tree): ts.Program {
  const texts = new Map(tree.files.map(({ path, text }) => [path, text]));
  const names = [...texts.keys()].filter((path) => isPure(path) && path.endsWith('.ts'));
  const host: ts.CompilerHost = {
    fileExists: (path) => texts.has(path),
    readFile: (path) => texts.get(path),
    getSourceFile: (path, target) => {
      const text = texts.get(path);
      return text === undefined ? undefined : ts.createSourceFile(path, text, target, true);
    },
    getDefaultLibFileName: () => 'lib.d.ts',
    writeFile: () => {},
    getCurrentDirectory: () => '',
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
  };
  const options: ts.CompilerOptions = {
    noLib: true,
    noEmit: true,
    types: [],
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  return ts.createProgram(names, options, host);
}

function checkSource(source: ts.SourceFile, checker: ts.TypeChecker): readonly Finding[] {
  const found: Finding[] = [];
  walk(source, (node) => {
    const fault = faultOf(node, checker);
    if (fault === undefined) return;
    const remedy = 'take it as an argument (nowMs, rng, values) and read it in the shell';
    found.push(findingAt(source, node, `${fault} in a pure folder: ${remedy}`));
  });
  return found;
}

function faultOf(node: ts.Node, checker: ts.TypeChecker): string | undefined {
  if (ts.isMetaProperty(node)) return 'import.meta';
  if (!ts.isIdentifier(node)) return undefined;
  const member = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
  if (member) return impureMembers.test(node.text) ? node.text : undefined;
  if (node.text === 'Math') return mathFault(node);
  if (!impureGlobals.has(node.text) || namesMember(node)) return undefined;
  return isOwn(node, checker) ? undefined : node.text;
}

/** `Math.max` is pure; a bare `Math` could hide `random` behind a destructuring. */
function mathFault(node: ts.Identifier): string | undefined {
  const { parent } = node;
  if (!ts.isPropertyAccessExpression(parent)) return 'Math as a value';
  return parent.name.text === 'random' ? 'Math.random' : undefined;
}

/** The name of a property, not a reference: `{ process: 1 }`, `readonly process: Process`, `{ process: p }`. */
function namesMember(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return true;
  const named =
    ts.isPropertyAssignment(parent) || ts.isClassElement(parent) || ts.isTypeElement(parent);
  return named && parent.name === node;
}

/** Declared in the pure modules by code that exists: `declare const process` only names the global. */
function isOwn(node: ts.Identifier, checker: ts.TypeChecker): boolean {
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  const declarations = symbol?.declarations ?? [];
  return declarations.some(
    (declaration) =>
      (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Ambient) === 0 ||
      ts.isInterfaceDeclaration(declaration) ||
      ts.isTypeAliasDeclaration(declaration),
  );
}
