/**
 * What the driver has to do after a step. Field order is execution order: persist, close, send,
 * open, tell. Close and send may run side by side; nothing waits for an answer, since whatever
 * must wait for one is issued by a later step.
 * Never here: how an order is spelled in RESP (sentinel/io).
 */
import type { Millis, Offset, ReplId } from '../../kit/brands';
import type { Facts, Reason } from '../../kit/reasons';
import type { Settings } from './config';
import type { Address } from './facts';
import type { ClusterRecord, PodUid } from './record';
import type { State } from './state';

/**
 * One order to one node. At most one is under way on a node's order connection, so a reply needs no
 * number. `ping` and `knock` run on connections of their own and may run beside another order.
 */
export type Order =
  /** PING on the probe connection (opened when there is none). */
  | { readonly kind: 'ping' }
  /** Fresh TCP connects to the pod's IP, closed at once, until two in a row are refused or the budget is over. */
  | { readonly kind: 'knock' }
  /** Fresh connection as the base user; ACL USERS. -> users */
  | { readonly kind: 'look' }
  /** ACL SETUSER gungnir-t<term>-<n>, CLIENT KILL USER gungnir SKIPME YES, ACL USERS. -> users */
  | { readonly kind: 'take'; readonly term: number; readonly n: number }
  /** ACL DELUSER of all others; order connection as the new user; NO-EVICT; INFO, ROLE. -> facts */
  | {
      readonly kind: 'seal';
      readonly term: number;
      readonly n: number;
      readonly others: readonly string[];
    }
  /** ACL DELUSER of our own user: a higher term was here. -> done */
  | { readonly kind: 'yield'; readonly term: number; readonly n: number }
  /** INFO and ROLE. -> facts */
  | { readonly kind: 'observe' }
  /** REPLICAOF 127.0.0.1 0 with replica-serve-stale-data no. -> done */
  | { readonly kind: 'hold' }
  /** The same in one MULTI with CLIENT KILL USER for each client user and CLIENT UNPAUSE. -> done */
  | { readonly kind: 'demote'; readonly clientUsers: readonly string[] }
  /** CONFIG SET (reply read), then PSYNC <replid> <offset+1> FAILOVER. -> promoted */
  | {
      readonly kind: 'promote';
      readonly replid: ReplId;
      readonly offset: Offset;
      readonly m: number;
      readonly L: number;
    }
  /** replica-serve-stale-data no, REPLICAOF address. -> done */
  | { readonly kind: 'follow'; readonly primary: Address }
  /** CONFIG SET min-replicas-to-write, min-replicas-max-lag. -> done */
  | { readonly kind: 'setMin'; readonly m: number; readonly L: number }
  /** CONFIG SET for each; one that is refused keeps no other from being set. -> done */
  | { readonly kind: 'configure'; readonly settings: Settings }
  /** CLIENT PAUSE <forMs> WRITE. -> done */
  | { readonly kind: 'pause'; readonly forMs: Millis }
  | { readonly kind: 'unpause' }
  /** MULTI; REPLICAOF primary; INFO replication; CLIENT KILL USER each; CLIENT UNPAUSE; EXEC. -> handedOver */
  | {
      readonly kind: 'handOver';
      readonly primary: Address;
      readonly clientUsers: readonly string[];
    }
  /** CLIENT KILL USER each. -> done */
  | { readonly kind: 'killClients'; readonly clientUsers: readonly string[] };

export type OrderKind = Order['kind'];

/** `timeoutMs`: the budget for connect, authentication and all replies together. */
export interface Send {
  readonly node: PodUid;
  readonly order: Order;
  readonly timeoutMs: Millis;
}

/** Whom the client Service selects. `none` closes it by a pod name that does not exist. */
export type Route =
  | { readonly kind: 'to'; readonly pod: string; readonly epoch: number }
  | { readonly kind: 'none'; readonly epoch: number };

/** A Sentinel-like event: the word is Sentinel's where it has one. */
export interface Tell {
  readonly event: string;
  readonly reason: Reason | undefined;
  readonly facts: Facts;
}

export interface Ready {
  readonly state: State;
  /** Compare-and-swap: written only while the record still equals `expected`. Answer: `swapped`. */
  readonly persist:
    | { readonly expected: ClusterRecord | undefined; readonly next: ClusterRecord }
    | undefined;
  readonly close: Route | undefined;
  /** Connections to end before anything is sent; no reply of theirs may arrive later. */
  readonly disconnect: readonly PodUid[];
  readonly send: readonly Send[];
  /** E4: delete this pod with grace 1 and preconditions. */
  readonly kill: { readonly pod: string; readonly podUid: PodUid } | undefined;
  readonly open: Route | undefined;
  readonly tell: readonly Tell[];
  /** The latest moment for the next tick. */
  readonly wakeAtMs: Millis;
}
