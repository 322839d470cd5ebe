/** Made by `npm run generate`. Do not edit. */
// biome-ignore-all format: generated
import type * as pulumi from '@pulumi/pulumi';
import type { ClientAuth, DataLossPolicy, DiskErrorPolicy, DisruptionBudgetMode, DivergencePolicy, FailoverPolicy, FailoverPreference, MaxMemoryPolicy, PersistenceMode, PrimaryUpdate, RetentionPolicy, ServiceType, Spread } from '../../spec/enums';

/** One primary with its replicas. */
export interface ValkeyClusterSpecArgs {
  /**
   * Number of all pods: one primary, the rest replicas. 1..64; below 3 a crash stops writes longer.
   * @default 3
   */
  readonly replicas?: pulumi.Input<number>;
  /**
   * Container image of Valkey 7.2 or later.
   * @default "valkey/valkey:8.0"
   */
  readonly image?: pulumi.Input<string>;
  /**
   * Port on which Valkey listens, and port of its Services. 1..65535. Immutable.
   * @default 6379
   */
  readonly port?: pulumi.Input<number>;
  /**
   * Where data is kept.
   * @default - a volume of 1Gi for each pod
   */
  readonly persistence?: pulumi.Input<PersistenceSpecArgs>;
  /**
   * Compute resources of the Valkey container.
   * @default - none
   */
  readonly resources?: pulumi.Input<ResourcesSpecArgs>;
  /**
   * Labels of the nodes on which pods may run.
   * @default - any node
   */
  readonly nodeSelector?: pulumi.Input<{ readonly [key: string]: pulumi.Input<string> }>;
  /**
   * Labels added to every object and pod.
   * @default - none
   */
  readonly labels?: pulumi.Input<{ readonly [key: string]: pulumi.Input<string> }>;
  /**
   * Annotations added to every object and pod.
   * @default - none
   */
  readonly annotations?: pulumi.Input<{ readonly [key: string]: pulumi.Input<string> }>;
  /**
   * Encryption of connections.
   * @default - off
   */
  readonly tls?: pulumi.Input<TlsSpecArgs>;
  /**
   * How soon a silent primary counts as down.
   * @default - a probe each 1000 ms, down after 5000 ms
   */
  readonly sentinel?: pulumi.Input<SentinelSpecArgs>;
  /**
   * The backup from which a new cluster starts. Immutable.
   * @default - an empty cluster
   */
  readonly restoreFrom?: pulumi.Input<RestoreFromSpecArgs>;
  /**
   * A metrics exporter beside Valkey.
   * @default - off
   */
  readonly metricsExporter?: pulumi.Input<MetricsExporterSpecArgs>;
  /**
   * Settings of Valkey by their names in valkey.conf. What the operator owns has a field instead.
   * @default - none
   */
  readonly config?: pulumi.Input<{ readonly [key: string]: pulumi.Input<string> }>;
  /**
   * How much memory data may take.
   * @default - 75 % of the memory limit, noeviction
   */
  readonly maxMemory?: pulumi.Input<MaxMemorySpecArgs>;
  /**
   * What a failover may risk.
   * @default - policy Balanced
   */
  readonly failover?: pulumi.Input<FailoverSpecArgs>;
  /**
   * The clients' password.
   * @default - generated into the Secret `<name>-secret`
   */
  readonly auth?: pulumi.Input<AuthSpecArgs>;
  /**
   * Further users of Valkey.
   * @default - none
   */
  readonly users?: pulumi.Input<pulumi.Input<UserSpecArgs>[]>;
  /**
   * How clients reach the primary.
   * @default - a ClusterIP Service
   */
  readonly service?: pulumi.Input<ServiceSpecArgs>;
  /**
   * Where pods may run.
   * @default - apart where there is room
   */
  readonly scheduling?: pulumi.Input<SchedulingSpecArgs>;
  /**
   * How many pods a drain may take away at once.
   * @default - managed
   */
  readonly podDisruptionBudget?: pulumi.Input<PodDisruptionBudgetSpecArgs>;
  /**
   * Objects for Prometheus.
   * @default - none
   */
  readonly metrics?: pulumi.Input<MetricsSpecArgs>;
  /**
   * Who may connect.
   * @default - no NetworkPolicy
   */
  readonly networkPolicy?: pulumi.Input<NetworkPolicySpecArgs>;
  /**
   * How running pods are replaced.
   * @default - replicas first, the primary last
   */
  readonly updateStrategy?: pulumi.Input<UpdateStrategySpecArgs>;
  /**
   * Scales to no pods and keeps the volumes.
   * @default false
   */
  readonly hibernate?: pulumi.Input<boolean>;
  /**
   * Whether the operator leaves the objects as they are. Failover goes on.
   * @default false
   */
  readonly paused?: pulumi.Input<boolean>;
}

