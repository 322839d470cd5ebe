/**
 * Later, as a port: controllers ask for a turn after a delay, and whoever drives them owns the time.
 * Never here: reading a clock (kit/clock.ts).
 */

export interface Timers {
  /**
   * @param delayMs 0: a turn of its own, as soon as the present one has ended.
   * @returns cancels it.
   */
  after(delayMs: number, run: () => void): () => void;
}

/** The longest delay that setTimeout knows; a longer one would come at once. */
const DELAY_MAX_MS = 2 ** 31 - 1;

export const systemTimers: Timers = {
  after(delayMs, run) {
    if (delayMs <= 0) {
      const turn = setImmediate(run);
      return () => clearImmediate(turn);
    }
    const timer = setTimeout(run, Math.min(delayMs, DELAY_MAX_MS));
    return () => clearTimeout(timer);
  },
};
