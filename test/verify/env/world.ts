/**
 * The whole world of the model checker as one immutable value: servers, the API's record, leaders
 * with what they have sent, orders that are still loose, budgets of faults, and ghosts that only
 * the properties read. Time is virtual milliseconds.
 * Never here: what may happen next (schedule.ts, faults.ts).
 */
import { millis } from '../../../src/kit/brands';
import type { Config } from '../../../src/sentinel/core/config';
import type {
  Event,
  Outcome,
  ProbeResult,
  TermUser,
  Wishes,
} from '../../../src/sentinel/core/event';
import type { PodFact } from '../../../src/sentinel/core/facts';
import type { Order, OrderKind, Ready, Route, Tell } from '../../../src/sentinel/core/ready';
import type { ClusterRecord } from '../../../src/sentinel/core/record';
import type { State } from '../../../src/sentinel/core/state';
import type { Budget } from './budget';
import { freshServers, type Server, type Servers } from './servers';

/** The code under test; mutants bring their own. */
export interface Engine {
  readonly step: (config: Config, state: State, event: Event) => Ready;
  readonly initialState: () => State;
}

/** An order on its way to a node (`going`), or its answer on its way back. */
export interface Flight {
  readonly order: Order;
  readonly phase: 'going' | 'back';
  readonly atMs: number;
  readonly sentAtMs: number;
  readonly timeoutMs: number;
  readonly outcome: Outcome | undefined;
}

/** What one leader has open towards one node. */
export interface Link {
  /** The user of the order connection; undefined while there is none. */
  readonly user: TermUser | undefined;
  readonly flight: Flight | undefined;
  readonly ping: { readonly atMs: number; readonly result: ProbeResult } | undefined;
  readonly knock:
    | { readonly atMs: number; readonly answers: 'bothRefused' | 'accepted' | 'unclear' }
    | undefined;
  readonly closedAtMs: number | undefined;
}

export interface SwapFlight {
  readonly expected: ClusterRecord | undefined;
  readonly next: ClusterRecord;
  readonly phase: 'going' | 'back';
  readonly atMs: number;
  readonly answer: 'none' | 'won' | 'conflict' | 'failed';
}

export interface Leader {
  /** `frozen`: the process is paused; what it had sent may still arrive. */
  readonly mode: 'absent' | 'running' | 'frozen';
  readonly state: State;
  readonly links: readonly Link[];
  readonly swap: SwapFlight | undefined;
  readonly wakeAtMs: number;
  readonly podsAtMs: number | undefined;
  /** When it sees where the Service that it turned leads now. */
  readonly turnedAtMs: number | undefined;
  readonly ledAtMs: number | undefined;
  /** Servers whose pods its first list leaves out. */
  readonly missing: readonly number[];
  /** Its process stands still until then, and for how long it will have stood. */
  readonly stall: { readonly untilMs: number; readonly forMs: number } | undefined;
}

/** An order in a server's socket whose sender has given up on it: it may take effect any time. */
export interface Zombie {
  readonly node: number;
  readonly run: number;
  readonly order: Order;
  /** undefined: on a connection of the base user, which a later claim ends. */
  readonly user: TermUser | undefined;
}

