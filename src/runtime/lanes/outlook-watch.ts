/**
 * A bad outlook for a failover is told when it has lasted: pods that are replaced pass through it.
 * Never here: what the outlook is (sentinel/core/outlook.ts).
 */
import type { Clock } from '../../kit/clock';
import type { Outlook } from '../../sentinel/core/outlook';

/** Longer than a pod takes to be started again. */
const LASTS_MS = 30_000;

export interface OutlookWatchOptions {
  readonly clock: Clock;
  /** Told once for each time that it has lasted. */
  readonly onLasting: (outlook: Outlook) => void;
  /** To be looked at again after this long. */
  readonly onRecheck: (afterMs: number) => void;
}

export class OutlookWatch {
  private since: { readonly reason: string; readonly atMs: number; told: 'no' | 'yes' } | undefined;

  constructor(private readonly options: OutlookWatchOptions) {}

  /** @returns it once it has lasted. */
  lasting(outlook: Outlook | undefined): Outlook | undefined {
    const { clock, onLasting, onRecheck } = this.options;
    if (outlook === undefined) {
      this.since = undefined;
      return undefined;
    }
    const nowMs = clock.monotonicMs();
    if (this.since?.reason !== outlook.reason) {
      this.since = { reason: outlook.reason, atMs: nowMs, told: 'no' };
      onRecheck(LASTS_MS);
    }
    if (nowMs - this.since.atMs < LASTS_MS) return undefined;
    if (this.since.told === 'no') onLasting(outlook);
    this.since.told = 'yes';
    return outlook;
  }
}
