/**
 * Who holds the lease: a pure function of configuration, state and event. A holder counts from the moment
 * its request was sent, a follower from the moment it saw the lease change; no clock is ever compared
 * with another machine's. So with duration > renew deadline no two believe at the same time, as long as
 * two clocks differ in rate by less than the quotient of the two.
 * Never here: clocks, timers, requests, randomness. Table and property: test/sentinel/election.test.ts.
 */
import { unreachable } from '../../kit/assert';
import { type Millis, millis } from '../../kit/brands';
import { microTime } from '../../kit/micro-time';

export interface ElectionConfig {
  /** Random for each process, so that an earlier process's lease is a stranger's. */
  readonly identity: string;
  /** A lease that did not change for this long may be taken. 1 000 or more, default 15 000. */
  readonly leaseDurationMs: Millis;
  /** The holder stops when no renewal sent within this time succeeded. Default 10 000. */
  readonly renewDeadlineMs: Millis;
  /** Between two tries. Default 2 000. */
  readonly retryMs: Millis;
}

/** One moment on both clocks: monotonic stands still while the machine sleeps, wall may jump. */
export interface Instant {
  readonly monotonicMs: Millis;
  readonly wallMs: Millis;
}

/** The fields of a Lease, none absent. */
export interface LeaseFact {
  /** '' when the last holder released it. */
  readonly holder: string;
  readonly durationMs: Millis;
  /** MicroTime, compared for equality only. */
  readonly acquireTime: string;
  readonly renewTime: string;
  readonly transitions: number;
}

export type Role =
  | { readonly kind: 'follower' }
  | { readonly kind: 'leader'; readonly transitions: number; readonly until: Instant }
  /** Giving the lease back; no leader any more. */
  | { readonly kind: 'leaving' }
  | { readonly kind: 'left' };

/** The lease as last seen. `changedAtMs` is our own monotonic clock at the last change we saw. */
export interface Seen {
  readonly lease: LeaseFact;
  readonly changedAtMs: Millis;
  /** For the next write; undefined when the object was found absent. */
  readonly resourceVersion: string | undefined;
}

export type Work =
  | { readonly kind: 'idle'; readonly dueMs: Millis }
  | { readonly kind: 'reading'; readonly after: 'rest' | 'again' }
  | { readonly kind: 'writing'; readonly sentAt: Instant; readonly lease: LeaseFact };

export interface Election {
  readonly role: Role;
  readonly seen: Seen | undefined;
  readonly work: Work;
}

