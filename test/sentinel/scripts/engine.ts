/**
 * The engine in its world: events in, what it wants done out, virtual time between them.
 * Never here: how an order fares on its way (network.ts).
 */
import { millis } from '../../../src/kit/brands';
import type { Event, SwapOutcome } from '../../../src/sentinel/core/event';
import type { Ready, Route, Tell } from '../../../src/sentinel/core/ready';
import type { ClusterRecord } from '../../../src/sentinel/core/record';
import { step } from '../../../src/sentinel/core/step';
import { deliver, disconnect } from './network';
import { type Arrival, arrive, print, recordLine, syncWorld, type World } from './world';

export function feed(world: World, event: Event): void {
  const ready = step(world.config, world.state, event);
  world.watch(world.state, ready);
  world.state = ready.state;
  world.wakeAtMs = ready.wakeAtMs;
  apply(world, ready);
}

/** In the order that ready.ts promises: persist, close, disconnect, send, kill, open, tell. */
function apply(world: World, ready: Ready): void {
  if (ready.persist !== undefined) swap(world, ready.persist.expected, ready.persist.next);
  if (ready.close !== undefined) print(world, routeLine(ready.close));
  for (const podUid of ready.disconnect) disconnect(world, podUid);
  for (const sent of ready.send) deliver(world, sent);
  if (ready.kill !== undefined) print(world, `kill ${ready.kill.pod}`);
  if (ready.open !== undefined) print(world, routeLine(ready.open));
  for (const told of ready.tell) print(world, tellLine(told));
}

function tellLine({ event, reason, facts }: Tell): string {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  const shown = known.map(([name, value]) => `${name}=${String(value)}`);
  return [event, reason, ...shown].filter((part) => part !== undefined).join(' ');
}

function routeLine(route: Route): string {
  return route.kind === 'to' ? `route ${route.pod}@${route.epoch}` : `route none@${route.epoch}`;
}

/** A real compare-and-swap; the script may also make it conflict or fail. */
function swap(world: World, expected: ClusterRecord | undefined, next: ClusterRecord): void {
  const same = JSON.stringify(expected) === JSON.stringify(world.record);
  const kind = world.swaps.shift() ?? (same ? 'ok' : 'conflict');
  print(world, `swap ${recordLine(next)}${kind === 'ok' ? '' : ` -> ${kind}`}`);
  if (kind === 'ok') world.record = next;
  const actual = world.record;
  const outcome: SwapOutcome = kind === 'conflict' ? { kind, actual } : { kind };
  arrive(world, 1, (nowMs) => ({ kind: 'swapped', nowMs: millis(nowMs), outcome }));
}

/** Runs until the moment given: every arrival in order, a tick whenever the engine asked for one. */
export function runUntil(world: World, untilMs: number): void {
  for (;;) {
    const next = earliest(world.arrivals);
    const atMs = Math.min(next?.atMs ?? Number.POSITIVE_INFINITY, world.wakeAtMs);
    if (atMs > untilMs) break;
    world.nowMs = Math.max(world.nowMs, atMs);
    syncWorld(world);
    if (next !== undefined && next.atMs <= world.wakeAtMs) {
      world.arrivals = world.arrivals.filter((arrival) => arrival !== next);
      feed(world, next.event(world.nowMs));
    } else {
      feed(world, { kind: 'tick', nowMs: millis(world.nowMs) });
    }
  }
  world.nowMs = Math.max(world.nowMs, untilMs);
}

function earliest(arrivals: readonly Arrival[]): Arrival | undefined {
  return arrivals.reduce<Arrival | undefined>(
    (first, arrival) => (first === undefined || arrival.atMs < first.atMs ? arrival : first),
    undefined,
  );
}

/** The other end: the kernel of a dead process closes what it had open. */
export function endConnections(world: World, podUid: string): void {
  const node = world.state.nodes.find(({ fact }) => fact.podUid === podUid);
  const pending = node?.pending;
  const open = world.users.has(podUid);
  disconnect(world, podUid);
  const nowMs = millis(world.nowMs);
  if (pending !== undefined) {
    const outcome = { kind: 'noReply', by: 'closed' } as const;
    feed(world, { kind: 'replied', nowMs, node: podUid, order: pending, outcome });
  } else if (open) {
    feed(world, { kind: 'closed', nowMs, node: podUid });
  }
}