export interface Ghost {
  readonly written: number;
  /** Writes that WAIT 1 confirmed. */
  readonly acked: readonly string[];
  /** `epoch:podUid/run` of each promotion that took effect: the epoch whose intent ordered it. */
  readonly promotions: readonly string[];
  /** Each intent that the record ever held. */
  readonly intents: readonly Intended[];
  /** Highest sealed claim on each server's present run, as [term, n]. */
  readonly sealed: readonly (TermUser | undefined)[];
  /** Held or demoted since the engine last looked at it: what is known of it is too old to choose by. */
  readonly unread: readonly ('unread' | 'read')[];
  readonly policy: Config['policy'];
  /** The k of WAIT k that clients use: minReplicasToWrite, at least 1. */
  readonly k: number;
  /** The epoch in which each write was made, by its number less one. */
  readonly births: readonly number[];
  /** Where a planned switchover stopped the primary: what it had written by then. */
  readonly stopped: readonly string[] | undefined;
  /** Whether anything but clients and users has disturbed the cluster yet. */
  readonly faults: 'none' | 'some';
  /** The epoch for which the user answered a question of the engine; -1: never. */
  readonly consented: number;
  /** The epoch in which the engine last said that it accepts two writers; -1: never. */
  readonly announced: number;
  /** When a lost process came back last. */
  readonly revived: { readonly at: number };
  /** The failover under way that was begun while the primary may have lived, and the last such one. */
  readonly begun: Begun | undefined;
  readonly last: Begun | undefined;
  /** The leader that took the term in force. */
  readonly owner: number;
  /** Whether section 6 claims that confirmed writes survive the choice under way. */
  readonly claims: 'yes' | 'no';
  /** A failover in which section 6 claims nothing (fewer heard than it needs), or data was given up. */
  readonly unclaimed: boolean;
}

/** A target of the record, as `podUid/run`, and whether it was named while E5 accepted two writers. */
export interface Intended {
  readonly epoch: number;
  readonly process: string;
  readonly under: 'fence' | 'consent';
}

/** Its first hold, and in which term it was ordered. */
export interface Begun {
  readonly at: number;
  readonly term: number;
}

export interface World {
  readonly nowMs: number;
  readonly servers: Servers;
  /** When each replica next hears from its primary; undefined: nothing is under way. */
  readonly syncAtMs: readonly (number | undefined)[];
  readonly api: ClusterRecord | undefined;
  readonly route: Route | undefined;
  /** The pod of each server, by its index. */
  readonly pods: readonly PodFact[];
  /** Servers whose pod object does not exist (any more, or yet). */
  readonly unlisted: readonly number[];
  /** Pods whose objects end soon. */
  readonly vanishing: readonly { readonly node: number; readonly atMs: number }[];
  /** What the user's object says. */
  readonly replicas: number;
  readonly wishes: Wishes;
  readonly leaders: readonly Leader[];
  /** Who holds the lease. */
  readonly holder: number;
  readonly zombies: readonly Zombie[];
  readonly budget: Budget;
  readonly ghost: Ghost;
}

/** What a transition did, for the properties. */
export type Note =
  | {
      readonly kind: 'executed';
      readonly leader: number | 'late';
      readonly node: number;
      readonly order: Order;
      readonly user: TermUser | undefined;
      readonly effective: boolean;
      readonly before: World;
    }
  | {
      readonly kind: 'swapped';
      readonly leader: number;
      readonly won: boolean;
      readonly before: World;
      readonly expected: ClusterRecord | undefined;
      readonly next: ClusterRecord;
      readonly actual: ClusterRecord | undefined;
    }
  | {
      readonly kind: 'routed';
      readonly leader: number;
      readonly route: Route;
      readonly applied: boolean;
      readonly before: Route | undefined;
    }
  | {
      readonly kind: 'overwritten';
      readonly node: number;
      readonly lost: readonly string[];
      readonly from: Server;
    }
  | { readonly kind: 'zombieDied'; readonly zombie: Zombie }
  | {
      readonly kind: 'sent';
      readonly leader: number;
      readonly node: number;
      readonly order: Order;
      /** Another order of the same leader was under way there. */
      readonly beside: OrderKind | undefined;
    }
  | {
      readonly kind: 'persisted';
      readonly leader: number;
      /** Another record of the same leader was on its way. */
      readonly beside: ClusterRecord | undefined;
    }
  | { readonly kind: 'told'; readonly leader: number; readonly told: Tell };

export interface Step {
  readonly world: World;
  readonly notes: readonly Note[];
}

export interface Model {
  readonly config: Config;
  readonly engine: Engine;
  /** `watched`: containers and their deaths are seen in Kubernetes, a moment later. */
  readonly pods: 'watched' | 'addresses';
  /** What the first leader does when a second one takes the lease. */
  readonly deposed: 'freezes' | 'goesOn';
  readonly zombieOrders: 'all' | 'roles';
  /** What becomes of the Service's endpoints when its selector is written. */
  readonly endpoints: 'follow' | 'stay';
}

