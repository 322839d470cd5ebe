/**
 * Everything that runs the operator, in the order in which it is applied: the definitions first.
 * The same bundle gives the same bytes.
 */
import { VALKEY_CLUSTER_CRD } from '../../spec/crds.generated';
import type { CustomResourceDefinition } from '../../spec/structural';
import type { JsonMap } from '../kube-object';
import { type Bundle, bundleConfigMap, bundleName } from './bundle';
import { deployment, OPERATOR_DEFAULTS, type OperatorOptions } from './deployment';
import { NAMESPACE, OPERATOR, operatorMeta } from './names';
import { clusterRole, clusterRoleBinding, leaseRole, leaseRoleBinding } from './rbac';

export function renderOperator(
  bundle: Bundle,
  options: OperatorOptions = OPERATOR_DEFAULTS,
): readonly (JsonMap | CustomResourceDefinition)[] {
  return [
    VALKEY_CLUSTER_CRD,
    namespace(),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: operatorMeta(OPERATOR, NAMESPACE) },
    clusterRole(),
    clusterRoleBinding(),
    leaseRole(),
    leaseRoleBinding(),
    bundleConfigMap(bundle),
    deployment(bundleName(bundle), options),
  ];
}

function namespace(): JsonMap {
  const meta = operatorMeta(NAMESPACE, undefined);
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      ...meta,
      labels: {
        'app.kubernetes.io/name': OPERATOR,
        'pod-security.kubernetes.io/enforce': 'restricted',
      },
    },
  };
}
