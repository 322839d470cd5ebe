/** What users see, from engine states that a simulated cluster really went through. */
import { expect, test } from 'vitest';
import { epoch, millis } from '../../../src/kit/brands';
import { announcementOf } from '../../../src/runtime/plan/announce';
import { labelPatches } from '../../../src/runtime/plan/labels';
import type { Plan } from '../../../src/runtime/plan/reconcile';
import {
  isRead,
  type StatusInput,
  statusOf,
  withoutVolatile,
} from '../../../src/runtime/plan/status';
import { feed, runUntil } from '../../sentinel/scripts/engine';
import { defaultConfig, newWorld, type World } from '../../sentinel/scripts/world';
import { die } from '../../verify/env/servers';

const settled: Plan = { kind: 'settled' };

function started(): World {
  const world = newWorld(3, defaultConfig);
  feed(world, { kind: 'pods', nowMs: millis(world.nowMs), pods: world.pods });
  feed(world, { kind: 'led', nowMs: millis(world.nowMs), record: undefined });
  runUntil(world, 5000);
  return world;
}

function crash(world: World, podUid: string): void {
  world.servers = die(world.servers, podUid);
  world.arrivals.push({
    atMs: world.nowMs,
    event: (nowMs) => ({ kind: 'closed', nowMs: millis(nowMs), node: podUid }),
  });
}

function input(world: World, change: Partial<StatusInput> = {}): StatusInput {
  return {
    spec: { replicas: 3 },
    generation: 4,
    state: world.state,
    troubles: [],
    plan: settled,
    readyPods: ['p0', 'p1', 'p2'],
    hindrances: undefined,
    before: undefined,
    nowText: '2026-11-21T10:00:00Z',
    wallOffsetMs: 0,
    selector: 'app=valkey',
    ...change,
  };
}

function conditions(change: StatusInput): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (statusOf(change).conditions ?? []).map(({ type, status, reason }) => [
      type,
      `${status} ${reason}`,
    ]),
  );
}

test('a cluster at rest', () => {
  const status = statusOf(input(started()));
  expect(status).toMatchObject({
    phase: 'Running',
    masterPod: 'p0',
    currentMaster: '10.0.0.0:6379',
    readyReplicas: 3,
    observedGeneration: 4,
    failovers: { count: 0 },
  });
  expect(
    status.nodeStatuses?.map(({ podName, role, healthy }) => [podName, role, healthy]),
  ).toEqual([
    ['p0', 'Master', true],
    ['p1', 'Replica', true],
    ['p2', 'Replica', true],
  ]);
  expect(conditions(input(started()))).toMatchObject({
    Ready: 'True AllReady',
    Degraded: 'False NothingBlocks',
    DataAtRisk: 'False WritesReplicated',
  });
});

test.each([
  { troubles: [], expected: 'False NothingBlocks', why: 'nothing was met' },
  {
    troubles: [{ type: 'Degraded', reason: 'EngineFault', facts: { problem: 'planted' } }],
    expected: 'True EngineFault',
    why: 'the engine stands still',
  },
  {
    troubles: [{ type: 'DataAtRisk', reason: 'FailoverNeedsMembers', facts: { living: 0 } }],
    expected: 'False NothingBlocks',
    why: 'a bad outlook is a risk, and stops nothing',
  },
] as const)('Degraded is $expected: $why', ({ troubles, expected }) => {
  const given = conditions(input(started(), { troubles }));
  expect([given.Degraded, given.ConfigurationWarning]).toEqual([expected, 'False NoWarning']);
  const risk = troubles.some((one) => one.type === 'DataAtRisk');
  expect(given.DataAtRisk).toBe(risk ? 'True FailoverNeedsMembers' : 'False WritesReplicated');
});