export type ReadAnswer =
  | { readonly kind: 'lease'; readonly lease: LeaseFact; readonly resourceVersion: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed' };

export type WriteAnswer =
  | { readonly kind: 'written'; readonly resourceVersion: string }
  /** Somebody wrote in between, or it exists already. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'absent' }
  /** Refused, late or unreachable: it may have been written. */
  | { readonly kind: 'failed' };

export type ElectionEvent =
  | { readonly kind: 'tick'; readonly now: Instant }
  /** The watch saw the lease change: look at once. */
  | { readonly kind: 'poke'; readonly now: Instant }
  | { readonly kind: 'read'; readonly now: Instant; readonly answer: ReadAnswer }
  | { readonly kind: 'wrote'; readonly now: Instant; readonly answer: WriteAnswer }
  | { readonly kind: 'leave'; readonly now: Instant };

export type Order =
  | { readonly kind: 'read' }
  | { readonly kind: 'create'; readonly lease: LeaseFact }
  | { readonly kind: 'update'; readonly lease: LeaseFact; readonly resourceVersion: string };

/** The state counts before the order is carried out: who leaves has stopped before it lets go. */
export interface Ready {
  readonly state: Election;
  readonly order: Order | undefined;
}

export function initialElection(now: Instant): Election {
  return {
    role: { kind: 'follower' },
    seen: undefined,
    work: { kind: 'idle', dueMs: now.monotonicMs },
  };
}

/** The one check of I1: on both clocks, so neither a stopped process nor a sleeping machine passes it. */
export function leadsAt(role: Role, now: Instant): boolean {
  return (
    role.kind === 'leader' &&
    now.monotonicMs < role.until.monotonicMs &&
    now.wallMs < role.until.wallMs
  );
}

export function stepElection(
  config: ElectionConfig,
  before: Election,
  event: ElectionEvent,
): Ready {
  // An answer that comes after the end changes nothing any more.
  if (before.role.kind === 'left') return { state: before, order: undefined };
  const state = { ...before, role: aged(before.role, event.now) };
  switch (event.kind) {
    case 'tick':
      return onTick(config, state, event.now);
    case 'poke':
      return onTick(config, due(state, event.now.monotonicMs), event.now);
    case 'read':
      return onRead(config, state, event.now, event.answer);
    case 'wrote':
      return onWrote(config, state, event.now, event.answer);
    case 'leave':
      return onLeave(config, state, event.now);
    default:
      return unreachable(event);
  }
}

/**
 * A leader past its deadline is a follower. The wall clock's limit follows a clock that was set back,
 * or a sleep after it would go unseen.
 */
function aged(role: Role, now: Instant): Role {
  if (role.kind !== 'leader') return role;
  if (!leadsAt(role, now)) return { kind: 'follower' };
  const leftMs = role.until.monotonicMs - now.monotonicMs;
  const wallMs = millis(Math.min(role.until.wallMs, now.wallMs + leftMs));
  return { ...role, until: { ...role.until, wallMs } };
}

/** An answer that is on its way may be older than what the watch saw: it is asked for once more. */
function due(state: Election, dueMs: Millis): Election {
  switch (state.work.kind) {
    case 'idle':
      return { ...state, work: { kind: 'idle', dueMs } };
    case 'reading':
      return { ...state, work: { kind: 'reading', after: 'again' } };
    case 'writing':
      return state;
  }
}

function idle(state: Election, dueMs: number): Ready {
  return { state: { ...state, work: { kind: 'idle', dueMs: millis(dueMs) } }, order: undefined };
}

function read(state: Election): Ready {
  return { state: { ...state, work: { kind: 'reading', after: 'rest' } }, order: { kind: 'read' } };
}

function write(state: Election, now: Instant, lease: LeaseFact): Ready {
  const resourceVersion = state.seen?.resourceVersion;
  return {
    state: { ...state, work: { kind: 'writing', sentAt: now, lease } },
    order:
      resourceVersion === undefined
        ? { kind: 'create', lease }
        : { kind: 'update', lease, resourceVersion },
  };
}

function onTick(config: ElectionConfig, state: Election, now: Instant): Ready {
  const { role, seen, work } = state;
  if (work.kind !== 'idle') return { state, order: undefined };
  if (now.monotonicMs < work.dueMs) return { state, order: undefined };
  if (role.kind === 'leader' && seen !== undefined)
    return write(state, now, renewal(config, seen, now));
  return read(state);
}

function onLeave(config: ElectionConfig, state: Election, now: Instant): Ready {
  const { role, seen, work } = state;
  if (role.kind === 'leaving') return { state, order: undefined };
  const leaving: Election = { ...state, role: { kind: 'leaving' } };
  // A request under way decides first what there is to give back.
  if (work.kind !== 'idle') return { state: leaving, order: undefined };
  return seen?.lease.holder === config.identity ? release(leaving, now) : left(leaving, now);
}

function left(state: Election, now: Instant): Ready {
  return idle({ ...state, role: { kind: 'left' } }, now.monotonicMs);
}

function release(state: Election, now: Instant): Ready {
  const { seen } = state;
  if (seen === undefined || seen.resourceVersion === undefined) return left(state, now);
  const time = microTime(now.wallMs);
  return write(state, now, {
    holder: '',
    durationMs: millis(1_000),
    acquireTime: time,
    renewTime: time,
    transitions: seen.lease.transitions,
  });
}

function onRead(config: ElectionConfig, before: Election, now: Instant, answer: ReadAnswer): Ready {
  const state = { ...before, seen: observed(before.seen, now, answer) };
  const { role, seen } = state;
  const own = seen?.lease.holder === config.identity && answer.kind === 'lease';
  if (role.kind === 'leaving') return own ? release(state, now) : left(state, now);
  if (answer.kind === 'failed') return idle(state, now.monotonicMs + config.retryMs);
  if (seen === undefined) return write(state, now, acquisition(config, seen, now));
  if (role.kind === 'leader' && own) return write(state, now, renewal(config, seen, now));
  const follower: Election = { ...state, role: { kind: 'follower' } };
  if (mayTake(config, seen, now)) return write(follower, now, acquisition(config, seen, now));
  const isOld = before.work.kind === 'reading' && before.work.after === 'again';
  return isOld ? read(follower) : idle(follower, now.monotonicMs + config.retryMs);
}

/** A lease that vanished is judged as it was last seen: its holder does not know yet. */
function observed(seen: Seen | undefined, now: Instant, answer: ReadAnswer): Seen | undefined {
  if (answer.kind === 'failed') return seen;
  if (answer.kind === 'absent') return vanished(seen);
  const { lease, resourceVersion } = answer;
  const same = seen !== undefined && sameLease(seen.lease, lease);
  return { lease, resourceVersion, changedAtMs: same ? seen.changedAtMs : now.monotonicMs };
}

function vanished(seen: Seen | undefined): Seen | undefined {
  return seen === undefined ? undefined : { ...seen, resourceVersion: undefined };
}

function sameLease(one: LeaseFact, other: LeaseFact): boolean {
  return (
    one.holder === other.holder &&
    one.renewTime === other.renewTime &&
    one.acquireTime === other.acquireTime &&
    one.transitions === other.transitions &&
    one.durationMs === other.durationMs
  );
}

/** The holder's own promise counts when it is longer than ours. */
function mayTake(config: ElectionConfig, seen: Seen, now: Instant): boolean {
  const { holder, durationMs } = seen.lease;
  if (holder === '' || holder === config.identity) return true;
  return now.monotonicMs >= seen.changedAtMs + Math.max(config.leaseDurationMs, durationMs);
}

function onWrote(
  config: ElectionConfig,
  state: Election,
  now: Instant,
  answer: WriteAnswer,
): Ready {
  const { role, work } = state;
  if (work.kind !== 'writing') return { state, order: undefined };
  switch (answer.kind) {
    case 'written':
      return onWritten(config, state, now, work, answer.resourceVersion);
    case 'conflict':
      // A leader must know at once; a follower has lost this round.
      return role.kind === 'follower' ? idle(state, now.monotonicMs + config.retryMs) : read(state);
    case 'absent':
      // Somebody deleted the lease: another may create it at this moment, so we lead no longer.
      if (role.kind === 'leaving') return left(state, now);
      return read({ ...state, role: { kind: 'follower' }, seen: vanished(state.seen) });
    case 'failed':
      if (role.kind === 'leaving') return left(state, now);
      return idle(state, Math.max(now.monotonicMs, work.sentAt.monotonicMs + config.retryMs));
    default:
      return unreachable(answer);
  }
}

function onWritten(
  config: ElectionConfig,
  before: Election,
  now: Instant,
  work: { readonly sentAt: Instant; readonly lease: LeaseFact },
  resourceVersion: string,
): Ready {
  const { lease, sentAt } = work;
  const state = { ...before, seen: { lease, resourceVersion, changedAtMs: now.monotonicMs } };
  const { role } = state;
  if (role.kind === 'leaving') return lease.holder === '' ? left(state, now) : release(state, now);
  const renewed: Role = {
    kind: 'leader',
    transitions: lease.transitions,
    until: {
      monotonicMs: millis(sentAt.monotonicMs + config.renewDeadlineMs),
      wallMs: millis(sentAt.wallMs + config.renewDeadlineMs),
    },
  };
  // The answer to a renewal came after we had stopped: to lead again is a new acquisition.
  const lapsed = role.kind === 'follower' && before.seen?.lease.transitions === lease.transitions;
  const leads = !lapsed && leadsAt(renewed, now);
  return idle(
    { ...state, role: leads ? renewed : { kind: 'follower' } },
    Math.max(now.monotonicMs, sentAt.monotonicMs + config.retryMs),
  );
}

function renewal(config: ElectionConfig, seen: Seen, now: Instant): LeaseFact {
  return {
    ...seen.lease,
    holder: config.identity,
    durationMs: wholeSeconds(config.leaseDurationMs),
    renewTime: microTime(now.wallMs),
  };
}

function acquisition(config: ElectionConfig, seen: Seen | undefined, now: Instant): LeaseFact {
  const time = microTime(now.wallMs);
  return {
    holder: config.identity,
    durationMs: wholeSeconds(config.leaseDurationMs),
    acquireTime: time,
    renewTime: time,
    transitions: seen === undefined ? 0 : seen.lease.transitions + 1,
  };
}

/** A Lease counts whole seconds; more is safe, less is not. */
function wholeSeconds(durationMs: Millis): Millis {
  return millis(Math.ceil(durationMs / 1_000) * 1_000);
}

/** When the next tick is wanted, on the monotonic clock; undefined while an answer is awaited as follower. */
export function nextTickMs(state: Election): Millis | undefined {
  const times: number[] = [];
  if (state.work.kind === 'idle' && state.role.kind !== 'left') times.push(state.work.dueMs);
  if (state.role.kind === 'leader') times.push(state.role.until.monotonicMs);
  return times.length === 0 ? undefined : millis(Math.min(...times));
}
