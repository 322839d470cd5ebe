/**
 * The one model of a type that decoding, strategic merge and server-side apply read: what a value may be,
 * how lists and maps merge, and when Go leaves a field out. Made from the generated schema of the
 * built-in kinds, or from the structural schema of a CRD (custom/).
 * Never here: values.
 */
import { brotliDecompressSync } from 'node:zlib';
import type { Json, JsonObject } from '../port';
import { KUBERNETES_SCHEMA } from './kubernetes-schema.generated';

/**
 * `deduced`: anything; maps merge by key, lists are one value. `untyped`: anything, as one value.
 * `object` has fields, or elements of one type, or both.
 */
export type ShapeKind =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'bytes'
  | 'quantity'
  | 'time'
  | 'microTime'
  | 'intOrString'
  | 'list'
  | 'object'
  | 'deduced'
  | 'untyped';

export interface Shape {
  readonly kind: ShapeKind;
  /** Of the definition; '' for a type that stands inside another. */
  readonly name: string;
  /** `int32`, `int64`, `double`, or ''. */
  readonly format: string;
  readonly fields: ReadonlyMap<string, Field>;
  /** Of a list's items, or of the values of keys that are no fields; undefined: no other keys. */
  readonly element: Shape | undefined;
  /** An atomic list or object is one value: it has one owner and is replaced whole. */
  readonly relation: 'atomic' | 'associative';
  /** Of an associative list: fields that name an item; none: a set of scalars. */
  readonly keys: readonly string[];
}

export interface Field {
  readonly shape: Shape;
  /** Go's type as its errors name it, without `*`: `int32`, `[]v1.Container`. */
  readonly goType: string;
  /** What Go writes where the request says nothing: undefined is nothing. */
  readonly zero: Json | undefined;
  /** A value that equals Go's zero is left out. */
  readonly omitsZero: boolean;
  /** From OpenAPI; decides the key of a list item that does not say it. */
  readonly initial: Json | undefined;
  readonly merge: MergeStrategy;
}

/** Of strategic merge patches. */
export interface MergeStrategy {
  readonly kind: 'replace' | 'merge';
  /** Of a list of objects; undefined: of scalars. */
  readonly key: string | undefined;
  readonly retainsKeys: boolean;
}

/** A type as it stands in the generated schema. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly default?: Json;
  readonly enum?: readonly Json[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly 'x-go'?: string;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-group-version-kind'?: readonly GroupVersionKind[];
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const empty: ReadonlyMap<string, Field> = new Map();

function bare(kind: ShapeKind, name = '', format = ''): Shape {
  return { kind, name, format, fields: empty, element: undefined, relation: 'atomic', keys: [] };
}

export const untypedShape: Shape = bare('untyped');
export const deducedShape: Shape = bare('deduced');
export const stringShape: Shape = bare('string');
export const objectMetaName = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

const special: Readonly<Record<string, ShapeKind>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'untyped',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'microTime',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'intOrString',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'untyped',
};

let schema: Readonly<Record<string, SchemaNode>> | undefined;

/** All built-in types by name, unpacked once. */
export function builtinSchema(): Readonly<Record<string, SchemaNode>> {
  if (schema === undefined) {
    const packed = Buffer.from(KUBERNETES_SCHEMA.join(''), 'base64');
    schema = JSON.parse(brotliDecompressSync(packed).toString('utf8'));
  }
  return schema as Readonly<Record<string, SchemaNode>>;
}

const known = new Map<string, Shape>();

/** @throws when there is no such definition: a mistake in the generated schema. */
export function builtinShape(name: string): Shape {
  const before = known.get(name);
  if (before !== undefined) return before;
  const node = builtinSchema()[name];
  if (node === undefined) throw new Error(`the generated schema has no type ${name}`);
  const kind = special[name];
  const made = kind === undefined ? { ...bare('object', name) } : bare(kind, name);
  known.set(name, made); // before its fields: JSONSchemaProps contains itself
  if (kind === undefined) Object.assign(made, shapeOf(node, name, false));
  return made;
}