export const noLink: Link = {
  user: undefined,
  flight: undefined,
  ping: undefined,
  knock: undefined,
  closedAtMs: undefined,
};

export function newLeader(model: Model, count: number): Leader {
  return {
    mode: 'absent',
    state: model.engine.initialState(),
    links: Array.from({ length: count }, () => noLink),
    swap: undefined,
    wakeAtMs: Number.POSITIVE_INFINITY,
    podsAtMs: undefined,
    turnedAtMs: undefined,
    ledAtMs: undefined,
    missing: [],
    stall: undefined,
  };
}

export const noWishes: Wishes = { accept: undefined, switchover: undefined, leaving: [] };

/** The definition as it stands: the number of replicas may change. */
export function configOf({ config }: Model, { replicas }: World): Config {
  return replicas === config.replicas ? config : { ...config, replicas };
}

export function newWorld(model: Model, count: number, budget: Budget): World {
  const servers = freshServers(count);
  const watched = model.pods === 'watched';
  const pods = servers.all.map(
    ({ podUid, ip }, ordinal): PodFact => ({
      pod: `p${ordinal}`,
      podUid,
      ordinal,
      ip,
      port: 6379,
      containerId: watched ? `c${ordinal}` : '',
      terminatedIds: [],
      lifecycle: 'live',
      node: 'ready',
      traffic: 'direct',
      pvcUid: `v${ordinal}`,
      volume: 'ours',
    }),
  );
  const first = {
    ...newLeader(model, count),
    mode: 'running',
    podsAtMs: 1000,
    ledAtMs: 1000,
  } as const;
  return {
    nowMs: 1000,
    servers,
    syncAtMs: servers.all.map(() => undefined),
    api: undefined,
    route: undefined,
    pods,
    unlisted: [],
    vanishing: [],
    replicas: model.config.replicas,
    wishes: noWishes,
    leaders: [first, newLeader(model, count)],
    holder: 0,
    zombies: [],
    budget,
    ghost: {
      written: 0,
      acked: [],
      promotions: [],
      intents: [],
      sealed: servers.all.map(() => undefined),
      unread: servers.all.map(() => 'read'),
      policy: model.config.policy,
      k: Math.max(1, Math.min(model.config.minReplicasToWrite, count - 1)),
      births: [],
      stopped: undefined,
      faults: 'none',
      consented: -1,
      announced: -1,
      revived: { at: 0 },
      begun: undefined,
      last: undefined,
      owner: 0,
      claims: 'yes',
      unclaimed: false,
    },
  };
}

export function replaceAt<Value>(
  list: readonly Value[],
  index: number,
  value: Value,
): readonly Value[] {
  return list.map((old, at) => (at === index ? value : old));
}

export function withLeader(world: World, index: number, patch: Partial<Leader>): World {
  const leader = world.leaders[index];
  if (leader === undefined) return world;
  return { ...world, leaders: replaceAt(world.leaders, index, { ...leader, ...patch }) };
}

export function withLink(world: World, index: number, node: number, patch: Partial<Link>): World {
  const leader = world.leaders[index];
  const link = leader?.links[node];
  if (leader === undefined || link === undefined) return world;
  return withLeader(world, index, { links: replaceAt(leader.links, node, { ...link, ...patch }) });
}

export function serverAt(world: World, node: number): Server {
  const server = world.servers.all[node];
  if (server === undefined) throw new RangeError(`no server ${node}`);
  return server;
}

export function indexOf(world: World, podUid: string): number {
  return world.servers.all.findIndex((server) => server.podUid === podUid);
}

export function sameUser(left: TermUser | undefined, right: TermUser | undefined): boolean {
  return left !== undefined && left.term === right?.term && left.n === right.n;
}

export function at(nowMs: number): { readonly nowMs: ReturnType<typeof millis> } {
  return { nowMs: millis(nowMs) };
}
