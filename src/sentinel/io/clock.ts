/**
 * The real clocks of this machine.
 * Never here: a decision about time.
 */
import { millis } from '../../kit/brands';
import type { Clock } from '../../kit/clock';

export const systemClock: Clock = {
  monotonicMs: () => millis(performance.now()),
  wallMs: () => millis(Date.now()),
};
