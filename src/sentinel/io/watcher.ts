/**
 * Looks at each node at its interval and tells what came of it. The commands below are all that it can
 * send; a user who may do nothing else is enough.
 * Never here: what the answers mean (core/observer.ts).
 */

import { type Millis, millis } from '../../kit/brands';
import type { Clock } from '../../kit/clock';
import type { Address } from '../core/facts';
import {
  initialObserver,
  type Observation,
  type ObserverConfig,
  type ObserverEvent,
  type ObserverState,
  observe,
  observerWakeMs,
} from '../core/observer';
import type { ValkeyCommand } from './commands.generated';
import { within } from './deadline';
import { factsOf, INFO_COMMAND } from './info';
import type { Connection, Credentials, Transport } from './ports';
import type { Reply } from './resp';
import { type StallDetector, startStallDetector } from './stall';

/** Everything that an observer says to a server after its AUTH. */
const LOOK: readonly ValkeyCommand[] = [['PING'], INFO_COMMAND, ['ROLE']];

export interface WatcherOptions extends ObserverConfig {
  readonly nodes: readonly { readonly name: string; readonly address: Address }[];
  readonly credentials: Credentials;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly pingIntervalMs: Millis;
  /** Must not throw. */
  readonly onTell: (told: Observation, atMs: Millis) => void;
}

export interface Watcher {
  state(): ObserverState;
  /** Every connection ends. Nothing is told afterwards. */
  stop(): void;
}

export function startWatcher(options: WatcherOptions): Watcher {
  return new Watch(options);
}

class Watch implements Watcher {
  private now: ObserverState;
  private readonly stalls: StallDetector;
  private readonly eyes: readonly Eye[];
  private timer: NodeJS.Timeout | undefined;
  private phase: 'running' | 'stopped' = 'running';

  constructor(private readonly options: WatcherOptions) {
    const { clock, nodes } = options;
    this.now = initialObserver(
      nodes.map(({ name }) => name),
      clock.monotonicMs(),
    );
    this.stalls = startStallDetector(clock, (forMs) => this.stalled(forMs));
    this.eyes = nodes.map(
      ({ name, address }) =>
        new Eye(options, address, (look) =>
          this.take({ ...look, node: name, nowMs: this.nowMs() }),
        ),
    );
    for (const eye of this.eyes) eye.open();
    this.arm();
  }

  readonly state = (): ObserverState => {
    return this.now;
  };

  readonly stop = (): void => {
    this.phase = 'stopped';
    clearTimeout(this.timer);
    this.stalls.stop();
    for (const eye of this.eyes) eye.close();
  };

  private stalled(forMs: Millis): void {
    this.take({ kind: 'stalled', forMs, nowMs: this.nowMs() });
  }

  /** A standstill of our own is told before anything that was read after it. */
  private take(event: ObserverEvent): void {
    if (this.phase === 'stopped') return;
    const forMs = this.stalls.check();
    if (forMs !== undefined) this.step({ kind: 'stalled', forMs, nowMs: this.nowMs() });
    this.step(event);
    this.arm();
  }

  private step(event: ObserverEvent): void {
    const { state, tell } = observe(this.options, this.now, event);
    this.now = state;
    for (const told of tell) this.options.onTell(told, state.nowMs);
  }

  private arm(): void {
    clearTimeout(this.timer);
    const atMs = observerWakeMs(this.options, this.now);
    if (atMs === undefined || this.phase === 'stopped') return;
    const waitMs = Math.max(1, Math.ceil(atMs - this.nowMs()));
    this.timer = setTimeout(() => this.take({ kind: 'tick', nowMs: this.nowMs() }), waitMs);
  }

  private nowMs(): Millis {
    return this.options.clock.monotonicMs();
  }
}

type Look = ObserverEvent extends infer Each
  ? Each extends { readonly node: string }
    ? Omit<Each, 'node' | 'nowMs'>
    : never
  : never;

/** One node: one connection, one look at a time. */
class Eye {
  private connection: Connection | undefined;
  private timer: NodeJS.Timeout | undefined;
  private phase: 'open' | 'closed' = 'open';
  private pace: 'resting' | 'looking' = 'resting';
  /** Whether the connection brought a look: its end is news, that of a doubtful one is not. */
  private trust: 'new' | 'proven' = 'new';
  private next: 'soon' | 'later' = 'later';

  constructor(
    private readonly options: WatcherOptions,
    private readonly address: Address,
    private readonly tell: (look: Look) => void,
  ) {}

  open(): void {
    void this.look();
  }

  close(): void {
    this.phase = 'closed';
    clearTimeout(this.timer);
    this.drop();
  }

  private async look(): Promise<void> {
    const { clock, pingIntervalMs } = this.options;
    const sinceMs = clock.monotonicMs();
    this.pace = 'looking';
    this.next = 'later';
    const seen = await this.lookOnce().catch(() => ({ kind: 'missed' }) as const);
    this.pace = 'resting';
    if (this.phase === 'closed') return;
    if (seen.kind === 'missed') this.drop();
    if (seen.kind === 'looked') this.trust = 'proven';
    const passedMs = clock.monotonicMs() - sinceMs;
    const restMs = this.isSoon() ? 1 : Math.max(1, pingIntervalMs - passedMs);
    this.timer = setTimeout(() => void this.look(), restMs);
    this.tell(seen);
  }

  private async lookOnce(): Promise<Look> {
    const connection = this.connection ?? (await this.dial());
    if (connection === 'refused') return { kind: 'answered' };
    if (connection === undefined) return { kind: 'missed' };
    const answer = await within(connection.request(LOOK), this.options.pingIntervalMs);
    if (answer === 'late' || answer.kind === 'closed') return { kind: 'missed' };
    const [, info, role] = answer.replies;
    if (info === undefined || role === undefined) return { kind: 'missed' };
    const read = factsOf(info, role, this.options.clock.monotonicMs());
    if (read.kind === 'unreadable' || read.value.activity === 'loading')
      return { kind: 'answered' };
    return { kind: 'looked', facts: read.value };
  }

  /** `refused`: it lives, and does not let us in. */
  private async dial(): Promise<Connection | 'refused' | undefined> {
    const { transport, credentials, pingIntervalMs } = this.options;
    const connected = await transport.connect(this.address, pingIntervalMs, () => this.ended());
    if (connected.kind === 'failed') return undefined;
    const { connection } = connected;
    const { username, password } = credentials;
    const answer = await within(
      connection.request([['AUTH', username, password]]),
      millis(pingIntervalMs),
    );
    const reply: Reply | undefined = answer === 'late' ? undefined : answer.replies[0];
    if (this.phase === 'closed' || reply === undefined || reply.kind === 'error') {
      connection.destroy();
      return reply?.kind === 'error' ? 'refused' : undefined;
    }
    this.connection = connection;
    this.trust = 'new';
    return connection;
  }

  /** A server that ends the connection may have died: look at once, it costs one connect. */
  private ended(): void {
    if (this.connection === undefined || this.phase === 'closed') return;
    this.connection = undefined;
    if (this.trust === 'proven') this.next = 'soon';
    this.trust = 'new';
    // A look that is under way tells it, and goes on.
    if (this.pace === 'looking') return;
    clearTimeout(this.timer);
    this.tell({ kind: 'missed' });
    this.timer = setTimeout(() => void this.look(), 1);
  }

  private isSoon(): boolean {
    return this.next === 'soon';
  }

  private drop(): void {
    const { connection } = this;
    this.connection = undefined;
    connection?.destroy();
  }
}
