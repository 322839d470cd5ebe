/** From Kubernetes objects and annotations to the engine's facts and back, by table. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epoch, millis, offset, replId, runId, term } from '../../../src/kit/brands';
import { covers } from '../../../src/runtime/plan/covers';
import { engineConfig } from '../../../src/runtime/plan/engine-config';
import { type PodView, podFactOf, type Surroundings } from '../../../src/runtime/plan/pod-facts';
import { recordOf, recordPatch, sameRecord } from '../../../src/runtime/plan/record-status';
import { parseWish, unreadableWishes, wishesOf } from '../../../src/runtime/plan/wishes';
import type { ClusterRecord } from '../../../src/sentinel/core/record';
import type { RecordStatus } from '../../../src/spec/status';

const around: Surroundings = {
  port: 6379,
  node: { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
  volume: { metadata: { uid: 'v', creationTimestamp: '2026-11-21T10:00:00Z' } },
  clusterCreatedAt: '2026-11-21T09:00:00Z',
  parseTime: Date.parse,
};

function pod(status: object, change: object = {}): PodView {
  const server = { name: 'valkey', containerID: 'c1', state: { running: {} }, ...status };
  return {
    metadata: { name: 'cart-1', uid: 'u1' },
    spec: { nodeName: 'n1', containers: [{ name: 'valkey' }] },
    status: { podIP: '10.0.0.1', containerStatuses: [server] },
    ...change,
  };
}

describe('what a pod proves', () => {
  test.each([
    {
      why: 'a running container is named',
      input: pod({}),
      expected: { containerId: 'c1', terminatedIds: [] },
    },
    {
      why: 'and since when',
      input: pod({ state: { running: { startedAt: '1970-01-01T00:00:07Z' } } }),
      expected: { containerId: 'c1', containerStartedAtMs: 7000 },
    },
    {
      why: 'an ended one is evidence',
      input: pod({ state: { terminated: { containerID: 'c1', reason: 'Error' } } }),
      expected: { containerId: '', terminatedIds: ['c1'] },
    },
    {
      why: 'its predecessor too',
      input: pod({
        containerID: 'c2',
        lastState: { terminated: { containerID: 'c1', reason: 'OOMKilled' } },
      }),
      expected: { containerId: 'c2', terminatedIds: ['c1'] },
    },
    {
      why: 'ContainerStatusUnknown proves nothing',
      input: pod({
        state: { terminated: { containerID: 'c1', reason: 'ContainerStatusUnknown' } },
      }),
      expected: { containerId: '', terminatedIds: [] },
    },
    {
      why: 'a waiting container runs nothing',
      input: pod({ state: { waiting: {} } }),
      expected: { containerId: '', terminatedIds: [] },
    },
    {
      why: 'a mesh sidecar answers for a dead server',
      input: pod(
        {},
        { spec: { nodeName: 'n1', containers: [{ name: 'valkey' }, { name: 'istio-proxy' }] } },
      ),
      expected: { traffic: 'intercepted' },
    },
    { why: 'no sidecar', input: pod({}), expected: { traffic: 'direct' } },
    {
      why: 'a deletionTimestamp is a wish',
      input: pod({}, { metadata: { name: 'cart-1', uid: 'u1', deletionTimestamp: 'now' } }),
      expected: { lifecycle: 'deleting' },
    },
    {
      why: 'the ordinal is in the name',
      input: pod({}),
      expected: { ordinal: 1, pvcUid: 'v', volume: 'ours' },
    },
  ])('$why', ({ input, expected }) => {
    expect(podFactOf(input, around)).toMatchObject(expected);
  });

  test.each([
    {
      why: 'the taint that an administrator sets',
      node: { spec: { taints: [{ key: 'node.kubernetes.io/out-of-service' }] } },
      expected: 'outOfService',
    },
    {
      why: 'NotReady proves nothing',
      node: { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
      expected: 'lost',
    },
    { why: 'a deleted Node proves nothing', node: undefined, expected: 'lost' },
    { why: 'Ready', node: around.node, expected: 'ready' },
  ])('a node with $why is $expected', ({ node, expected }) => {
    expect(podFactOf(pod({}), { ...around, node })?.node).toBe(expected);
  });

  test.each([
    {
      why: 'no claim named: its data lives with it',
      claim: 'no',
      volume: 'no',
      pvc: 'emptyDir u1',
    },
    { why: 'a claim that was seen', claim: 'yes', volume: 'yes', pvc: 'v' },
    { why: 'a claim that was not seen is no fact yet', claim: 'yes', volume: 'no', pvc: undefined },
  ])('a pod with $why', ({ claim, volume, pvc }) => {
    const data = { name: 'data', persistentVolumeClaim: { claimName: 'data-cart-1' } };
    const spec = { containers: [], volumes: claim === 'yes' ? [data] : [{ name: 'data' }] };
    const seen = volume === 'yes' ? around.volume : undefined;
    expect(podFactOf(pod({}, { spec }), { ...around, volume: seen })?.pvcUid).toBe(pvc);
  });

  test.each([
    {
      createdAt: '2026-11-21T08:59:59Z',
      expected: 'older',
      why: 'kept from an earlier cluster: it may hold data',
    },
    { createdAt: '2026-11-21T09:00:00Z', expected: 'ours', why: 'as old as the cluster' },
  ])('a volume of $createdAt is $expected ($why)', ({ createdAt, expected }) => {
    const volume = { metadata: { uid: 'v', creationTimestamp: createdAt } };
    expect(podFactOf(pod({}), { ...around, volume })?.volume).toBe(expected);
  });
});

test.each([
  { text: 'cart-1@7', expected: { pod: 'cart-1', epoch: 7 }, why: 'as the Event prints it' },
  { text: '@7', expected: { pod: '', epoch: 7 }, why: 'no pod: choose' },
  { text: 'cart-1', expected: undefined, why: 'without an epoch it would count again later' },
  { text: 'cart-1@x', expected: undefined, why: 'an epoch is a number' },
  { text: undefined, expected: undefined, why: 'absent' },
])('annotation $text: $why', ({ text, expected }) => {
  expect(parseWish(text)).toEqual(expected);
});

test('an unreadable annotation is told, a readable and an absent one are not', () => {
  expect(unreadableWishes({ 'valkey.verilean.io/accept': 'oops' })).toEqual([
    'valkey.verilean.io/accept',
  ]);
  expect(unreadableWishes({ 'valkey.verilean.io/accept': 'a@1' })).toEqual([]);
  expect(wishesOf(undefined, ['cart-2'])).toEqual({
    accept: undefined,
    switchover: undefined,
    leaving: ['cart-2'],
  });
});

test('the engine reads the API’s names, with the defaults of the spec', () => {
  expect(engineConfig({})).toMatchObject({
    pingIntervalMs: 1000,
    downAfterMs: 5000,
    failoverTimeoutMs: 60_000,
    policy: 'Balanced',
    prefer: 'Priority',
    replicas: 3,
  });
  const { serviceQuietMs, serviceSettleMs } = engineConfig({});
  expect(serviceQuietMs, 'a change that kube-proxy took in late, and its next one').toBeGreaterThan(
    2000,
  );
  expect(serviceSettleMs, 'what kube-proxy was measured to need').toBeGreaterThan(145);
  expect(engineConfig({ sentinel: { pingIntervalMs: 200, downAfterMs: 900 } })).toMatchObject({
    pingIntervalMs: 200,
    downAfterMs: 900,
  });
});

const hex = fc.stringMatching(/^[0-9a-f]{40}$/);
const process = fc.record({
  pod: fc.string(),
  podUid: fc.uuid(),
  containerId: fc.string(),
  runId: hex.map(runId),
  pvcUid: fc.string(),
});
const count = fc.nat(1_000_000);
const anyRecord: fc.Arbitrary<ClusterRecord> = fc.record({
  term: count.map(term),
  epoch: count.map(epoch),
  primary: fc.option(process, { nil: undefined }),
  members: fc.array(process, { maxLength: 4 }),
  everAttached: fc.boolean(),
  foreign: fc.boolean(),
  lineage: fc.array(
    fc.record({
      epoch: count.map(epoch),
      replid: hex.map(replId),
      fromOffset: count.map(offset),
      cut: fc.constantFrom('Cut' as const, 'Joined' as const),
    }),
    { maxLength: 3 },
  ),
  phase: fc.constantFrom(
    'Boot' as const,
    'Steady' as const,
    'Failover' as const,
    'Switchover' as const,
  ),
  target: fc.option(process, { nil: undefined }),
  from: fc.option(fc.record({ replid: hex.map(replId), offset: count.map(offset) }), {
    nil: undefined,
  }),
  m: fc.nat(5),
  L: fc.nat(9),
  offset: count.map(offset),
  keys: count,
  at: count.map(millis),
});

test('a record comes back from the API as it was written, whatever the order of its fields', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      const stored = JSON.parse(JSON.stringify(recordPatch(record)), (_key, value: unknown) =>
        value === null ? undefined : value,
      ) as RecordStatus;
      const shuffled = Object.fromEntries(
        Object.entries(stored).reverse(),
      ) as unknown as RecordStatus;
      const read = recordOf(shuffled);
      expect(read.kind).toBe('record');
      expect(read.kind === 'record' && sameRecord(read.record, record)).toBe(true);
    }),
    { seed: 7 },
  );
});

test.each([
  { why: 'absent is no record', status: undefined, expected: 'absent' },
  {
    why: 'an unknown phase is not guessed at',
    status: { phase: 'Odd', members: [], lineage: [], term: 1, epoch: 1, offset: 0, at: 0 },
    expected: 'unreadable',
  },
  {
    why: 'a run id that is no run id',
    status: {
      phase: 'Steady',
      members: [{ pod: 'a', podUid: 'u', runId: 'zz' }],
      lineage: [],
      term: 1,
      epoch: 1,
      offset: 0,
      at: 0,
    },
    expected: 'unreadable',
  },
])('a stored record: $why', ({ status, expected }) => {
  expect(recordOf(status as unknown as RecordStatus | undefined).kind).toBe(expected);
});

test.each([
  { live: { a: 1, b: 2 }, wanted: { a: 1 }, expected: true, why: 'more than wanted' },
  { live: { a: 1 }, wanted: { a: 1, b: 2 }, expected: false, why: 'less than wanted' },
  { live: { a: [1, 2] }, wanted: { a: [1] }, expected: false, why: 'a list item too many' },
  {
    live: { a: [{ x: 1, y: 2 }] },
    wanted: { a: [{ x: 1 }] },
    expected: true,
    why: 'defaults inside of list items',
  },
  { live: {}, wanted: { a: {} }, expected: false, why: 'an empty map is wanted and absent' },
])('covers: $why -> $expected', ({ live, wanted, expected }) => {
  expect(covers(live, wanted)).toBe(expected);
});
