/**
 * What stands around the Valkey process: resources, Services, budgets, metrics, network rules.
 * Never here: where pods run (scheduling.ts) and how they fail over (failover.ts).
 */
import type { DisruptionBudgetMode, MaxMemoryPolicy, ServiceType } from './enums';
import type { LabelSelector } from './scheduling';

/** Compute resources, as in a Container. */
export interface ResourcesSpec {
  /**
   * What is set aside for the container.
   * @default - the limits
   */
  readonly requests?: { readonly [resource: string]: string };
  /**
   * What the container may use at most.
   * @default - none
   */
  readonly limits?: { readonly [resource: string]: string };
}

/** How much memory data may take. */
export interface MaxMemorySpec {
  /**
   * Share of the memory limit, in percent. 10..95.
   * @default 75
   */
  readonly percentOfLimit?: number;
  /**
   * What is removed when memory is full.
   * @default "noeviction"
   */
  readonly policy?: MaxMemoryPolicy;
}

/** How clients reach the primary. */
export interface ServiceSpec {
  /**
   * ClusterIP, NodePort or LoadBalancer.
   * @default "ClusterIP"
   */
  readonly type?: ServiceType;
  /**
   * Annotations of the client Service.
   * @default - none
   */
  readonly annotations?: { readonly [key: string]: string };
}

/** How many pods a drain may take away at once. */
export interface PodDisruptionBudgetSpec {
  /**
   * Managed or Disabled.
   * @default "Managed"
   */
  readonly mode?: DisruptionBudgetMode;
}

/** A metrics exporter beside Valkey. */
export interface MetricsExporterSpec {
  /**
   * Whether it runs.
   * @default false
   */
  readonly enabled?: boolean;
  /**
   * Its image.
   * @default - chosen by the operator
   */
  readonly image?: string;
  /**
   * Its compute resources.
   * @default - none
   */
  readonly resources?: ResourcesSpec;
}

/** Objects for Prometheus and Grafana. */
export interface MetricsSpec {
  /**
   * Whether a PodMonitor is made.
   * @default false
   */
  readonly podMonitor?: boolean;
  /**
   * Whether a PrometheusRule is made.
   * @default false
   */
  readonly prometheusRule?: boolean;
  /**
   * Whether a dashboard's ConfigMap is made.
   * @default false
   */
  readonly dashboard?: boolean;
}

/** Pods that may connect. */
export interface NetworkPeer {
  /**
   * Pods by their labels.
   * @default - all pods
   */
  readonly podSelector?: LabelSelector;
  /**
   * Namespaces by their labels.
   * @default - the cluster's own namespace
   */
  readonly namespaceSelector?: LabelSelector;
}

/** Who may connect. */
export interface NetworkPolicySpec {
  /**
   * Whether a NetworkPolicy is made.
   * @default false
   */
  readonly enabled?: boolean;
  /**
   * Pods that may connect, beside the cluster's own.
   * @default - all
   */
  readonly allowFrom?: NetworkPeer[];
}
