/**
 * The whole world of the model checker as one immutable value: servers, the API's record, leaders
 * with what they have sent, orders that are still loose, budgets of faults, and ghosts that only
 * the properties read. Time is virtual milliseconds.
 * Never here: what may happen next (schedule.ts, faults.ts).
 */
import { millis } from '../../../src/kit/brands';
import type { Config } from '../../../src/sentinel/core/config';
import type { Event, Outcome, ProbeResult, TermUser } from '../../../src/sentinel/core/event';
import type { PodFact } from '../../../src/sentinel/core/facts';
import type { Order, Ready, Route } from '../../../src/sentinel/core/ready';
import type { ClusterRecord } from '../../../src/sentinel/core/record';
import type { State } from '../../../src/sentinel/core/state';
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
  readonly won: boolean;
}

export interface Leader {
  /** `frozen`: the process is paused; what it had sent may still arrive. */
  readonly mode: 'absent' | 'running' | 'frozen';
  readonly state: State;
  readonly links: readonly Link[];
  readonly swap: SwapFlight | undefined;
  readonly wakeAtMs: number;
  readonly podsAtMs: number | undefined;
  readonly ledAtMs: number | undefined;
}

/** An order in a server's socket whose sender has given up on it: it may take effect any time. */
export interface Zombie {
  readonly node: number;
  readonly run: number;
  readonly order: Order;
  /** undefined: on a connection of the base user, which a later claim ends. */
  readonly user: TermUser | undefined;
}

export interface Budget {
  readonly crash: number;
  readonly restart: number;
  /** Crash and restart in one, inside any detection window. */
  readonly reboot: number;
  readonly lose: number;
  readonly delay: number;
  readonly takeover: number;
  readonly hang: number;
  readonly resume: number;
  readonly isolate: number;
  readonly heal: number;
  readonly write: number;
  readonly wish: number;
  readonly apiError: number;
}

export const noBudget: Budget = {
  crash: 0,
  restart: 0,
  reboot: 0,
  lose: 0,
  delay: 0,
  takeover: 0,
  hang: 0,
  resume: 0,
  isolate: 0,
  heal: 0,
  write: 0,
  wish: 0,
  apiError: 0,
};

export interface Ghost {
  readonly written: number;
  /** Writes that WAIT 1 confirmed. */
  readonly acked: readonly string[];
  /** `epoch:podUid/run` of each promotion that took effect. */
  readonly promotions: readonly string[];
  /** Highest sealed claim on each server's present run, as [term, n]. */
  readonly sealed: readonly (TermUser | undefined)[];
  /** Held or demoted since the engine last looked at it: what is known of it is too old to choose by. */
  readonly unread: readonly ('unread' | 'read')[];
  readonly policy: Config['policy'];
  /** A failover in which section 6 claims nothing (fewer heard than it needs), or data was given up. */
  readonly unclaimed: boolean;
}

export interface World {
  readonly nowMs: number;
  readonly servers: Servers;
  /** When each replica next hears from its primary; undefined: nothing is under way. */
  readonly syncAtMs: readonly (number | undefined)[];
  readonly api: ClusterRecord | undefined;
  readonly route: Route | undefined;
  readonly pods: readonly PodFact[];
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
    };

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
}

const noLink: Link = {
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
    ledAtMs: undefined,
  };
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
    leaders: [first, newLeader(model, count)],
    holder: 0,
    zombies: [],
    budget,
    ghost: {
      written: 0,
      acked: [],
      promotions: [],
      sealed: servers.all.map(() => undefined),
      unread: servers.all.map(() => 'read'),
      policy: model.config.policy,
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