test.each([
  {
    blocked: 'WaitingForFirstBoot',
    hindrances: 'p0: ErrImagePull',
    told: /pods=p0 notRunning=p0: ErrImagePull\)/,
  },
  { blocked: 'WaitingForFirstBoot', hindrances: undefined, told: /\(pods=p0\)/ },
  { blocked: undefined, hindrances: 'p0: ErrImagePull', told: /^nothing stands in the way$/ },
] as const)(
  '$blocked beside $hindrances: both are told, or neither',
  ({ blocked, hindrances, told }) => {
    const { state } = started();
    const why = blocked === undefined ? undefined : { reason: blocked, facts: { pods: 'p0' } };
    const status = statusOf(input(started(), { state: { ...state, blocked: why }, hindrances }));
    const degraded = status.conditions?.find(({ type }) => type === 'Degraded');
    expect(degraded?.message).toMatch(told);
  },
);

test.each([
  {
    work: 'taking',
    claim: 'held',
    sinceMs: 0,
    expected: false,
    why: 'the term is not its own yet',
  },
  {
    work: 'resume',
    claim: 'looking',
    sinceMs: 999,
    expected: false,
    why: 'the primary was not asked',
  },
  { work: 'resume', claim: 'looking', sinceMs: 1000, expected: true, why: 'it does not answer' },
  { work: 'resume', claim: 'held', sinceMs: 0, expected: true, why: 'it has answered' },
  { work: 'steady', claim: 'looking', sinceMs: 0, expected: true, why: 'it answered before' },
] as const)('$work for $sinceMs ms, primary $claim: read is $expected, $why', (row) => {
  const { state } = started();
  const sinceAtMs = millis(state.nowMs - row.sinceMs);
  const works = {
    taking: { kind: 'taking', tries: 0 },
    resume: { kind: 'resume', sinceAtMs },
    steady: state.work,
  } as const;
  const nodes = state.nodes.map((node) =>
    node.fact.pod === 'p0' && row.claim === 'looking'
      ? { ...node, claim: { kind: 'looking' as const } }
      : node,
  );
  expect(isRead({ ...state, nodes, work: works[row.work] }, state.nowMs)).toBe(row.expected);
});

test('after a crash the new primary is named, with why and how long', () => {
  const world = started();
  crash(world, 'u0');
  runUntil(world, 5500);
  const status = statusOf(input(world, { readyPods: ['p1', 'p2'] }));
  expect(status).toMatchObject({
    masterPod: 'p1',
    failovers: { count: 1, last: { from: 'p0', to: 'p1', reason: 'socketClosed' } },
  });
  expect(conditions(input(world, { readyPods: ['p1', 'p2'] }))).toMatchObject({
    Ready: 'False NotAllReady',
    PrimaryAvailable: 'True PrimaryServes',
    ReplicationHealthy: 'False ReplicasMissing',
  });
});

test.each([
  { claim: 'held', role: 'Replica', expected: 'True AllAttached' },
  { claim: 'looking', role: 'Unknown', expected: 'False ReplicasMissing' },
] as const)(
  'a replica whose claim is $claim is $role: ReplicationHealthy is $expected',
  ({ claim, role, expected }) => {
    const given = input(started());
    const nodes = given.state.nodes.map((node) =>
      node.fact.pod === 'p2' && claim === 'looking'
        ? { ...node, claim: { kind: 'looking' as const } }
        : node,
    );
    const told = { ...given, state: { ...given.state, nodes } };
    expect(statusOf(told).nodeStatuses?.map((node) => node.role)).toEqual([
      'Master',
      'Replica',
      role,
    ]);
    expect(conditions(told).ReplicationHealthy).toBe(expected);
  },
);

test.each([
  { why: 'the first one', count: undefined, seen: 'no', expected: 1 },
  { why: 'one more after those that were counted', count: 4, seen: 'no', expected: 5 },
  { why: 'counted already', count: 4, seen: 'yes', expected: 4 },
])('failovers are counted: $why -> $expected', ({ count, seen, expected }) => {
  const world = started();
  crash(world, 'u0');
  runUntil(world, 5500);
  const last = statusOf(input(world)).failovers?.last;
  const failovers = {
    count: count ?? 0,
    ...(seen === 'yes' && last !== undefined ? { last } : {}),
  };
  const before = count === undefined ? undefined : { failovers };
  expect(statusOf(input(world, { before })).failovers?.count).toBe(expected);
});

