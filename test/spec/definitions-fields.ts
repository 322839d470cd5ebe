/**
 * The part of the table about maps, settings, placement and what is not there yet.
 * Never here: scalars, storage and probes (definitions.ts).
 */
import { bad, long, type Row } from './row';

const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, place) => [`k${place}`, 'v']));
const config = (settings: unknown) => ({ config: settings });
const tolerations = (...list: readonly unknown[]) => ({ scheduling: { tolerations: list } });

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

export const fieldRows: readonly Row[] = [...maps, ...settings, ...placement, ...later];
