/**
 * The structural schema by which a ValkeyCluster is checked: that of the CRD, with the parts of an
 * object that the API server checks by itself. Never here: rules in CEL; rules.ts has their twins.
 */
import { SPEC_SCHEMA } from './cluster-schema.generated';
import { PATTERNS } from './patterns';
import type { StructuralSchema } from './structural';

/** A DNS label. */
export const NAMESPACE_SCHEMA: StructuralSchema = {
  type: 'string',
  maxLength: 63,
  pattern: PATTERNS.namespaceName.pattern,
};

/** apiVersion, kind, metadata and status are taken as they are; metadata.name has a rule. */
export const CLUSTER_SCHEMA: StructuralSchema = {
  type: 'object',
  required: ['metadata', 'spec'],
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: {
      type: 'object',
      required: ['name'],
      properties: {
        name: { type: 'string' },
        namespace: NAMESPACE_SCHEMA,
        labels: {
          type: 'object',
          additionalProperties: {
            type: 'string',
            maxLength: 63,
            pattern: PATTERNS.labelValue.pattern,
          },
        },
        annotations: { type: 'object', additionalProperties: { type: 'string' } },
      },
      additionalProperties: {},
    },
    spec: SPEC_SCHEMA,
    status: {},
  },
};
