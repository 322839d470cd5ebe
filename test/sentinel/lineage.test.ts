/**
 * The rank of a node (failover.md I3): which epoch its bytes provably reach, never what its replid alone says.
 */
import { expect, test } from 'vitest';
import { epoch, millis, offset, replId, runId } from '../../src/kit/brands';
import type { NodeFacts } from '../../src/sentinel/core/facts';
import { rankOf } from '../../src/sentinel/core/lineage';
import { blankRecord } from '../../src/sentinel/core/on-lease';
import type { ClusterRecord } from '../../src/sentinel/core/record';
import { defaultConfig } from './scripts/world';

const parent = replId('a'.repeat(40));
const newest = replId('b'.repeat(40));
const stranger = replId('c'.repeat(40));

/** Epoch 2 began after byte 100 of epoch 1. */
function recordWith(patch: Partial<ClusterRecord>): ClusterRecord {
  const lineage = [
    { epoch: epoch(1), replid: parent, fromOffset: offset(1), cut: 'Cut' },
    { epoch: epoch(2), replid: newest, fromOffset: offset(101), cut: 'Joined' },
  ] as const;
  return {
    ...blankRecord(defaultConfig),
    epoch: epoch(2),
    lineage,
    m: 1,
    everAttached: true,
    ...patch,
  };
}

function factsWith(patch: Partial<NodeFacts>): NodeFacts {
  return {
    atMs: millis(0),
    runId: runId('1'.repeat(40)),
    activity: 'ready',
    role: 'replica',
    replid: newest,
    replid2: undefined,
    secondOffset: undefined,
    offset: offset(100),
    upstream: undefined,
    link: 'down',
    lastIoSeconds: -1,
    linkDownSeconds: -1,
    keys: 1,
    priority: 100,
    attached: [],
    ...patch,
  };
}

test.each([
  { replid: newest, at: 120, rank: { epoch: 2, offset: 120 }, why: 'it has bytes of epoch 2' },
  { replid: newest, at: 100, rank: { epoch: 2, offset: 100 }, why: 'it has all up to the branch' },
  {
    replid: newest,
    at: 90,
    rank: { epoch: 1, offset: 90 },
    why: 'R: attached just before the next crash, it has only the name',
  },
  {
    replid: parent,
    at: 120,
    rank: { epoch: 1, offset: 120 },
    why: 'a longer tail of the parent is divergence',
  },
  {
    replid: parent,
    at: 100,
    rank: { epoch: 1, offset: 100 },
    why: 'somebody was attached in epoch 2',
  },
  { replid: stranger, at: 500, rank: undefined, why: 'not of this lineage' },
])('replid $replid at $at ranks $rank ($why)', ({ replid, at, rank }) => {
  expect(rankOf(recordWith({}), factsWith({ replid, offset: offset(at) }))).toEqual(rank);
});

test.each([
  {
    everAttached: false,
    m: 1,
    at: 100,
    rank: 2,
    why: 'R: double failover: nothing of epoch 2 was made safe',
  },
  { everAttached: false, m: 1, at: 99, rank: 1, why: 'not at the branch point' },
  { everAttached: false, m: 0, at: 100, rank: 1, why: 'the grant let epoch 2 write alone' },
  { everAttached: true, m: 1, at: 100, rank: 1, why: 'a replica of epoch 2 may hold more' },
])(
  'a parent at $at with everAttached $everAttached and m $m counts as epoch $rank ($why)',
  ({ everAttached, m, at, rank }) => {
    const facts = factsWith({ replid: parent, offset: offset(at) });
    expect(rankOf(recordWith({ everAttached, m }), facts)?.epoch).toBe(rank);
  },
);

test('a node that loads has no rank, whatever it says', () => {
  expect(rankOf(recordWith({}), factsWith({ activity: 'loading' }))).toBeUndefined();
});

test('the recorded target is recognized by its second replid, before its history is written', () => {
  const target = {
    pod: 'p1',
    podUid: 'u1',
    containerId: 'c1',
    runId: runId('2'.repeat(40)),
    pvcUid: 'v1',
  };
  const record = recordWith({
    epoch: epoch(3),
    target,
    from: { replid: newest, offset: offset(120) },
  });
  const promoted = factsWith({
    replid: stranger,
    replid2: newest,
    secondOffset: offset(121),
    offset: offset(121),
  });
  expect(rankOf(record, promoted)).toEqual({ epoch: 3, offset: 121 });
  expect(rankOf(record, { ...promoted, secondOffset: offset(99) })).toBeUndefined();
});
