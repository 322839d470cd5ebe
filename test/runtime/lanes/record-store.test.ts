/** The record's compare-and-swap against an API that loses answers and other writers of the object. */
import { expect, test } from 'vitest';
import { epoch, term } from '../../../src/kit/brands';
import { type ClusterObject, RecordStore } from '../../../src/runtime/lanes/record-store';
import { recordOf, recordPatch } from '../../../src/runtime/plan/record-status';
import { blankRecord } from '../../../src/sentinel/core/on-lease';
import type { ClusterRecord } from '../../../src/sentinel/core/record';
import { type FakeKube, fakeKube, type Mishap } from '../../kit/fake-kube';
import { quietRetries } from '../../kit/quiet-retries';
import { defaultConfig } from '../../sentinel/scripts/world';

const first: ClusterRecord = { ...blankRecord(defaultConfig), term: term(1) };
const second: ClusterRecord = { ...first, epoch: epoch(1) };
const strangers: ClusterRecord = { ...first, term: term(9) };

function object(record: ClusterRecord | undefined): ClusterObject {
  const status = record === undefined ? {} : { record: recordPatch(record) };
  return {
    apiVersion: 'valkey.verilean.io/v1',
    kind: 'ValkeyCluster',
    metadata: { name: 'cart', namespace: 'shop', uid: 'u', resourceVersion: '1' },
    spec: {},
    status: JSON.parse(
      JSON.stringify(status, (_key, value: unknown) => (value === null ? undefined : value)),
    ),
  } as ClusterObject;
}

function storeOf(
  kube: FakeKube,
  mayAct: () => 'granted' | 'denied' = () => 'granted',
): RecordStore {
  return new RecordStore({
    client: kube.client,
    name: { namespace: 'shop', name: 'cart' },
    uid: 'u',
    mayAct,
    retries: quietRetries(),
  });
}

function stored(kube: FakeKube): ClusterRecord | undefined {
  const read = recordOf((kube.object as ClusterObject).status?.record);
  return read.kind === 'record' ? read.record : undefined;
}

test.each([
  { why: 'nothing in the way', mishaps: [], expected: 'ok', writes: 1 },
  {
    why: 'an answer that was lost is read again, not written again',
    mishaps: ['lost'],
    expected: 'ok',
    writes: 1,
  },
  {
    why: 'a request that never left is sent again',
    mishaps: ['notSent'],
    expected: 'ok',
    writes: 1,
  },
  {
    why: 'a conflict that left the record alone is no conflict',
    mishaps: ['conflict'],
    expected: 'ok',
    writes: 1,
  },
  { why: 'no right to write', mishaps: ['refused'], expected: 'failed', writes: 0 },
] as const)('swap: $why -> $expected', async ({ mishaps, expected, writes }) => {
  const kube = fakeKube(object(first));
  kube.mishaps.push(...(mishaps as readonly Mishap[]));
  const outcome = await storeOf(kube).swap(first, second);
  expect({ kind: outcome.kind, writes: kube.writes.length }).toEqual({ kind: expected, writes });
  expect(stored(kube)).toEqual(expected === 'ok' ? second : first);
});

test('another leader’s record is a conflict and stays as it is', async () => {
  const kube = fakeKube(object(strangers));
  expect(await storeOf(kube).swap(first, second)).toEqual({ kind: 'conflict', actual: strangers });
  expect(stored(kube)).toEqual(strangers);
});

test('a user’s edit between read and write costs one more read and no failover', async () => {
  const kube = fakeKube(object(first));
  const store = storeOf(kube);
  await store.read();
  kube.edit({ metadata: { annotations: { 'valkey.verilean.io/switchover': 'cart-1@1' } } });
  expect((await store.swap(first, second)).kind).toBe('ok');
  expect(stored(kube)).toEqual(second);
});

test('what the watch has shown already saves that read', async () => {
  const kube = fakeKube(object(first));
  const store = storeOf(kube);
  await store.read();
  kube.edit({ spec: { replicas: 5 } });
  store.seen(kube.object as ClusterObject);
  const reads = kube.reads.length;
  expect((await store.swap(first, second)).kind).toBe('ok');
  expect(kube.reads.length).toBe(reads);
});

test('an older version from the watch is not believed', async () => {
  const kube = fakeKube(object(first));
  const store = storeOf(kube);
  const old = kube.object as ClusterObject;
  await store.swap(first, second);
  store.seen(old);
  expect((await store.swap(second, { ...second, epoch: epoch(2) })).kind).toBe('ok');
});

