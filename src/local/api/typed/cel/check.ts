/**
 * What can be said of a rule before it runs: that it parses, names only fields that the schema has, and
 * comes to a bool; in the words of cel-go.
 * Never here: types of operators beyond that (docs/decisions/0030-cel.md).
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import { type CustomSchema, isPreserving, othersOf } from '../custom/schema';
import { childrenOf, errorAt, type OldSelf, programOf } from './program';
import { escapedName } from './values';

type Scope = ReadonlyMap<string, CustomSchema | undefined>;

const metadata: CustomSchema = {
  type: 'object',
  properties: { name: { type: 'string' }, generateName: { type: 'string' } },
};

/** @returns why the rule does not compile; undefined: it does. @param result what it must come to. */
export function compileFault(
  expression: string,
  schema: CustomSchema,
  isRoot: boolean,
  result: 'bool' | 'string',
  oldSelf: OldSelf = 'present',
): string | undefined {
  const program = programOf(expression, oldSelf);
  if ('fault' in program) return `compilation failed: ${program.fault}`;
  const self = isRoot ? withMetadata(schema) : schema;
  const scope: Scope = new Map([
    ['self', self],
    ['oldSelf', oldSelf === 'optional' ? undefined : self],
  ]);
  const unknown = undefinedField(program.ast, scope);
  if (unknown !== undefined) {
    const fault = errorAt(expression, unknown.at, `undefined field '${unknown.field}'`);
    return `compilation failed: ${fault}`;
  }
  const { type } = program;
  if (type === result || type === 'dyn' || type === undefined) return undefined;
  return result === 'bool'
    ? 'cel expression must evaluate to a bool'
    : 'messageExpression must evaluate to a string';
}

function withMetadata(schema: CustomSchema): CustomSchema {
  const text = { type: 'string' };
  return {
    ...schema,
    properties: { ...schema.properties, apiVersion: text, kind: text, metadata },
  };
}

interface Unknown {
  readonly field: string;
  /** Index in the text. */
  readonly at: number;
}

const macros: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

function undefinedField(node: ASTNode, scope: Scope): Unknown | undefined {
  if (node.op === '.' || node.op === '.?') {
    const [inner, field] = node.args;
    const below = undefinedField(inner, scope);
    if (below !== undefined) return below;
    const schema = schemaOf(inner, scope);
    const isKnown = schema === undefined || fieldOf(schema, field) !== 'absent';
    return isKnown ? undefined : { field, at: inner.range.end };
  }
  if (node.op === 'rcall' && macros.has(node.args[0])) {
    const [, receiver, [variable, ...rest]] = node.args;
    const inner = new Map(scope);
    if (variable?.op === 'id') inner.set(variable.args, itemOf(schemaOf(receiver, scope)));
    const found = [
      undefinedField(receiver, scope),
      ...rest.map((one) => undefinedField(one, inner)),
    ];
    return found.find((one) => one !== undefined);
  }
  for (const child of childrenOf(node)) {
    const found = undefinedField(child, scope);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** undefined: not known, and so not checked. */
function schemaOf(node: ASTNode, scope: Scope): CustomSchema | undefined {
  switch (node.op) {
    case 'id':
      return scope.get(node.args);
    case '.': {
      const schema = schemaOf(node.args[0], scope);
      const field = schema === undefined ? undefined : fieldOf(schema, node.args[1]);
      return field === 'absent' ? undefined : field;
    }
    case '[]': {
      const schema = schemaOf(node.args[0], scope);
      return schema?.items ?? (schema === undefined ? undefined : othersOf(schema));
    }
    default:
      return undefined;
  }
}

function fieldOf(schema: CustomSchema, name: string): CustomSchema | undefined | 'absent' {
  const others = othersOf(schema);
  if (others !== undefined) return others;
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (escapedName(key) === name) return property;
  }
  return schema.type === 'object' && !isPreserving(schema) ? 'absent' : undefined;
}

/** Items of a list, keys of a map. */
function itemOf(schema: CustomSchema | undefined): CustomSchema | undefined {
  if (schema === undefined) return undefined;
  return schema.type === 'object' ? { type: 'string' } : schema.items;
}