/** Where data is kept. */
export interface PersistenceSpecArgs {
  /**
   * Whether data is kept on a volume. Immutable.
   * @default true
   */
  readonly enabled?: pulumi.Input<boolean>;
  /**
   * Size of each pod's volume. May grow, never shrink.
   * @default "1Gi"
   */
  readonly storageSize?: pulumi.Input<string>;
  /**
   * StorageClass of the volumes. Immutable.
   * @default - the cluster's default class
   */
  readonly storageClassName?: pulumi.Input<string>;
  /**
   * How data is written to the volume: RDB, AOF or RDBAndAOF.
   * @default "RDB"
   */
  readonly mode?: pulumi.Input<PersistenceMode>;
  /**
   * What becomes of volume claims.
   * @default - Retain
   */
  readonly retention?: pulumi.Input<RetentionSpecArgs>;
}

/** What becomes of volume claims. */
export interface RetentionSpecArgs {
  /**
   * When the ValkeyCluster is deleted: Retain or Delete.
   * @default "Retain"
   */
  readonly whenDeleted?: pulumi.Input<RetentionPolicy>;
  /**
   * When `replicas` is lowered: Retain or Delete.
   * @default "Retain"
   */
  readonly whenScaled?: pulumi.Input<RetentionPolicy>;
}

/** Compute resources, as in a Container. */
export interface ResourcesSpecArgs {
  /**
   * What is set aside for the container.
   * @default - the limits
   */
  readonly requests?: pulumi.Input<{ readonly [key: string]: pulumi.Input<string> }>;
  /**
   * What the container may use at most.
   * @default - none
   */
  readonly limits?: pulumi.Input<{ readonly [key: string]: pulumi.Input<string> }>;
}

/** Encryption of connections. */
export interface TlsSpecArgs {
  /**
   * Whether connections are encrypted.
   * @default false
   */
  readonly enabled?: pulumi.Input<boolean>;
  /**
   * A Secret of type kubernetes.io/tls with ca.crt.
   * @default - none
   */
  readonly certSecretName?: pulumi.Input<string>;
  /**
   * A cert-manager issuer.
   * @default - none
   */
  readonly issuerRef?: pulumi.Input<IssuerRefArgs>;
  /**
   * Whether clients must show a certificate: None, Optional or Required.
   * @default "None"
   */
  readonly clientAuth?: pulumi.Input<ClientAuth>;
}

/** Who issues the certificate. */
export interface IssuerRefArgs {
  /** Name of the issuer. */
  readonly name: pulumi.Input<string>;
  /**
   * Issuer or ClusterIssuer.
   * @default "Issuer"
   */
  readonly kind?: pulumi.Input<string>;
  /**
   * API group of the issuer.
   * @default "cert-manager.io"
   */
  readonly group?: pulumi.Input<string>;
}

/** How soon a silent primary counts as down. */
export interface SentinelSpecArgs {
  /**
   * Milliseconds between two probes. 100..600000.
   * @default 1000
   */
  readonly pingIntervalMs?: pulumi.Input<number>;
  /**
   * Milliseconds of silence after which a node counts as down. 100..600000, at least 3 probes.
   * @default 5000
   */
  readonly downAfterMs?: pulumi.Input<number>;
  /**
   * Milliseconds after which a failover that waits says why and tries again. 100..600000.
   * @default 60000
   */
  readonly failoverTimeoutMs?: pulumi.Input<number>;
}

/** The backup from which a new cluster starts. */
export interface RestoreFromSpecArgs {
  /** Name of a completed ValkeyBackup in the same namespace. */
  readonly backupName: pulumi.Input<string>;
}

/** A metrics exporter beside Valkey. */
export interface MetricsExporterSpecArgs {
  /**
   * Whether it runs.
   * @default false
   */
  readonly enabled?: pulumi.Input<boolean>;
  /**
   * Its image.
   * @default - chosen by the operator
   */
  readonly image?: pulumi.Input<string>;
  /**
   * Its compute resources.
   * @default - none
   */
  readonly resources?: pulumi.Input<ResourcesSpecArgs>;
}

