/**
 * Leads the engine of one cluster while we hold the lease: the record is read first, and an engine
 * that was outrun by another writer of the record, or met one that cannot be read, begins again.
 * Never here: the lease; what the record says.
 */
import type { Clock } from '../../kit/clock';
import type { ClusterRecord } from '../../sentinel/core/record';
import { BackOff } from './back-off';

const AGAIN_FIRST_MS = 1000;
const AGAIN_MAX_MS = 30_000;
/** After so long without another try the next trouble is a new one. */
const CALM_AFTER_MS = 60_000;

export type Attempt =
  | { readonly kind: 'led'; readonly record: ClusterRecord | undefined }
  /** The record cannot be used now, or the lease did not stand at this moment. */
  | { readonly kind: 'again' }
  /** The cluster is gone. */
  | { readonly kind: 'over' };

export interface CampaignOptions {
  readonly clock: Clock;
  readonly mayAct: () => 'granted' | 'denied';
  /** Reads what the engine needs before it leads. Must not throw. */
  readonly attempt: () => Promise<Attempt>;
  readonly onLed: (record: ClusterRecord | undefined) => void;
}

export class Campaign {
  /** An attempt of an earlier turn says nothing any more. */
  private turn = 0;
  private timer: NodeJS.Timeout | undefined;
  private lastAtMs = 0;
  private readonly backOff = new BackOff(AGAIN_FIRST_MS, AGAIN_MAX_MS);

  constructor(private readonly options: CampaignOptions) {}

  /** The lease was won. */
  begin(): void {
    this.backOff.reset();
    void this.run();
  }

  /** Once more, after a back-off. */
  again(): void {
    const now = this.options.clock.monotonicMs();
    if (now - this.lastAtMs > CALM_AFTER_MS) this.backOff.reset();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), this.backOff.nextMs());
  }

  /** The lease was lost, or the lane ends. */
  end(): void {
    this.turn += 1;
    clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    const { clock, mayAct, attempt, onLed } = this.options;
    this.end();
    const { turn } = this;
    this.lastAtMs = clock.monotonicMs();
    if (mayAct() === 'denied') return this.again();
    const outcome = await attempt();
    if (turn !== this.turn) return;
    if (outcome.kind === 'led') onLed(outcome.record);
    if (outcome.kind === 'again') this.again();
  }
}
