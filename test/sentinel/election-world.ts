/**
 * A world for elections: one lease, several electors, each with a clock of its own pace, requests that are
 * late, lost before or after their effect, processes that stop, machines that sleep. Virtual time only; the
 * same seed gives the same run. It runs the shipped stepElection and asks the shipped leadsAt.
 */
import { millis } from '../../src/kit/brands';
import { below, type Rng, rngFrom } from '../../src/kit/rng';
import {
  type Election,
  type ElectionConfig,
  type ElectionEvent,
  type Instant,
  initialElection,
  type LeaseFact,
  leadsAt,
  nextTickMs,
  type Order,
  stepElection,
} from '../../src/sentinel/core/election';

export interface WorldOptions {
  readonly seed: number;
  readonly electors: number;
  /** Each clock runs at 1 - drift to 1 + drift. */
  readonly drift: number;
  /** In percent of all requests: lost, half of them after their effect. */
  readonly lossPercent: number;
  readonly durationMs: number;
  readonly config: Omit<ElectionConfig, 'identity'>;
  /** Counts from the answer instead of from the sending: a mutant that must be found. */
  readonly countFrom?: 'sent' | 'answered';
}

export interface WorldResult {
  /** Moments at which more than one believed, first ones first. */
  readonly doubles: readonly string[];
  readonly acquisitions: number;
  /** Transitions of the lease at each acquisition, in order. */
  readonly transitions: readonly number[];
  /** True time without any leader, the longest. */
  readonly longestGapMs: number;
}

interface Member {
  readonly config: ElectionConfig;
  readonly pace: number;
  readonly wallOffsetMs: number;
  state: Election;
  /** True time until which the process is stopped (SIGSTOP): its clocks go on. */
  stoppedUntilMs: number;
  /** What the monotonic clock missed while the machine slept. */
  sleptMs: number;
  asleepSinceMs: number | undefined;
  led: boolean;
}

