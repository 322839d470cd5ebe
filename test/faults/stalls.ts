/**
 * Tells when this process stood still: a timer that comes late by more than a busy event loop makes it.
 * Never here: what that excuses (history/judge-history.ts).
 */
import type { StallLine } from './history/lines';

const LOOK_EVERY_MS = 50;
const LATE_MS = 200;

/** @returns ends it. */
export function watchStalls(onStall: (stall: StallLine) => void): () => void {
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const lateMs = nowMs - lastMs - LOOK_EVERY_MS;
    if (lateMs > LATE_MS) onStall({ kind: 'stall', atMs: Date.now(), ms: lateMs });
    lastMs = nowMs;
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}
