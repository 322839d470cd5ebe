/**
 * The schema of a custom resource as its CRD says it, and the type that patches and owners see of it.
 * Never here: whether a schema is allowed (definition.ts).
 */
import type { Json, JsonObject } from '../../port';
import { objectMetaName, type SchemaNode, type Shape, shapeOf } from '../shape';

/** JSONSchemaProps, as far as it is read here. */
export interface CustomSchema {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly nullable?: boolean;
  readonly default?: Json;
  readonly enum?: readonly Json[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, CustomSchema>>;
  readonly additionalProperties?: CustomSchema | boolean;
  readonly items?: CustomSchema;
  readonly allOf?: readonly CustomSchema[];
  readonly anyOf?: readonly CustomSchema[];
  readonly oneOf?: readonly CustomSchema[];
  readonly not?: CustomSchema;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-validations'?: readonly CustomRule[];
}

export interface CustomRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

export const isPreserving = (schema: CustomSchema) =>
  schema['x-kubernetes-preserve-unknown-fields'] === true;
export const isEmbedded = (schema: CustomSchema) =>
  schema['x-kubernetes-embedded-resource'] === true;
export const isIntOrString = (schema: CustomSchema) =>
  schema['x-kubernetes-int-or-string'] === true;

/** Of a key of an object that is no property; undefined: none. */
export function othersOf(schema: CustomSchema): CustomSchema | undefined {
  const others = schema.additionalProperties;
  if (others === true) return { 'x-kubernetes-preserve-unknown-fields': true };
  return others === false ? undefined : others;
}

/** The old item that is the same item as `item`; only lists of type map know that. */
export function correlated(
  schema: CustomSchema,
  old: Json | undefined,
  item: Json,
): Json | undefined {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map' || keys === undefined) return undefined;
  if (!Array.isArray(old)) return undefined;
  const keyOf = (one: Json) => keys.map((key) => (one as JsonObject | null)?.[key] ?? null);
  const wanted = JSON.stringify(keyOf(item));
  return (old as readonly Json[]).find((one) => JSON.stringify(keyOf(one)) === wanted);
}

/** What `key` of the old object says of the new one's; nothing in a map that is one value. */
export function correlatedKey(
  schema: CustomSchema,
  old: Json | undefined,
  key: string,
): Json | undefined {
  if (schema['x-kubernetes-map-type'] === 'atomic') return undefined;
  return typeof old === 'object' && old !== null ? (old as JsonObject)[key] : undefined;
}

const typeMeta = { type: 'string' } as const;

/** As OpenAPI publishes it: a resource also has apiVersion, kind and metadata. */
export function publishedNode(schema: CustomSchema, isRoot: boolean): SchemaNode {
  const {
    properties,
    items,
    additionalProperties,
    allOf: _allOf,
    anyOf: _anyOf,
    oneOf: _oneOf,
    not: _not,
    ...rest
  } = schema;
  const node: Record<string, unknown> = { ...rest };
  if (isIntOrString(schema)) delete node.type;
  if (items !== undefined) node.items = publishedNode(items, false);
  if (typeof additionalProperties === 'object') {
    node.additionalProperties = publishedNode(additionalProperties, false);
  } else if (additionalProperties !== undefined) node.additionalProperties = additionalProperties;
  const entries = Object.entries(properties ?? {});
  const fields = Object.fromEntries(entries.map(([key, one]) => [key, publishedNode(one, false)]));
  if (isRoot || isEmbedded(schema)) {
    const metadata = { $ref: objectMetaName };
    node.properties = { ...fields, apiVersion: typeMeta, kind: typeMeta, metadata };
  } else if (properties !== undefined) node.properties = fields;
  return node as SchemaNode;
}

export function customShape(schema: CustomSchema, name: string): Shape {
  return { ...shapeOf(publishedNode(schema, true), name, false), name };
}
