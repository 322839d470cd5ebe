/**
 * One table of definitions, good beside bad, that every place which judges definitions must judge
 * alike: `validate`, zod, and a real API server (test/e2e/definitions.test.ts).
 * Never here: transitions; those are in test/spec/transitions.test.ts.
 */
export interface Row {
  readonly why: string;
  /** Default `orders`. */
  readonly name?: string;
  readonly spec: unknown;
  /** Where the problem is, and a word that every place says of it; undefined for a good definition. */
  readonly refused?: { readonly path: string; readonly word: string };
  /** What only synth time and the operator can see (decisions.md, "Validation in three places"). */
  readonly only?: 'operator';
}

const bad = (path: string, word: string) => ({ refused: { path, word } });
const long = (length: number) => 'a'.repeat(length);
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, place) => [`k${place}`, 'v']));
const config = (settings: unknown) => ({ config: settings });
const tolerations = (...list: readonly unknown[]) => ({ scheduling: { tolerations: list } });

const names: readonly Row[] = [
  { why: 'a name of 46 characters still fits', name: long(46), spec: {} },
  {
    why: 'a name of 47 leaves no room for -headless',
    name: long(47),
    spec: {},
    ...bad('metadata.name', 'at most 46'),
  },
  { why: 'a digit first is legal', name: 'o1', spec: {} },
  {
    why: 'a Service cannot begin with a digit',
    name: '1o',
    spec: {},
    ...bad('metadata.name', 'letter'),
  },
  {
    why: 'a dot makes no Service name',
    name: 'a.b',
    spec: {},
    ...bad('metadata.name', 'letters, digits and -'),
  },
];

const scalars: readonly Row[] = [
  { why: 'everything has a default', spec: {} },
  { why: 'one pod', spec: { replicas: 1 } },
  { why: 'no pod', spec: { replicas: 0 }, ...bad('spec.replicas', '1') },
  { why: 'the most', spec: { replicas: 64 } },
  { why: 'one more', spec: { replicas: 65 }, ...bad('spec.replicas', '64') },
  { why: 'not whole', spec: { replicas: 2.5 }, ...bad('spec.replicas', 'integer|whole') },
  { why: 'a number as text', spec: { replicas: '3' }, ...bad('spec.replicas', 'integer|whole') },
  { why: 'null is taken for absent: a line that was left empty', spec: { replicas: null } },
  { why: 'also where there is no default', spec: { resources: null, labels: { team: null } } },
  {
    why: 'but not for an item of a list',
    spec: { scheduling: { tolerations: [null] } },
    ...bad('spec.scheduling.tolerations[0]', 'null'),
  },
  {
    why: 'nor for what is required',
    spec: { restoreFrom: { backupName: null } },
    ...bad('spec.restoreFrom.backupName', 'equired'),
  },
  { why: 'an image by tag', spec: { image: 'registry.example:5000/valkey/valkey:8.1' } },
  { why: 'no image', spec: { image: '' }, ...bad('spec.image', '') },
  { why: 'a blank in the image', spec: { image: 'valkey valkey' }, ...bad('spec.image', '') },
  { why: 'the last port', spec: { port: 65_535 } },
  { why: 'one more', spec: { port: 65_536 }, ...bad('spec.port', '65535') },
  { why: 'port 0', spec: { port: 0 }, ...bad('spec.port', '1') },
  { why: 'paused', spec: { paused: true } },
  {
    why: 'a word for a flag',
    spec: { paused: 'yes' },
    ...bad('spec.paused', 'boolean|true or false'),
  },
  { why: 'an unknown field', spec: { replica: 3 }, ...bad('spec.replica', 'unknown|known') },
  {
    why: 'an unknown field below',
    spec: { sentinel: { downAfter: 3000 } },
    ...bad('spec.sentinel.downAfter', 'unknown|known'),
  },
];