test('an epoch that was spent on a switchover given up is no failover', () => {
  const world = started();
  const { record } = world.state;
  const lineage = record?.lineage.map((entry) => ({ ...entry, epoch: epoch(9) })) ?? [];
  const state = { ...world.state, record: record && { ...record, epoch: epoch(9), lineage } };
  expect(statusOf(input(world, { state })).failovers).toEqual({ count: 0 });
});

test('before the first primary and without one, nothing is called a primary', () => {
  const empty = newWorld(3, defaultConfig);
  expect(statusOf(input(empty))).toMatchObject({
    phase: 'Creating',
    masterPod: '',
    currentMaster: '',
  });
  const world = started();
  for (const podUid of ['u0', 'u1', 'u2']) crash(world, podUid);
  runUntil(world, 200_000);
  const status = statusOf(input(world, { readyPods: [] }));
  expect(status.masterPod).toBe('');
  expect(['Failing', 'Failed']).toContain(status.phase);
});

test.each([
  { replicas: 3, expected: 'False NoWarning', why: 'three pods' },
  { replicas: 2, expected: 'True FewReplicas', why: 'two pods' },
  {
    replicas: 3,
    minReplicasToWrite: 5,
    expected: 'True LoweredMinReplicas',
    why: 'more copies than replicas',
  },
])(
  'a warning about the definition: $why -> $expected',
  ({ replicas, minReplicasToWrite, expected }) => {
    const failover = minReplicasToWrite === undefined ? {} : { failover: { minReplicasToWrite } };
    expect(
      conditions(input(started(), { spec: { replicas, ...failover } })).ConfigurationWarning,
    ).toBe(expected);
  },
);

test('a condition keeps the time of its last change, and only then', () => {
  const world = started();
  const before = statusOf(input(world, { nowText: '2026-11-21T09:00:00Z' }));
  const times = (readyPods: readonly string[]): readonly string[] =>
    (statusOf(input(world, { before, readyPods })).conditions ?? [])
      .filter(({ type }) => type === 'Ready')
      .map(({ lastTransitionTime }) => lastTransitionTime);
  expect(times(['p0', 'p1', 'p2'])).toEqual(['2026-11-21T09:00:00Z']);
  expect(times(['p0'])).toEqual(['2026-11-21T10:00:00Z']);
});

test('numbers that always change are no reason to write, roles and health are', () => {
  const world = started();
  const before = statusOf(input(world));
  const early = withoutVolatile(before);
  runUntil(world, 20_000);
  const later = statusOf(input(world, { before, nowText: '2026-11-21T11:00:00Z' }));
  expect(withoutVolatile(later)).toEqual(early);
  crash(world, 'u0');
  runUntil(world, 20_500);
  expect(withoutVolatile(statusOf(input(world)))).not.toEqual(early);
});

test('role labels follow ROLE: the new primary gets its label, the dead pod loses its own', () => {
  const world = started();
  const labels = new Map<string, string | undefined>([
    ['u0', 'primary'],
    ['u1', 'replica'],
    ['u2', 'replica'],
  ]);
  expect(labelPatches(world.state, labels)).toEqual([]);
  crash(world, 'u0');
  runUntil(world, 5500);
  expect(labelPatches(world.state, labels)).toEqual([
    { pod: 'p0', podUid: 'u0', role: null },
    { pod: 'p1', podUid: 'u1', role: 'primary' },
  ]);
});

