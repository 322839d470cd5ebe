/**
 * An authority over any store that can compare and swap one small text: it keeps the lease and the
 * record beside each other, so a record is never written by somebody whose lease was taken since.
 * Who leads is decided by core/election.ts; leading ends at the renew deadline on both clocks.
 * Never here: the store. Crashed and paused holders: test/sentinel/io/file-authority.test.ts.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Millis, millis } from '../../kit/brands';
import type { Clock } from '../../kit/clock';
import type { OptionProblem } from '../../kit/invalid-options';
import { problem } from '../../kit/option-problems';
import { GungnirError } from '../../kit/reasons';
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
  type ReadAnswer,
  stepElection,
  type WriteAnswer,
} from '../core/election';
import type { SwapOutcome } from '../core/event';
import type { ClusterRecord } from '../core/record';
import { readRecord, recordText } from '../core/record-text';
import { systemClock } from './clock';
import type { Authority, Leadership } from './ports';

/** What the store keeps: the lease, and the record as text; '' while there is none. */
export interface Kept {
  readonly lease: LeaseFact;
  readonly record: string;
}

/** `version` changes with each write and means nothing else. */
export type StoreRead =
  | { readonly kind: 'kept'; readonly kept: Kept; readonly version: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly cause: unknown };

/** `conflict`: it was not written, since another version stands there. `failed`: it may have been. */
export type StoreWrite =
  | { readonly kind: 'written'; readonly version: string }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly cause: unknown };

/** One object with compare-and-swap. It never throws; a call ends within some seconds. */
export interface LeaseStore {
  read(): Promise<StoreRead>;
  /** Written only while `version` still stands there; undefined: only while nothing does. */
  write(next: Kept, version: string | undefined): Promise<StoreWrite>;
}

/** How long a lease holds; `timeProblems` says what is wrong with them. */
export interface LeaseTimes {
  /** A lease that nobody renewed for this long may be taken, in ms. Whole seconds, at least 1000. */
  readonly leaseDurationMs: number;
  /** The holder stops when no renewal sent within this time succeeded, in ms. Below leaseDurationMs. */
  readonly renewDeadlineMs: number;
  /** Between two tries, in ms. Below half of renewDeadlineMs. */
  readonly retryMs: number;
}

/** Of an authority over a store of yours. */
export interface LeasedAuthorityOptions extends LeaseTimes {
  readonly store: LeaseStore;
  /** Each failure of the store, and a record that cannot be read. Must not throw. */
  readonly onTrouble: (error: Error) => void;
  readonly clock?: Clock;
}

/** @returns what is wrong with them, one entry for each field. */
export function timeProblems(times: LeaseTimes): readonly OptionProblem[] {
  const { leaseDurationMs, renewDeadlineMs, retryMs } = times;
  const problems: OptionProblem[] = [];
  const isTime = (value: unknown): value is number =>
    typeof value === 'number' && Number.isFinite(value);
  if (!isTime(leaseDurationMs) || leaseDurationMs < 1000 || leaseDurationMs > 600_000)
    problems.push(problem('leaseDurationMs', leaseDurationMs, 'give 1000 to 600000 milliseconds'));
  if (!isTime(renewDeadlineMs) || renewDeadlineMs < 100 || renewDeadlineMs > leaseDurationMs * 0.9)
    problems.push(
      problem('renewDeadlineMs', renewDeadlineMs, 'give at most nine tenths of leaseDurationMs'),
    );
  if (!isTime(retryMs) || retryMs < 10 || retryMs > renewDeadlineMs / 2)
    problems.push(problem('retryMs', retryMs, 'give 10 to half of renewDeadlineMs'));
  return problems;
}

/** A lease that is still ours after the engine met another record: it begins again after this. */
const AGAIN_MS = 1000;
const SWAP_RETRY_MS = 50;
const STOP_MAX_MS = 1500;

