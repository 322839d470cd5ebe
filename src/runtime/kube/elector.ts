/**
 * Runs an election on a real Lease: carries out the orders of election.ts, keeps the time, tells the
 * changes. A watch on the lease shortens a hand-over from the retry period to milliseconds; it is only
 * a hint, what counts is read again.
 * Never here: a decision. Faults and a stopped process: test/runtime/kube/elector.test.ts.
 */
import { type Millis, millis, type Term, term } from '../../kit/brands';
import type { Clock } from '../../kit/clock';
import type { Rng } from '../../kit/rng';
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
} from '../../sentinel/core/election';
import type { Answer, Failure } from './answer';
import type { Call, KubeClient } from './client';
import { type Reflector, startReflector } from './reflector';
import { type Lease, type Manifest, resources } from './types';

export type Leadership =
  /** `termHint` rises with each acquisition of this lease; the record's own term decides. */
  | { readonly kind: 'leader'; readonly termHint: Term; readonly untilMs: Millis }
  /** `holder` is '' while nobody is known to hold it. */
  | { readonly kind: 'follower'; readonly holder: string };

export interface ElectorOptions {
  readonly client: KubeClient;
  readonly lease: { readonly namespace: string; readonly name: string };
  readonly config: ElectionConfig;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Each change of `leadership()` but the moving deadline. */
  readonly onChange?: (leadership: Leadership) => void;
  /** Each request that failed for another reason than a lost race. */
  readonly onTrouble?: (failure: Failure) => void;
}

export interface Elector {
  leadership(): Leadership;
  /**
   * To be asked directly before each order is sent, after the connection stands (failover.md I1).
   * @returns until when on the monotonic clock, or undefined when we do not lead at this moment.
   */
  holdsUntil(): Millis | undefined;
  /** No leader from the call on; resolved when the lease was given back or `withinMs` passed. */
  stop(withinMs: Millis): Promise<void>;
}

/** Added to a follower's wait, as a share of the retry period, so that two do not ask in step. */
const jitterShare = 0.2;
/**
 * Of the renew deadline, for one request: 4 s of the shipped 10 s, so that a server which needs 3 s for each
 * answer still has a leader, and two hung requests leave time for a third.
 */
const requestShare = 0.4;

/** One elector's own state; the functions below are its only writers. */
interface Run {
  readonly options: ElectorOptions;
  readonly call: Call;
  state: Election;
  told: Leadership;
  timer: NodeJS.Timeout | undefined;
  /** The object last read or written: an update keeps labels and annotations that others put there. */
  object: Lease | undefined;
  tellLeft: () => void;
}

export function startElector(options: ElectorOptions): Elector {
  const aborting = new AbortController();
  const at = instant(options.clock);
  const state = initialElection(at);
  const run: Run = {
    options,
    call: {
      lane: 'failover',
      timeoutMs: millis(options.config.renewDeadlineMs * requestShare),
      signal: aborting.signal,
    },
    state,
    told: describe(state, at),
    timer: undefined,
    object: undefined,
    tellLeft: () => {},
  };
  const watching = watchLease(run);
  take(run, { kind: 'tick', now: at });
  return {
    leadership: () => describe(run.state, instant(options.clock)),
    holdsUntil: () => {
      const { role } = run.state;
      const leads = role.kind === 'leader' && leadsAt(role, instant(options.clock));
      return leads ? role.until.monotonicMs : undefined;
    },
    async stop(withinMs) {
      await left(run, withinMs, watching);
      clearTimeout(run.timer);
      aborting.abort();
      run.state = { ...run.state, role: { kind: 'left' } };
    },
  };
}

function instant(clock: Clock): Instant {
  return { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
}

async function left(run: Run, withinMs: Millis, watching: Reflector<Lease>): Promise<void> {
  let limit: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    run.tellLeft = resolve;
    limit = setTimeout(resolve, withinMs);
  });
  take(run, { kind: 'leave', now: instant(run.options.clock) });
  await Promise.all([over, watching.stop()]);
  clearTimeout(limit);
}

function take(run: Run, event: ElectionEvent): void {
  const ready = stepElection(run.options.config, run.state, event);
  run.state = ready.state;
  const current = describe(run.state, event.now);
  const changed = !sameLeadership(run.told, current);
  run.told = current;
  if (changed) run.options.onChange?.(current);
  if (ready.order !== undefined) void carryOut(run, ready.order);
  if (run.state.role.kind === 'left') run.tellLeft();
  arm(run);
}

