/**
 * Drives the engine of one cluster: events go in one at a time, what it wants done is done in the
 * order of Ready's fields. Nothing waits for an answer; answers come back as events.
 * Never here: a decision. Whole stories on real servers: test/sentinel/io/scenarios.test.ts.
 */
import { assert } from '../../kit/assert';
import { type Millis, millis } from '../../kit/brands';
import type { Clock } from '../../kit/clock';
import type { Config } from '../core/config';
import type { Event, Wishes } from '../core/event';
import type { Address, PodFact } from '../core/facts';
import { initialState } from '../core/on-lease';
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
  /** Sees every event with what came of it; for `gungnir replay` and tests. */
  readonly recorder?: (config: Config, event: Event, ready: Ready) => void;
}

export interface Driver {
  setPods(pods: readonly PodFact[]): void;
  setWishes(wishes: Wishes): void;
  state(): State;
  /** Begins to campaign and to work. */
  start(): void;
  /**
   * Ends within the longest order budget: orders under way are awaited, none is begun, then every
   * connection ends and the lease is given back.
   */
  stop(): Promise<void>;
}

/** An event without its time: the driver stamps it when it is taken in. */
type Happening = Event extends infer Each
  ? Each extends Event
    ? Omit<Each, 'nowMs'>
    : never
  : never;

export function createDriver(options: DriverOptions): Driver {
  const { authority, clock, router } = options;
  const lanes = new Map<PodUid, NodeLanes>();
  const queue: Happening[] = [];
  const underWay = new Set<Promise<void>>();
  let state = initialState();
  let wakeAtMs = millis(0);
  let phase: 'idle' | 'running' | 'stopping' | 'stopped' = 'idle';
  let draining = false;
  let wake: NodeJS.Timeout | undefined;
  let stalls: StallDetector | undefined;

  function nowMs(): Millis {
    return clock.monotonicMs();
  }

  /** The one way in. A standstill of our own is told before anything that was read after it. */
  function take(happening: Happening): void {
    assert(phase !== 'idle', `${happening.kind} before the driver was started`);
    if (phase !== 'running') return;
    const forMs = stalls?.check();
    if (forMs !== undefined) queue.push({ kind: 'stalled', forMs });
    queue.push(happening);
    drain();
  }

  function drain(): void {
    if (draining) return;
    draining = true;
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) takeOne(next);
    } finally {
      draining = false;
    }
    arm();
  }

  function takeOne(happening: Happening): void {
    const event = { ...happening, nowMs: nowMs() } as Event;
    const config = options.config();
    const ready = step(config, state, event);
    state = ready.state;
    wakeAtMs = ready.wakeAtMs;
    options.recorder?.(config, event, ready);
    if (state.work.kind === 'standby') closeAll();
    apply(ready);
    forgetNodes();
  }

  /** Field order is execution order. */
  function apply(ready: Ready): void {
    if (ready.persist !== undefined) persist(ready.persist);
    if (ready.close !== undefined) router.route(ready.close);
    for (const node of ready.disconnect) lanes.get(node)?.disconnect();
    for (const send of ready.send) order(send);
    if (ready.kill !== undefined) options.killPort?.kill(ready.kill);
    if (ready.open !== undefined) router.route(ready.open);
    for (const tell of ready.tell) options.onTell(tell, state);
  }

  function persist({ expected, next }: NonNullable<Ready['persist']>): void {
    track(authority.swap(expected, next).then((outcome) => take({ kind: 'swapped', outcome })));
  }

  function order({ node, order, timeoutMs }: Send): void {
    const lane = lanesOf(node);
    if (order.kind === 'ping') {
      lane.ping(timeoutMs);
      return;
    }
    track(
      lane.send(order, timeoutMs).then((outcome) => {
        if (outcome !== 'dropped') take({ kind: 'replied', node, order: order.kind, outcome });
      }),
    );
  }

  function track(work: Promise<void>): void {
    const tracked: Promise<void> = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  }

  function lanesOf(node: PodUid): NodeLanes {
    const known = lanes.get(node);
    if (known !== undefined) return known;
    const created = createNodeLanes({
      transport: options.transport,
      authority,
      base: options.base,
      makeSecret: options.makeSecret,
      nowMs,
      address: () => addressOf(node),
      onProbed: (result) => take({ kind: 'probed', node, result }),
      onClosed: () => take({ kind: 'closed', node }),
    });
    lanes.set(node, created);
    return created;
  }

  function addressOf(node: PodUid): Address | undefined {
    const fact = nodeOf(state, node)?.fact;
    return fact?.ip === undefined ? undefined : { host: fact.ip, port: fact.port };
  }

  /** What the engine does not know any more needs no connection. */
  function forgetNodes(): void {
    for (const [node, lane] of lanes) {
      if (nodeOf(state, node) !== undefined) continue;
      lane.close();
      lanes.delete(node);
    }
  }

  function closeAll(): void {
    for (const lane of lanes.values()) lane.close();
  }

  function arm(): void {
    clearTimeout(wake);
    if (phase !== 'running' || state.work.kind === 'standby') return;
    wake = setTimeout(() => take({ kind: 'tick' }), Math.max(1, wakeAtMs - nowMs()));
  }

  return {
    setPods: (pods) => take({ kind: 'pods', pods }),
    setWishes: (wishes) => take({ kind: 'wishes', wishes }),
    state: () => state,
    start() {
      assert(phase === 'idle', 'a driver is started once');
      phase = 'running';
      stalls = startStallDetector(clock, (forMs) => take({ kind: 'stalled', forMs }));
      router.onSeen((seen) => take({ kind: 'service', ...seen }));
      authority.start((leadership) => {
        if (leadership.kind === 'led') take({ kind: 'led', record: leadership.record });
        else take({ kind: 'deposed' });
      });
    },
    async stop() {
      if (phase !== 'running') return;
      phase = 'stopping';
      clearTimeout(wake);
      stalls?.stop();
      await Promise.all(underWay);
      closeAll();
      await authority.stop();
      phase = 'stopped';
    },
  };
}
