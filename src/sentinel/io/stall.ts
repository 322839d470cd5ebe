/**
 * Notices that our own event loop stood still: stopped, starved, or asleep with the machine. What was
 * read, missed or late meanwhile proves nothing about others (failover.md I8). All engines of a process
 * share one beat: there is one event loop.
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
  const heart = hearts.get(clock) ?? new Heart(clock);
  hearts.set(clock, heart);
  const listener: Listener = { onStall, untold: undefined };
  heart.add(listener);
  return { check: () => heart.check(listener), stop: () => heart.remove(listener) };
}

interface Listener {
  readonly onStall: (forMs: Millis) => void;
  /** A standstill that this one has not heard of. */
  untold: Millis | undefined;
}

/** By the clock that it looks at: tests have clocks of their own. */
const hearts = new WeakMap<Clock, Heart>();

class Heart {
  private readonly listeners = new Set<Listener>();
  private beat: NodeJS.Timeout | undefined;
  private monotonicMs = 0;
  private wallMs = 0;

  constructor(private readonly clock: Clock) {}

  add(listener: Listener): void {
    // Before the first listener nobody looked: that is no standstill.
    if (this.listeners.size === 0) this.start();
    else this.look();
    this.listeners.add(listener);
  }

  remove(listener: Listener): void {
    this.listeners.delete(listener);
    if (this.listeners.size === 0) clearInterval(this.beat);
  }

  /** Whoever looks first tells all: each of them discards what it has read. */
  check(listener: Listener): Millis | undefined {
    this.look();
    const { untold } = listener;
    listener.untold = undefined;
    return untold;
  }

  private start(): void {
    this.monotonicMs = this.clock.monotonicMs();
    this.wallMs = this.clock.wallMs();
    this.beat = setInterval(() => this.tellAll(), BEAT_MS).unref();
  }

  private look(): void {
    const [monotonicMs, wallMs] = [this.clock.monotonicMs(), this.clock.wallMs()];
    // The wall clock runs on while the machine sleeps. Set forward it gives a false alarm, which is safe.
    const forMs = millis(Math.max(monotonicMs - this.monotonicMs, wallMs - this.wallMs));
    this.monotonicMs = monotonicMs;
    this.wallMs = wallMs;
    if (forMs <= STALL_MS) return;
    for (const listener of this.listeners) {
      listener.untold = millis(Math.max(listener.untold ?? 0, forMs));
    }
  }

  private tellAll(): void {
    this.look();
    for (const listener of this.listeners) {
      const { untold } = listener;
      listener.untold = undefined;
      if (untold !== undefined) listener.onStall(untold);
    }
  }
}
