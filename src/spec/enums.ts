/**
 * The closed choices of a ValkeyCluster. The member is what code says, the value is what YAML says.
 * Never here: what a choice does; that stands beside the field that takes it.
 */

/** How data is kept on the volume. */
export enum PersistenceMode {
  /** Snapshots only: at most the writes since the last snapshot are lost with all nodes at once. */
  RDB = 'RDB',
  /** The append-only file only. */
  AOF = 'AOF',
  /** Snapshots and the append-only file. */
  RDB_AND_AOF = 'RDBAndAOF',
}

/** What happens to a volume claim that no pod needs any more. */
export enum RetentionPolicy {
  /** The claim and its data stay. */
  RETAIN = 'Retain',
  /** Kubernetes deletes the claim, and with it the data. */
  DELETE = 'Delete',
}

/** Which side gives way when a network partition makes it a choice. */
export enum FailoverPolicy {
  /** No two writers, and no promotion that could lose a write that WAIT confirmed. */
  DURABLE = 'Durable',
  /** Promotes once the old primary is proven dead, read-only or starved. */
  BALANCED = 'Balanced',
  /** Promotes at once; accepts two writable nodes for a bounded window. */
  AVAILABLE = 'Available',
}

/** What ranks first among replicas that may take over. */
export enum FailoverPreference {
  /** The replica that has read most. */
  OFFSET = 'Offset',
  /** The replica with the lowest replica-priority. */
  PRIORITY = 'Priority',
}

/** What is done with writes that only the old primary had. */
export enum DivergencePolicy {
  /** Say how many bytes were lost. */
  REPORT = 'Report',
  /** Keep a dump of the old primary before it is overwritten. */
  KEEP_DUMP = 'KeepDump',
}

/** What is done when going on would lose recorded data. */
export enum DataLossPolicy {
  /** Stop and ask. */
  STOP = 'Stop',
  /** Go on and report: for caches. */
  ACCEPT = 'Accept',
}

/** What is done when the primary can no longer write to its disk. */
export enum DiskErrorPolicy {
  /** Hand over to a healthy replica. */
  SWITCHOVER = 'Switchover',
  /** Leave it as it is. */
  IGNORE = 'Ignore',
}

/** What Valkey removes when its memory is full. */
export enum MaxMemoryPolicy {
  /** Refuse writes. */
  NO_EVICTION = 'noeviction',
  /** Any key, least recently used first. */
  ALLKEYS_LRU = 'allkeys-lru',
  /** Any key, least frequently used first. */
  ALLKEYS_LFU = 'allkeys-lfu',
  /** Any key, at random. */
  ALLKEYS_RANDOM = 'allkeys-random',
  /** Keys with an expiry, least recently used first. */
  VOLATILE_LRU = 'volatile-lru',
  /** Keys with an expiry, least frequently used first. */
  VOLATILE_LFU = 'volatile-lfu',
  /** Keys with an expiry, at random. */
  VOLATILE_RANDOM = 'volatile-random',
  /** Keys with an expiry, the soonest first. */
  VOLATILE_TTL = 'volatile-ttl',
}

/** Whether clients must show a certificate. */
export enum ClientAuth {
  /** Never asked for. */
  NONE = 'None',
  /** Checked where it is shown. */
  OPTIONAL = 'Optional',
  /** Refused without one. */
  REQUIRED = 'Required',
}

/** How the client Service is reached. */
export enum ServiceType {
  /** Inside the cluster only. */
  CLUSTER_IP = 'ClusterIP',
  /** On a port of each node. */
  NODE_PORT = 'NodePort',
  /** Through the platform's load balancer. */
  LOAD_BALANCER = 'LoadBalancer',
}

/** How strongly pods are kept apart. */
export enum Spread {
  /** Apart where there is room. */
  PREFERRED = 'Preferred',
  /** A pod without room stays Pending. */
  REQUIRED = 'Required',
  /** No constraint of ours. */
  NONE = 'None',
}

/** Who keeps the PodDisruptionBudget. */
export enum DisruptionBudgetMode {
  /** One that follows `replicas`; none for a single pod. */
  MANAGED = 'Managed',
  /** None: drains are not held back. */
  DISABLED = 'Disabled',
}

/** When the primary is restarted in a rolling update. */
export enum PrimaryUpdate {
  /** Last, after a switchover. */
  AUTOMATIC = 'Automatic',
  /** When an annotation says so. */
  MANUAL = 'Manual',
}
