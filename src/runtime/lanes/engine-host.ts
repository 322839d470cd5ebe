/**
 * Keeps the engine of one cluster running. An engine that contradicts itself stands still, and nobody
 * else does: the fault is told, and a new one begins from the record after a back-off.
 * Never here: what a fault means to users (plan/status.ts); leading (campaign.ts).
 */
import type { Clock } from '../../kit/clock';
import type { Driver } from '../../sentinel/io/driver';
import { BackOff } from './back-off';

const AGAIN_FIRST_MS = 1000;
const AGAIN_MAX_MS = 30_000;
/** After so long without another fault the next one is a new one. */
const CALM_AFTER_MS = 60_000;

export interface EngineHostOptions {
  readonly clock: Clock;
  /** @param onBroken to be told once when it can do nothing any more. */
  readonly create: (onBroken: (error: unknown) => void) => Driver;
  /** It stands still from now on. */
  readonly onFault: (error: unknown) => void;
  /** A new one has been started, and knows nothing. */
  readonly onAnew: () => void;
}

export class EngineHost {
  private driver: Driver;
  private phase: 'running' | 'broken' | 'stopped' = 'running';
  private fault: string | undefined;
  private lastFaultAtMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly backOff = new BackOff(AGAIN_FIRST_MS, AGAIN_MAX_MS);

  constructor(private readonly options: EngineHostOptions) {
    this.driver = this.created();
  }

  current(): Driver {
    return this.driver;
  }

  /** What broke the last one, until a new one is at its everyday work. */
  faultNow(): string | undefined {
    if (this.phase === 'running' && this.driver.state().work.kind === 'steady')
      this.fault = undefined;
    return this.fault;
  }

  /** Does `work` with it; what it throws is a fault of this cluster alone. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.onBroken(this.driver, error);
    }
  }

  /** Orders under way end first. */
  async stop(): Promise<void> {
    this.phase = 'stopped';
    clearTimeout(this.timer);
    await this.driver.stop();
  }

  private created(): Driver {
    const driver: Driver = this.options.create((error) => this.onBroken(driver, error));
    return driver;
  }

  private onBroken(broken: Driver, error: unknown): void {
    if (broken !== this.driver || this.phase !== 'running') return;
    const { clock, onFault } = this.options;
    this.phase = 'broken';
    this.fault = error instanceof Error ? error.message : String(error);
    const now = clock.monotonicMs();
    if (now - this.lastFaultAtMs > CALM_AFTER_MS) this.backOff.reset();
    this.lastFaultAtMs = now;
    const stopped = broken.stop();
    this.timer = setTimeout(() => void stopped.then(() => this.anew()), this.backOff.nextMs());
    onFault(error);
  }

  private anew(): void {
    if (this.phase !== 'broken') return;
    this.phase = 'running';
    this.driver = this.created();
    this.driver.start();
    this.options.onAnew();
  }
}
