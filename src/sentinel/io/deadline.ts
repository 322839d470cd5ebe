/**
 * Bounded waiting. A reply that already lies in the socket when the time is up still counts: after a
 * standstill of our own, timers run before sockets are read.
 * Never here: what being late means.
 */
import type { Millis } from '../../kit/brands';

/** @returns what `work` brought, or `late` when it took longer than `timeoutMs`. */
export function within<Value>(work: Promise<Value>, timeoutMs: number): Promise<Value | 'late'> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(resolve, 'late'), Math.max(0, timeoutMs));
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** What is left of a budget that began at `sinceMs`; never less than 0. */
export function leftMs(budgetMs: Millis, sinceMs: number, nowMs: number): Millis {
  return Math.max(0, budgetMs - (nowMs - sinceMs)) as Millis;
}
