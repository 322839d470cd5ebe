/**
 * The structural schema by which a ValkeyCluster is checked: that of the CRD, with the parts of an
 * object that the API server checks by itself. Never here: rules in CEL; rules.ts has their twins.
 */
import { VALKEY_CLUSTER_CRD } from './crds.generated';
import type { StructuralSchema } from './structural';

const generated = VALKEY_CLUSTER_CRD.spec.versions[0]?.schema.openAPIV3Schema;

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
    spec: generated?.properties?.spec ?? {},
    status: {},
  },
};
