/**
 * All that the engine of one cluster remembers: plain, comparable, serializable data. Absolute times
 * end in `AtMs`, so that the model checker can make them relative.
 * Never here: anything that survives the process; that is the record.
 */
import type { Epoch, Millis, Offset, RunId } from '../../kit/brands';
import type { Facts, Reason } from '../../kit/reasons';
import type { Wishes } from './event';
import type { Address, NodeFacts, PodFact } from './facts';
import type { OrderKind, Route } from './ready';
import type { ClusterRecord, PodUid, Process } from './record';

/** How far our claim of one node has come (failover.md section 9). */
export type Claim =
  | { readonly kind: 'none'; readonly retryAtMs: Millis }
  | { readonly kind: 'looking' }
  | { readonly kind: 'taking'; readonly n: number }
  | { readonly kind: 'sealing'; readonly n: number }
  | { readonly kind: 'yielding'; readonly n: number; readonly seen: number }
  | { readonly kind: 'held'; readonly n: number };

/** What the probe connection last said, and since when the node has been silent. */
export interface Probe {
  readonly last:
    | 'none'
    | 'alive'
    | 'diskError'
    | 'loading'
    | 'masterDown'
    | 'authFailed'
    | 'closed'
    | 'refused'
    | 'silent'
    | 'unreachable';
  readonly lastAtMs: Millis;
  /** The last sign of life; of a node never heard, when we began to listen. */
  readonly aliveAtMs: Millis;
  /** When the ping that has no answer was sent; undefined while nothing is overdue. */
  readonly unansweredAtMs: Millis | undefined;
  readonly pendingAtMs: Millis | undefined;
  readonly nextAtMs: Millis;
  /** The run that the open probe socket belongs to: read on the order connection while it was open. */
  readonly runId: RunId | undefined;
}

/** How long a replica has been without its primary, as last seen before a hold blurred it. */
export type Upstream =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'linked' }
  | { readonly kind: 'never' }
  | { readonly kind: 'since'; readonly sinceAtMs: Millis };

/** Whether a node stands apart from every primary by our own, acknowledged order. */
export type Hold =
  | { readonly kind: 'free' }
  | { readonly kind: 'held'; readonly atMs: Millis; readonly before: LinkBefore };

/** What the last look before a hold told of the link: afterwards it is down by our own doing. */
export type LinkBefore = 'down' | 'upOrUnknown';

export interface Death {
  readonly runId: RunId;
  readonly deadAtMs: Millis;
}

/** E1(a): the end of a socket that had answered as this run, and what two connects brought. */
export interface Closed {
  readonly runId: RunId;
  readonly atMs: Millis;
  readonly knock: 'wanted' | 'asked' | 'bothRefused' | 'other';
  readonly knockedAtMs: Millis;
}

/** A read of a replica that may witness for its primary (failover.md section 4). */
export interface Witness {
  readonly firstAtMs: Millis;
  readonly firstOffset: Offset;
  readonly contactAtMs: Millis | undefined;
}

export interface Refusal {
  readonly order: OrderKind;
  readonly atMs: Millis;
}

export interface MinReplicas {
  readonly m: number;
  readonly L: number;
}

export interface NodeState {
  readonly fact: PodFact;
  readonly claim: Claim;
  readonly probe: Probe;
  readonly facts: NodeFacts | undefined;
  /** `predecessor`: the watch still shows the container of an earlier run than the one in `facts`. */
  readonly container: 'current' | 'predecessor';
  /** Whether `facts` were read after the last hold or demotion of the present decision. */
  readonly sight: 'old' | 'asked' | 'fresh';
  readonly hold: Hold;
  /** Whether it may be writable: `unknown` before the first look and while a promotion is unread. */
  readonly leads: 'unknown' | 'no' | 'yes';
  /** When recorded processes at this pod were first proven dead in this term: one pod, many runs. */
  readonly deaths: readonly Death[];
  readonly upstream: Upstream;
  readonly closed: Closed | undefined;
  readonly witness: Witness | undefined;
  readonly pending: OrderKind | undefined;
  /** The order that it last refused, until it has rested and was looked at again. */
  readonly refused: Refusal | undefined;
  readonly observeAtMs: Millis;
  /** min-replicas-to-write and max-lag acknowledged within this claim. */
  readonly minSet: MinReplicas | undefined;
  readonly minAsked: MinReplicas | undefined;
  /** The settings that this run was last asked to take, as text; empty: none yet. */
  readonly configured: string;
  /** Where the REPLICAOF under way points. */
  readonly followAsked: Address | undefined;
  /** Clients of a demoted primary are killed again: stragglers that the Service still sent there. */
  readonly sweep: { readonly atMs: Millis; readonly left: number } | undefined;
}

