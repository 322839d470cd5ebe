/**
 * One CEL expression, parsed once: what it names, and its value.
 * Never here: where rules stand and how their failures are told (rules.ts).
 */
import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { addKubernetesFunctions } from './functions';

export interface Program {
  readonly usesOldSelf: boolean;
  readonly ast: ASTNode;
  /** What it comes to, as far as that can be said: `bool`, `dyn`, ... */
  readonly type: string | undefined;
  /** @throws as the expression does, in the words of CEL. */
  readonly run: (variables: Readonly<Record<string, unknown>>) => unknown;
}

/** Why an expression is none. */
export interface CompileFault {
  readonly fault: string;
}

/** `optional`: oldSelf may be absent, and the rule runs all the same. */
export type OldSelf = 'present' | 'optional';

function environmentOf(oldSelf: string): Environment {
  return addKubernetesFunctions(
    new Environment({
      unlistedVariablesAreDyn: false,
      homogeneousAggregateLiterals: false,
      enableOptionalTypes: true,
      limits: { maxDepth: 250, maxAstNodes: 100_000 },
    })
      .registerVariable('self', 'dyn')
      .registerVariable('oldSelf', oldSelf),
  );
}

const environments: Readonly<Record<OldSelf, Environment>> = {
  present: environmentOf('dyn'),
  optional: environmentOf('optional<dyn>'),
};

const programs = new Map<string, Program | CompileFault>();

export function programOf(
  expression: string,
  oldSelf: OldSelf = 'present',
): Program | CompileFault {
  const key = `${oldSelf} ${expression}`;
  const before = programs.get(key);
  if (before !== undefined) return before;
  const made = compile(expression, environments[oldSelf]);
  programs.set(key, made);
  return made;
}

function compile(expression: string, environment: Environment): Program | CompileFault {
  try {
    const first = environment.parse(expression);
    const parsed = environment.parse(withRe2(expression, first.ast));
    const checked = parsed.check();
    if (!checked.valid) return { fault: told(checked.error, expression) };
    return {
      usesOldSelf: some(first.ast, (node) => node.op === 'id' && node.args === 'oldSelf'),
      ast: first.ast,
      type: checked.type,
      run: parsed,
    };
  } catch (error) {
    return { fault: told(error, expression) };
  }
}

/** As cel-go points at a place in the text. */
function told(error: unknown, expression: string): string {
  const { message = '', range } = error as {
    readonly message?: string;
    readonly range?: { readonly start: number };
  };
  const [line = ''] = message.split('\n');
  const at = range?.start ?? 0;
  const why = line.replace(
    /^Unknown variable: (.*)$/,
    "undeclared reference to '$1' (in container '')",
  );
  return errorAt(expression, at, why);
}

/** @param at index in the text. */
export function errorAt(expression: string, at: number, why: string): string {
  return `ERROR: <input>:1:${at + 1}: ${why}\n | ${expression}\n | ${'.'.repeat(at)}^`;
}

export function childrenOf(node: ASTNode): readonly ASTNode[] {
  return nodesIn(node.args);
}

function nodesIn(value: unknown): readonly ASTNode[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return typeof value === 'object' && value !== null && 'op' in value ? [value as ASTNode] : [];
}

function some(node: ASTNode, test: (node: ASTNode) => boolean): boolean {
  return test(node) || childrenOf(node).some((child) => some(child, test));
}

/** `matches` of the library is JavaScript's; rules mean RE2. */
function withRe2(expression: string, ast: ASTNode): string {
  const places: number[] = [];
  const visit = (node: ASTNode): void => {
    if (node.op === 'rcall' && node.args[0] === 'matches') {
      places.push(expression.indexOf('matches', node.args[1].range.end));
    }
    childrenOf(node).forEach(visit);
  };
  visit(ast);
  return places
    .sort((a, b) => b - a)
    .reduce((text, at) => `${text.slice(0, at)}re2Matches${text.slice(at + 7)}`, expression);
}

/** @returns what CEL says of a failed evaluation, in one line. */
export function evaluationFault(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line
    .replace(/^No such key: (index out of bounds.*)$/, '$1')
    .replace(/^No such/, 'no such');
}
