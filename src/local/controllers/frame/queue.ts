/**
 * Which keys are to be looked at, and when: each key waits at most once, one key is worked at a time,
 * and a key that failed comes again later and later.
 * Never here: what working a key means.
 */
import type { Timers } from './timers';

export interface Queue {
  add(key: string): void;
  addAfter(key: string, delayMs: number): void;
  stop(): void;
}

/** What became of a key: it comes again on its next change, after a time, or with back-off. */
export type Outcome =
  | { readonly kind: 'done'; readonly recheckAfterMs?: number | undefined }
  | { readonly kind: 'failed' };

/** As in client-go's default rate limiter. */
const BACKOFF_FIRST_MS = 5;
const BACKOFF_MAX_MS = 1_000_000;

export function queueOf(timers: Timers, work: (key: string) => Outcome): Queue {
  const waiting = new Set<string>();
  const later = new Map<string, () => void>();
  const failures = new Map<string, number>();
  let turn: (() => void) | undefined;
  let ended = false;
  const add = (key: string): void => {
    if (ended) return;
    waiting.add(key);
    turn ??= timers.after(0, next);
  };
  const addAfter = (key: string, delayMs: number): void => {
    if (ended) return;
    later.get(key)?.();
    const run = (): void => {
      later.delete(key);
      add(key);
    };
    later.set(key, timers.after(delayMs, run));
  };
  const next = (): void => {
    turn = undefined;
    const [key] = waiting;
    if (key === undefined) return;
    waiting.delete(key);
    later.get(key)?.();
    later.delete(key);
    settle(key, work(key));
    if (waiting.size > 0) turn ??= timers.after(0, next);
  };
  const settle = (key: string, outcome: Outcome): void => {
    if (outcome.kind === 'done') {
      failures.delete(key);
      if (outcome.recheckAfterMs !== undefined) addAfter(key, outcome.recheckAfterMs);
      return;
    }
    const count = failures.get(key) ?? 0;
    failures.set(key, count + 1);
    addAfter(key, Math.min(BACKOFF_FIRST_MS * 2 ** count, BACKOFF_MAX_MS));
  };
  return {
    add,
    addAfter,
    stop() {
      ended = true;
      turn?.();
      for (const cancel of later.values()) cancel();
      waiting.clear();
    },
  };
}
