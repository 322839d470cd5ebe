/**
 * How long a container that ended waits for its next run: not at all the first time, then 10 s, doubling
 * to 5 min, and from the start again when a run has lasted 10 min.
 * Never here: which containers run again (next.ts).
 */

/** Bounds of the wait; a real kubelet has 10 s and 5 min. */
export interface BackOffBounds {
  readonly firstMs: number;
  readonly maxMs: number;
}

export const BACK_OFF: BackOffBounds = { firstMs: 10_000, maxMs: 300_000 };

export interface BackOff {
  /** The wait behind the next end. 0: there was no restart yet. */
  readonly waitMs: number;
  /** Of the last restart. */
  readonly restartedAtMs: number;
}

export const NO_BACK_OFF: BackOff = { waitMs: 0, restartedAtMs: 0 };

/** A restart now: the next wait is twice as long, unless this run had lasted long enough. */
export function restarted(backOff: BackOff, nowMs: number, bounds: BackOffBounds): BackOff {
  const expired = nowMs - backOff.restartedAtMs > 2 * bounds.maxMs;
  const waitMs =
    backOff.waitMs === 0 || expired ? bounds.firstMs : Math.min(backOff.waitMs * 2, bounds.maxMs);
  return { waitMs, restartedAtMs: nowMs };
}

/** When the next run may start. @param endedAtMs of the last run. */
export function mayStartAtMs(backOff: BackOff, endedAtMs: number, bounds: BackOffBounds): number {
  const expired = endedAtMs - backOff.restartedAtMs > 2 * bounds.maxMs;
  return expired ? endedAtMs : endedAtMs + backOff.waitMs;
}
