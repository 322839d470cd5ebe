/**
 * All that can happen to the engine of one cluster. Time comes in with each event; the driver
 * stamps it from one monotonic clock and never goes back.
 * Never here: what follows from it.
 */
import type { Millis, Offset, ReplId } from '../../kit/brands';
import type { NodeFacts, PodFact } from './facts';
import type { OrderKind } from './ready';
import type { ClusterRecord, PodUid } from './record';

/** A user of an earlier or own claim, seen in ACL USERS: gungnir-t<term>-<n>. */
export interface TermUser {
  readonly term: number;
  readonly n: number;
}

/**
 * What an order brought. Refused, late and unreachable are three facts.
 * `noReply`: sent, or perhaps sent, and no reply was read: it may take effect later.
 * `notSent`: it certainly never reached the node (no connection, or the lease check failed).
 */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'users'; readonly users: readonly TermUser[] }
  | { readonly kind: 'facts'; readonly facts: NodeFacts }
  /** The promotion's own answer: +CONTINUE joins the parent history (and names no replid), +FULLRESYNC cuts it. */
  | { readonly kind: 'promoted'; readonly cut: 'Cut' | 'Joined' }
  /** The handover's INFO: where the demoted primary stopped. */
  | { readonly kind: 'handedOver'; readonly replid: ReplId; readonly offset: Offset }
  /** Two fresh connects, one after the other. */
  | { readonly kind: 'knocked'; readonly answers: 'bothRefused' | 'accepted' | 'unclear' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** WRONGPASS or NOAUTH for the claim's own user: the process restarted since. */
  | { readonly kind: 'userGone' }
  /** `closed`: the connection ended by itself first, which is evidence; `late`: the budget ran out. */
  | { readonly kind: 'noReply'; readonly by: 'late' | 'closed' }
  | { readonly kind: 'notSent' };

/** What a ping on the probe connection brought, by its first word or the way it failed. */
export type ProbeResult =
  | 'pong'
  | 'busy'
  | 'misconf'
  | 'maxClients'
  | 'loading'
  | 'masterDown'
  | 'authFailed'
  | 'closed'
  | 'refused'
  | 'silent'
  | 'unreachable';

/** A wish of the user or of the reconciler, as it stands on the object. */
export interface Wishes {
  /** `accept: <pod>@<epoch>` of failover.md section 7, end. */
  readonly accept: { readonly pod: string; readonly epoch: number } | undefined;
  /** `switchover: <pod>@<epoch>`; an empty pod means: choose. */
  readonly switchover: { readonly pod: string; readonly epoch: number } | undefined;
  /** Pods that planned work is about to restart or remove, by name. */
  readonly leaving: readonly string[];
  /** `ending`: the cluster is being deleted, and all of its pods go. Absent: it stays. */
  readonly cluster?: 'ending' | undefined;
}

export type Event =
  | { readonly kind: 'tick'; readonly nowMs: Millis }
  /** The lease is ours, with the record as read after the acquisition. */
  | { readonly kind: 'led'; readonly nowMs: Millis; readonly record: ClusterRecord | undefined }
  | { readonly kind: 'deposed'; readonly nowMs: Millis }
  | { readonly kind: 'pods'; readonly nowMs: Millis; readonly pods: readonly PodFact[] }
  | { readonly kind: 'wishes'; readonly nowMs: Millis; readonly wishes: Wishes }
  /**
   * What the client Service selects and which pods its EndpointSlice shows. `stirred`: the proxies have
   * something else of this cluster to apply, which delays their next change as much.
   */
  | {
      readonly kind: 'service';
      readonly nowMs: Millis;
      readonly selected: string;
      readonly endpoints: readonly string[];
      readonly proxies: 'asBefore' | 'stirred';
    }
  | {
      readonly kind: 'probed';
      readonly nowMs: Millis;
      readonly node: PodUid;
      readonly result: ProbeResult;
    }
  /** The order connection ended by itself, not by a close of our own. */
  | { readonly kind: 'closed'; readonly nowMs: Millis; readonly node: PodUid }
  | {
      readonly kind: 'replied';
      readonly nowMs: Millis;
      readonly node: PodUid;
      readonly order: OrderKind;
      readonly outcome: Outcome;
    }
  | { readonly kind: 'swapped'; readonly nowMs: Millis; readonly outcome: SwapOutcome }
  /** Our own event loop stood still: what was observed meanwhile proves nothing. */
  | { readonly kind: 'stalled'; readonly nowMs: Millis; readonly forMs: Millis };

/** `unknown`: no answer; the driver reads until it has the record, and says `conflict` or `ok`. */
export type SwapOutcome =
  | { readonly kind: 'ok' }
  | { readonly kind: 'conflict'; readonly actual: ClusterRecord | undefined }
  | { readonly kind: 'failed' };
