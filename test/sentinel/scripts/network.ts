/**
 * The way between the engine and the model servers: orders, pings, connects, and how each may fail.
 * Never here: the servers' own behaviour (test/verify/env/orders.ts).
 */
import { millis } from '../../../src/kit/brands';
import type { Outcome } from '../../../src/sentinel/core/event';
import type { Order, Send } from '../../../src/sentinel/core/ready';
import { probe } from '../../verify/env/looks';
import { execute } from '../../verify/env/orders';
import { goodReplicas, serverIn } from '../../verify/env/servers';
import { arrive, type Mishap, print, syncWorld, type World } from './world';

const unprinted: readonly Order['kind'][] = ['ping', 'knock', 'observe', 'look', 'take', 'seal'];

export function deliver(world: World, { node, order, timeoutMs }: Send): void {
  if (!unprinted.includes(order.kind)) print(world, orderLine(world, node, order));
  if (order.kind === 'ping') ping(world, node, timeoutMs);
  else if (order.kind === 'knock') knock(world, node);
  else command(world, node, order, timeoutMs);
}

function command(world: World, node: string, order: Order, timeoutMs: number): void {
  const outcome = react(world, node, order);
  const late = outcome.kind === 'noReply' && outcome.by === 'late';
  arrive(world, late ? timeoutMs : 1, (nowMs) => ({
    kind: 'replied',
    nowMs: millis(nowMs),
    node,
    order: order.kind,
    outcome: stamped(world, node, outcome, nowMs),
  }));
}

/** Facts carry the moment of the reply, and whatever the script says INFO shows. */
function stamped(world: World, node: string, outcome: Outcome, nowMs: number): Outcome {
  if (outcome.kind !== 'facts') return outcome;
  const facts = { ...outcome.facts, ...world.facts.get(node), atMs: millis(nowMs) };
  return { kind: 'facts', facts };
}

function react(world: World, podUid: string, order: Order): Outcome {
  if (world.cutOff.has(podUid)) return { kind: 'noReply', by: 'late' };
  const mishap = world.mishaps.find((one) => one.podUid === podUid && one.order === order.kind);
  if (mishap !== undefined) return befall(world, mishap, order);
  return perform(world, podUid, order);
}

function befall(world: World, mishap: Mishap, order: Order): Outcome {
  const { podUid, kind, answer } = mishap;
  world.mishaps = world.mishaps.filter((one) => one !== mishap);
  switch (kind) {
    case 'lost':
      perform(world, podUid, order);
      return { kind: 'noReply', by: 'late' };
    case 'queued':
      world.queued.push({ podUid, order, user: world.users.get(podUid) });
      return { kind: 'noReply', by: 'late' };
    case 'dropped':
      return { kind: 'noReply', by: 'late' };
    case 'notSent':
      return { kind: 'notSent' };
    case 'refused':
      return refusal(answer);
    case 'denied':
      perform(world, podUid, order);
      return refusal(answer);
  }
}

function refusal(answer: string): Outcome {
  return { kind: 'refused', code: answer.split(' ')[0] ?? 'ERR', message: answer };
}

function perform(world: World, podUid: string, order: Order): Outcome {
  const { servers, outcome } = execute(
    world.servers,
    podUid,
    order,
    world.users.get(podUid),
    world.nowMs,
  );
  world.servers = servers;
  syncWorld(world);
  if (order.kind === 'seal' && outcome.kind === 'facts') {
    world.users.set(podUid, { term: order.term, n: order.n });
  }
  if (outcome.kind === 'promoted') watchWriters(world, podUid);
  return outcome;
}

/** The judge of I2: who else can take a write at the moment of a promotion. */
function watchWriters(world: World, promoted: string): void {
  for (const server of world.servers.all) {
    const { podUid, role, life, m, paused } = server;
    const other = podUid !== promoted && role === 'master' && life !== 'dead' && !paused;
    if (other && goodReplicas(world.servers, podUid) >= m) {
      print(world, `!! ${nameOf(world, podUid)} can still be written`);
    }
  }
}

/** An order that waited in a socket takes effect now, if its user still exists. */
export function deliverQueued(world: World, podUid: string): void {
  const waiting = world.queued.filter((one) => one.podUid === podUid);
  world.queued = world.queued.filter((one) => one.podUid !== podUid);
  for (const { order, user } of waiting) {
    const { servers, outcome } = execute(world.servers, podUid, order, user, world.nowMs);
    world.servers = servers;
    const took = outcome.kind === 'noReply' ? 'is void' : 'takes effect';
    print(world, `late ${order.kind} on ${nameOf(world, podUid)} ${took}`);
  }
}

function orderLine(world: World, node: string, order: Order): string {
  const { kind, ...rest } = order;
  const hidden = ['replid', 'clientUsers', 'term', 'n', 'L'];
  const shown = Object.entries(rest).filter(([name]) => !hidden.includes(name));
  const details = shown.map(([name, value]) => `${name}=${valueText(world, value)}`);
  return ['send', nameOf(world, node), kind, ...details].join(' ');
}

function valueText(world: World, value: unknown): string {
  if (typeof value !== 'object' || value === null || !('host' in value)) return String(value);
  const server = world.servers.all.find(({ ip }) => ip === value.host);
  return server === undefined ? String(value.host) : nameOf(world, server.podUid);
}

/** The pod's name; its uid beside it where the name is not enough. */
export function nameOf(world: World, podUid: string): string {
  const pod = world.pods.find((one) => one.podUid === podUid);
  return pod !== undefined && pod.podUid === `u${pod.ordinal}` ? pod.pod : podUid;
}

function ping(world: World, node: string, timeoutMs: number): void {
  const cut = world.cutOff.has(node) ? 'silent' : undefined;
  const result = world.probes.get(node) ?? cut ?? probe(world.servers, node);
  const afterMs = result === 'silent' || result === 'unreachable' ? timeoutMs : 1;
  arrive(world, afterMs, (nowMs) => ({ kind: 'probed', nowMs: millis(nowMs), node, result }));
}

function knock(world: World, node: string): void {
  const dropped = world.mishaps.find((one) => one.podUid === node && one.order === 'knock');
  world.mishaps = world.mishaps.filter((one) => one !== dropped);
  const unheard = dropped !== undefined || world.cutOff.has(node);
  const life = unheard ? 'cut' : serverIn(world.servers, node)?.life;
  const answers = life === 'dead' ? 'bothRefused' : life === 'cut' ? 'unclear' : 'accepted';
  arrive(world, 1, (nowMs) => ({
    kind: 'replied',
    nowMs: millis(nowMs),
    node,
    order: 'knock',
    outcome: { kind: 'knocked', answers },
  }));
}

/** Our own end of the connections: no reply of theirs arrives any more. */
export function disconnect(world: World, podUid: string): void {
  world.users.delete(podUid);
  world.arrivals = world.arrivals.filter(({ event }) => {
    const sample = event(0);
    return sample.kind !== 'replied' || sample.node !== podUid || sample.order === 'knock';
  });
}
