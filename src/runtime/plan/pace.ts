/**
 * How long the reconcile lane stands back for the failover lane: clients wait for a change of primary, and
 * both lanes share one thread and one API server.
 * Never here: clocks, timers.
 */
import type { Millis } from '../../kit/brands';
import type { State } from '../../sentinel/core/state';

/** A change that takes longer than this waits for something, which may be the reconcile lane. */
const MOVING_AT_MOST_MS = 1000;
const LOOK_AGAIN_MS = 50;

/**
 * @param nowMs of the clock, not of the state: an engine that broke in the middle stands still.
 * @returns 0: nothing moves.
 */
export function standBackMs({ work }: State, nowMs: Millis): number {
  const moves = work.kind === 'switchover' || work.kind === 'failover';
  return moves && nowMs - work.sinceAtMs < MOVING_AT_MOST_MS ? LOOK_AGAIN_MS : 0;
}