interface Planned {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

export function runWorld(options: WorldOptions): WorldResult {
  const rng = rngFrom(options.seed);
  const world = createWorld(options, rng);
  for (const member of world.members) scheduleTick(world, member);
  for (const member of world.members) scheduleFault(world, member);
  while (world.plan.length > 0) {
    world.plan.sort((one, other) => one.atMs - other.atMs || one.order - other.order);
    const next = world.plan.shift();
    if (next === undefined || next.atMs > options.durationMs) break;
    world.nowMs = next.atMs;
    next.run();
    observe(world);
  }
  const { doubles, transitions, longestGapMs } = world;
  return { doubles, acquisitions: transitions.length, transitions, longestGapMs };
}

interface World {
  readonly options: WorldOptions;
  readonly rng: Rng;
  readonly members: readonly Member[];
  plan: Planned[];
  planned: number;
  nowMs: number;
  stored: { readonly lease: LeaseFact; readonly version: number } | undefined;
  version: number;
  readonly doubles: string[];
  readonly transitions: number[];
  longestGapMs: number;
  ledUntilMs: number;
}

function createWorld(options: WorldOptions, rng: Rng): World {
  const members = Array.from({ length: options.electors }, (_, index): Member => {
    const member = {
      config: { ...options.config, identity: `e${index}` },
      pace: 1 + options.drift * (2 * rng.next() - 1),
      // Wall clocks disagree by up to an hour: nobody may care.
      wallOffsetMs: below(rng, 3_600_000),
      stoppedUntilMs: 0,
      sleptMs: 0,
      asleepSinceMs: undefined,
      led: false,
    };
    return { ...member, state: initialElection(instantOf(member, 0)) };
  });
  return {
    options,
    rng,
    members,
    plan: [],
    planned: 0,
    nowMs: 0,
    stored: undefined,
    version: 0,
    doubles: [],
    transitions: [],
    longestGapMs: 0,
    ledUntilMs: 0,
  };
}

function instantOf(
  member: Pick<Member, 'pace' | 'wallOffsetMs' | 'sleptMs' | 'asleepSinceMs'>,
  nowMs: number,
): Instant {
  const asleepMs = member.asleepSinceMs === undefined ? 0 : nowMs - member.asleepSinceMs;
  return {
    monotonicMs: millis((nowMs - member.sleptMs - asleepMs) * member.pace),
    wallMs: millis(1_800_000_000_000 + member.wallOffsetMs + nowMs * member.pace),
  };
}

function at(world: World, afterMs: number, run: () => void): void {
  world.planned += 1;
  world.plan.push({ atMs: world.nowMs + afterMs, order: world.planned, run });
}

/** Events reach a stopped or sleeping process when it goes on; its clocks are then later. */
function deliver(world: World, member: Member, make: (now: Instant) => ElectionEvent): void {
  if (member.stoppedUntilMs > world.nowMs) {
    at(world, member.stoppedUntilMs - world.nowMs, () => deliver(world, member, make));
    return;
  }
  const event = make(instantOf(member, world.nowMs));
  const ready = stepElection(member.config, member.state, event);
  member.state = ready.state;
  if (ready.order !== undefined) send(world, member, ready.order);
  scheduleTick(world, member);
}

function scheduleTick(world: World, member: Member): void {
  const dueMs = nextTickMs(member.state);
  if (dueMs === undefined) return;
  const waitMs = Math.max(0, dueMs - instantOf(member, world.nowMs).monotonicMs) / member.pace;
  const wanted = member.state;
  at(world, waitMs + 0.001 + world.rng.next() * 20, () => {
    if (member.state === wanted) deliver(world, member, (now) => ({ kind: 'tick', now }));
  });
}

function send(world: World, member: Member, order: Order): void {
  const { rng, options } = world;
  const budgetMs = options.config.renewDeadlineMs / 3;
  const lost = rng.next() * 100 < options.lossPercent;
  const takesEffect = !lost || rng.next() < 0.5;
  // A lost request may still arrive long after its sender gave up: a delayed write is the worst kind.
  const thereMs = lost ? rng.next() * 3 * options.config.leaseDurationMs : rng.next() * 50;
  let answer: ElectionEvent | undefined;
  if (takesEffect) {
    at(world, thereMs, () => {
      answer = serve(world, order, instantOf(member, world.nowMs));
    });
  }
  const backMs = lost ? budgetMs : thereMs + rng.next() * budgetMs;
  const failed = order.kind === 'read' ? 'read' : 'wrote';
  at(world, Math.min(backMs, budgetMs), () => {
    const got = lost || backMs > budgetMs ? undefined : answer;
    deliver(world, member, (now) => {
      if (got === undefined) return { kind: failed, now, answer: { kind: 'failed' } };
      const work = member.state.work;
      if (options.countFrom === 'answered' && work.kind === 'writing') {
        member.state = { ...member.state, work: { ...work, sentAt: now } };
      }
      return { ...got, now };
    });
  });
}

/** The API server: one object, compare-and-swap. */
function serve(world: World, order: Order, now: Instant): ElectionEvent {
  const { stored } = world;
  if (order.kind === 'read') {
    if (stored === undefined) return { kind: 'read', now, answer: { kind: 'absent' } };
    const { lease, version } = stored;
    return {
      kind: 'read',
      now,
      answer: { kind: 'lease', lease, resourceVersion: String(version) },
    };
  }
  const agrees =
    order.kind === 'create'
      ? stored === undefined
      : stored !== undefined && order.resourceVersion === String(stored.version);
  if (!agrees) return { kind: 'wrote', now, answer: { kind: 'conflict' } };
  world.version += 1;
  world.stored = { lease: order.lease, version: world.version };
  return {
    kind: 'wrote',
    now,
    answer: { kind: 'written', resourceVersion: String(world.version) },
  };
}

/** Now and then a process is stopped, or its machine sleeps, for up to three leases. */
function scheduleFault(world: World, member: Member): void {
  const { rng, options } = world;
  const { leaseDurationMs } = options.config;
  at(world, rng.next() * 10 * leaseDurationMs, () => {
    const forMs = rng.next() * 3 * leaseDurationMs;
    member.stoppedUntilMs = world.nowMs + forMs;
    if (rng.next() < 0.5) {
      member.asleepSinceMs = world.nowMs;
      at(world, forMs, () => {
        member.sleptMs += world.nowMs - (member.asleepSinceMs ?? world.nowMs);
        member.asleepSinceMs = undefined;
      });
    }
    // The moment of going on is observed before any event is handled: the check alone must hold.
    at(world, forMs, () => {});
    scheduleFault(world, member);
  });
}

/**
 * Who believes at this moment. A stopped process sends nothing, but goes on with whatever its check says at
 * the first moment after; a check made while it is stopped is therefore judged as well.
 */
function observe(world: World): void {
  const { members, nowMs } = world;
  const believing = members.filter((member) => {
    const asleep = member.asleepSinceMs !== undefined;
    return !asleep && leadsAt(member.state.role, instantOf(member, nowMs));
  });
  if (believing.length > 1) {
    const names = believing.map((member) => member.config.identity).join(' and ');
    world.doubles.push(`${names} at ${Math.round(nowMs)} ms`);
  }
  if (believing.length > 0) {
    world.longestGapMs = Math.max(world.longestGapMs, nowMs - world.ledUntilMs);
    world.ledUntilMs = nowMs;
  }
  for (const member of members) {
    const leads = leadsAt(member.state.role, instantOf(member, nowMs));
    if (leads && !member.led && member.state.role.kind === 'leader') {
      world.transitions.push(member.state.role.transitions);
    }
    member.led = leads;
  }
}
