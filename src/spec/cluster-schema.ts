/**
 * The structural schema by which a ValkeyCluster is checked: that of the CRD, with the parts of an
 * object that the API server checks by itself. Never here: rules in CEL; rules.ts has their twins.
 */
import { SPEC_SCHEMA } from './cluster-schema.generated';
import type { StructuralSchema } from './structural';

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
      properties: { name: { type: 'string' } },
      additionalProperties: {},
    },
    spec: SPEC_SCHEMA,
    status: {},
  },
};
