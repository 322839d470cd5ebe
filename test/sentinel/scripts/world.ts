/**
 * A world of one engine and a few model servers in virtual time, for scenarios written as text.
 * Replies arrive one millisecond after their order, replication and the API are immediate, unless
 * a command of the script says otherwise. Everything the engine decides is printed.
 */
import { millis } from '../../../src/kit/brands';
import type { Config } from '../../../src/sentinel/core/config';
import type { Event, Outcome, SwapOutcome, TermUser } from '../../../src/sentinel/core/event';
import type { PodFact } from '../../../src/sentinel/core/facts';
import { initialState } from '../../../src/sentinel/core/on-lease';
import type { Order, Ready, Route, Send, Tell } from '../../../src/sentinel/core/ready';
import type { ClusterRecord } from '../../../src/sentinel/core/record';
import type { State } from '../../../src/sentinel/core/state';
import { step } from '../../../src/sentinel/core/step';
import { execute, freshServers, probe, serverIn, type Servers, syncAll } from '../../verify/env/servers';

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
  drainMs: millis(50),
};

interface Arrival {
  readonly atMs: number;
  readonly event: (nowMs: number) => Event;
}

/** Mutable on purpose: a script is a story, told from top to bottom. */
export interface World {
  config: Config;
  nowMs: number;
  state: State;
  servers: Servers;
  pods: readonly PodFact[];
  record: ClusterRecord | undefined;
  arrivals: Arrival[];
  wakeAtMs: number;
  users: Map<string, TermUser>;
  /** Orders whose effect happens and whose reply is lost, once: `u1 promote`. */
  lost: string[];
  /** Orders that never arrive: the connection hangs. */
  dropped: string[];
  swaps: SwapOutcome['kind'][];
  stuck: Set<string>;
  probes: Map<string, Event & { kind: 'probed' }>;
  route: Route | undefined;
  writes: number;
  lines: string[];
  quiet: boolean;
}

export function newWorld(count: number, config: Config): World {
  const servers = freshServers(count);
  const pods = servers.all.map(({ podUid, ip }, ordinal): PodFact => ({
    pod: `p${ordinal}`, podUid, ordinal, ip, port: 6379, containerId: `c${ordinal}`, terminatedIds: [], lifecycle: 'live',
    node: 'ready', traffic: 'direct', pvcUid: `v${ordinal}`, volume: 'ours',
  }));
  return { config, nowMs: 1000, state: initialState(), servers, pods, record: undefined, arrivals: [], wakeAtMs: 0, users: new Map(),
    lost: [], dropped: [], swaps: [], stuck: new Set(), probes: new Map(), route: undefined, writes: 0, lines: [], quiet: false };
}

export function feed(world: World, event: Event): void {
  const ready = step(world.config, world.state, event);
  world.state = ready.state;
  world.wakeAtMs = ready.wakeAtMs;
  apply(world, ready);
}

function apply(world: World, ready: Ready): void {
  if (ready.persist !== undefined) swap(world, ready.persist.next);
  if (ready.close !== undefined) route(world, ready.close);
  for (const podUid of ready.disconnect) disconnect(world, podUid);
  for (const sent of ready.send) deliver(world, sent);
  if (ready.kill !== undefined) print(world, `kill ${ready.kill.pod}`);
  if (ready.open !== undefined) route(world, ready.open);
  for (const told of ready.tell) print(world, tellLine(told));
}

export function print(world: World, line: string): void {
  if (!world.quiet) world.lines.push(line);
}

function tellLine({ event, reason, facts }: Tell): string {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  return [event, reason, ...known.map(([name, value]) => `${name}=${String(value)}`)].filter((part) => part !== undefined).join(' ');
}

function route(world: World, next: Route): void {
  world.route = next;
  print(world, next.kind === 'to' ? `route ${next.pod}@${next.epoch}` : `route none@${next.epoch}`);
}

function swap(world: World, next: ClusterRecord): void {
  const kind = world.swaps.shift() ?? 'ok';
  print(world, `${swapLine(next)}${kind === 'ok' ? '' : ` -> ${kind}`}`);
  if (kind === 'ok') world.record = next;
  const outcome: SwapOutcome = kind === 'conflict' ? { kind, actual: world.record } : { kind };
  arrive(world, 1, (nowMs) => ({ kind: 'swapped', nowMs: millis(nowMs), outcome }));
}

