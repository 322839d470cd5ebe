/**
 * Notices that our own event loop stood still: stopped, starved, or asleep with the machine. What was
 * read, missed or late meanwhile proves nothing about others (failover.md I8).
 * Never here: what follows from it (core: onStalled).
 */
import { type Millis, millis } from '../../kit/brands';
import type { Clock } from '../../kit/clock';

/** Above this, observations are discarded. failover.md I8. */
const STALL_MS = 250;
/** How often the loop shows that it runs while nothing else happens. */
const BEAT_MS = 50;

export interface StallDetector {
  /** To be asked before anything is delivered: for how long nothing could be, if that was too long. */
  check(): Millis | undefined;
  stop(): void;
}

/** @param onStall called by the detector's own beat when nothing was delivered after the standstill. */
export function startStallDetector(clock: Clock, onStall: (forMs: Millis) => void): StallDetector {
  let monotonicMs = clock.monotonicMs();
  let wallMs = clock.wallMs();

  function check(): Millis | undefined {
    // The wall clock runs on while the machine sleeps. Set forward it gives a false alarm, which is safe.
    const forMs = Math.max(clock.monotonicMs() - monotonicMs, clock.wallMs() - wallMs);
    monotonicMs = clock.monotonicMs();
    wallMs = clock.wallMs();
    return forMs > STALL_MS ? millis(forMs) : undefined;
  }

  const beat = setInterval(() => {
    const forMs = check();
    if (forMs !== undefined) onStall(forMs);
  }, BEAT_MS);
  beat.unref();
  return { check, stop: () => clearInterval(beat) };
}