/** How much memory data may take. */
export interface MaxMemorySpecArgs {
  /**
   * Share of the memory limit, in percent. 10..95.
   * @default 75
   */
  readonly percentOfLimit?: pulumi.Input<number>;
  /**
   * What is removed when memory is full.
   * @default "noeviction"
   */
  readonly policy?: pulumi.Input<MaxMemoryPolicy>;
}

/** What a failover may risk. */
export interface FailoverSpecArgs {
  /**
   * Which side gives way in a partition: Durable, Balanced or Available.
   * @default "Balanced"
   */
  readonly policy?: pulumi.Input<FailoverPolicy>;
  /**
   * What ranks first among replicas: Offset or Priority.
   * @default - Offset when the policy is Durable, else Priority
   */
  readonly prefer?: pulumi.Input<FailoverPreference>;
  /**
   * Replicas that must follow closely for the primary to take writes. 1..63; in force is at most
   * replicas - 1.
   * @default - 1
   */
  readonly minReplicasToWrite?: pulumi.Input<number>;
  /**
   * Seconds of lag up to which a replica counts as following closely. 1..60.
   * @default 2
   */
  readonly maxLagSeconds?: pulumi.Input<number>;
  /**
   * Milliseconds to wait for a better replica that cannot be reached. 0..600000.
   * @default 2000
   */
  readonly waitForBestMs?: pulumi.Input<number>;
  /**
   * What is done with writes that only the old primary had: Report or KeepDump.
   * @default "Report"
   */
  readonly onDivergence?: pulumi.Input<DivergencePolicy>;
  /**
   * What is done when going on would lose recorded data: Stop or Accept.
   * @default "Stop"
   */
  readonly dataLossPolicy?: pulumi.Input<DataLossPolicy>;
  /**
   * What is done when the primary cannot write to its disk: Switchover or Ignore.
   * @default "Switchover"
   */
  readonly onDiskError?: pulumi.Input<DiskErrorPolicy>;
}

/** The clients' password. */
export interface AuthSpecArgs {
  /**
   * A Secret of yours whose key `password` is the clients' password.
   * @default - generated into the Secret `<name>-secret`
   */
  readonly secretName?: pulumi.Input<string>;
}

/** A user of Valkey beside the default one. */
export interface UserSpecArgs {
  /** The user's name. */
  readonly name: pulumi.Input<string>;
  /**
   * Where the user's passwords are.
   * @default - none
   */
  readonly passwordSecret?: pulumi.Input<PasswordSecretRefArgs>;
  /**
   * Commands that the user may run.
   * @default - none
   */
  readonly commands?: pulumi.Input<UserCommandsSpecArgs>;
  /**
   * Keys that the user may touch.
   * @default - none
   */
  readonly keys?: pulumi.Input<UserKeysSpecArgs>;
  /**
   * Channels that the user may use, as glob patterns.
   * @default - none
   */
  readonly channels?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Further ACL rules as Valkey writes them.
   * @default - none
   */
  readonly permissions?: pulumi.Input<string>;
}

/** Where a user's passwords are. */
export interface PasswordSecretRefArgs {
  /** Name of the Secret. */
  readonly name: pulumi.Input<string>;
  /**
   * Keys of the Secret; each holds a password that is valid.
   * @default - the user's name
   */
  readonly keys?: pulumi.Input<pulumi.Input<string>[]>;
}

/** Commands that a user may and may not run. */
export interface UserCommandsSpecArgs {
  /**
   * Commands or @categories that are allowed.
   * @default - none
   */
  readonly allow?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Commands or @categories that are denied.
   * @default - none
   */
  readonly deny?: pulumi.Input<pulumi.Input<string>[]>;
}

/** Keys that a user may touch, as glob patterns. */
export interface UserKeysSpecArgs {
  /**
   * To read and write.
   * @default - none
   */
  readonly readWrite?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * To read.
   * @default - none
   */
  readonly readOnly?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * To write.
   * @default - none
   */
  readonly writeOnly?: pulumi.Input<pulumi.Input<string>[]>;
}

/** How clients reach the primary. */
export interface ServiceSpecArgs {
  /**
   * ClusterIP, NodePort or LoadBalancer.
   * @default "ClusterIP"
   */
  readonly type?: pulumi.Input<ServiceType>;
  /**
   * Annotations of the client Service.
   * @default - none
   */
  readonly annotations?: pulumi.Input<{ readonly [key: string]: pulumi.Input<string> }>;
}

