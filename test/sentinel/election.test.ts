/** The election, step by step. Whole ones: election-search.test.ts. */
import { describe, expect, test } from 'vitest';
import { millis } from '../../src/kit/brands';
import { microTime } from '../../src/kit/micro-time';
import {
  type ElectionConfig,
  type ElectionEvent,
  type Instant,
  initialElection,
  type LeaseFact,
  leadsAt,
  type Ready,
  stepElection,
} from '../../src/sentinel/core/election';

const config: ElectionConfig = {
  identity: 'me',
  leaseDurationMs: millis(15_000),
  renewDeadlineMs: millis(10_000),
  retryMs: millis(2_000),
};
const epochMs = 1_800_000_000_000;
const at = (ms: number): Instant => ({ monotonicMs: millis(ms), wallMs: millis(epochMs + ms) });

function lease(holder: string, fields: Partial<LeaseFact> = {}): LeaseFact {
  return {
    holder,
    durationMs: millis(15_000),
    acquireTime: 'a',
    renewTime: 'r',
    transitions: 3,
    ...fields,
  };
}

function reach(...events: ElectionEvent[]): Ready {
  let ready: Ready = { state: initialElection(at(0)), order: undefined };
  for (const event of events) ready = stepElection(config, ready.state, event);
  return ready;
}

const tick = (ms: number): ElectionEvent => ({ kind: 'tick', now: at(ms) });
const poke = (ms: number): ElectionEvent => ({ kind: 'poke', now: at(ms) });
const read = (
  ms: number,
  seen: LeaseFact | 'absent' | 'failed',
  version = 'v1',
): ElectionEvent => ({
  kind: 'read',
  now: at(ms),
  answer:
    typeof seen === 'string'
      ? { kind: seen }
      : { kind: 'lease', lease: seen, resourceVersion: version },
});
const wrote = (
  ms: number,
  kind: 'written' | 'conflict' | 'absent' | 'failed',
  version = 'v2',
): ElectionEvent => ({
  kind: 'wrote',
  now: at(ms),
  answer: kind === 'written' ? { kind, resourceVersion: version } : { kind },
});
const leave = (ms: number): ElectionEvent => ({ kind: 'leave', now: at(ms) });

/** Leader since 10 ms by a request sent at 5 ms, over a lease that was free. */
const leading = [tick(0), read(5, lease('', { durationMs: millis(1_000) })), wrote(10, 'written')];

describe('taking the lease', () => {
  test.each<{ seen: LeaseFact | 'absent'; order: string | undefined; why: string }>([
    { seen: 'absent', order: 'create', why: 'there is none' },
    { seen: lease(''), order: 'update', why: 'it was given back' },
    {
      seen: lease('other'),
      order: undefined,
      why: 'just seen for the first time: it may be fresh',
    },
    {
      seen: lease('me-before'),
      order: undefined,
      why: "an earlier process's identity is a stranger's",
    },
    {
      seen: lease('other', { renewTime: '2001-01-01T00:00:00.000000Z' }),
      order: undefined,
      why: 'an old time of another clock proves nothing',
    },
  ])('$seen.holder$seen -> $order ($why)', ({ seen, order }) => {
    expect(reach(tick(0), read(5, seen)).order?.kind).toBe(order);
  });

  test.each([
    { ms: 15_004, order: undefined, why: 'one ms short of the duration since it was seen' },
    { ms: 15_005, order: 'update', why: 'the limit itself counts' },
  ])("another's lease unchanged until $ms -> $order ($why)", ({ ms, order }) => {
    const steps = [tick(0), read(5, lease('other')), tick(2_005), read(ms, lease('other'))];
    expect(reach(...steps).order?.kind).toBe(order);
  });

  test.each([
    {
      fields: { renewTime: 'later' },
      order: undefined,
      why: 'it was renewed: the time counts anew',
    },
    {
      fields: { durationMs: millis(60_000) },
      order: undefined,
      why: 'its holder promised longer than we do',
    },
    { fields: {}, order: 'update', why: 'nothing changed' },
  ])('$fields at 15 005 ms -> $order ($why)', ({ fields, order }) => {
    const first = lease('other', fields.durationMs === undefined ? {} : fields);
    const steps = [tick(0), read(5, first), tick(2_005), read(15_005, lease('other', fields))];
    expect(reach(...steps).order?.kind).toBe(order);
  });

  test('a change of labels alone renews nothing: the version is not what is compared', () => {
    const steps = [
      tick(0),
      read(5, lease('other'), 'v1'),
      tick(2_005),
      read(15_005, lease('other'), 'v9'),
    ];
    expect(reach(...steps).order).toMatchObject({ kind: 'update', resourceVersion: 'v9' });
  });

  test.each([
    { ms: 9_000, order: undefined, why: 'its holder may not know that it was deleted' },
    { ms: 15_005, order: 'create', why: 'by now it stopped' },
  ])("a deleted lease of another's at $ms -> $order ($why)", ({ ms, order }) => {
    expect(
      reach(tick(0), read(5, lease('other')), tick(2_005), read(ms, 'absent')).order?.kind,
    ).toBe(order);
  });

  test('an acquisition counts, names us, and says how long it holds in whole seconds', () => {
    const { order } = reach(tick(0), read(5, lease('')));
    expect(order).toEqual({
      kind: 'update',
      resourceVersion: 'v1',
      lease: {
        holder: 'me',
        durationMs: 15_000,
        acquireTime: microTime(epochMs + 5),
        renewTime: microTime(epochMs + 5),
        transitions: 4,
      },
    });
  });

  test('the first holder of all is transition 0, as client-go counts', () => {
    expect(reach(tick(0), read(5, 'absent')).order).toMatchObject({ lease: { transitions: 0 } });
  });

  test('a lost race waits its turn', () => {
    const { state, order } = reach(tick(0), read(5, lease('')), wrote(10, 'conflict'));
    expect({ role: state.role.kind, work: state.work, order }).toEqual({
      role: 'follower',
      work: { kind: 'idle', dueMs: 2_010 },
      order: undefined,
    });
  });
});

