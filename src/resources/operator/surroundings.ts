/**
 * What stands around the operator's Deployment: its budget, the Service of its metrics, and on request a
 * NetworkPolicy and a PodMonitor.
 */
import type { JsonMap } from '../kube-object';
import { HTTP_PORT, OPERATOR, OPERATOR_SELECTOR, operatorMeta } from './names';
import type { OperatorOptions } from './options';

export function surroundings(options: OperatorOptions): readonly JsonMap[] {
  const { namespace, replicas } = options;
  return [
    metricsService(namespace),
    // A single operator must not block a drain: without it the data path goes on.
    ...(replicas > 1 ? [budget(namespace)] : []),
    ...(options.networkPolicy === 'rendered' ? [networkPolicy(namespace)] : []),
    ...(options.podMonitor === 'rendered' ? [podMonitor(namespace)] : []),
  ];
}

function metricsService(namespace: string): JsonMap {
  const { name, number } = HTTP_PORT;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: operatorMeta(`${OPERATOR}-metrics`, namespace),
    spec: {
      selector: OPERATOR_SELECTOR,
      ports: [{ name, port: number, targetPort: name, protocol: 'TCP' }],
    },
  };
}

function budget(namespace: string): JsonMap {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: operatorMeta(OPERATOR, namespace),
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: OPERATOR_SELECTOR },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  };
}

/** What it sends is not limited: the API server and the pods of every cluster have to be reached. */
function networkPolicy(namespace: string): JsonMap {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: operatorMeta(OPERATOR, namespace),
    spec: {
      podSelector: { matchLabels: OPERATOR_SELECTOR },
      policyTypes: ['Ingress'],
      ingress: [{ ports: [{ protocol: 'TCP', port: HTTP_PORT.number }] }],
    },
  };
}

function podMonitor(namespace: string): JsonMap {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: operatorMeta(OPERATOR, namespace),
    spec: {
      selector: { matchLabels: OPERATOR_SELECTOR },
      podMetricsEndpoints: [{ port: HTTP_PORT.name, path: '/metrics' }],
    },
  };
}
