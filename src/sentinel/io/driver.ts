/**
 * Drives the engine of one cluster: events go in one at a time, what it wants done is done in the
 * order of Ready's fields. Nothing waits for an answer; answers come back as events.
 * Never here: a decision. Whole stories on real servers: test/sentinel/io/scenarios.test.ts.
 */
import { isDeepStrictEqual } from 'node:util';
import { assert } from '../../kit/assert';
import { millis } from '../../kit/brands';
import type { Clock } from '../../kit/clock';
import type { Config } from '../core/config';
import type { Event, Wishes } from '../core/event';
import type { Address, PodFact } from '../core/facts';
import { initialState } from '../core/on-lease';
import { isHalfway } from '../core/promotion';
import type { Ready, Send, Tell } from '../core/ready';
import type { PodUid } from '../core/record';
import { nodeOf, type State } from '../core/state';
import { step } from '../core/step';
import { createNodeLanes, type NodeLanes } from './node-lanes';
import type { Authority, Credentials, KillPort, Router, Transport } from './ports';
import { type StallDetector, startStallDetector } from './stall';

export interface DriverOptions {
  /** Read with each event, so a change of the definition needs no restart. */
  readonly config: () => Config;
  readonly base: Credentials;
  readonly transport: Transport;
  readonly authority: Authority;
  readonly router: Router;
  readonly killPort?: KillPort;
  readonly clock: Clock;
  /** At least 128 random bits for each claim's password. */
  readonly makeSecret: () => string;
  /** What the engine has to say, in order. Must not throw. */
  readonly onTell: (tell: Tell, state: State) => void;
  /**
   * The engine itself failed: nothing is done from now on but `stop`. Without it the error is thrown
   * to whoever told the event.
   */
  readonly onBroken?: (error: unknown) => void;
  /** Sees every event with what came of it; for the recorder and tests. */
  readonly recorder?: (config: Config, event: Event, ready: Ready) => void;
}

export interface Driver {
  setPods(pods: readonly PodFact[]): void;
  setWishes(wishes: Wishes): void;
  state(): State;
  /** Begins to campaign and to work. */
  start(): void;
  /**
   * A change of primary that is under way goes on to its end, for some seconds at most. Then, within
   * the longest order budget: orders under way are awaited, none is begun, every connection ends and
   * the lease is given back.
   */
  stop(): Promise<void>;
}

/** The pause of a switchover, and what may follow it; well within any grace period. */
const HALFWAY_MAX_MS = 8000;

/** How long a change of primary keeps everybody in a hurry. */
const URGENT_FOR_MS = 60_000;

/** An event without its time: the driver stamps it when it is taken in. */
type Happening = Event extends infer Each
  ? Each extends Event
    ? Omit<Each, 'nowMs'>
    : never
  : never;

export function createDriver(options: DriverOptions): Driver {
  return new Loop(options);
}

class Loop implements Driver {
  private readonly lanes = new Map<PodUid, NodeLanes>();
  private readonly queue: Happening[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private now = initialState();
  private wakeAtMs = millis(0);
  private phase: 'idle' | 'running' | 'broken' | 'stopping' | 'stopped' = 'idle';
  private queueing: 'free' | 'draining' = 'free';
  private wake: NodeJS.Timeout | undefined;
  private stalls: StallDetector | undefined;
  private ending: Promise<void> | undefined;
  /** Told when no change of primary is under way any more. */
  private onWhole: () => void = () => {};

  constructor(private readonly options: DriverOptions) {}

  setPods(pods: readonly PodFact[]): void {
    for (const pod of pods) {
      const known = nodeOf(this.now, pod.podUid)?.fact;
      if (!isDeepStrictEqual({ ...pod, terminatedIds: [] }, { ...known, terminatedIds: [] }))
        this.lanes.get(pod.podUid)?.hurry();
    }
    this.take({ kind: 'pods', pods });
  }

  setWishes(wishes: Wishes): void {
    this.take({ kind: 'wishes', wishes });
  }

  readonly state = (): State => {
    return this.now;
  };

  start(): void {
    const { authority, clock, router } = this.options;
    assert(this.phase === 'idle', 'a driver is started once');
    this.phase = 'running';
    this.stalls = startStallDetector(clock, (forMs) => this.take({ kind: 'stalled', forMs }));
    router.onSeen((seen) => this.take({ kind: 'service', ...seen }));
    authority.start((leadership) => {
      if (leadership.kind === 'led') this.take({ kind: 'led', record: leadership.record });
      else this.take({ kind: 'deposed' });
    });
  }

  stop(): Promise<void> {
    if (this.phase === 'idle') return Promise.resolve();
    this.ending ??= this.end();
    return this.ending;
  }

  private async end(): Promise<void> {
    if (this.isHalfway()) await this.untilWhole();
    this.phase = 'stopping';
    clearTimeout(this.wake);
    this.stalls?.stop();
    for (const lane of this.lanes.values()) lane.hurry();
    await Promise.all(this.underWay);
    this.closeAll();
    await this.options.authority.stop();
    this.phase = 'stopped';
  }

  private isHalfway(): boolean {
    return this.phase === 'running' && isHalfway(this.now.work);
  }

  private untilWhole(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, HALFWAY_MAX_MS);
      this.onWhole = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** The one way in. A standstill of our own is told before anything that was read after it. */
  private take(happening: Happening): void {
    assert(this.phase !== 'idle', `${happening.kind} before the driver was started`);
    if (this.phase !== 'running') return;
    const forMs = this.stalls?.check();
    if (forMs !== undefined) this.queue.push({ kind: 'stalled', forMs });
    this.queue.push(happening);
    this.drain();
  }

  private drain(): void {
    if (this.queueing === 'draining') return;
    this.queueing = 'draining';
    try {
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift())
        this.takeOne(next);
    } catch (error) {
      this.breakDown(error);
    } finally {
      this.queueing = 'free';
    }
    if (!this.isHalfway()) this.onWhole();
    this.arm();
  }

