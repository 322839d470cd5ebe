/**
 * Runs an election on a real Lease: carries out the orders of election.ts, keeps the time, tells the
 * changes. A watch on the lease shortens a hand-over from the retry period to milliseconds; it is only
 * a hint, what counts is read again.
 * Never here: a decision. Faults and a stopped process: test/runtime/kube/elector.test.ts.
 */
import { type Millis, millis, type Term, term } from '../../kit/brands';
import type { Clock } from '../../kit/clock';
import type { Rng } from '../../kit/rng';
import type { Answer, Failure } from './answer';
import type { Call, KubeClient } from './client';
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
} from './election';
import { startReflector } from './reflector';
import { type Lease, type ObjectName, resources } from './types';

export type Leadership =
  /** `termHint` rises with each acquisition of this lease; the record's own term decides. */
  | { readonly kind: 'leader'; readonly termHint: Term; readonly untilMs: Millis }
  /** `holder` is '' while nobody is known to hold it. */
  | { readonly kind: 'follower'; readonly holder: string };

export interface ElectorOptions {
  readonly client: KubeClient;
  readonly lease: ObjectName;
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

export function startElector(options: ElectorOptions): Elector {
  const { client, config, clock, rng, onChange, onTrouble } = options;
  const now = (): Instant => ({ monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() });
  const aborting = new AbortController();
  const call: Call = {
    lane: 'failover',
    // Two hung requests still leave time for a third before the deadline.
    timeoutMs: millis(config.renewDeadlineMs / 3),
    signal: aborting.signal,
  };
  let state: Election = initialElection(now());
  let told = describe(state, now());
  let timer: NodeJS.Timeout | undefined;
  /** The object last read or written: an update keeps labels and annotations that others put there. */
  let object: Lease | undefined;
  let tellLeft: () => void = () => {};

  function take(event: ElectionEvent): void {
    const ready = stepElection(config, state, event);
    state = ready.state;
    tell(event.now);
    if (ready.order !== undefined) void carryOut(ready.order);
    if (state.role.kind === 'left') tellLeft();
    arm();
  }

  function tell(at: Instant): void {
    const current = describe(state, at);
    const changed = !sameLeadership(told, current);
    told = current;
    if (changed) onChange?.(current);
  }

  function arm(): void {
    clearTimeout(timer);
    const atMs = nextTickMs(state);
    if (atMs === undefined) return;
    const jitterMs = state.role.kind === 'follower' ? rng.next() * jitterShare * config.retryMs : 0;
    const forMs =
      Math.max(0, atMs - clock.monotonicMs()) + (atMs > clock.monotonicMs() ? jitterMs : 0);
    timer = setTimeout(() => take({ kind: 'tick', now: now() }), Math.ceil(forMs));
  }

  async function carryOut(order: Order): Promise<void> {
    if (order.kind === 'read') {
      const answer = await client.get(resources.leases, options.lease, call);
      note(answer);
      return take({ kind: 'read', now: now(), answer: readFact(answer) });
    }
    const answer =
      order.kind === 'create'
        ? await client.create(resources.leases, manifestOf(undefined, order.lease), call)
        : await client.update(resources.leases, manifestOf(object, order.lease), call);
    note(answer);
    take({ kind: 'wrote', now: now(), answer: writeFact(answer) });
  }

  function note(answer: Answer<Lease>): void {
    if (answer.kind === 'ok') object = answer.value;
    else if (!quiet.includes(answer.kind)) onTrouble?.(answer);
  }

  function manifestOf(base: Lease | undefined, lease: LeaseFact): Lease {
    const { namespace, name } = options.lease;
    const metadata = base?.metadata ?? { name, namespace };
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
    } as Lease;
  }

  const watching = startReflector<Lease>({
    client,
    clock,
    rng,
    resource: resources.leases,
    scope: {
      namespace: options.lease.namespace,
      fieldSelector: `metadata.name=${options.lease.name}`,
    },
    onChange: (change) => {
      const holder = change.kind === 'deleted' ? '' : (change.object.spec?.holderIdentity ?? '');
      const surprising = state.role.kind === 'leader' ? holder !== config.identity : holder === '';
      if (surprising) take({ kind: 'poke', now: now() });
    },
  });

  take({ kind: 'tick', now: now() });

  return {
    leadership: () => describe(state, now()),
    holdsUntil: () => {
      const { role } = state;
      return role.kind === 'leader' && leadsAt(role, now()) ? role.until.monotonicMs : undefined;
    },
    async stop(withinMs) {
      let limit: NodeJS.Timeout | undefined;
      const over = new Promise<void>((resolve) => {
        tellLeft = resolve;
        limit = setTimeout(resolve, withinMs);
      });
      take({ kind: 'leave', now: now() });
      await Promise.all([over, watching.stop()]);
      clearTimeout(limit);
      clearTimeout(timer);
      aborting.abort();
      state = { ...state, role: { kind: 'left' } };
    },
  };
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