test('without the lease nothing is written', async () => {
  const kube = fakeKube(object(first));
  expect(await storeOf(kube, () => 'denied').swap(first, second)).toEqual({ kind: 'failed' });
  expect(await storeOf(kube, () => 'denied').writeStatus({ phase: 'Running' })).toEqual({
    kind: 'denied',
  });
  expect(kube.writes).toEqual([]);
});

test('a watch that is behind our own record makes no conflict of it', async () => {
  const kube = fakeKube(object(first));
  const store = storeOf(kube);
  const behind = kube.object as ClusterObject;
  expect(await store.swap(first, second)).toEqual({ kind: 'ok' });
  kube.mishaps.push('conflict');
  await store.writeStatus({ phase: 'Running' });
  store.seen(behind);
  const third: ClusterRecord = { ...second, epoch: epoch(2) };
  expect(await store.swap(second, third)).toEqual({ kind: 'ok' });
  expect(stored(kube)).toEqual(third);
});

test("another leader's record is a conflict, whatever the watch showed", async () => {
  const kube = fakeKube(object(first));
  const store = storeOf(kube);
  store.seen(kube.object as ClusterObject);
  kube.edit({ status: { record: recordPatch(strangers) } });
  expect(await store.swap(first, second)).toEqual({ kind: 'conflict', actual: strangers });
  expect(stored(kube)).toEqual(strangers);
});

test('a status never touches the record, and goes one at a time with it', async () => {
  const kube = fakeKube(object(first));
  const store = storeOf(kube);
  const both = await Promise.all([
    store.writeStatus({ phase: 'Running' }),
    store.swap(first, second),
    store.writeStatus({ phase: 'Failing' }),
  ]);
  expect(both).toEqual([{ kind: 'written' }, { kind: 'ok' }, { kind: 'written' }]);
  expect((kube.object as ClusterObject).status?.phase).toBe('Failing');
  expect(stored(kube)).toEqual(second);
  expect(kube.reads.length).toBe(1);
});

test('a status whose answer was late gets twice the time, up to 4 s, until one is taken', async () => {
  const kube = fakeKube(object(first));
  const store = storeOf(kube);
  kube.mishaps.push('late', 'late', 'late', 'late');
  for (let count = 0; count < 6; count += 1) await store.writeStatus({ phase: 'Running' });
  expect(kube.timeoutsMs).toEqual([1000, 2000, 4000, 4000, 4000, 1000]);
});

test('a status that was refused or cut off gets no more time', async () => {
  const kube = fakeKube(object(first));
  const store = storeOf(kube);
  kube.mishaps.push('conflict', 'lost');
  for (let count = 0; count < 3; count += 1) await store.writeStatus({ phase: 'Running' });
  expect(kube.timeoutsMs).toEqual([1000, 1000, 1000]);
});

test('the record overtakes a status that has not begun, and only a status is short of time', async () => {
  const kube = fakeKube(object(first));
  const store = storeOf(kube);
  await Promise.all([
    store.writeStatus({ phase: 'Running' }),
    store.writeStatus({ phase: 'Failing' }),
    store.swap(first, second),
  ]);
  const kinds = kube.writes.map((write) => Object.keys((write as ClusterObject).status ?? {}));
  expect(kinds).toEqual([['phase'], ['record'], ['phase']]);
  expect(kube.timeoutsMs).toEqual([1000, undefined, 1000]);
});

test.each([
  { lostBytes: undefined, expected: undefined, why: 'not known: the old figure goes' },
  { lostBytes: 3, expected: 3, why: 'known' },
])('bytes lost by the next failover, $why', async ({ lostBytes, expected }) => {
  const kube = fakeKube(object(first));
  const store = storeOf(kube);
  const last = { reason: 'hung', from: 'cart-0', to: 'cart-1', durationMs: 5 };
  await store.writeStatus({ failovers: { count: 1, last: { ...last, lostBytes: 77 } } });
  const next = lostBytes === undefined ? last : { ...last, lostBytes };
  await store.writeStatus({ failovers: { count: 2, last: next } });
  const { status } = kube.object as ClusterObject;
  expect(status?.failovers?.last).toEqual(expected === undefined ? last : next);
});

test('an object of the same name and another uid is gone', async () => {
  const kube = fakeKube({
    ...object(first),
    metadata: { ...object(first).metadata, uid: 'other' },
  });
  expect(await storeOf(kube).read()).toEqual({ kind: 'gone' });
  expect(await storeOf(kube).swap(first, second)).toEqual({ kind: 'failed' });
});