function arm(run: Run): void {
  const { clock, config, rng } = run.options;
  clearTimeout(run.timer);
  const atMs = nextTickMs(run.state);
  if (atMs === undefined) return;
  const waitMs = Math.max(0, atMs - clock.monotonicMs());
  const jitters = run.state.role.kind === 'follower' && waitMs > 0;
  const jitterMs = jitters ? rng.next() * jitterShare * config.retryMs : 0;
  const tick = (): void => take(run, { kind: 'tick', now: instant(clock) });
  run.timer = setTimeout(tick, Math.ceil(waitMs + jitterMs));
}

async function carryOut(run: Run, order: Order): Promise<void> {
  const { client, clock, lease } = run.options;
  if (order.kind === 'read') {
    const answer = await client.get(resources.leases, lease, run.call);
    note(run, answer);
    take(run, { kind: 'read', now: instant(clock), answer: readFact(answer) });
    return;
  }
  const answer =
    order.kind === 'create'
      ? await client.create(resources.leases, manifestOf(lease, order.lease), run.call)
      : await client.update(
          resources.leases,
          manifestOf(run.object?.metadata ?? lease, order.lease),
          run.call,
        );
  note(run, answer);
  take(run, { kind: 'wrote', now: instant(clock), answer: writeFact(answer) });
}

function note(run: Run, answer: Answer<Lease>): void {
  if (answer.kind === 'ok') run.object = answer.value;
  else if (!quiet.includes(answer.kind)) run.options.onTrouble?.(answer);
}

function manifestOf(metadata: Manifest['metadata'], lease: LeaseFact) {
  return {
    apiVersion: resources.leases.apiVersion,
    kind: resources.leases.kind,
    metadata,
    spec: {
      holderIdentity: lease.holder,
      leaseDurationSeconds: lease.durationMs / 1_000,
      acquireTime: lease.acquireTime,
      renewTime: lease.renewTime,
      leaseTransitions: lease.transitions,
    },
  };
}

function watchLease(run: Run): Reflector<Lease> {
  const { client, clock, config, lease, rng } = run.options;
  return startReflector<Lease>({
    client,
    clock,
    rng,
    resource: resources.leases,
    scope: { namespace: lease.namespace, fieldSelector: `metadata.name=${lease.name}` },
    onChange: (change) => {
      const holder = change.kind === 'deleted' ? '' : (change.object.spec?.holderIdentity ?? '');
      const leads = run.state.role.kind === 'leader';
      // For a leader: somebody else's hand. For a follower: a lease that was given back.
      const surprising = leads ? holder !== config.identity : holder === '';
      if (surprising) take(run, { kind: 'poke', now: instant(clock) });
    },
  });
}

/** Answers that are part of an orderly election. */
const quiet: readonly Answer<never>['kind'][] = [
  'conflict',
  'alreadyExists',
  'notFound',
  'aborted',
];

function describe(state: Election, at: Instant): Leadership {
  const { role, seen } = state;
  if (role.kind === 'leader' && leadsAt(role, at)) {
    // The lease counts its changes of holder from 0, terms count acquisitions from 1.
    return {
      kind: 'leader',
      termHint: term(role.transitions + 1),
      untilMs: role.until.monotonicMs,
    };
  }
  return { kind: 'follower', holder: seen?.lease.holder ?? '' };
}

function sameLeadership(one: Leadership, other: Leadership): boolean {
  if (one.kind === 'leader') return other.kind === 'leader' && one.termHint === other.termHint;
  return other.kind === 'follower' && one.holder === other.holder;
}

function readFact(answer: Answer<Lease>): (ElectionEvent & { kind: 'read' })['answer'] {
  if (answer.kind === 'notFound') return { kind: 'absent' };
  if (answer.kind !== 'ok') return { kind: 'failed' };
  return {
    kind: 'lease',
    lease: leaseFactOf(answer.value),
    resourceVersion: answer.value.metadata.resourceVersion,
  };
}

function writeFact(answer: Answer<Lease>): (ElectionEvent & { kind: 'wrote' })['answer'] {
  switch (answer.kind) {
    case 'ok':
      return { kind: 'written', resourceVersion: answer.value.metadata.resourceVersion };
    case 'conflict':
    case 'alreadyExists':
      return { kind: 'conflict' };
    case 'notFound':
      return { kind: 'absent' };
    default:
      return { kind: 'failed' };
  }
}

/** A lease made by hand may lack any field; what is absent promises nothing. */
function leaseFactOf(lease: Lease): LeaseFact {
  const spec = lease.spec ?? {};
  return {
    holder: spec.holderIdentity ?? '',
    durationMs: millis((spec.leaseDurationSeconds ?? 0) * 1_000),
    acquireTime: spec.acquireTime ?? '',
    renewTime: spec.renewTime ?? '',
    transitions: spec.leaseTransitions ?? 0,
  };
}
