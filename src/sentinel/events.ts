/**
 * What a Sentinel tells: one type for each word, Sentinel's own word where it has one, and how the
 * core's words become it.
 * Never here: whether something is told (core); who hears it (event-hub.ts).
 */
import type { Facts, Reason } from '../kit/reasons';
import { explain } from '../kit/reasons';
import type { Tell } from './core/ready';

/** Fields of each event, beside `type`, `atMs`, `reason` and `message`. Nodes go by their names. */
export interface SentinelEvents {
  /** The node has been silent for `downAfterMs`: subjectively down. `silentMs`: for how long, ms. */
  '+sdown': { readonly node: string; readonly silentMs: number };
  /** It answers again. `downMs`: how long it was held for down, ms. */
  '-sdown': { readonly node: string; readonly downMs: number };
  /** A failover of this primary begins. `why`: the evidence, or `hung`, `gone`, `accepted`. */
  '+odown': { readonly node: string; readonly why: string };
  /** Proven dead: `by` is the clause of the protocol, `a` an ended socket and two refused connects. */
  '+dead': { readonly node: string; readonly by: string };
  /** A connection that had answered has ended. */
  '+closed': { readonly node: string };
  /** Another primary serves. `from` is empty at the first boot. */
  '+switch-master': {
    readonly from: string;
    readonly to: string;
    /** Rises with each change of primary; 0 where it was only observed. */
    readonly epoch: number;
    /** What proved that the old one cannot write: E1 dead, E2 read-only, E3 starved, E5 your policy. */
    readonly fencedBy: string;
    readonly why: string;
    /** Bytes of the old primary's stream that the new one lacks; undefined: not known (yet). */
    readonly lostBytes: number | undefined;
  };
  /** Clients belong to this node from now on; undefined: to none, until the next one. */
  '+route': {
    readonly node: string | undefined;
    readonly host: string | undefined;
    readonly port: number | undefined;
    readonly epoch: number;
  };
  /** This process is the authority. `term` rises with each acquisition. */
  '+takeover': { readonly term: number };
  /** It is not the authority any more; every connection was ended. */
  '+standby': Readonly<Record<never, never>>;
  /** Somebody else wrote the record: this process stops deciding. `term` is theirs. */
  '+outrun': { readonly term: number };
  /** A node carries the claim of a higher term than ours; ours is raised to `term`. */
  '+outbid': { readonly node: string; readonly seen: number; readonly term: number };
  /** Only this process's orders take effect on the node from now on. */
  '+claimed': { readonly node: string };
  /** The replica follows nobody and keeps what it has, until there is a primary. */
  '+hold': { readonly node: string };
  /** The hung primary is being ended by the `kill` that was given. */
  '+kill': { readonly node: string };
  /** The old primary cannot write. `windowMs`: for how long it still may (E5); 0 for all others. */
  '+fenced': { readonly by: string; readonly windowMs: number };
  /** The intent to promote stands in the record. `offset`: the node's, in bytes. */
  '+intent': { readonly node: string; readonly epoch: number; readonly offset: number | undefined };
  /** The order to promote was sent. */
  '+promote': { readonly node: string; readonly offset: number | undefined };
  /** Its ROLE says master. */
  '+promoted': { readonly node: string; readonly epoch: number };
  /** A server that was found to be the primary already is recorded as it. */
  '+adopt': { readonly node: string; readonly epoch: number };
  /** All processes were gone; this one had most. `behindBytes` of what was recorded. */
  '+reopen': { readonly node: string; readonly behindBytes: number | undefined };
  /** The node held writes that the primary never had; they are given up. undefined: not known. */
  '+divergence': { readonly node: string; readonly lostBytes: number | undefined };
  /** A second primary was found, and demoted. */
  '+stray': { readonly node: string };
  /** The primary feeds a replica that is no node of this cluster. */
  '+foreign': Readonly<Record<never, never>>;
  /** The server process was restarted. */
  '+reboot': { readonly node: string };
  /** The node is read-only now. `offset`: where it stopped. */
  '+demoted': { readonly node: string; readonly offset: number | undefined };
  /** A planned switchover begins. `why`: asked, leaving or diskError. */
  '+switchover': { readonly from: string; readonly to: string; readonly why: string };
  /** Writes wait at the primary, for five seconds at most. */
  '+pause': { readonly node: string };
  /** The switchover was refused or given up; the primary is as it was. */
  '-switchover': { readonly to: string; readonly why: string };
  /** The primary takes writes without replicas: none has been good for three seconds. */
  '+grant': { readonly minReplicasToWrite: number; readonly maxLagSeconds: number };
  /** Enough replicas are back: the requirement is in force again. */
  '-grant': { readonly minReplicasToWrite: number; readonly maxLagSeconds: number };
  /** The requirement was lowered, as the options say. */
  '+lowered': { readonly minReplicasToWrite: number; readonly maxLagSeconds: number };
  /** A node that is proven dead is no member of this epoch any more. */
  '-member': { readonly node: string };
  /** An order was sent and no reply was read: the node is claimed again before anything else. */
  '+unread': { readonly node: string; readonly order: string };
  /** The node refused an order. `answer`: what it said. */
  '+refused': { readonly node: string; readonly order: string; readonly answer: string };
  /** Nothing moves: `reason` and `message` say why and what to do. */
  '+blocked': Readonly<Record<never, never>>;
  /** That reason does not hold any more. */
  '-blocked': Readonly<Record<never, never>>;
  /** Observing: the node's role as it says itself. */
  '+role': { readonly node: string; readonly role: 'primary' | 'replica' };
  /** Observing: so many nodes say that they are the primary. `nodes`: their names, with commas. */
  '+several-primaries': { readonly nodes: string };
  /** The engine contradicted itself and does nothing any more; `message` says how. */
  '+broken': Readonly<Record<never, never>>;
  /** To an iterator alone: it was read too slowly, and this many events were dropped before this one. */
  '+overrun': { readonly dropped: number };
}

