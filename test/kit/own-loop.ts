/**
 * How long our own event loop stood still: a writer in this process cannot write meanwhile, which is no gap of
 * the server that it writes to.
 * Never here: what is taken off, and from what.
 */

export interface OwnLoop {
  /** The longest time between two turns, beyond the timer's own. */
  longestMs(): number;
  stop(): void;
}

export function watchOwnLoop(): OwnLoop {
  const everyMs = 2;
  let beforeMs = performance.now();
  let longestMs = 0;
  const beat = setInterval(() => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - beforeMs - everyMs);
    beforeMs = nowMs;
  }, everyMs);
  return { longestMs: () => longestMs, stop: () => clearInterval(beat) };
}