  /** An engine that contradicted itself must not go on; what it was connected to is let go. */
  private breakDown(error: unknown): void {
    const { onBroken } = this.options;
    if (onBroken === undefined) throw error;
    if (this.phase !== 'running') return;
    this.phase = 'broken';
    clearTimeout(this.wake);
    this.queue.length = 0;
    this.stalls?.stop();
    this.closeAll();
    onBroken(error);
  }

  private takeOne(happening: Happening): void {
    const event = { ...happening, nowMs: this.options.clock.monotonicMs() } as Event;
    const config = this.options.config();
    const ready = step(config, this.now, event);
    this.now = ready.state;
    this.wakeAtMs = ready.wakeAtMs;
    this.options.recorder?.(config, event, ready);
    if (this.now.work.kind === 'standby') this.closeAll();
    this.apply(ready);
    this.forgetNodes();
  }

  /** Field order is execution order. */
  private apply(ready: Ready): void {
    if (ready.persist !== undefined) this.persist(ready.persist);
    if (ready.close !== undefined) this.options.router.route(ready.close);
    for (const node of ready.disconnect) this.lanes.get(node)?.disconnect();
    for (const send of ready.send) this.order(send);
    if (ready.kill !== undefined) this.options.killPort?.kill(ready.kill);
    if (ready.open !== undefined) this.options.router.route(ready.open);
    for (const tell of ready.tell) this.options.onTell(tell, this.now);
  }

  private persist({ expected, next }: NonNullable<Ready['persist']>): void {
    this.track(
      this.options.authority
        .swap(expected, next)
        .then((outcome) => this.take({ kind: 'swapped', outcome })),
    );
  }

  private order({ node, order, timeoutMs }: Send): void {
    const lane = this.lanesOf(node);
    if (order.kind === 'ping') {
      lane.ping(timeoutMs);
      return;
    }
    this.track(
      lane.send(order, timeoutMs).then((outcome) => {
        if (outcome !== 'dropped') this.take({ kind: 'replied', node, order: order.kind, outcome });
      }),
    );
  }

  private track(work: Promise<void>): void {
    const tracked: Promise<void> = work
      .catch((error: unknown) => this.breakDown(error))
      .finally(() => this.underWay.delete(tracked));
    this.underWay.add(tracked);
  }

  private lanesOf(node: PodUid): NodeLanes {
    const known = this.lanes.get(node);
    if (known !== undefined) return known;
    const { authority, clock } = this.options;
    const created = createNodeLanes({
      transport: this.options.transport,
      authority,
      base: this.options.base,
      makeSecret: this.options.makeSecret,
      nowMs: () => clock.monotonicMs(),
      address: () => this.addressOf(node),
      onProbed: (result) => this.take({ kind: 'probed', node, result }),
      onClosed: () => this.take({ kind: 'closed', node }),
      onBroken: (error) => this.breakDown(error),
      urgency: () => this.urgency(),
    });
    this.lanes.set(node, created);
    return created;
  }

  /** A change of primary waits for every node; one that is stuck for long waits for people. */
  private urgency(): 'urgent' | 'calm' {
    const { work } = this.now;
    if (!('sinceAtMs' in work)) return 'calm';
    const forMs = this.options.clock.monotonicMs() - work.sinceAtMs;
    return forMs < URGENT_FOR_MS ? 'urgent' : 'calm';
  }

  private addressOf(node: PodUid): Address | undefined {
    const fact = nodeOf(this.now, node)?.fact;
    return fact?.ip === undefined ? undefined : { host: fact.ip, port: fact.port };
  }

  /** What the engine does not know any more needs no connection. */
  private forgetNodes(): void {
    for (const [node, lane] of this.lanes) {
      if (nodeOf(this.now, node) !== undefined) continue;
      lane.close();
      this.lanes.delete(node);
    }
  }

  private closeAll(): void {
    for (const lane of this.lanes.values()) lane.close();
  }

  private arm(): void {
    clearTimeout(this.wake);
    if (this.phase !== 'running' || this.now.work.kind === 'standby') return;
    this.wake = setTimeout(
      () => this.take({ kind: 'tick' }),
      Math.max(1, this.wakeAtMs - this.options.clock.monotonicMs()),
    );
  }
}
