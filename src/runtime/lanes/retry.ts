/**
 * One kind of request that is tried until it works: growing, jittered waits up to a bound, one line in
 * the log when it begins to fail and one when it works again, a count of every failure.
 * Never here: the request.
 */
import { type Millis, millis } from '../../kit/brands';
import type { Rng } from '../../kit/rng';
import type { Failure } from '../kube/answer';
import { type Backoff, backoffDelay } from '../kube/backoff';
import type { Instruments } from '../ops/instruments';
import type { Log } from '../ops/log';

/** What every lane has at hand for its retries. */
export interface RetryWorld {
  readonly rng: Rng;
  readonly log: Log;
  readonly instruments: Pick<Instruments, 'requestTroubles'>;
  readonly labels: { readonly namespace: string; readonly cluster: string };
}

export class Retry {
  private failures = 0;
  /** The failure that was said last; another kind of it is said too. */
  private said: string | undefined;
  private wake: () => void = () => {};

  /** @param what one word for the log and the metric: `status`, `route`. */
  constructor(
    private readonly world: RetryWorld,
    private readonly what: string,
    private readonly backoff: Backoff,
  ) {}

  /** @returns how long to wait before the next try. */
  failed(failure: Failure | 'conflict'): Millis {
    const { rng, log, instruments, labels } = this.world;
    const kind = typeof failure === 'string' ? failure : failure.kind;
    this.failures += 1;
    instruments.requestTroubles.add({ ...labels, what: this.what, answer: kind });
    const refusal = typeof failure === 'object' && 'status' in failure ? failure.status : undefined;
    if (this.said !== kind)
      log.warn('request fails', { what: this.what, answer: kind, said: refusal?.message });
    this.said = kind;
    return backoffDelay(this.backoff, this.failures, rng, refusal?.retryAfterMs ?? millis(0));
  }

  worked(): void {
    if (this.said !== undefined) {
      const { what, failures } = this;
      this.world.log.info('request works again', { what, failures });
    }
    this.failures = 0;
    this.said = undefined;
  }

  /** Waits after a failure, at most until `hurry`. */
  async rest(failure: Failure | 'conflict'): Promise<void> {
    const afterMs = this.failed(failure);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, afterMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => {};
  }

  /** Something changed that the next try may profit from: it is made at once. */
  hurry(): void {
    this.wake();
  }
}