const storage: readonly Row[] = [
  { why: 'without a volume', spec: { persistence: { enabled: false } } },
  { why: 'sizes in any unit', spec: { persistence: { storageSize: '0.5Ti' } } },
  {
    why: 'nothing is no size',
    spec: { persistence: { storageSize: '0Gi' } },
    ...bad('spec.persistence.storageSize', ''),
  },
  {
    why: 'less than nothing',
    spec: { persistence: { storageSize: '-1Gi' } },
    ...bad('spec.persistence.storageSize', ''),
  },
  {
    why: 'no unit that is known',
    spec: { persistence: { storageSize: '1GB' } },
    ...bad('spec.persistence.storageSize', ''),
  },
  {
    why: 'a bare number',
    spec: { persistence: { storageSize: 10 } },
    ...bad('spec.persistence.storageSize', 'string|text'),
  },
  { why: 'the empty class means none', spec: { persistence: { storageClassName: '' } } },
  {
    why: 'no object has that name',
    spec: { persistence: { storageClassName: 'Fast_SSD' } },
    ...bad('spec.persistence.storageClassName', ''),
  },
  { why: 'both kinds of file', spec: { persistence: { mode: 'RDBAndAOF' } } },
  {
    why: 'no such mode',
    spec: { persistence: { mode: 'rdb' } },
    ...bad('spec.persistence.mode', 'RDBAndAOF'),
  },
  {
    why: 'claims go with the cluster',
    spec: { persistence: { retention: { whenDeleted: 'Delete' } } },
  },
];

const amounts: readonly Row[] = [
  {
    why: 'quantities as text and as numbers',
    spec: { resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: 2 } } },
  },
  { why: 'exponents', spec: { resources: { limits: { memory: '1e9', cpu: '.5' } } } },
  {
    why: 'a negative number',
    spec: { resources: { limits: { cpu: -1 } } },
    ...bad('spec.resources.limits.cpu', ''),
  },
  {
    why: 'a fraction without quotes',
    spec: { resources: { limits: { cpu: 0.5 } } },
    ...bad('spec.resources.limits.cpu', ''),
  },
  {
    why: 'no unit that is known',
    spec: { resources: { limits: { memory: '1 Gi' } } },
    ...bad('spec.resources.limits.memory', ''),
  },
  {
    why: 'no such resource',
    spec: { resources: { limits: { mem: '1Gi' } } },
    ...bad('spec.resources.limits.mem', 'cpu, memory'),
  },
  { why: 'a resource with a domain', spec: { resources: { limits: { 'example.com/gpu': 1 } } } },
  {
    why: 'a request equal to the limit',
    spec: { resources: { requests: { memory: '1024Mi' }, limits: { memory: '1Gi' } } },
  },
  {
    why: 'a request above the limit',
    only: 'operator',
    spec: { resources: { requests: { memory: '1025Mi' }, limits: { memory: '1Gi' } } },
    ...bad('spec.resources.requests.memory', 'limits'),
  },
  {
    why: 'a share of the limit',
    spec: { maxMemory: { percentOfLimit: 95, policy: 'allkeys-lru' } },
  },
  {
    why: 'all of it would be killed',
    spec: { maxMemory: { percentOfLimit: 96 } },
    ...bad('spec.maxMemory.percentOfLimit', '95'),
  },
  {
    why: 'no such policy',
    spec: { maxMemory: { policy: 'lru' } },
    ...bad('spec.maxMemory.policy', 'allkeys-lru'),
  },
];

