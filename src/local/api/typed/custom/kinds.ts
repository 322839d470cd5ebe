/**
 * The kinds that a CustomResourceDefinition defines, and what OpenAPI publishes of them.
 * Never here: whether the definition is allowed (definition.ts).
 */
import { isObject, objectAt, textAt } from '../../json';
import type { Json, JsonObject } from '../../port';
import type { Typing } from '../../typing';
import { openApiDefinitions } from '../open-api';
import { type CustomSchema, publishedNode } from './schema';
import { type CustomKind, customTyping } from './typing';

/** A version without a schema keeps everything. */
const anything: CustomSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** `io.verilean.valkey.v1.ValkeyCluster`. */
function definitionName(group: string, version: string, kind: string): string {
  return [...group.split('.').reverse(), version, kind].join('.');
}

function customKinds(definition: JsonObject): readonly CustomKind[] {
  const spec = objectAt(definition, 'spec');
  const group = textAt(spec, 'group');
  const kind = textAt(spec, 'names', 'kind');
  const versions = Array.isArray(spec.versions) ? (spec.versions as readonly Json[]) : [];
  return versions.filter(isObject).map((one) => {
    const version = textAt(one, 'name');
    const schema = objectAt(one, 'schema').openAPIV3Schema;
    return {
      definition: definitionName(group, version, kind),
      kind,
      group,
      version,
      schema: isObject(schema) ? (schema as CustomSchema) : anything,
      replicas: textAt(one, 'subresources', 'scale', 'specReplicasPath'),
    };
  });
}

export function customTypings(definition: JsonObject): ReadonlyMap<string, Typing> {
  return new Map(customKinds(definition).map((kind) => [kind.version, customTyping(kind)]));
}

export function customDefinitions(definition: JsonObject): Readonly<Record<string, Json>> {
  return openApiDefinitions(
    Object.fromEntries(
      customKinds(definition).map(({ definition: name, schema, group, version, kind }) => [
        name,
        {
          ...publishedNode(schema, true),
          'x-kubernetes-group-version-kind': [{ group, version, kind }],
        },
      ]),
    ),
  );
}