/** An authority over any store that can compare and swap: one holder at a time, by local clocks alone. */
export function createLeasedAuthority(options: LeasedAuthorityOptions): Authority {
  return new Leased(options);
}

class Leased implements Authority {
  private readonly config: ElectionConfig;
  private readonly clock: Clock;
  private state: Election;
  private known: { readonly kept: Kept; readonly version: string } | undefined;
  private tell: (leadership: Leadership) => void = () => {};
  private told: 'led' | 'lost' = 'lost';
  private timer: NodeJS.Timeout | undefined;
  private again: NodeJS.Timeout | undefined;
  private turns: Promise<unknown> = Promise.resolve();
  private tellLeft: () => void = () => {};
  private phase: 'idle' | 'running' | 'stopped' = 'idle';

  constructor(private readonly options: LeasedAuthorityOptions) {
    this.clock = options.clock ?? systemClock;
    this.config = {
      identity: randomBytes(16).toString('hex'),
      leaseDurationMs: millis(options.leaseDurationMs),
      renewDeadlineMs: millis(options.renewDeadlineMs),
      retryMs: millis(options.retryMs),
    };
    this.state = initialElection(this.instant());
  }

  readonly start = (onChange: (leadership: Leadership) => void): void => {
    this.phase = 'running';
    this.tell = onChange;
    this.take({ kind: 'tick', now: this.instant() });
  };

  readonly mayAct = (): 'granted' | 'denied' => {
    return leadsAt(this.state.role, this.instant()) ? 'granted' : 'denied';
  };

  readonly swap = (
    expected: ClusterRecord | undefined,
    next: ClusterRecord,
  ): Promise<SwapOutcome> => {
    return this.inTurn(() => this.trySwap(recordText(expected), recordText(next)));
  };

  readonly stop = async (): Promise<void> => {
    this.tell = () => {};
    clearTimeout(this.again);
    if (this.phase === 'running') {
      const left = new Promise<void>((resolve) => {
        this.tellLeft = resolve;
      });
      this.take({ kind: 'leave', now: this.instant() });
      const limit = new AbortController();
      await Promise.race([
        left,
        delay(STOP_MAX_MS, undefined, { signal: limit.signal }).catch(() => {}),
      ]);
      limit.abort();
    }
    this.phase = 'stopped';
    clearTimeout(this.timer);
    this.state = { ...this.state, role: { kind: 'left' } };
  };

  private take(event: ElectionEvent): void {
    if (this.phase !== 'running') return;
    const { state, order } = stepElection(this.config, this.state, event);
    this.state = state;
    this.tellChange();
    if (order !== undefined) void this.inTurn(() => this.carryOut(order));
    if (state.role.kind === 'left') this.tellLeft();
    this.arm();
  }

  private tellChange(): void {
    const leads = this.mayAct() === 'granted';
    if (!leads && this.told === 'led') {
      this.told = 'lost';
      clearTimeout(this.again);
      this.tell({ kind: 'lost' });
    }
    if (leads && this.told === 'lost') this.lead();
  }

  /** A record that cannot be read leads nobody: it is said, and the lease keeps others from guessing too. */
  private lead(): void {
    this.told = 'led';
    const read = readRecord(this.known?.kept.record ?? '');
    if (read.kind === 'record') this.tell({ kind: 'led', record: read.record });
    else
      this.options.onTrouble(
        new GungnirError('AuthorityRecordUnreadable', { problem: read.problem }),
      );
  }

  private arm(): void {
    clearTimeout(this.timer);
    const atMs = nextTickMs(this.state);
    if (atMs === undefined) return;
    const waitMs = Math.max(0, Math.ceil(atMs - this.clock.monotonicMs()));
    this.timer = setTimeout(() => this.take({ kind: 'tick', now: this.instant() }), waitMs);
  }