const sentinel: readonly Row[] = [
  { why: 'three probes fit', spec: { sentinel: { pingIntervalMs: 1000, downAfterMs: 3000 } } },
  {
    why: 'one millisecond short',
    spec: { sentinel: { pingIntervalMs: 1000, downAfterMs: 2999 } },
    ...bad('spec.sentinel.downAfterMs', '3 times'),
  },
  {
    why: 'short of the default ping',
    spec: { sentinel: { downAfterMs: 2000 } },
    ...bad('spec.sentinel.downAfterMs', '3 times'),
  },
  {
    why: 'the default silence is short of this ping',
    spec: { sentinel: { pingIntervalMs: 1700 } },
    ...bad('spec.sentinel.downAfterMs', '3 times'),
  },
  { why: 'the fastest probe', spec: { sentinel: { pingIntervalMs: 100 } } },
  {
    why: 'faster',
    spec: { sentinel: { pingIntervalMs: 99 } },
    ...bad('spec.sentinel.pingIntervalMs', '100'),
  },
  { why: 'ten minutes', spec: { sentinel: { failoverTimeoutMs: 600_000 } } },
  {
    why: 'longer',
    spec: { sentinel: { failoverTimeoutMs: 600_001 } },
    ...bad('spec.sentinel.failoverTimeoutMs', '600000'),
  },
  {
    why: 'every choice of a failover',
    spec: {
      failover: {
        policy: 'Durable',
        prefer: 'Offset',
        minReplicasToWrite: 2,
        maxLagSeconds: 5,
        waitForBestMs: 0,
        onDivergence: 'Report',
        dataLossPolicy: 'Accept',
        onDiskError: 'Ignore',
      },
    },
  },
  {
    why: 'no such policy',
    spec: { failover: { policy: 'Safe' } },
    ...bad('spec.failover.policy', 'Durable'),
  },
  {
    why: 'a grant is not asked for',
    spec: { failover: { minReplicasToWrite: 0 } },
    ...bad('spec.failover.minReplicasToWrite', '1'),
  },
  {
    why: 'a lag of nothing',
    spec: { failover: { maxLagSeconds: 0 } },
    ...bad('spec.failover.maxLagSeconds', '1'),
  },
];

const maps: readonly Row[] = [
  { why: "labels of one's own", spec: { labels: { team: 'orders', 'example.com/tier': '' } } },
  {
    why: 'a label that selects pods',
    spec: { labels: { app: 'x' } },
    ...bad('spec.labels.app', 'operator keeps'),
  },
  {
    why: 'a label under our prefix',
    spec: { labels: { 'valkey.verilean.io/role': 'primary' } },
    ...bad('spec.labels[valkey.verilean.io/role]', 'operator keeps'),
  },
  {
    why: 'a label value with a blank',
    spec: { labels: { team: 'a b' } },
    ...bad('spec.labels.team', ''),
  },
  { why: 'a label value of 63', spec: { labels: { team: long(63) } } },
  { why: 'one of 64', spec: { labels: { team: long(64) } }, ...bad('spec.labels.team', '63|long') },
  {
    why: 'a key that is no label',
    spec: { labels: { 'a b': 'x' } },
    ...bad('spec.labels[a b]', 'qualified name'),
  },
  {
    why: 'a key whose name part has 64',
    spec: { nodeSelector: { [long(64)]: 'x' } },
    ...bad(`spec.nodeSelector.${long(64)}`, 'qualified name'),
  },
  { why: 'any text in an annotation', spec: { annotations: { 'example.com/note': 'ä b: {}\n' } } },
  {
    why: 'an annotation under our prefix',
    spec: { annotations: { 'valkey.verilean.io/accept': 'x' } },
    ...bad('spec.annotations[valkey.verilean.io/accept]', 'operator keeps'),
  },
  { why: '32 labels', spec: { labels: many(32) } },
  { why: '33 labels', spec: { labels: many(33) }, ...bad('spec.labels', '32') },
  {
    why: 'a Service for a load balancer',
    spec: { service: { type: 'LoadBalancer', annotations: { 'example.com/lb': 'internal' } } },
  },
  {
    why: 'no such Service',
    spec: { service: { type: 'ExternalName' } },
    ...bad('spec.service.type', 'NodePort'),
  },
];

