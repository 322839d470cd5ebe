/**
 * Hand-written types of Kubernetes objects beside the types that Kubernetes publishes (OpenAPI v3 of 1.34): a field that
 * the API does not have, has as something else, or may leave out is a lie.
 * Never here: which types.
 */
import { brotliDecompressSync } from 'node:zlib';
import ts from 'typescript';
import { KUBERNETES_SCHEMA } from '../../src/local/api/typed/kubernetes-schema.generated';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly 'x-kubernetes-group-version-kind'?: readonly Kind[];
}

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Who fills the fields: the API server, whose answer is read, or a user, whose words are sent. */
export type Use = 'read' | 'written';

export const published: Readonly<Record<string, Schema>> = JSON.parse(
  brotliDecompressSync(Buffer.from(KUBERNETES_SCHEMA.join(''), 'base64')).toString(),
);

/** Name of the definition of a kind; undefined where there is none. */
export function definitionOf(apiVersion: string, kind: string): string | undefined {
  const [version, group = ''] = apiVersion.split('/').reverse();
  const isIt = (one: Kind): boolean =>
    one.group === group && one.version === version && one.kind === kind;
  return Object.keys(published).find((name) =>
    published[name]?.['x-kubernetes-group-version-kind']?.some(isIt),
  );
}

export interface Module {
  readonly names: readonly string[];
  /** @returns a line for each lie of the type of that name. @throws when there is no such type. */
  lies(name: string, definition: string, use: Use): readonly string[];
}

/** The exported types of one file. */
export function moduleOf(file: string): Module {
  const program = ts.createProgram([file], { strict: true, noEmit: true, types: [] });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const symbol = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  const exported = symbol === undefined ? [] : checker.getExportsOfModule(symbol);
  const types = exported.filter(({ flags }) => (flags & ts.SymbolFlags.Type) !== 0);
  return {
    names: types.map(({ name }) => name),
    lies(name, definition, use) {
      const found = types.find((one) => one.name === name);
      if (found === undefined) throw new Error(`${file} has no type ${name}`);
      const type = checker.getDeclaredTypeOfSymbol(found);
      return new Comparison(checker, use).of(type, { $ref: definition }, name);
    },
  };
}

class Comparison {
  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly use: Use,
  ) {}

  of(given: ts.Type, schema: Schema, path: string): readonly string[] {
    const { checker } = this;
    const type = checker.getNonNullableType(given);
    const node = followed(schema, path);
    if ((type.flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) !== 0) return [];
    if (checker.isArrayLikeType(type)) return this.list(type, node, path);
    const scalar = scalarOf(type);
    if (scalar !== undefined) return this.scalar(type, scalar, node, path);
    const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
    if (index === undefined) return this.fields(type, node, path);
    const { additionalProperties } = node;
    return additionalProperties === undefined
      ? [`${path} is no map`]
      : this.of(index.type, additionalProperties, `${path}[]`);
  }

  /** `spec?: unknown` says nothing, also where there is none. */
  private isUnknown(field: ts.Symbol): boolean {
    return (this.checker.getTypeOfSymbol(field).flags & ts.TypeFlags.Unknown) !== 0;
  }

  private list(type: ts.Type, { items }: Schema, path: string): readonly string[] {
    const [item] = this.checker.getTypeArguments(type as ts.TypeReference);
    return items === undefined || item === undefined
      ? [`${path} is no list`]
      : this.of(item, items, `${path}[]`);
  }

  private scalar(type: ts.Type, is: string, node: Schema, path: string): readonly string[] {
    const kinds = [node, ...(node.oneOf ?? [])].map((one) => one.type);
    const wanted = is === 'number' ? ['number', 'integer'] : [is];
    if (!wanted.some((kind) => kinds.includes(kind))) return [`${path} is no ${is}`];
    const words = type.isUnion() ? type.types.flatMap((one) => literalOf(one) ?? []) : [];
    if (words.length === 0 || this.use === 'written') return [];
    const missing = (node.enum ?? []).filter((word) => !words.includes(word));
    return missing.map((word) => `${path} may be ${word}`);
  }

  private fields(type: ts.Type, node: Schema, path: string): readonly string[] {
    const { properties = {}, required = [] } = node;
    // Symbols are brands of our own.
    const own = this.checker.getPropertiesOfType(type).filter(({ name }) => !/^__@/.test(name));
    const inside = own.flatMap((field) => {
      const schema = properties[field.name];
      const at = `${path}.${field.name}`;
      if (this.isUnknown(field)) return [];
      if (schema === undefined) return [`${at} is not there`];
      const isSure = (field.flags & ts.SymbolFlags.Optional) === 0;
      const lies = this.of(this.checker.getTypeOfSymbol(field), schema, at);
      if (this.use === 'read' && isSure && !required.includes(field.name) && !isGiven(at))
        return [`${at} may be left out`, ...lies];
      if (this.use === 'written' && !isSure && required.includes(field.name))
        return [`${at} may not be left out`, ...lies];
      return lies;
    });
    const names = own.map(({ name }) => name);
    const forgotten = this.use === 'read' ? [] : required.filter((name) => !names.includes(name));
    return [...inside, ...forgotten.map((name) => `${path}.${name} is forgotten`)];
  }
}

/** OpenAPI calls them optional, since a request may leave them out; an answer never does. */
function isGiven(path: string): boolean {
  return /^\w+\.(apiVersion|kind|metadata|metadata\.(name|uid|resourceVersion))$/.test(path);
}

function followed(schema: Schema, path: string): Schema {
  if (schema.$ref === undefined) return schema;
  const definition = published[schema.$ref];
  if (definition === undefined) throw new Error(`${path}: no definition ${schema.$ref}`);
  return definition;
}

function literalOf(type: ts.Type): string | undefined {
  return type.isStringLiteral() ? type.value : undefined;
}

function scalarOf(type: ts.Type): string | undefined {
  const parts = type.isUnion() ? type.types : [type];
  const all = (flag: ts.TypeFlags): boolean => parts.every(({ flags }) => (flags & flag) !== 0);
  if (all(ts.TypeFlags.StringLike)) return 'string';
  if (all(ts.TypeFlags.NumberLike)) return 'number';
  return all(ts.TypeFlags.BooleanLike) ? 'boolean' : undefined;
}
