/**
 * Forty definitions that between them set every field that has an effect so far: the table that the
 * operator, the constructs of cdk8s and Pulumi and the command line are held to.
 * Never here: a definition that is refused; those are in test/spec/definitions.ts.
 */
import type { ValkeyClusterSpec } from '../../src/spec/cluster';
import type { ValkeyClusterDefinition } from '../../src/spec/definition';
import {
  DataLossPolicy,
  DiskErrorPolicy,
  DisruptionBudgetMode,
  FailoverPolicy,
  FailoverPreference,
  MaxMemoryPolicy,
  PersistenceMode,
  RetentionPolicy,
  ServiceType,
  Spread,
} from '../../src/spec/enums';
import { definitions } from './definitions';

const named = Object.values(definitions).map(({ spec }) => spec);
const memory = { limits: { memory: '1Gi' } };

const sizes: readonly ValkeyClusterSpec[] = [
  { replicas: 1 },
  { replicas: 2 },
  { replicas: 64, persistence: { enabled: false } },
  { image: 'registry.example:5000/valkey/valkey:8.1' },
  { port: 1 },
  { port: 65_535, replicas: 5 },
  { paused: true },
];

const storage: readonly ValkeyClusterSpec[] = [
  { persistence: {} },
  { persistence: { enabled: false } },
  { persistence: { storageSize: '1.5Gi', storageClassName: 'fast' } },
  { persistence: { storageSize: '1500M', mode: PersistenceMode.RDB } },
  { persistence: { mode: PersistenceMode.AOF } },
  { persistence: { mode: PersistenceMode.RDB_AND_AOF, storageSize: '10Gi' } },
  { persistence: { retention: { whenDeleted: RetentionPolicy.DELETE } } },
  { persistence: { retention: { whenScaled: RetentionPolicy.DELETE } }, replicas: 7 },
];

const meansAndMemory: readonly ValkeyClusterSpec[] = [
  { resources: memory },
  { resources: { requests: { cpu: '100m', memory: '128Mi' }, ...memory } },
  { resources: { requests: { cpu: '0.5' } } },
  { resources: memory, maxMemory: { percentOfLimit: 95 } },
  { resources: memory, maxMemory: { policy: MaxMemoryPolicy.VOLATILE_TTL } },
  { maxMemory: { percentOfLimit: 10, policy: MaxMemoryPolicy.ALLKEYS_LFU } },
  { config: { 'notify-keyspace-events': 'KEA' } },
  { config: { 'hash-max-listpack-entries': '256', maxclients: '2000', 'lua-time-limit': '100' } },
];

const failing: readonly ValkeyClusterSpec[] = [
  { sentinel: { pingIntervalMs: 100, downAfterMs: 300 } },
  { sentinel: { failoverTimeoutMs: 600_000 } },
  { failover: { policy: FailoverPolicy.AVAILABLE, dataLossPolicy: DataLossPolicy.ACCEPT } },
  { failover: { policy: FailoverPolicy.DURABLE, minReplicasToWrite: 2 }, replicas: 5 },
  { failover: { prefer: FailoverPreference.OFFSET, maxLagSeconds: 10, waitForBestMs: 0 } },
  { failover: { minReplicasToWrite: 1, onDiskError: DiskErrorPolicy.IGNORE } },
];

const places: readonly ValkeyClusterSpec[] = [
  { labels: { team: 'a', 'example.com/tier': 'db' } },
  { annotations: { 'example.com/note': 'with: "quotes" and\nlines' } },
  { nodeSelector: { disk: 'nvme' } },
  { service: { type: ServiceType.NODE_PORT } },
  {
    service: { type: ServiceType.LOAD_BALANCER, annotations: { 'example.com/lb': 'internal' } },
    podDisruptionBudget: { mode: DisruptionBudgetMode.DISABLED },
  },
  { scheduling: { spread: { node: Spread.NONE, zone: Spread.REQUIRED } } },
  {
    scheduling: {
      tolerations: [{ operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 30 }],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a', 'b'] }] },
            ],
          },
        },
      },
    },
    auth: { secretName: 'somebody-elses' },
  },
];

const specs = [...named, ...sizes, ...storage, ...meansAndMemory, ...failing, ...places];

/** Each has a name of its own; no namespace, so that a test chooses it. */
export const forty: readonly ValkeyClusterDefinition[] = specs.map((spec, index) => ({
  metadata: { name: `of-forty-${index + 1}` },
  spec,
}));
