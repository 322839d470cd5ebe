/**
 * Time as a port: what reads it gets it handed in, so that simulation and replay own it.
 * Never here: an implementation; the real one stands in sentinel/io.
 */
import type { Millis } from './brands';

export interface Clock {
  /** Monotonic, never goes back, stands still while the machine sleeps. */
  monotonicMs(): Millis;
  /** Wall time since 1970. May jump; used beside the monotonic one to see a machine's sleep. */
  wallMs(): Millis;
}
