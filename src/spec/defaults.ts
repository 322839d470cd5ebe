/**
 * The only copy of default values, and the definition with all of them filled in.
 * Never here: the defaults that the API server fills in; zod takes them from DEFAULTS too.
 */
import type { ValkeyClusterSpec } from './cluster';
import {
  ClientAuth,
  DataLossPolicy,
  DiskErrorPolicy,
  DisruptionBudgetMode,
  DivergencePolicy,
  FailoverPolicy,
  FailoverPreference,
  MaxMemoryPolicy,
  PersistenceMode,
  PrimaryUpdate,
  RetentionPolicy,
  ServiceType,
  Spread,
} from './enums';

/** Values for fields that are left out. */
export const DEFAULTS = {
  replicas: 3,
  image: 'valkey/valkey:8.0',
  port: 6379,
  persistence: {
    enabled: true,
    storageSize: '1Gi',
    mode: PersistenceMode.RDB,
    retention: { whenDeleted: RetentionPolicy.RETAIN, whenScaled: RetentionPolicy.RETAIN },
  },
  sentinel: { pingIntervalMs: 1000, downAfterMs: 5000, failoverTimeoutMs: 60_000 },
  maxMemory: { percentOfLimit: 75, policy: MaxMemoryPolicy.NO_EVICTION },
  failover: {
    policy: FailoverPolicy.BALANCED,
    minReplicasToWrite: 1,
    maxLagSeconds: 2,
    waitForBestMs: 2000,
    onDivergence: DivergencePolicy.REPORT,
    dataLossPolicy: DataLossPolicy.STOP,
    onDiskError: DiskErrorPolicy.SWITCHOVER,
  },
  tls: { enabled: false, clientAuth: ClientAuth.NONE },
  issuerRef: { kind: 'Issuer', group: 'cert-manager.io' },
  service: { type: ServiceType.CLUSTER_IP },
  spread: { node: Spread.PREFERRED, zone: Spread.PREFERRED },
  podDisruptionBudget: { mode: DisruptionBudgetMode.MANAGED },
  updateStrategy: { primary: PrimaryUpdate.AUTOMATIC },
} as const;

/** A spec with every default filled in; what is still optional has no default. */
export type ResolvedSpec = ReturnType<typeof resolve>;

/** @param spec a valid spec (validate.ts found no problem). */
export function resolve(spec: ValkeyClusterSpec) {
  const { persistence, failover, scheduling } = spec;
  const policy = failover?.policy ?? DEFAULTS.failover.policy;
  return {
    ...spec,
    replicas: spec.replicas ?? DEFAULTS.replicas,
    image: spec.image ?? DEFAULTS.image,
    port: spec.port ?? DEFAULTS.port,
    persistence: {
      ...DEFAULTS.persistence,
      ...persistence,
      retention: { ...DEFAULTS.persistence.retention, ...persistence?.retention },
    },
    sentinel: { ...DEFAULTS.sentinel, ...spec.sentinel },
    maxMemory: { ...DEFAULTS.maxMemory, ...spec.maxMemory },
    failover: { ...DEFAULTS.failover, prefer: preferenceOf(policy), ...failover },
    service: { ...DEFAULTS.service, ...spec.service },
    scheduling: { ...scheduling, spread: { ...DEFAULTS.spread, ...scheduling?.spread } },
    podDisruptionBudget: { ...DEFAULTS.podDisruptionBudget, ...spec.podDisruptionBudget },
    updateStrategy: { ...DEFAULTS.updateStrategy, ...spec.updateStrategy },
    config: spec.config ?? {},
    labels: spec.labels ?? {},
    annotations: spec.annotations ?? {},
    paused: spec.paused ?? false,
  };
}

/**
 * The m that the definition asks for (failover.md section 2): one node, and scaling to one, are legal.
 * @returns 0..63; what is in force stands in the record, which may be lower.
 */
export function wantedMinReplicas(spec: ValkeyClusterSpec): number {
  const { replicas, failover } = resolve(spec);
  return Math.max(0, Math.min(failover.minReplicasToWrite, replicas - 1));
}

function preferenceOf(policy: FailoverPolicy): FailoverPreference {
  return policy === FailoverPolicy.DURABLE
    ? FailoverPreference.OFFSET
    : FailoverPreference.PRIORITY;
}
