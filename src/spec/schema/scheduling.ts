/** Where pods may run, in zod: the shapes of Kubernetes with bounded lengths. */
import * as z from 'zod';
import { DEFAULTS } from '../defaults';
import { Spread } from '../enums';
import { PATTERNS } from '../patterns';
import { atomic, labels, objectName, text } from './parts';

const key = text(PATTERNS.qualifiedName, 317);
const values = atomic(z.string().max(63), 32);
const weight = z.int().min(1).max(100);

const labelRequirement = z
  .strictObject({
    key,
    operator: text(PATTERNS.selectorOperator, 12),
    values: values.optional(),
  })
  .meta({ struct: 'LabelSelectorRequirement' });

export const labelSelector = z
  .strictObject({
    matchLabels: labels.optional(),
    matchExpressions: atomic(labelRequirement, 16).optional(),
  })
  .meta({ struct: 'LabelSelector' });

const nodeRequirement = z
  .strictObject({
    key,
    operator: text(PATTERNS.nodeSelectorOperator, 12),
    values: values.optional(),
  })
  .meta({ struct: 'NodeSelectorRequirement' });

const nodeTerm = z
  .strictObject({
    matchExpressions: atomic(nodeRequirement, 16).optional(),
    matchFields: atomic(nodeRequirement, 16).optional(),
  })
  .meta({ struct: 'NodeSelectorTerm' });

const nodeAffinity = z
  .strictObject({
    requiredDuringSchedulingIgnoredDuringExecution: z
      .strictObject({
        nodeSelectorTerms: atomic(nodeTerm, 16).min(1),
      })
      .meta({ struct: 'NodeSelector' })
      .optional(),
    preferredDuringSchedulingIgnoredDuringExecution: atomic(
      z.strictObject({ weight, preference: nodeTerm }).meta({ struct: 'PreferredSchedulingTerm' }),
      16,
    ).optional(),
  })
  .meta({ struct: 'NodeAffinity' });

const podTerm = z
  .strictObject({
    labelSelector: labelSelector.optional(),
    namespaceSelector: labelSelector.optional(),
    namespaces: atomic(objectName, 32).optional(),
    topologyKey: key,
  })
  .meta({ struct: 'PodAffinityTerm' });

const podAffinity = z
  .strictObject({
    requiredDuringSchedulingIgnoredDuringExecution: atomic(podTerm, 16).optional(),
    preferredDuringSchedulingIgnoredDuringExecution: atomic(
      z
        .strictObject({ weight, podAffinityTerm: podTerm })
        .meta({ struct: 'WeightedPodAffinityTerm' }),
      16,
    ).optional(),
  })
  .meta({ struct: 'PodAffinity' });

const toleration = z
  .strictObject({
    key: text(PATTERNS.optionalQualifiedName, 317).optional(),
    operator: text(PATTERNS.tolerationOperator, 12).optional(),
    value: text(PATTERNS.labelValue, 63).optional(),
    effect: text(PATTERNS.taintEffect, 16).optional(),
    tolerationSeconds: z.int().min(0).max(2_147_483_647).optional(),
  })
  .meta({ struct: 'Toleration' });

const spreadConstraint = z
  .strictObject({
    maxSkew: z.int().min(1).max(64),
    topologyKey: key,
    whenUnsatisfiable: text(PATTERNS.whenUnsatisfiable, 16),
  })
  .meta({ struct: 'TopologySpreadConstraint' });

export const scheduling = z
  .strictObject({
    affinity: z
      .strictObject({
        nodeAffinity: nodeAffinity.optional(),
        podAffinity: podAffinity.optional(),
        podAntiAffinity: podAffinity.optional(),
      })
      .meta({ struct: 'Affinity' })
      .optional(),
    tolerations: atomic(toleration, 32).optional(),
    topologySpreadConstraints: atomic(spreadConstraint, 8).optional(),
    priorityClassName: objectName.optional(),
    spread: z
      .strictObject({
        node: z.enum(Spread).default(DEFAULTS.spread.node),
        zone: z.enum(Spread).default(DEFAULTS.spread.zone),
      })
      .meta({ struct: 'SpreadSpec' })
      .optional(),
  })
  .meta({ struct: 'SchedulingSpec' });