test.each([
  {
    event: '+switch-master',
    facts: { from: 'p0', to: 'p1', epoch: 2, fencedBy: 'E1', why: 'terminated', lostBytes: 0 },
    expected:
      'Normal PrimaryChanged: p1 is the primary instead of p0: its container ended; the old one is dead (E1), 0 bytes lost (epoch 2)',
  },
  {
    event: '+switch-master',
    facts: { from: '', to: 'p0', epoch: 1, fencedBy: 'E2', why: 'firstBoot' },
    expected: 'Normal PrimaryChanged: p0 is the primary: first start (epoch 1)',
  },
  {
    event: '+odown',
    facts: { pod: 'p0', why: 'hung' },
    expected: 'Warning PrimaryDown: the primary p0 is down: it does not answer',
  },
  { event: '+claimed', facts: { pod: 'p0' }, expected: undefined },
])('the engine says $event', ({ event, facts, expected }) => {
  const said = announcementOf({ event, facts, reason: undefined }, 'cart', 'shop');
  expect(said === undefined ? undefined : `${said.type} ${said.reason}: ${said.note}`).toBe(
    expected,
  );
});

test('waiting for the first pods is no alarm, waiting for a fence is one', () => {
  const told = (reason: 'WaitingForFirstBoot' | 'PrimaryNotFenced') =>
    announcementOf({ event: '+blocked', facts: { pod: 'p0' }, reason }, 'cart', 'shop');
  expect(told('WaitingForFirstBoot')).toBeUndefined();
  expect(told('PrimaryNotFenced')?.type).toBe('Warning');
});

test('where the engine asks, the Event ends with the command that answers', () => {
  const said = announcementOf(
    { event: '+blocked', reason: 'AllEmpty', facts: { keys: 3, epoch: 7 } },
    'cart',
    'shop',
  );
  expect(said).toMatchObject({ type: 'Warning', reason: 'AllEmpty' });
  expect(said?.note).toMatch(
    /for POD: kubectl -n shop annotate vc cart valkey\.verilean\.io\/accept=POD@7$/,
  );
});

test.each([
  {
    reason: 'PrimaryNotFenced',
    facts: { pod: 'cart-0', m: 1, epoch: 7 },
    accepts: 'POD@7',
    why: 'the fact names the primary that hangs, which is not the one to accept',
  },
  {
    reason: 'ForeignHistory',
    facts: { pod: 'cart-2', primary: 'cart-0', epoch: 7 },
    accepts: 'cart-0@7',
    why: 'the data of the others is given up for the primary',
  },
] as const)('$reason is answered by accept=$accepts ($why)', ({ reason, facts, accepts }) => {
  const note = announcementOf({ event: '+blocked', reason, facts }, 'cart', 'shop')?.note;
  expect(note?.endsWith(` valkey.verilean.io/accept=${accepts}`)).toBe(true);
});

test('an accept that stood before the question is no answer: it has to be removed and set again', () => {
  const tell = { event: '+blocked', reason: 'PrimaryNotFenced', facts: { epoch: 7 } } as const;
  const note = announcementOf(tell, 'cart', 'shop', 'cart-1@7')?.note ?? '';
  const annotate = 'kubectl -n shop annotate vc cart valkey.verilean.io/accept';
  expect(note).toContain('The annotation accept=cart-1@7 was there before this question');
  expect(note.endsWith(`: ${annotate}- && ${annotate}=POD@7`)).toBe(true);
  expect(Buffer.byteLength(note)).toBeLessThan(1_024);
});

test('a switchover that was not begun says why, and is no Event of one that was', () => {
  const facts = { to: 'cart-2', why: 'asked' };
  const refused = { event: '-switchover', reason: 'SwitchoverRefused', facts } as const;
  expect(announcementOf(refused, 'cart', 'shop')).toMatchObject({
    reason: 'SwitchoverRefused',
    action: 'Switchover',
    note: expect.stringMatching(/^no replica is attached.*To fix: /),
  });
  const begun = { ...refused, reason: undefined, facts: { to: 'cart-2', why: 'late' } };
  expect(announcementOf(begun, 'cart', 'shop')?.reason).toBe('SwitchoverGivenUp');
});