  private async carryOut(order: Order): Promise<void> {
    if (order.kind === 'read') {
      const answer = readAnswer(await this.read());
      this.take({ kind: 'read', now: this.instant(), answer });
      return;
    }
    // A swap of ours may have moved the version on since the election saw it.
    const version = order.kind === 'create' ? undefined : this.known?.version;
    const answer = await this.write(
      { lease: order.lease, record: this.known?.kept.record ?? '' },
      version,
    );
    this.take({ kind: 'wrote', now: this.instant(), answer });
  }

  private async read(): Promise<StoreRead> {
    const read = await this.options.store.read();
    if (read.kind === 'kept') this.known = { kept: read.kept, version: read.version };
    if (read.kind === 'failed') this.trouble(read.cause);
    return read;
  }

  private async write(next: Kept, version: string | undefined): Promise<WriteAnswer> {
    const wrote = await this.options.store.write(next, version);
    if (wrote.kind === 'failed') this.trouble(wrote.cause);
    if (wrote.kind !== 'written') return { kind: wrote.kind };
    this.known = { kept: next, version: wrote.version };
    return { kind: 'written', resourceVersion: wrote.version };
  }

  private async trySwap(expected: string, next: string): Promise<SwapOutcome> {
    while (this.mayAct() === 'granted' && this.known !== undefined) {
      const { kept, version } = this.known;
      if (!this.isOurs(kept)) break;
      if (kept.record === next) return { kind: 'ok' };
      if (kept.record !== expected) return this.conflict(kept.record);
      const wrote = await this.write({ ...kept, record: next }, version);
      if (wrote.kind === 'written') return { kind: 'ok' };
      // In doubt or overtaken: what stands there tells.
      const read = await this.options.store.read();
      if (wrote.kind === 'failed' || read.kind === 'failed') await delay(SWAP_RETRY_MS);
      if (read.kind === 'absent') break;
      if (read.kind !== 'kept') continue;
      // Somebody else's lease must never become the version that our renewal replaces.
      if (!this.isOurs(read.kept)) break;
      this.known = { kept: read.kept, version: read.version };
    }
    this.take({ kind: 'poke', now: this.instant() });
    return { kind: 'failed' };
  }

  private isOurs({ lease }: Kept): boolean {
    return lease.holder === this.config.identity;
  }

  /** The lease is ours and the record is not: another hand. The engine is told, and begins again. */
  private conflict(text: string): SwapOutcome {
    const read = readRecord(text);
    clearTimeout(this.again);
    this.again = setTimeout(() => {
      if (this.told === 'led' && this.mayAct() === 'granted') this.lead();
    }, AGAIN_MS);
    return read.kind === 'record' ? { kind: 'conflict', actual: read.record } : { kind: 'failed' };
  }

  /** One request at a time, or our own record would conflict with our own renewal. */
  private inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = this.turns.then(work);
    this.turns = mine.catch(() => {});
    return mine;
  }

  private instant(): Instant {
    return { monotonicMs: this.clock.monotonicMs(), wallMs: this.clock.wallMs() };
  }

  private trouble(cause: unknown): void {
    const error = cause instanceof Error ? cause.message : String(cause);
    this.options.onTrouble(new GungnirError('AuthorityUnreachable', { error }, cause));
  }
}

function readAnswer(read: StoreRead): ReadAnswer {
  if (read.kind !== 'kept') return { kind: read.kind };
  return { kind: 'lease', lease: read.kept.lease, resourceVersion: read.version };
}

/** A `Millis` is checked where it is made; a lease made by hand may hold anything. */
export function leaseOf(fields: {
  readonly holder?: unknown;
  readonly durationMs?: unknown;
  readonly acquireTime?: unknown;
  readonly renewTime?: unknown;
  readonly transitions?: unknown;
}): LeaseFact {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const count = (value: unknown): number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
  const durationMs: Millis = millis(count(fields.durationMs));
  return {
    holder: text(fields.holder),
    durationMs,
    acquireTime: text(fields.acquireTime),
    renewTime: text(fields.renewTime),
    transitions: count(fields.transitions),
  };
}
