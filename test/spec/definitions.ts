/**
 * One table of definitions, good beside bad, that every place which judges definitions must judge
 * alike: `validate`, zod, and a real API server (test/e2e/definitions.test.ts).
 * Never here: transitions; those are in test/spec/transitions.test.ts.
 */

import { fieldRows } from './definitions-fields';
import { bad, long, type Row } from './row';

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
  { why: 'nearly the most that there can be', spec: { persistence: { storageSize: '7.9Ei' } } },
  { why: 'its digits in a smaller unit', spec: { persistence: { storageSize: '999Pi' } } },
  { why: 'and as bytes', spec: { persistence: { storageSize: '999999999999999999' } } },
  { why: 'and with an exponent', spec: { persistence: { storageSize: '9e17' } } },
  {
    why: '2^63 bytes: one more than Kubernetes holds',
    spec: { persistence: { storageSize: '8Ei' } },
    ...bad('spec.persistence.storageSize', '8Ei'),
  },
  {
    why: 'far more than it holds',
    spec: { persistence: { storageSize: '999999999999Ei' } },
    ...bad('spec.persistence.storageSize', '8Ei'),
  },
  {
    why: 'more, by a fraction',
    spec: { persistence: { storageSize: '9.3E' } },
    ...bad('spec.persistence.storageSize', '8Ei'),
  },
  {
    why: 'more, as bytes',
    spec: { persistence: { storageSize: '9223372036854775808' } },
    ...bad('spec.persistence.storageSize', '8Ei'),
  },
  {
    why: 'more, by its exponent',
    spec: { persistence: { storageSize: '1e19' } },
    ...bad('spec.persistence.storageSize', '8Ei'),
  },
  {
    why: 'more, in a small unit',
    spec: { persistence: { storageSize: '9007199254740993Ki' } },
    ...bad('spec.persistence.storageSize', '8Ei'),
  },
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

export const rows: readonly Row[] = [
  ...names,
  ...scalars,
  ...storage,
  ...amounts,
  ...sentinel,
  ...fieldRows,
];

/** The definition of a row, as a user would send it. */
export function definitionOf({ name = 'orders', spec }: Row) {
  return { apiVersion: 'valkey.verilean.io/v1', kind: 'ValkeyCluster', metadata: { name }, spec };
}
