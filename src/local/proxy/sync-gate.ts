/**
 * When the proxy takes in what has changed: at once, and after that not again before a period is over,
 * as kube-proxy's minSyncPeriod.
 * Never here: what is taken in.
 */
import type { Timers } from '../controllers/frame/timers';

export interface SyncGate {
  /** Something has changed. */
  ask(): void;
  stop(): void;
}

/** @param periodMs 0: each change at once, in a turn of its own. */
export function syncGate(
  timers: Timers,
  nowMs: () => number,
  periodMs: number,
  sync: () => void,
): SyncGate {
  let lastMs = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | undefined;
  return {
    ask() {
      if (cancel !== undefined) return;
      cancel = timers.after(Math.max(0, lastMs + periodMs - nowMs()), () => {
        cancel = undefined;
        lastMs = nowMs();
        sync();
      });
    },
    stop: () => cancel?.(),
  };
}