/** The word that an event is known by, `+sdown` for example. */
export type SentinelEventName = keyof SentinelEvents;

interface Always<Name> {
  readonly type: Name;
  /** When, ms since 1970; between two events of one process it never goes back. */
  readonly atMs: number;
  /** A word of the reason table, where there is something to know or to do. */
  readonly reason?: Reason;
  /** The reason as a sentence, with what to do about it. */
  readonly message?: string;
}

/** Narrowed by `type`. `SentinelEvent<'+sdown'>` is one of them. */
export type SentinelEvent<Name extends SentinelEventName = SentinelEventName> = {
  [Each in Name]: Always<Each> & SentinelEvents[Each];
}[Name];

/** How a field is read from the core's facts. `maybe`: a number, or not known. `window`: see `+fenced`. */
type Kind = 'text' | 'number' | 'maybe' | 'window';

/** The names that the core gives its fields. */
const spelled: Readonly<Record<string, string>> = {
  node: 'pod',
  minReplicasToWrite: 'm',
  maxLagSeconds: 'L',
};

/** The events that the core tells. Those that are made beside it are not in this table. */
export type CoreEventName = Exclude<
  SentinelEventName,
  '-sdown' | '+route' | '+role' | '+several-primaries' | '+broken' | '+overrun'
>;

type Shape<Fields> = { readonly [Field in keyof Fields]: Kind };

const node = { node: 'text' } as const;
const limits = { minReplicasToWrite: 'number', maxLagSeconds: 'number' } as const;
const none = {} as const;

export const coreEvents: { readonly [Name in CoreEventName]: Shape<SentinelEvents[Name]> } = {
  '+sdown': { ...node, silentMs: 'number' },
  '+odown': { ...node, why: 'text' },
  '+dead': { ...node, by: 'text' },
  '+closed': node,
  '+switch-master': {
    from: 'text',
    to: 'text',
    epoch: 'number',
    fencedBy: 'text',
    why: 'text',
    lostBytes: 'maybe',
  },
  '+takeover': { term: 'number' },
  '+standby': none,
  '+outrun': { term: 'number' },
  '+outbid': { ...node, seen: 'number', term: 'number' },
  '+claimed': node,
  '+hold': node,
  '+kill': node,
  '+fenced': { by: 'text', windowMs: 'window' },
  '+intent': { ...node, epoch: 'number', offset: 'maybe' },
  '+promote': { ...node, offset: 'maybe' },
  '+promoted': { ...node, epoch: 'number' },
  '+adopt': { ...node, epoch: 'number' },
  '+reopen': { ...node, behindBytes: 'maybe' },
  '+divergence': { ...node, lostBytes: 'maybe' },
  '+stray': node,
  '+foreign': none,
  '+reboot': node,
  '+demoted': { ...node, offset: 'maybe' },
  '+switchover': { from: 'text', to: 'text', why: 'text' },
  '+pause': node,
  '-switchover': { to: 'text', why: 'text' },
  '+grant': limits,
  '-grant': limits,
  '+lowered': limits,
  '-member': node,
  '+unread': { ...node, order: 'text' },
  '+refused': { ...node, order: 'text', answer: 'text' },
  '+blocked': none,
  '-blocked': none,
};

/** @returns undefined for a word that is not in the table; a test holds that the core has none. */
export function eventOf(tell: Tell, atMs: number): SentinelEvent | undefined {
  if (!isCoreEvent(tell.event)) return undefined;
  const shape: Readonly<Record<string, Kind>> = coreEvents[tell.event];
  const fields = Object.entries(shape).map(([field, kind]) => [
    field,
    readAs(kind, tell.facts[spelled[field] ?? field]),
  ]);
  const { reason } = tell;
  return {
    type: tell.event,
    atMs,
    ...(reason === undefined ? {} : { reason, message: explain(reason, tell.facts) }),
    ...Object.fromEntries(fields),
  } as SentinelEvent;
}

function isCoreEvent(word: string): word is CoreEventName {
  return Object.hasOwn(coreEvents, word);
}

function readAs(kind: Kind, fact: Facts[string]): string | number | undefined {
  switch (kind) {
    case 'text':
      return fact === undefined ? '' : String(fact);
    case 'number':
      return Number(fact ?? 0);
    case 'maybe':
      return typeof fact === 'number' ? fact : undefined;
    case 'window':
      if (fact === undefined) return 0;
      return typeof fact === 'number' ? fact : Number.POSITIVE_INFINITY;
  }
}
