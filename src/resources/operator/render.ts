/**
 * Everything that runs the operator, in the order in which it is applied: the definitions first.
 * The same program and options give the same bytes.
 */
import { VALKEY_CLUSTER_CRD } from '../../spec/crds.generated';
import { LABELS } from '../../spec/naming';
import type { CustomResourceDefinition } from '../../spec/structural';
import type { JsonMap } from '../kube-object';
import { bundleConfigMap } from './bundle';
import { deployment } from './deployment';
import { OPERATOR, operatorMeta } from './names';
import { OPERATOR_DEFAULTS, type OperatorOptions, type Program } from './options';
import { roles } from './rbac';
import { surroundings } from './surroundings';

/** The definitions of the kinds, and all of `operatorObjects`. */
export function renderOperator(
  program: Program,
  options: OperatorOptions = OPERATOR_DEFAULTS,
): readonly (JsonMap | CustomResourceDefinition)[] {
  return [VALKEY_CLUSTER_CRD, ...operatorObjects(program, options)];
}

/** Without the definitions of the kinds, which may be somebody else's to apply. */
export function operatorObjects(program: Program, options: OperatorOptions): readonly JsonMap[] {
  const { namespace, namespaceObject } = options;
  return [
    ...(namespaceObject === 'rendered' ? [namespaceOf(namespace)] : []),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: operatorMeta(OPERATOR, namespace) },
    ...roles(options),
    ...(program.kind === 'bundle' ? [bundleConfigMap(program.bundle, namespace)] : []),
    ...surroundings(options),
    deployment(program, options),
  ];
}

function namespaceOf(name: string): JsonMap {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      ...operatorMeta(name, undefined),
      labels: {
        [LABELS.name]: OPERATOR,
        'pod-security.kubernetes.io/enforce': 'restricted',
      },
    },
  };
}
