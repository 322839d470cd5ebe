/**
 * How long to wait before the next try: doubling, capped, jittered, for ever. Pure.
 */
import { type Millis, millis } from '../../kit/brands';
import type { Rng } from '../../kit/rng';

export interface Backoff {
  /** Wait after the first failure, before jitter. Default 50 ms. */
  readonly baseMs: Millis;
  /** No wait is longer, before jitter. Default 5 s: a failover waits for this watch. */
  readonly capMs: Millis;
}

export const defaultBackoff: Backoff = { baseMs: millis(50), capMs: millis(5_000) };

/**
 * @param failures in a row, >= 1.
 * @param atLeastMs the server's own wish (Retry-After); it wins when it is longer.
 * @returns between half and one and a half of the doubled base: two operators do not march in step.
 */
export function backoffDelay(
  backoff: Backoff,
  failures: number,
  rng: Rng,
  atLeastMs: Millis = millis(0),
): Millis {
  const doublings = Math.min(Math.max(failures - 1, 0), 30);
  const plain = Math.min(backoff.capMs, backoff.baseMs * 2 ** doublings);
  return millis(Math.max(plain * (0.5 + rng.next()), atLeastMs));
}
