/**
 * The CustomResourceDefinition of a ValkeyCluster: the schemas, and the rules in CEL put where they
 * belong. Runs when files are generated, never in the operator.
 */
import { assert } from '../../kit/assert';
import { RULES } from '../rules';
import type {
  CelRule,
  CustomResourceDefinition,
  PrinterColumn,
  StructuralSchema,
} from '../structural';
import { TRANSITION_RULES } from '../transition-rules';
import { clusterSpec } from './cluster';
import { clusterStatus } from './status';
import type { Docs } from './structural';
import { structuralOf } from './structural';

const COLUMNS: readonly PrinterColumn[] = [
  { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' },
  { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
  { name: 'Master', type: 'string', jsonPath: '.status.masterPod' },
  { name: 'Ready', type: 'integer', jsonPath: '.status.readyReplicas' },
  { name: 'Epoch', type: 'integer', jsonPath: '.status.record.epoch', priority: 1 },
  { name: 'Image', type: 'string', jsonPath: '.spec.image', priority: 1 },
  {
    name: 'Reason',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
    priority: 1,
  },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

/** @param docs the comments of the structs, which become descriptions. */
export function valkeyClusterCrd(docs: Docs): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: 'valkeyclusters.valkey.verilean.io',
      labels: { 'app.kubernetes.io/name': 'gungnir-operator' },
    },
    spec: {
      group: 'valkey.verilean.io',
      names: {
        kind: 'ValkeyCluster',
        listKind: 'ValkeyClusterList',
        plural: 'valkeyclusters',
        singular: 'valkeycluster',
        shortNames: ['vc'],
        categories: ['all'],
      },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: withRules(rootSchema(docs)) },
          subresources: {
            status: {},
            scale: {
              specReplicasPath: '.spec.replicas',
              statusReplicasPath: '.status.replicas',
              labelSelectorPath: '.status.selector',
            },
          },
          additionalPrinterColumns: COLUMNS,
        },
      ],
    },
  };
}

function rootSchema(docs: Docs): StructuralSchema {
  return {
    description: 'One Valkey primary with its replicas, kept alive by Gungnir.',
    type: 'object',
    required: ['spec'],
    properties: {
      spec: { description: 'What is wanted.', ...structuralOf(clusterSpec, docs) },
      status: { description: 'What is.', ...structuralOf(clusterStatus, docs) },
    },
  };
}

function withRules(schema: StructuralSchema): StructuralSchema {
  const plain = RULES.flatMap(({ at, cel, limit, remedy }) =>
    cel === undefined ? [] : [{ at, rule: { rule: cel, message: `${limit}. To fix: ${remedy}` } }],
  );
  const transitions = TRANSITION_RULES.flatMap(({ cel, limit, remedy }) =>
    cel === undefined
      ? []
      : [{ at: cel.at, rule: { rule: cel.rule, message: `${limit}. To fix: ${remedy}` } }],
  );
  return [...plain, ...transitions].reduce(
    (whole, { at, rule }) =>
      attach(whole, at === '' ? [] : at.replaceAll('[]', '.[]').split('.'), rule),
    schema,
  );
}

function attach(
  schema: StructuralSchema,
  path: readonly string[],
  rule: CelRule,
): StructuralSchema {
  const [key, ...rest] = path;
  if (key === undefined) {
    return {
      ...schema,
      'x-kubernetes-validations': [...(schema['x-kubernetes-validations'] ?? []), rule],
    };
  }
  if (key === '[]') {
    assert(schema.items !== undefined, `no list for the rule ${rule.rule}`);
    return { ...schema, items: attach(schema.items, rest, rule) };
  }
  const inner = schema.properties?.[key];
  assert(inner !== undefined, `no field ${key} for the rule ${rule.rule}`);
  return { ...schema, properties: { ...schema.properties, [key]: attach(inner, rest, rule) } };
}