/** Where the data pods may run. */
export interface SchedulingSpecArgs {
  /**
   * Affinity, as in a Pod.
   * @default - none
   */
  readonly affinity?: pulumi.Input<AffinityArgs>;
  /**
   * Taints that are tolerated, as in a Pod.
   * @default - none
   */
  readonly tolerations?: pulumi.Input<pulumi.Input<TolerationArgs>[]>;
  /**
   * Further spread constraints, beside those of `spread`.
   * @default - none
   */
  readonly topologySpreadConstraints?: pulumi.Input<pulumi.Input<TopologySpreadConstraintArgs>[]>;
  /**
   * Name of a PriorityClass.
   * @default - the cluster's default class
   */
  readonly priorityClassName?: pulumi.Input<string>;
  /**
   * How strongly pods are kept apart.
   * @default - Preferred for nodes and zones
   */
  readonly spread?: pulumi.Input<SpreadSpecArgs>;
}

/** Affinity of the data pods, as in a Pod. */
export interface AffinityArgs {
  /**
   * Which nodes.
   * @default - any node
   */
  readonly nodeAffinity?: pulumi.Input<NodeAffinityArgs>;
  /**
   * Near which pods.
   * @default - none
   */
  readonly podAffinity?: pulumi.Input<PodAffinityArgs>;
  /**
   * Away from which pods.
   * @default - none
   */
  readonly podAntiAffinity?: pulumi.Input<PodAffinityArgs>;
}

/** Which nodes pods may or should run on. */
export interface NodeAffinityArgs {
  /**
   * Nodes that must be met.
   * @default - any node
   */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: pulumi.Input<NodeSelectorArgs>;
  /**
   * Nodes that are preferred.
   * @default - none
   */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: pulumi.Input<pulumi.Input<PreferredSchedulingTermArgs>[]>;
}

/** Nodes that meet at least one of the terms. */
export interface NodeSelectorArgs {
  /** At least one term. */
  readonly nodeSelectorTerms: pulumi.Input<pulumi.Input<NodeSelectorTermArgs>[]>;
}

/** Nodes that meet all of these conditions. */
export interface NodeSelectorTermArgs {
  /**
   * Conditions on the node's labels.
   * @default - none
   */
  readonly matchExpressions?: pulumi.Input<pulumi.Input<NodeSelectorRequirementArgs>[]>;
  /**
   * Conditions on the node's fields (metadata.name).
   * @default - none
   */
  readonly matchFields?: pulumi.Input<pulumi.Input<NodeSelectorRequirementArgs>[]>;
}

/** One condition on a node's labels or fields. */
export interface NodeSelectorRequirementArgs {
  /** The label's key, or the field's name. */
  readonly key: pulumi.Input<string>;
  /** In, NotIn, Exists, DoesNotExist, Gt or Lt. */
  readonly operator: pulumi.Input<string>;
  /**
   * Values for In and NotIn; exactly one whole number for Gt and Lt; none otherwise.
   * @default - none
   */
  readonly values?: pulumi.Input<pulumi.Input<string>[]>;
}

/** A wish with a weight. */
export interface PreferredSchedulingTermArgs {
  /** 1..100; weights of the terms that a node meets are added. */
  readonly weight: pulumi.Input<number>;
  /** The nodes that are preferred. */
  readonly preference: pulumi.Input<NodeSelectorTermArgs>;
}

/** Pods near which ours run. */
export interface PodAffinityArgs {
  /**
   * Terms that must be met.
   * @default - none
   */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: pulumi.Input<pulumi.Input<PodAffinityTermArgs>[]>;
  /**
   * Terms that are preferred.
   * @default - none
   */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: pulumi.Input<pulumi.Input<WeightedPodAffinityTermArgs>[]>;
}

/** Pods near which, or away from which, ours run. */
export interface PodAffinityTermArgs {
  /**
   * The pods that count.
   * @default - none
   */
  readonly labelSelector?: pulumi.Input<LabelSelectorArgs>;
  /**
   * Namespaces by their labels.
   * @default - the pod's own namespace
   */
  readonly namespaceSelector?: pulumi.Input<LabelSelectorArgs>;
  /**
   * Namespaces by name.
   * @default - the pod's own namespace
   */
  readonly namespaces?: pulumi.Input<pulumi.Input<string>[]>;
  /** The node label that says what "near" means, such as topology.kubernetes.io/zone. */
  readonly topologyKey: pulumi.Input<string>;
}

/** Selects objects by their labels; all conditions must hold. */
export interface LabelSelectorArgs {
  /**
   * Labels with exactly these values.
   * @default - none
   */
  readonly matchLabels?: pulumi.Input<{ readonly [key: string]: pulumi.Input<string> }>;
  /**
   * Conditions on labels.
   * @default - none
   */
  readonly matchExpressions?: pulumi.Input<pulumi.Input<LabelSelectorRequirementArgs>[]>;
}

