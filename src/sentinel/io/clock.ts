/**
 * The real clocks of this machine.
 * Never here: a decision about time.
 */
import { millis } from '../../kit/brands';
import type { Clock } from '../../kit/clock';

export const systemClock: Clock = {
  // Counted from 1970 as it was when the process began: a point in time that people can read.
  monotonicMs: () => millis(performance.timeOrigin + performance.now()),
  wallMs: () => millis(Date.now()),
};