/** What the engine is at. Each kind has a file of its own. */
export type Work =
  | { readonly kind: 'standby' }
  | { readonly kind: 'taking'; readonly tries: number }
  /** Section 9: who is master, and what to do about it. */
  | { readonly kind: 'resume'; readonly sinceAtMs: Millis }
  | Steady
  | Failover
  | Switchover;

export interface Steady {
  readonly kind: 'steady';
  /** Since when the primary has had fewer good replicas than m (section 10). */
  readonly starvedSinceAtMs: Millis | undefined;
  /** After a switchover that was given up: no other one before this. */
  readonly restUntilAtMs: Millis;
  /** An E1 member may leave once all others have passed this offset of the primary. */
  readonly leaveMark: { readonly podUid: PodUid; readonly offset: Offset } | undefined;
  /** Since when a wish with an heir has waited for nothing but quiet Services. */
  readonly unquietSinceAtMs: Millis | undefined;
  /** The wishes that were refused, so that each is refused once. */
  readonly refused: readonly string[];
}

export interface Failover {
  readonly kind: 'failover';
  readonly sinceAtMs: Millis;
  /** When P was last known to serve: link-down times are judged from here. */
  readonly downSinceAtMs: Millis;
  readonly stage: 'fence' | 'observe' | 'intend' | 'promote' | 'confirm' | 'record';
  readonly why: string;
  readonly fencedBy: 'E1' | 'E2' | 'E3' | 'E5' | 'none';
  readonly candidate: Process | undefined;
  /** The candidate's offset when it was chosen. */
  readonly at: Offset | undefined;
  readonly killAskedAtMs: Millis | undefined;
  readonly token: 'needed' | 'taken' | 'exempt';
  /** The first boot and a user's `accept` choose by rules of their own. */
  readonly rule: 'failover' | 'reopen' | 'boot' | 'accepted';
}

export interface Switchover {
  readonly kind: 'switchover';
  readonly sinceAtMs: Millis;
  readonly stage:
    | 'intend'
    | 'route'
    | 'pause'
    | 'level'
    | 'handOver'
    | 'catchUp'
    | 'promote'
    | 'confirm'
    | 'record'
    | 'giveUp'
    | 'clear';
  readonly why: string;
  readonly candidate: Process;
  /** When the Service was asked to turn. */
  readonly routedAtMs: Millis;
  /** When the EndpointSlice was first seen to have turned. */
  readonly turnedAtMs: Millis | undefined;
  readonly pausedAtMs: Millis;
  /** How often in a row both offsets were seen equal. */
  readonly equal: number;
  /** Where the demoted primary stopped. */
  readonly stoppedAt: Offset;
}

export interface Service {
  readonly selected: string;
  readonly endpoints: readonly string[];
  readonly changedAtMs: Millis;
  readonly asked: Route | undefined;
}

export interface State {
  readonly nowMs: Millis;
  readonly work: Work;
  readonly record: ClusterRecord | undefined;
  /** The record on its way to the API; undefined while nothing is written. */
  readonly swap: ClusterRecord | undefined;
  /** Sorted by ordinal, then uid; a process that the record names stays when its pod is gone. */
  readonly nodes: readonly NodeState[];
  readonly service: Service;
  readonly wishes: Wishes;
  /** The `accept` that answers nothing, as text; empty: none. undefined: not known since the takeover. */
  readonly spentAccept: string | undefined;
  /** Pods that were there when the user last answered a question: their data may give way to the answer. */
  readonly shown: readonly PodUid[];
  /** Number of the last claim's user; never reused within a term. */
  readonly claims: number;
  /** When failovers without E1 were begun in the last ten minutes. */
  readonly tokensAtMs: readonly Millis[];
  /** Why nothing moves, told once for each change. */
  readonly blocked: { readonly reason: Reason; readonly facts: Facts } | undefined;
  readonly recordedAtMs: Millis;
  readonly lastFailover: Finished | undefined;
}

export interface Finished {
  readonly reason: string;
  readonly from: string;
  readonly to: string;
  readonly epoch: Epoch;
  readonly durationMs: number;
  /** The process that led before; undefined: nobody did. */
  readonly old: Process | undefined;
  /** undefined: not known, or not yet: the old process may come back and tell. */
  readonly lostBytes: number | undefined;
  readonly countInTerm: number;
}

/** The node of that pod object, if it is known. */
export function nodeOf(state: State, podUid: PodUid | undefined): NodeState | undefined {
  return podUid === undefined ? undefined : state.nodes.find((node) => node.fact.podUid === podUid);
}
