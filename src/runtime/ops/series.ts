/**
 * Which Kubernetes Events are written: the first of its kind at once, its repetitions as a count, and no
 * object more than its share. Time comes in with each call.
 * Never here: requests, clocks. Tests: test/runtime/ops/events.test.ts.
 */
import { type Millis, millis } from '../../kit/brands';

/** What happened to which object. */
export interface EventFact {
  readonly regarding: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
  };
  readonly type: 'Normal' | 'Warning';
  /** From the table of reasons; at most 128 characters. */
  readonly reason: string;
  /** What was done or tried, one word: `Failover`, `Reconcile`. */
  readonly action: string;
  /** A sentence for people. Cut at 1 024 bytes, as the server would refuse more. */
  readonly note: string;
}

export type EventOrder =
  | { readonly kind: 'create'; readonly key: string; readonly event: EventFact }
  /** The event is there; `count` times so far. */
  | {
      readonly kind: 'count';
      readonly key: string;
      readonly event: EventFact;
      readonly count: number;
    };

export interface SeriesConfig {
  /** Silence after which the same event is a new one. Default 10 min. */
  readonly forgetAfterMs: Millis;
  /** A count is written no more often. Default 10 s. */
  readonly countEveryMs: Millis;
  /** Writes that an object may do at once. Default 25. */
  readonly burst: number;
  /** One more write is granted after this long. Default 10 s. */
  readonly refillMs: Millis;
}

export const defaultSeries: SeriesConfig = {
  forgetAfterMs: millis(600_000),
  countEveryMs: millis(10_000),
  burst: 25,
  refillMs: millis(10_000),
};

export interface EventSeries {
  /** @returns `held` when it is only counted for the moment; `due` tells it later. */
  record(event: EventFact, nowMs: Millis): EventOrder | 'held';
  /** Counts that may be written by now. */
  due(nowMs: Millis): readonly EventOrder[];
  /** The event is gone from the server: its next repetition is written anew. */
  forget(key: string): void;
  /** True while a held count waits. */
  waiting(): boolean;
}

interface One {
  readonly event: EventFact;
  count: number;
  /** The count that the server knows; 0 before the event was written. */
  told: number;
  toldAtMs: number;
  lastAtMs: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

export function createSeries(config: SeriesConfig = defaultSeries): EventSeries {
  const series = new Map<string, One>();
  const buckets = new Map<string, Bucket>();

  function mayWrite(uid: string, nowMs: number): boolean {
    const bucket = buckets.get(uid) ?? { tokens: config.burst, atMs: nowMs };
    const refilled = bucket.tokens + (nowMs - bucket.atMs) / config.refillMs;
    const tokens = Math.min(config.burst, refilled);
    const granted = tokens >= 1;
    buckets.set(uid, { tokens: granted ? tokens - 1 : tokens, atMs: nowMs });
    return granted;
  }

  function tell(key: string, one: One, nowMs: number): EventOrder | 'held' {
    const early = one.told > 1 && nowMs - one.toldAtMs < config.countEveryMs;
    if (early || !mayWrite(one.event.regarding.uid, nowMs)) return 'held';
    const first = one.told === 0;
    one.told = one.count;
    one.toldAtMs = nowMs;
    // Events held back before the first was written come to light with its next count.
    if (first) one.told = 1;
    return first
      ? { kind: 'create', key, event: one.event }
      : { kind: 'count', key, event: one.event, count: one.count };
  }

  function sweep(nowMs: number): void {
    for (const [key, one] of series) {
      if (nowMs - one.lastAtMs >= config.forgetAfterMs) series.delete(key);
    }
    for (const [uid, bucket] of buckets) {
      if (nowMs - bucket.atMs >= config.burst * config.refillMs) buckets.delete(uid);
    }
  }

  return {
    record(event, nowMs) {
      sweep(nowMs);
      const key = keyOf(event);
      const one = series.get(key) ?? { event, count: 0, told: 0, toldAtMs: 0, lastAtMs: nowMs };
      one.count += 1;
      one.lastAtMs = nowMs;
      series.set(key, one);
      return tell(key, one, nowMs);
    },
    due(nowMs) {
      const orders: EventOrder[] = [];
      for (const [key, one] of series) {
        if (one.told >= one.count) continue;
        const order = tell(key, one, nowMs);
        if (order !== 'held') orders.push(order);
      }
      return orders;
    },
    forget: (key) => series.delete(key),
    waiting: () => [...series.values()].some((one) => one.told < one.count),
  };
}

function keyOf({ regarding, type, reason, action, note }: EventFact): string {
  return [regarding.uid, type, reason, action, note].join('\n');
}
