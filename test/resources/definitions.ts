/** Four definitions that between them use every field the renderer reads. */
import type { ValkeyClusterDefinition } from '../../src/spec/definition';
import {
  DisruptionBudgetMode,
  FailoverPolicy,
  MaxMemoryPolicy,
  PersistenceMode,
  RetentionPolicy,
  ServiceType,
  Spread,
} from '../../src/spec/enums';

export const minimal: ValkeyClusterDefinition = { metadata: { name: 'my-valkey' }, spec: {} };

/** As the operator sees it: with a uid. */
export const applied: ValkeyClusterDefinition = {
  metadata: { name: 'orders', namespace: 'shop', uid: '7c9e6679-7425-40de-944b-e07fc1f90ae7' },
  spec: {
    replicas: 5,
    image: 'valkey/valkey:8.1',
    port: 6380,
    persistence: {
      storageSize: '20Gi',
      storageClassName: 'fast',
      mode: PersistenceMode.RDB_AND_AOF,
      retention: { whenScaled: RetentionPolicy.DELETE },
    },
    resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '2Gi' } },
    maxMemory: { percentOfLimit: 60, policy: MaxMemoryPolicy.ALLKEYS_LRU },
    failover: { policy: FailoverPolicy.DURABLE, minReplicasToWrite: 2, maxLagSeconds: 3 },
    config: {
      'notify-keyspace-events': 'KEA',
      'io-threads': '2',
      'proc-title-template': '{title} "{config-file}"',
    },
  },
};

/** One pod of a cache: no volume, no budget. */
export const single: ValkeyClusterDefinition = {
  metadata: { name: 'cache', namespace: 'shop' },
  spec: { replicas: 1, persistence: { enabled: false }, service: { type: ServiceType.CLUSTER_IP } },
};

export const placed: ValkeyClusterDefinition = {
  metadata: { name: 'placed', namespace: 'shop' },
  spec: {
    replicas: 4,
    persistence: { mode: PersistenceMode.AOF },
    labels: { team: 'orders' },
    annotations: { 'example.com/on-call': 'orders@example.com' },
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    service: { type: ServiceType.LOAD_BALANCER, annotations: { 'example.com/lb': 'internal' } },
    podDisruptionBudget: { mode: DisruptionBudgetMode.MANAGED },
    scheduling: {
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 10,
              podAffinityTerm: {
                topologyKey: 'rack',
                namespaceSelector: {},
                labelSelector: { matchLabels: { app: 'x' } },
              },
            },
          ],
        },
      },
      tolerations: [{ key: 'dedicated', value: 'valkey', effect: 'NoSchedule' }],
      topologySpreadConstraints: [
        { maxSkew: 2, topologyKey: 'rack', whenUnsatisfiable: 'DoNotSchedule' },
      ],
      priorityClassName: 'high',
      spread: { node: Spread.REQUIRED, zone: Spread.NONE },
    },
  },
};

export const definitions = { minimal, applied, single, placed } as const;
