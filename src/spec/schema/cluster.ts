/**
 * The spec of a ValkeyCluster in zod: the one source of types, ranges, patterns and lengths, from which
 * the CRD is generated. `struct` names the interface whose comments become the descriptions; the
 * equality with it is checked at compile time (same-shape.ts). Every string, list and map has a
 * longest length, or the API server's estimate refuses the rules in CEL.
 * Never here: rules across fields (../rules.ts).
 */
import * as z from 'zod';
import { DEFAULTS } from '../defaults';
import {
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
} from '../enums';
import { PATTERNS } from '../patterns';
import { auth, tls, user } from './access';
import { flag, keyed, labels, millis, objectName, quantities, text } from './parts';
import { labelSelector, scheduling } from './scheduling';

const resources = z
  .strictObject({
    requests: quantities.optional(),
    limits: quantities.optional(),
  })
  .meta({ struct: 'ResourcesSpec' });

const retention = z
  .strictObject({
    whenDeleted: z.enum(RetentionPolicy).default(DEFAULTS.persistence.retention.whenDeleted),
    whenScaled: z.enum(RetentionPolicy).default(DEFAULTS.persistence.retention.whenScaled),
  })
  .meta({ struct: 'RetentionSpec' });

const persistence = z
  .strictObject({
    enabled: z.boolean().default(DEFAULTS.persistence.enabled),
    storageSize: text(PATTERNS.positiveQuantity, 32).default(DEFAULTS.persistence.storageSize),
    storageClassName: text(PATTERNS.optionalObjectName, 253).optional(),
    mode: z.enum(PersistenceMode).default(DEFAULTS.persistence.mode),
    retention: retention.optional(),
  })
  .meta({ struct: 'PersistenceSpec' });

const sentinel = z
  .strictObject({
    pingIntervalMs: millis(100).default(DEFAULTS.sentinel.pingIntervalMs),
    downAfterMs: millis(100).default(DEFAULTS.sentinel.downAfterMs),
    failoverTimeoutMs: millis(100).default(DEFAULTS.sentinel.failoverTimeoutMs),
  })
  .meta({ struct: 'SentinelSpec' });

const failover = z
  .strictObject({
    policy: z.enum(FailoverPolicy).default(DEFAULTS.failover.policy),
    prefer: z.enum(FailoverPreference).optional(),
    minReplicasToWrite: z.int().min(1).max(63).optional(),
    maxLagSeconds: z.int().min(1).max(60).default(DEFAULTS.failover.maxLagSeconds),
    waitForBestMs: millis(0).default(DEFAULTS.failover.waitForBestMs),
    onDivergence: z.enum(DivergencePolicy).default(DEFAULTS.failover.onDivergence),
    dataLossPolicy: z.enum(DataLossPolicy).default(DEFAULTS.failover.dataLossPolicy),
    onDiskError: z.enum(DiskErrorPolicy).default(DEFAULTS.failover.onDiskError),
  })
  .meta({ struct: 'FailoverSpec' });

const maxMemory = z
  .strictObject({
    percentOfLimit: z.int().min(10).max(95).default(DEFAULTS.maxMemory.percentOfLimit),
    policy: z.enum(MaxMemoryPolicy).default(DEFAULTS.maxMemory.policy),
  })
  .meta({ struct: 'MaxMemorySpec' });

const service = z
  .strictObject({
    type: z.enum(ServiceType).default(DEFAULTS.service.type),
    annotations: keyed(z.string().max(4096), 32).optional(),
  })
  .meta({ struct: 'ServiceSpec' });

const metricsExporter = z
  .strictObject({
    enabled: flag,
    image: text(PATTERNS.image, 512).optional(),
    resources: resources.optional(),
  })
  .meta({ struct: 'MetricsExporterSpec' });

const metrics = z
  .strictObject({ podMonitor: flag, prometheusRule: flag, dashboard: flag })
  .meta({ struct: 'MetricsSpec' });

const networkPeer = z
  .strictObject({
    podSelector: labelSelector.optional(),
    namespaceSelector: labelSelector.optional(),
  })
  .meta({ struct: 'NetworkPeer' });

const networkPolicy = z
  .strictObject({ enabled: flag, allowFrom: z.array(networkPeer).max(32).optional() })
  .meta({ struct: 'NetworkPolicySpec' });

/** The spec; defaulted objects are those that a rule in CEL or a column reads. */
export const clusterSpec = z
  .strictObject({
    replicas: z.int().min(1).max(64).default(DEFAULTS.replicas),
    image: text(PATTERNS.image, 512).default(DEFAULTS.image),
    port: z.int().min(1).max(65_535).default(DEFAULTS.port),
    persistence: persistence.prefault({}),
    resources: resources.optional(),
    nodeSelector: labels.optional(),
    labels: labels.optional(),
    annotations: keyed(z.string().max(4096), 32).optional(),
    tls: tls.optional(),
    sentinel: sentinel.prefault({}),
    restoreFrom: z
      .strictObject({ backupName: objectName })
      .meta({ struct: 'RestoreFromSpec' })
      .optional(),
    metricsExporter: metricsExporter.optional(),
    config: keyed(text(PATTERNS.configValue, 1024), 128).optional(),
    maxMemory: maxMemory.optional(),
    failover: failover.optional(),
    auth: auth.optional(),
    users: z
      .array(user)
      .max(64)
      .meta({ listMapKeys: ['name'] })
      .optional(),
    service: service.optional(),
    scheduling: scheduling.optional(),
    podDisruptionBudget: z
      .strictObject({
        mode: z.enum(DisruptionBudgetMode).default(DEFAULTS.podDisruptionBudget.mode),
      })
      .meta({ struct: 'PodDisruptionBudgetSpec' })
      .optional(),
    metrics: metrics.optional(),
    networkPolicy: networkPolicy.optional(),
    updateStrategy: z
      .strictObject({
        primary: z.enum(PrimaryUpdate).default(DEFAULTS.updateStrategy.primary),
      })
      .meta({ struct: 'UpdateStrategySpec' })
      .optional(),
    hibernate: flag,
    paused: flag,
  })
  .meta({ struct: 'ValkeyClusterSpec' });
