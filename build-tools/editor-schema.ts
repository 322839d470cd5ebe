/**
 * The JSON schema of a ValkeyCluster for editors (YAML language servers), made from the structural schema
 * of its CRD. Stricter than the API server in one thing: a field that it does not know is an error, where
 * the server only leaves it out.
 * Never here: rules across fields, which JSON schema cannot say; `gungnir render` tells those.
 */
import { API_VERSION, CLUSTER_KIND } from '../src/spec/definition';
import { CLUSTER_NAME_MAX_CHARACTERS } from '../src/spec/naming';
import { PATTERNS } from '../src/spec/patterns';
import type { CustomResourceDefinition, StructuralSchema } from '../src/spec/structural';

export function editorSchema(crd: CustomResourceDefinition, marker: string): string {
  const whole = crd.spec.versions[0]?.schema.openAPIV3Schema;
  const { spec } = whole?.properties ?? {};
  if (spec === undefined) throw new Error('the CRD has no spec');
  const name = {
    type: 'string',
    maxLength: CLUSTER_NAME_MAX_CHARACTERS,
    pattern: PATTERNS.clusterName.pattern,
  };
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $comment: marker,
    title: CLUSTER_KIND,
    description: whole?.description,
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    additionalProperties: false,
    properties: {
      apiVersion: { const: API_VERSION },
      kind: { const: CLUSTER_KIND },
      metadata: { type: 'object', required: ['name'], properties: { name } },
      spec: jsonSchemaOf(spec),
      status: { type: 'object', description: 'Written by the operator.' },
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function jsonSchemaOf(schema: StructuralSchema): object {
  const { properties, additionalProperties, items, format, ...rest } = schema;
  const words = Object.entries(rest).filter(([key]) => !key.startsWith('x-kubernetes-'));
  const entries = Object.entries(properties ?? {}).map(([key, inner]) => [
    key,
    jsonSchemaOf(inner),
  ]);
  return {
    ...Object.fromEntries(words),
    ...(schema['x-kubernetes-int-or-string'] === true ? { type: ['integer', 'string'] } : {}),
    ...(properties === undefined
      ? {}
      : { additionalProperties: false, properties: Object.fromEntries(entries) }),
    ...(items === undefined ? {} : { items: jsonSchemaOf(items) }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: jsonSchemaOf(additionalProperties) }),
    // Formats of Kubernetes; editors know this one alone.
    ...(format === 'date-time' ? { format } : {}),
  };
}
