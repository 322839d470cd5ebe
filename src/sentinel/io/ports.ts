/**
 * What the driver needs of the world, as small ports. None of them throws for what the world can do:
 * refused, late and unreachable come back as facts. Each has an adapter, a fake in test/kit, and one
 * contract suite that both pass.
 * Never here: an implementation.
 */
import type { Millis } from '../../kit/brands';
import type { SwapOutcome } from '../core/event';
import type { Address } from '../core/facts';
import type { Ready, Route } from '../core/ready';
import type { ClusterRecord, PodUid } from '../core/record';
import type { Command, Reply } from './resp';

/**
 * How a connection failed to come up. `refused`: the address answered that nobody listens there.
 * `timedOut` and `unreachable` prove nothing about the process.
 */
export type ConnectFailure = 'refused' | 'timedOut' | 'unreachable';

/** What became of a try to connect. */
export type Connected =
  | { readonly kind: 'open'; readonly connection: Connection }
  | { readonly kind: 'failed'; readonly by: ConnectFailure };

/** `closed`: the connection ended first; `replies` are those that were read before. */
export type Answer =
  | { readonly kind: 'replies'; readonly replies: readonly Reply[] }
  | { readonly kind: 'closed'; readonly replies: readonly Reply[] };

/**
 * One TCP connection. It never reconnects, never queues, never sends a command twice: a command that
 * was not answered may or may not have run, and only the caller knows what follows from that.
 */
export interface Connection {
  /**
   * Writes the commands in one piece and reads as many replies. One request at a time.
   * There is no timeout: who will not wait longer destroys the connection.
   */
  request(commands: readonly Command[]): Promise<Answer>;
  /** Ends the connection at once, unsent and unread data included. A pending request is `closed`. */
  destroy(): void;
}

/** How nodes are reached; the default is TCP. */
export interface Transport {
  /** @param onEnd called once, when an open connection ends other than by `destroy`. */
  connect(address: Address, timeoutMs: Millis, onEnd: () => void): Promise<Connected>;
}

/** The lease was won, with the record as read after that; or it was lost. */
export type Leadership =
  | { readonly kind: 'led'; readonly record: ClusterRecord | undefined }
  | { readonly kind: 'lost' };

/** The one authority of a cluster (failover.md I1) and the record that it keeps. */
export interface Authority {
  /** Begins to campaign. Each change of leadership is told once, in order. */
  start(onChange: (leadership: Leadership) => void): void;
  /**
   * Asked before each order, after the connection stands: whether the lease still holds at this very
   * moment, on a clock that also runs while the process is stopped or the machine sleeps.
   */
  mayAct(): 'granted' | 'denied';
  /** Compare-and-swap: written only while the record still equals `expected`. */
  swap(expected: ClusterRecord | undefined, next: ClusterRecord): Promise<SwapOutcome>;
  /** Gives the lease back; nothing is told from the call on. */
  stop(): Promise<void>;
}

/** What clients are sent to, as it is seen rather than as it was asked for. */
export interface Routed {
  readonly selected: string;
  readonly endpoints: readonly string[];
  /** `stirred`: something else of this cluster changed that its proxies have to apply. */
  readonly proxies: 'asBefore' | 'stirred';
}

/** The client Service, or what stands for it. */
export interface Router {
  /** Asks for a route. What came of it shows in `onSeen`; a failure is retried by the adapter. */
  route(wanted: Route): void;
  /** Called with each change of what is seen. */
  onSeen(listener: (seen: Routed) => void): void;
}

/** E4: ends a process for certain, where the world has a way. What came of it shows as a fact. */
export interface KillPort {
  kill(target: NonNullable<Ready['kill']>): void;
}

/** Who may log in to claim a node, and nothing else (failover.md section 11, "base"). */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** A node that an order goes to: its uid, and where it listens at the moment. */
export interface Target {
  readonly node: PodUid;
  readonly address: Address | undefined;
}