function swapLine(record: ClusterRecord): string {
  const members = record.members.map(({ pod }) => pod).join(',');
  const target = record.target === undefined ? '' : ` target=${record.target.pod}`;
  const primary = record.primary === undefined ? '' : ` primary=${record.primary.pod}`;
  const foreign = record.foreign ? ' foreign' : '';
  return `swap term=${record.term} epoch=${record.epoch} ${record.phase}${primary}${target} members=[${members}] m=${record.m}${foreign}`;
}

export function arrive(world: World, afterMs: number, event: Arrival['event']): void {
  world.arrivals.push({ atMs: world.nowMs + afterMs, event });
}

function disconnect(world: World, podUid: string): void {
  world.users.delete(podUid);
  world.arrivals = world.arrivals.filter(({ event }) => {
    const sample = event(0);
    return !(sample.kind === 'replied' && sample.node === podUid && sample.order !== 'knock');
  });
}

const silent: readonly Order['kind'][] = ['ping', 'observe', 'look', 'take', 'seal'];

function deliver(world: World, { node, order, timeoutMs }: Send): void {
  if (!silent.includes(order.kind)) print(world, orderLine(node, order));
  if (order.kind === 'ping') return ping(world, node, timeoutMs);
  if (order.kind === 'knock') return knock(world, node);
  const outcome = react(world, node, order);
  const late = outcome.kind === 'noReply' && outcome.by === 'late';
  arrive(world, late ? timeoutMs : 1, (nowMs) => ({ kind: 'replied', nowMs: millis(nowMs), node, order: order.kind, outcome: at(outcome, nowMs) }));
}

/** Facts are read when the reply is made, not when the order was sent. */
function at(outcome: Outcome, nowMs: number): Outcome {
  return outcome.kind === 'facts' ? { kind: 'facts', facts: { ...outcome.facts, atMs: millis(nowMs) } } : outcome;
}

function react(world: World, node: string, order: Order): Outcome {
  const mark = `${node} ${order.kind}`;
  if (world.dropped.includes(mark)) {
    world.dropped = world.dropped.filter((other) => other !== mark);
    return { kind: 'noReply', by: 'late' };
  }
  const { servers, outcome } = execute(world.servers, node, order, world.users.get(node), world.nowMs);
  world.servers = syncAll(servers);
  if (order.kind === 'seal' && outcome.kind === 'facts') world.users.set(node, { term: order.term, n: order.n });
  if (!world.lost.includes(mark)) return outcome;
  world.lost = world.lost.filter((other) => other !== mark);
  return { kind: 'noReply', by: 'late' };
}

function orderLine(node: string, order: Order): string {
  const { kind, ...rest } = order;
  const details = Object.entries(rest).filter(([name]) => name !== 'replid' && name !== 'clientUsers');
  const shown = details.map(([name, value]) => `${name}=${typeof value === 'object' ? Object.values(value).join(':') : String(value)}`);
  return ['send', node.replace('u', 'p'), kind, ...shown].join(' ');
}

function ping(world: World, node: string, timeoutMs: number): void {
  const forced = world.probes.get(node);
  const result = forced?.result ?? probe(world.servers, node);
  const afterMs = result === 'silent' || result === 'unreachable' ? timeoutMs : 1;
  arrive(world, afterMs, (nowMs) => ({ kind: 'probed', nowMs: millis(nowMs), node, result }));
}

function knock(world: World, node: string): void {
  const server = serverIn(world.servers, node);
  const answers = server?.life === 'dead' ? 'bothRefused' : server?.life === 'cut' ? 'unclear' : 'accepted';
  arrive(world, 1, (nowMs) => ({ kind: 'replied', nowMs: millis(nowMs), node, order: 'knock', outcome: { kind: 'knocked', answers } }));
}

/** Runs until the moment given: every arrival in order, a tick whenever the engine asked for one. */
export function runUntil(world: World, untilMs: number): void {
  for (;;) {
    const next = [...world.arrivals].sort((left, right) => left.atMs - right.atMs)[0];
    const atMs = Math.min(next?.atMs ?? Number.POSITIVE_INFINITY, world.wakeAtMs);
    if (atMs > untilMs) break;
    world.nowMs = Math.max(world.nowMs, atMs);
    world.servers = syncAll(world.servers);
    if (next !== undefined && next.atMs <= world.wakeAtMs) {
      world.arrivals = world.arrivals.filter((arrival) => arrival !== next);
      feed(world, next.event(world.nowMs));
    } else {
      feed(world, { kind: 'tick', nowMs: millis(world.nowMs) });
    }
  }
  world.nowMs = untilMs;
}