describe('holding it', () => {
  test.each([
    { ms: 10_004, leads: true, why: 'counted from the sending at 5 ms' },
    { ms: 10_005, leads: false, why: 'the limit itself is too late; the answer came at 10 ms' },
  ])('at $ms -> $leads ($why)', ({ ms, leads }) => {
    expect(leadsAt(reach(...leading).state.role, at(ms))).toBe(leads);
  });

  test.each([
    {
      what: 'a sleep of the machine',
      now: { monotonicMs: millis(100), wallMs: millis(epochMs + 10_005) },
      leads: false,
    },
    {
      what: 'a wall clock set back an hour',
      now: { monotonicMs: millis(10_005), wallMs: millis(epochMs - 3_600_000) },
      leads: false,
    },
    {
      what: 'a wall clock a little behind',
      now: { monotonicMs: millis(9_000), wallMs: millis(epochMs + 8_000) },
      leads: true,
    },
  ])('$what -> $leads', ({ now, leads }) => {
    expect(leadsAt(reach(...leading).state.role, now)).toBe(leads);
  });

  test('a sleep after the wall clock was set back is seen too', () => {
    const back = 3_600_000;
    const setBack: Instant = { monotonicMs: millis(1_000), wallMs: millis(epochMs - back + 1_000) };
    const { state } = reach(...leading, { kind: 'tick', now: setBack });
    const slept: Instant = { monotonicMs: millis(1_100), wallMs: millis(epochMs - back + 30_000) };
    expect([leadsAt(state.role, setBack), leadsAt(state.role, slept)]).toEqual([true, false]);
  });

  test('it is renewed each retry period with what was last read, in one request', () => {
    expect(reach(...leading, tick(2_004)).order).toBeUndefined();
    expect(reach(...leading, tick(2_005)).order).toMatchObject({
      kind: 'update',
      resourceVersion: 'v2',
      lease: {
        holder: 'me',
        transitions: 4,
        acquireTime: microTime(epochMs + 5),
        renewTime: microTime(epochMs + 2_005),
      },
    });
  });

  test.each<{
    answer: 'failed' | 'conflict' | 'absent';
    role: string;
    order: string | undefined;
    why: string;
  }>([
    { answer: 'failed', role: 'leader', order: undefined, why: 'the deadline has not come' },
    { answer: 'conflict', role: 'leader', order: 'read', why: 'perhaps our own lost renewal' },
    {
      answer: 'absent',
      role: 'follower',
      order: 'read',
      why: 'deleted: another may create it right now',
    },
  ])('a renewal that comes to $answer -> $role, $order ($why)', ({ answer, role, order }) => {
    const ready = reach(...leading, tick(2_005), wrote(2_050, answer));
    expect({ role: ready.state.role.kind, order: ready.order?.kind }).toEqual({ role, order });
  });

  test.each<{ seen: LeaseFact; role: string; order: string | undefined; why: string }>([
    {
      seen: lease('me', { transitions: 4 }),
      role: 'leader',
      order: 'update',
      why: 'ours: renew on the new version',
    },
    { seen: lease('other', { transitions: 5 }), role: 'follower', order: undefined, why: 'taken' },
  ])('after a conflict it reads $seen.holder -> $role, $order ($why)', ({ seen, role, order }) => {
    const ready = reach(...leading, tick(2_005), wrote(2_050, 'conflict'), read(2_060, seen, 'v7'));
    expect({ role: ready.state.role.kind, order: ready.order?.kind }).toEqual({ role, order });
  });

  test('a lost answer does not move the deadline, a later good one counts from its own sending', () => {
    const lost = [...leading, tick(2_005), wrote(5_338, 'failed')];
    expect(reach(...lost).state.role).toMatchObject({ until: { monotonicMs: 10_005 } });
    const good = [...lost, tick(5_338), wrote(5_400, 'written', 'v3')];
    expect(reach(...good).state.role).toMatchObject({ until: { monotonicMs: 15_338 } });
  });

  test('an answer after the deadline makes no leader: what follows is a new acquisition', () => {
    const late = reach(...leading, tick(9_000), wrote(10_100, 'written', 'v3'));
    expect(late.state.role.kind).toBe('follower');
    const again = stepElection(config, late.state, tick(11_000));
    expect(again.order?.kind).toBe('read');
    const own = stepElection(
      config,
      again.state,
      read(11_010, lease('me', { transitions: 4 }), 'v3'),
    );
    expect(own.order).toMatchObject({ kind: 'update', lease: { transitions: 5 } });
  });

  test('at the deadline the state itself says follower', () => {
    expect(
      reach(...leading, tick(2_005), wrote(5_338, 'failed'), tick(10_005)).state.role.kind,
    ).toBe('follower');
  });
});

