/**
 * The noun: what a user may say about a ValkeyCluster (API group valkey.verilean.io, version v1).
 * These structs are what TypeScript, Python, Java, Go and .NET see, and their comments are the CRD's
 * descriptions. Never here: checks (validate.ts), default values (defaults.ts), zod (schema/).
 */

import type { AuthSpec, TlsSpec, UserSpec } from './access';
import type { PersistenceMode, PrimaryUpdate, RetentionPolicy } from './enums';
import type { FailoverSpec, SentinelSpec } from './failover';
import type { SchedulingSpec } from './scheduling';
import type {
  MaxMemorySpec,
  MetricsExporterSpec,
  MetricsSpec,
  NetworkPolicySpec,
  PodDisruptionBudgetSpec,
  ResourcesSpec,
  ServiceSpec,
} from './surroundings';

/** What becomes of volume claims. */
export interface RetentionSpec {
  /**
   * When the ValkeyCluster is deleted: Retain or Delete.
   * @default "Retain"
   */
  readonly whenDeleted?: RetentionPolicy;
  /**
   * When `replicas` is lowered: Retain or Delete.
   * @default "Retain"
   */
  readonly whenScaled?: RetentionPolicy;
}

/** Where data is kept. */
export interface PersistenceSpec {
  /**
   * Whether data is kept on a volume. Immutable.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Size of each pod's volume. May grow, never shrink.
   * @default "1Gi"
   */
  readonly storageSize?: string;
  /**
   * StorageClass of the volumes. Immutable.
   * @default - the cluster's default class
   */
  readonly storageClassName?: string;
  /**
   * How data is written to the volume: RDB, AOF or RDBAndAOF.
   * @default "RDB"
   */
  readonly mode?: PersistenceMode;
  /**
   * What becomes of volume claims.
   * @default - Retain
   */
  readonly retention?: RetentionSpec;
}

/** The backup from which a new cluster starts. */
export interface RestoreFromSpec {
  /** Name of a completed ValkeyBackup in the same namespace. */
  readonly backupName: string;
}

/** How running pods are replaced. */
export interface UpdateStrategySpec {
  /**
   * When the primary is restarted: Automatic or Manual.
   * @default "Automatic"
   */
  readonly primary?: PrimaryUpdate;
}

/** One primary with its replicas. */
export interface ValkeyClusterSpec {
  /**
   * Number of all pods: one primary, the rest replicas. 1..64; below 3 a crash stops writes longer.
   * @default 3
   */
  readonly replicas?: number;
  /**
   * Container image of Valkey 7.2 or later.
   * @default "valkey/valkey:8.0"
   */
  readonly image?: string;
  /**
   * Port on which Valkey listens, and port of its Services. 1..65535. Immutable.
   * @default 6379
   */
  readonly port?: number;
  /**
   * Where data is kept.
   * @default - a volume of 1Gi for each pod
   */
  readonly persistence?: PersistenceSpec;
  /**
   * Compute resources of the Valkey container.
   * @default - none
   */
  readonly resources?: ResourcesSpec;
  /**
   * Labels of the nodes on which pods may run.
   * @default - any node
   */
  readonly nodeSelector?: { readonly [key: string]: string };
  /**
   * Labels added to every object and pod.
   * @default - none
   */
  readonly labels?: { readonly [key: string]: string };
  /**
   * Annotations added to every object and pod.
   * @default - none
   */
  readonly annotations?: { readonly [key: string]: string };
  /**
   * Encryption of connections.
   * @default - off
   */
  readonly tls?: TlsSpec;
  /**
   * How soon a silent primary counts as down.
   * @default - a probe each 1000 ms, down after 5000 ms
   */
  readonly sentinel?: SentinelSpec;
  /**
   * The backup from which a new cluster starts. Immutable.
   * @default - an empty cluster
   */
  readonly restoreFrom?: RestoreFromSpec;
  /**
   * A metrics exporter beside Valkey.
   * @default - off
   */
  readonly metricsExporter?: MetricsExporterSpec;
  /**
   * Settings of Valkey by their names in valkey.conf. What the operator owns has a field instead.
   * @default - none
   */
  readonly config?: { readonly [key: string]: string };
  /**
   * How much memory data may take.
   * @default - 75 % of the memory limit, noeviction
   */
  readonly maxMemory?: MaxMemorySpec;
  /**
   * What a failover may risk.
   * @default - policy Balanced
   */
  readonly failover?: FailoverSpec;
  /**
   * The clients' password.
   * @default - generated into the Secret `<name>-secret`
   */
  readonly auth?: AuthSpec;
  /**
   * Further users of Valkey.
   * @default - none
   */
  readonly users?: UserSpec[];
  /**
   * How clients reach the primary.
   * @default - a ClusterIP Service
   */
  readonly service?: ServiceSpec;
  /**
   * Where pods may run.
   * @default - apart where there is room
   */
  readonly scheduling?: SchedulingSpec;
  /**
   * How many pods a drain may take away at once.
   * @default - managed
   */
  readonly podDisruptionBudget?: PodDisruptionBudgetSpec;
  /**
   * Objects for Prometheus.
   * @default - none
   */
  readonly metrics?: MetricsSpec;
  /**
   * Who may connect.
   * @default - no NetworkPolicy
   */
  readonly networkPolicy?: NetworkPolicySpec;
  /**
   * How running pods are replaced.
   * @default - replicas first, the primary last
   */
  readonly updateStrategy?: UpdateStrategySpec;
  /**
   * Scales to no pods and keeps the volumes.
   * @default false
   */
  readonly hibernate?: boolean;
  /**
   * Whether the operator leaves the objects as they are. Failover goes on.
   * @default false
   */
  readonly paused?: boolean;
}