const settings: readonly Row[] = [
  {
    why: "settings that are the user's",
    spec: config({
      maxclients: '500',
      'notify-keyspace-events': '',
      'proc-title-template': '{title} "x" \\',
    }),
  },
  {
    why: 'a number without quotes',
    spec: config({ maxclients: 500 }),
    ...bad('spec.config.maxclients', 'string|text'),
  },
  {
    why: 'a line break would add a line of its own',
    spec: config({ loglevel: 'notice\nport 1' }),
    ...bad('spec.config.loglevel', ''),
  },
  {
    why: 'upper case would slip past the table',
    spec: config({ Port: '1' }),
    ...bad('spec.config.Port', 'lower case'),
  },
  {
    why: 'a blank in a name',
    spec: config({ 'replicaof x': '1' }),
    ...bad('spec.config[replicaof x]', 'lower case'),
  },
  {
    why: 'the port has a field',
    spec: config({ port: '1' }),
    ...bad('spec.config.port', 'spec.port'),
  },
  {
    why: 'snapshots have a field',
    spec: config({ save: '' }),
    ...bad('spec.config.save', 'spec.persistence.mode'),
  },
  {
    why: 'memory has a field',
    spec: config({ 'maxmemory-policy': 'x' }),
    ...bad('spec.config[maxmemory-policy]', 'spec.maxMemory'),
  },
  {
    why: 'the fence',
    spec: config({ replicaof: 'no one' }),
    ...bad('spec.config.replicaof', 'replication'),
  },
  {
    why: 'the fence by its old name',
    spec: config({ slaveof: 'no one' }),
    ...bad('spec.config.slaveof', 'replication'),
  },
  {
    why: 'an old alias of a setting of the fence',
    spec: config({ 'slave-serve-stale-data': 'yes' }),
    ...bad('spec.config[slave-serve-stale-data]', 'replication'),
  },
  {
    why: 'the price of a lost replica',
    spec: config({ 'min-slaves-to-write': '0' }),
    ...bad('spec.config[min-slaves-to-write]', 'minReplicasToWrite'),
  },
  { why: 'users', spec: config({ aclfile: 'x' }), ...bad('spec.config.aclfile', 'spec.users') },
  { why: 'TLS', spec: config({ 'tls-port': '1' }), ...bad('spec.config[tls-port]', 'spec.tls') },
  {
    why: 'slots',
    spec: config({ 'cluster-enabled': 'yes' }),
    ...bad('spec.config[cluster-enabled]', 'one primary'),
  },
  {
    why: 'the backlog',
    spec: config({ 'repl-backlog-size': '1mb' }),
    ...bad('spec.config[repl-backlog-size]', 'replication'),
  },
  {
    why: 'the end of the process',
    spec: config({ 'shutdown-timeout': '0' }),
    ...bad('spec.config[shutdown-timeout]', 'Kubernetes'),
  },
];