describe('a hint of the watch', () => {
  test.each([
    { steps: [tick(0), read(5, lease('other'))], order: 'read', why: 'idle: look at once' },
    { steps: [tick(0)], order: undefined, why: 'a request is under way already' },
  ])('-> $order ($why)', ({ steps, order }) => {
    expect(reach(...steps, poke(50)).order?.kind).toBe(order);
  });

  test.each<{ steps: ElectionEvent[]; order: string | undefined; why: string }>([
    { steps: [poke(3)], order: 'read', why: 'the answer may be older than what the watch saw' },
    { steps: [], order: undefined, why: 'nothing was seen meanwhile' },
    { steps: [poke(3), read(5, lease('other'))], order: undefined, why: 'once more, not for ever' },
  ])('a look under way when the lease changed: then $order ($why)', ({ steps, order }) => {
    expect(reach(tick(0), ...steps, read(9, lease('other'))).order?.kind).toBe(order);
  });
});

describe('leaving', () => {
  const released = { holder: '', durationMs: 1_000, transitions: 4 };
  test('gives the lease back, and has stopped before it does', () => {
    const ready = reach(...leading, leave(500));
    expect(ready.order).toMatchObject({ kind: 'update', resourceVersion: 'v2', lease: released });
    expect(leadsAt(ready.state.role, at(500))).toBe(false);
    expect(stepElection(config, ready.state, wrote(510, 'written')).state.role.kind).toBe('left');
  });

  test.each<{ steps: ElectionEvent[]; role: string; order: string | undefined; why: string }>([
    {
      steps: [tick(0), read(5, lease('other')), leave(6)],
      role: 'left',
      order: undefined,
      why: "another's is not ours to give",
    },
    {
      steps: [...leading, tick(2_005), leave(2_006)],
      role: 'leaving',
      order: undefined,
      why: 'the renewal under way first',
    },
    {
      steps: [...leading, tick(2_005), leave(2_006), wrote(2_010, 'written', 'v3')],
      role: 'leaving',
      order: 'update',
      why: 'then it is given back',
    },
    {
      steps: [...leading, tick(2_005), leave(2_006), wrote(2_010, 'conflict')],
      role: 'leaving',
      order: 'read',
      why: 'whose is it?',
    },
    {
      steps: [...leading, leave(6), wrote(9, 'conflict'), read(12, lease('me'))],
      role: 'leaving',
      order: 'update',
      why: 'still ours',
    },
    {
      steps: [...leading, leave(6), wrote(9, 'conflict'), read(12, lease('other'))],
      role: 'left',
      order: undefined,
      why: 'taken',
    },
    {
      steps: [...leading, leave(6), wrote(9, 'failed')],
      role: 'left',
      order: undefined,
      why: 'it runs out by itself',
    },
    {
      steps: [tick(0), leave(3), read(5, lease(''))],
      role: 'left',
      order: undefined,
      why: 'it is not taken on the way out',
    },
    {
      steps: [tick(0), leave(3), read(5, 'absent'), read(9, lease(''))],
      role: 'left',
      order: undefined,
      why: 'a late answer changes nothing',
    },
    {
      steps: [...leading, tick(10_005), read(10_010, 'failed'), leave(10_020)],
      role: 'leaving',
      order: 'update',
      why: 'lapsed, but still in our name: free it for the next',
    },
  ])('$why', ({ steps, role, order }) => {
    const ready = reach(...steps);
    expect({ role: ready.state.role.kind, order: ready.order?.kind }).toEqual({ role, order });
  });
});