/** @param preserving an outer schema keeps unknown fields. */
export function shapeOf(node: SchemaNode, name: string, preserving: boolean): Shape {
  if (node.$ref !== undefined) {
    const shape = builtinShape(node.$ref);
    const mapType = node['x-kubernetes-map-type'];
    return mapType === undefined ? shape : { ...shape, relation: mapRelation(node) };
  }
  const keeps = preserving || node['x-kubernetes-preserve-unknown-fields'] === true;
  switch (node.type) {
    case 'integer':
    case 'number':
    case 'boolean':
      return bare(node.type, name, node.format ?? '');
    case 'string':
      return bare(node.format === 'byte' ? 'bytes' : 'string', name, node.format ?? '');
    case 'array':
      return {
        ...bare('list', name),
        ...listRelation(node),
        element: elementOf(node.items, keeps),
      };
    case 'object':
      return objectShape(node, name, keeps);
    default:
      return node.properties === undefined ? deducedShape : objectShape(node, name, keeps);
  }
}

function elementOf(node: SchemaNode | undefined, preserving: boolean): Shape {
  return node === undefined ? untypedShape : shapeOf(node, '', preserving);
}

function objectShape(node: SchemaNode, name: string, preserving: boolean): Shape {
  const fields = new Map<string, Field>();
  for (const [key, property] of Object.entries(node.properties ?? {})) {
    fields.set(key, fieldOf(property, preserving));
  }
  const element = otherKeys(node, preserving);
  return { ...bare('object', name), fields, element, relation: mapRelation(node) };
}

function otherKeys(node: SchemaNode, preserving: boolean): Shape | undefined {
  const others = node.additionalProperties;
  if (typeof others === 'object') return shapeOf(others, '', preserving);
  if (others === false) return undefined;
  return others === true || preserving || node.properties === undefined ? deducedShape : undefined;
}

function mapRelation(node: SchemaNode): Shape['relation'] {
  return node['x-kubernetes-map-type'] === 'atomic' ? 'atomic' : 'associative';
}

function listRelation(node: SchemaNode): Pick<Shape, 'relation' | 'keys'> {
  switch (node['x-kubernetes-list-type']) {
    case 'set':
      return { relation: 'associative', keys: [] };
    case 'map':
      return { relation: 'associative', keys: node['x-kubernetes-list-map-keys'] ?? [] };
    case 'atomic':
      return { relation: 'atomic', keys: [] };
    default: {
      const merges = node['x-kubernetes-patch-strategy']?.startsWith('merge') === true;
      const key = node['x-kubernetes-patch-merge-key'];
      return {
        relation: merges ? 'associative' : 'atomic',
        keys: key === undefined ? [] : [key],
      };
    }
  }
}

function fieldOf(node: SchemaNode, preserving: boolean): Field {
  const shape = shapeOf(node, '', preserving);
  const [type = '', ...options] = (node['x-go'] ?? '*,omitempty').split(',');
  const strategy = node['x-kubernetes-patch-strategy'] ?? '';
  return {
    shape,
    goType: type.replace(/^\*/, ''),
    zero: options.includes('omitzero')
      ? undefined
      : zeroOf(shape, type, options.includes('omitempty')),
    omitsZero: options.includes('omitempty') && !type.startsWith('*'),
    initial: node.default,
    merge: {
      kind: strategy.includes('merge') ? 'merge' : 'replace',
      key: node['x-kubernetes-patch-merge-key'],
      retainsKeys: strategy.includes('retainKeys'),
    },
  };
}

/** A struct that is no pointer is always written, a time too (as null); the rest only without omitempty. */
function zeroOf(shape: Shape, goType: string, omits: boolean): Json | undefined {
  const isMap = shape.kind === 'object' && shape.fields.size === 0 && shape.element !== undefined;
  if (isMap || /^(\*|\[\])/.test(goType)) return omits ? undefined : null;
  switch (shape.kind) {
    case 'object':
      return {} satisfies JsonObject;
    case 'time':
    case 'microTime':
    case 'untyped':
    case 'deduced':
      return null;
    case 'quantity':
      return '0';
    case 'intOrString':
    case 'integer':
    case 'number':
      return omits && shape.kind !== 'intOrString' ? undefined : 0;
    case 'boolean':
      return omits ? undefined : false;
    default:
      return omits ? undefined : '';
  }
}
