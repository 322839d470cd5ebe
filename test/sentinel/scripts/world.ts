/**
 * A world of one engine and a few model servers in virtual time, for stories written as text.
 * Replies arrive one millisecond after their order, replication and the API are immediate, unless
 * a command of the script says otherwise. Everything the engine decides is printed.
 * Never here: what the engine should decide; that stands in the scripts.
 */
import { millis } from '../../../src/kit/brands';
import type { Config } from '../../../src/sentinel/core/config';
import type { Event, ProbeResult, SwapOutcome, TermUser } from '../../../src/sentinel/core/event';
import type { NodeFacts, PodFact } from '../../../src/sentinel/core/facts';
import { initialState } from '../../../src/sentinel/core/on-lease';
import type { Order, Ready } from '../../../src/sentinel/core/ready';
import type { ClusterRecord } from '../../../src/sentinel/core/record';
import type { State } from '../../../src/sentinel/core/state';
import { freshServers, type Servers, sync } from '../../verify/env/servers';

export const defaultConfig: Config = {
  pingIntervalMs: millis(1000),
  downAfterMs: millis(5000),
  failoverTimeoutMs: millis(60_000),
  waitForBestMs: millis(2000),
  policy: 'Balanced',
  prefer: 'Priority',
  minReplicasToWrite: 1,
  maxLagSeconds: 2,
  dataLossPolicy: 'Stop',
  onDiskError: 'Switchover',
  replicas: 3,
  clientUsers: ['default'],
  addresses: 'reusable',
  killPort: 'present',
  serviceQuietMs: millis(0),
  serviceSettleMs: undefined,
  drainMs: millis(50),
  settings: [],
};

export interface Arrival {
  readonly atMs: number;
  readonly event: (nowMs: number) => Event;
}

/** An order that waits in the socket of a server which does not read. */
export interface Queued {
  readonly podUid: string;
  readonly order: Order;
  readonly user: TermUser | undefined;
}

/** What befalls the next order of a kind to a node: `lost` and `denied` take effect, `dropped` never, `queued` later. */
export interface Mishap {
  readonly podUid: string;
  readonly order: string;
  readonly kind: 'lost' | 'dropped' | 'queued' | 'refused' | 'denied' | 'notSent';
  readonly answer: string;
}

export interface Written {
  readonly id: string;
  /** How many replicas confirmed it, as WAIT counts them. */
  readonly replicas: number;
}

/** Mutable on purpose: a script is a story, told from top to bottom. */
export interface World {
  config: Config;
  nowMs: number;
  /** Lines are stamped with the milliseconds since the last block began. */
  blockAtMs: number;
  state: State;
  servers: Servers;
  pods: readonly PodFact[];
  record: ClusterRecord | undefined;
  arrivals: Arrival[];
  wakeAtMs: number;
  users: Map<string, TermUser>;
  mishaps: Mishap[];
  queued: Queued[];
  swaps: SwapOutcome['kind'][];
  probes: Map<string, ProbeResult>;
  facts: Map<string, Partial<NodeFacts>>;
  /** Nodes that the operator cannot reach while others can. */
  cutOff: Set<string>;
  /** Nodes whose replication stands still, as replica or as primary. */
  slow: Set<string>;
  writes: Written[];
  lines: string[];
  silent: boolean;
  /** Sees every step, for properties that hold in any story. */
  watch: (before: State, ready: Ready) => void;
}

export function newWorld(count: number, config: Config): World {
  const servers = freshServers(count);
  const pods = servers.all.map(({ podUid, ip }, ordinal) => podOf(ordinal, podUid, ip));
  return {
    config,
    nowMs: 1000,
    blockAtMs: 1000,
    state: initialState(),
    servers,
    pods,
    record: undefined,
    arrivals: [],
    wakeAtMs: Number.POSITIVE_INFINITY,
    users: new Map(),
    mishaps: [],
    queued: [],
    swaps: [],
    probes: new Map(),
    facts: new Map(),
    cutOff: new Set(),
    slow: new Set(),
    writes: [],
    lines: [],
    silent: false,
    watch: () => undefined,
  };
}

export function podOf(ordinal: number, podUid: string, ip: string): PodFact {
  return {
    pod: `p${ordinal}`,
    podUid,
    ordinal,
    ip,
    port: 6379,
    containerId: `c${podUid.slice(1)}`,
    terminatedIds: [],
    lifecycle: 'live',
    node: 'ready',
    traffic: 'direct',
    pvcUid: `v${ordinal}`,
    volume: 'ours',
  };
}

export function print(world: World, line: string): void {
  if (!world.silent) world.lines.push(`+${world.nowMs - world.blockAtMs} ${line}`);
}

export function recordLine(record: ClusterRecord): string {
  const { primary, target, members, m, foreign, everAttached } = record;
  const parts = [
    `term=${record.term} epoch=${record.epoch} ${record.phase}`,
    primary === undefined ? undefined : `primary=${primary.pod}`,
    target === undefined ? undefined : `target=${target.pod}`,
    `members=[${members.map(({ pod }) => pod).join(',')}] m=${m}`,
    foreign ? 'foreign' : undefined,
    everAttached || primary === undefined ? undefined : 'neverAttached',
  ];
  return parts.filter((part) => part !== undefined).join(' ');
}

export function arrive(world: World, afterMs: number, event: Arrival['event']): void {
  world.arrivals.push({ atMs: world.nowMs + afterMs, event });
}

export function syncWorld(world: World): void {
  for (const { podUid, upstream } of world.servers.all) {
    const still = world.slow.has(podUid) || world.slow.has(upstream ?? '');
    if (!still) world.servers = sync(world.servers, podUid);
  }
}
