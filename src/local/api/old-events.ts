/**
 * Events go an hour after they were last written, as a real server forgets them (its --event-ttl).
 * Never here: what an Event says.
 */
import { listAt, textAt } from './json';
import type { JsonObject } from './port';
import type { Store } from './store';

export const EVENT_LIFE_MS = 3_600_000;
const LOOK_EVERY_MS = 60_000;
const EVENTS = 'events';

/** The part of the controllers' timers that is used. */
interface Timers {
  after(delayMs: number, run: () => void): () => void;
}

/** @returns ends it. */
export function forgetOldEvents(store: Store, timers: Timers, nowMs: () => number): () => void {
  const look = (): void => {
    removeOldEvents(store, nowMs());
    cancel = timers.after(LOOK_EVERY_MS, look);
  };
  let cancel = timers.after(LOOK_EVERY_MS, look);
  return () => cancel();
}

/** Each is told as a deletion, as by a real server. */
function removeOldEvents(store: Store, nowMs: number): void {
  for (const { key, object } of store.list(EVENTS, '')) {
    if (writtenMs(object) + EVENT_LIFE_MS <= nowMs) store.remove(EVENTS, key, object);
  }
}

/** Whole seconds. */
function writtenMs(event: JsonObject): number {
  const times = [
    textAt(event, 'metadata', 'creationTimestamp'),
    ...listAt(event, 'metadata', 'managedFields').map((entry) => textAt(entry, 'time')),
  ];
  return Math.max(...times.map((time) => Date.parse(time) || 0));
}