const placement: readonly Row[] = [
  {
    why: 'all of scheduling',
    spec: {
      scheduling: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] },
              ],
            },
          },
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 10,
                podAffinityTerm: {
                  topologyKey: 'kubernetes.io/hostname',
                  labelSelector: { matchLabels: { app: 'x' } },
                },
              },
            ],
          },
        },
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'rack', whenUnsatisfiable: 'ScheduleAnyway' },
        ],
        priorityClassName: 'high',
        spread: { node: 'Required', zone: 'None' },
      },
    },
  },
  {
    why: 'no such operator',
    spec: {
      scheduling: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'disk', operator: 'Is' }] }],
            },
          },
        },
      },
    },
    ...bad(
      'spec.scheduling.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator',
      '',
    ),
  },
  {
    why: 'no term',
    spec: {
      scheduling: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] },
          },
        },
      },
    },
    ...bad(
      'spec.scheduling.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms',
      '1',
    ),
  },
  {
    why: 'a topology key is needed',
    spec: {
      scheduling: {
        topologySpreadConstraints: [{ maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' }],
      },
    },
    ...bad('spec.scheduling.topologySpreadConstraints[0].topologyKey', 'equired'),
  },
  { why: 'every taint', spec: tolerations({ operator: 'Exists' }) },
  {
    why: 'no key and no Exists',
    spec: tolerations({ value: 'x' }),
    ...bad('spec.scheduling.tolerations[0].operator', 'Exists'),
  },
  {
    why: 'a value with Exists',
    spec: tolerations({ key: 'a', operator: 'Exists', value: 'x' }),
    ...bad('spec.scheduling.tolerations[0].value', 'Exists'),
  },
  {
    why: 'for a while',
    spec: tolerations({ key: 'a', effect: 'NoExecute', tolerationSeconds: 60 }),
  },
  {
    why: 'for a while, without NoExecute',
    spec: tolerations({ key: 'a', effect: 'NoSchedule', tolerationSeconds: 60 }),
    ...bad('spec.scheduling.tolerations[0].tolerationSeconds', 'NoExecute'),
  },
];

const later: readonly Row[] = [
  { why: 'TLS that is off', spec: { tls: { enabled: false, certSecretName: 'x' } } },
  {
    why: 'TLS',
    spec: { tls: { enabled: true, certSecretName: 'x' } },
    ...bad('spec.tls.enabled', 'not there yet'),
  },
  {
    why: 'a backup to start from',
    spec: { restoreFrom: { backupName: 'x' } },
    ...bad('spec.restoreFrom', 'not there yet'),
  },
  { why: 'no exporter', spec: { metricsExporter: { enabled: false, image: 'x' } } },
  {
    why: 'an exporter',
    spec: { metricsExporter: { enabled: true } },
    ...bad('spec.metricsExporter.enabled', 'not there yet'),
  },
  { why: 'no users', spec: { users: [] } },
  { why: 'a user', spec: { users: [{ name: 'app' }] }, ...bad('spec.users', 'not there yet') },
  { why: 'no objects for Prometheus', spec: { metrics: { podMonitor: false } } },
  {
    why: 'a PodMonitor',
    spec: { metrics: { podMonitor: true } },
    ...bad('spec.metrics.podMonitor', 'not there yet'),
  },
  {
    why: 'rules',
    spec: { metrics: { prometheusRule: true } },
    ...bad('spec.metrics.prometheusRule', 'not there yet'),
  },
  {
    why: 'a dashboard',
    spec: { metrics: { dashboard: true } },
    ...bad('spec.metrics.dashboard', 'not there yet'),
  },
  {
    why: 'a NetworkPolicy',
    spec: { networkPolicy: { enabled: true } },
    ...bad('spec.networkPolicy.enabled', 'not there yet'),
  },
  { why: 'awake', spec: { hibernate: false } },
  { why: 'asleep', spec: { hibernate: true }, ...bad('spec.hibernate', 'not there yet') },
  { why: 'the primary last', spec: { updateStrategy: { primary: 'Automatic' } } },
  {
    why: 'the primary by hand',
    spec: { updateStrategy: { primary: 'Manual' } },
    ...bad('spec.updateStrategy.primary', 'not there yet'),
  },
  {
    why: 'a dump of what is lost',
    spec: { failover: { onDivergence: 'KeepDump' } },
    ...bad('spec.failover.onDivergence', 'not there yet'),
  },
  {
    why: "a password of one's own, no budget",
    spec: { auth: { secretName: 'mine' }, podDisruptionBudget: { mode: 'Disabled' } },
  },
];

export const rows: readonly Row[] = [
  ...names,
  ...scalars,
  ...storage,
  ...amounts,
  ...sentinel,
  ...maps,
  ...settings,
  ...placement,
  ...later,
];

/** The definition of a row, as a user would send it. */
export function definitionOf({ name = 'orders', spec }: Row) {
  return { apiVersion: 'valkey.verilean.io/v1', kind: 'ValkeyCluster', metadata: { name }, spec };
}