/** One condition on labels. */
export interface LabelSelectorRequirementArgs {
  /** The label's key. */
  readonly key: pulumi.Input<string>;
  /** In, NotIn, Exists or DoesNotExist. */
  readonly operator: pulumi.Input<string>;
  /**
   * Values for In and NotIn; none for Exists and DoesNotExist.
   * @default - none
   */
  readonly values?: pulumi.Input<pulumi.Input<string>[]>;
}

/** A wish with a weight. */
export interface WeightedPodAffinityTermArgs {
  /** 1..100; weights of the terms that a node meets are added. */
  readonly weight: pulumi.Input<number>;
  /** The pods that count. */
  readonly podAffinityTerm: pulumi.Input<PodAffinityTermArgs>;
}

/** A taint that the data pods tolerate, as in a Pod. */
export interface TolerationArgs {
  /**
   * The taint's key; without it every key, and then the operator must be Exists.
   * @default - every key
   */
  readonly key?: pulumi.Input<string>;
  /**
   * Equal or Exists.
   * @default "Equal"
   */
  readonly operator?: pulumi.Input<string>;
  /**
   * The taint's value; not with Exists.
   * @default - the empty value
   */
  readonly value?: pulumi.Input<string>;
  /**
   * NoSchedule, PreferNoSchedule or NoExecute.
   * @default - every effect
   */
  readonly effect?: pulumi.Input<string>;
  /**
   * How long a NoExecute taint is tolerated, in seconds.
   * @default - for ever
   */
  readonly tolerationSeconds?: pulumi.Input<number>;
}

/** How evenly the data pods are spread, as in a Pod. The operator fills in the pods that count. */
export interface TopologySpreadConstraintArgs {
  /** The largest difference between two places. 1..64. */
  readonly maxSkew: pulumi.Input<number>;
  /** The node label that names the place. */
  readonly topologyKey: pulumi.Input<string>;
  /** DoNotSchedule or ScheduleAnyway. */
  readonly whenUnsatisfiable: pulumi.Input<string>;
}

/** How strongly pods are kept on different nodes and in different zones. */
export interface SpreadSpecArgs {
  /**
   * Across nodes (kubernetes.io/hostname): Preferred, Required or None.
   * @default "Preferred"
   */
  readonly node?: pulumi.Input<Spread>;
  /**
   * Across zones (topology.kubernetes.io/zone): Preferred, Required or None.
   * @default "Preferred"
   */
  readonly zone?: pulumi.Input<Spread>;
}

/** How many pods a drain may take away at once. */
export interface PodDisruptionBudgetSpecArgs {
  /**
   * Managed or Disabled.
   * @default "Managed"
   */
  readonly mode?: pulumi.Input<DisruptionBudgetMode>;
}

/** Objects for Prometheus and Grafana. */
export interface MetricsSpecArgs {
  /**
   * Whether a PodMonitor is made.
   * @default false
   */
  readonly podMonitor?: pulumi.Input<boolean>;
  /**
   * Whether a PrometheusRule is made.
   * @default false
   */
  readonly prometheusRule?: pulumi.Input<boolean>;
  /**
   * Whether a dashboard's ConfigMap is made.
   * @default false
   */
  readonly dashboard?: pulumi.Input<boolean>;
}

/** Who may connect. */
export interface NetworkPolicySpecArgs {
  /**
   * Whether a NetworkPolicy is made.
   * @default false
   */
  readonly enabled?: pulumi.Input<boolean>;
  /**
   * Pods that may connect, beside the cluster's own.
   * @default - all
   */
  readonly allowFrom?: pulumi.Input<pulumi.Input<NetworkPeerArgs>[]>;
}

/** Pods that may connect. */
export interface NetworkPeerArgs {
  /**
   * Pods by their labels.
   * @default - all pods
   */
  readonly podSelector?: pulumi.Input<LabelSelectorArgs>;
  /**
   * Namespaces by their labels.
   * @default - the cluster's own namespace
   */
  readonly namespaceSelector?: pulumi.Input<LabelSelectorArgs>;
}

/** How running pods are replaced. */
export interface UpdateStrategySpecArgs {
  /**
   * When the primary is restarted: Automatic or Manual.
   * @default "Automatic"
   */
  readonly primary?: pulumi.Input<PrimaryUpdate>;
}
