/**
 * One step of a leader's engine, and what it asks for: orders leave, the Service is pointed, the
 * record is written by compare-and-swap.
 * Never here: when a step is taken (schedule.ts).
 */
import type { Event, SwapOutcome } from '../../../src/sentinel/core/event';
import type { Order, Ready, Route } from '../../../src/sentinel/core/ready';
import type { ClusterRecord } from '../../../src/sentinel/core/record';
import { disconnect, killed } from './connections';
import { noteChosen, noteTold, noteWritten } from './ghosts';
import { probe } from './looks';
import {
  configOf,
  type Flight,
  indexOf,
  type Model,
  type Note,
  type Step,
  serverAt,
  type World,
  withLeader,
  withLink,
} from './world';

const ELECTION_MS = 1000;
const TURN_MS = 5;

/** One step of the engine, and all that it asks for. */
export function feed(model: Model, world: World, index: number, event: Event): Step {
  const leader = world.leaders[index];
  if (leader === undefined) return { world, notes: [] };
  const ready = model.engine.step(configOf(model, world), leader.state, event);
  const stepped = withLeader(world, index, { state: ready.state, wakeAtMs: ready.wakeAtMs });
  return elect(turned(model, apply(stepped, index, ready), index), index);
}

/** Whoever holds the lease and was outrun is elected again. */
function elect(step: Step, index: number): Step {
  const leader = step.world.leaders[index];
  const idle =
    leader?.state.work.kind === 'standby' &&
    leader.ledAtMs === undefined &&
    leader.mode === 'running';
  if (!idle || step.world.holder !== index) return step;
  return {
    ...step,
    world: withLeader(step.world, index, { ledAtMs: step.world.nowMs + ELECTION_MS }),
  };
}

function apply(world: World, index: number, ready: Ready): Step {
  const notes: Note[] = [];
  let next = world;
  if (ready.persist !== undefined) {
    const swap = { ...ready.persist, phase: 'going', atMs: next.nowMs, answer: 'none' } as const;
    notes.push({ kind: 'persisted', leader: index, beside: next.leaders[index]?.swap?.next });
    next = noteChosen(withLeader(next, index, { swap }), swap.next, index);
  }
  if (ready.close !== undefined) next = routed(next, index, ready.close, notes);
  for (const podUid of ready.disconnect) next = disconnect(next, index, indexOf(next, podUid));
  for (const { node, order, timeoutMs } of ready.send)
    next = depart(next, index, indexOf(next, node), order, timeoutMs, notes);
  if (ready.kill !== undefined) next = killed(next, indexOf(next, ready.kill.podUid));
  if (ready.open !== undefined) next = routed(next, index, ready.open, notes);
  for (const told of ready.tell) {
    if (told.reason === undefined) continue;
    notes.push({ kind: 'told', leader: index, told });
    next = noteTold(next, told);
  }
  return { world: next, notes };
}

/** The Service is written with the epoch beside it, so an older epoch never replaces a newer one. */
function routed(world: World, leader: number, route: Route, notes: Note[]): World {
  const applied = world.route === undefined || route.epoch >= world.route.epoch;
  const stale = world.holder !== leader;
  notes.push({ kind: 'routed', leader, route, applied: applied && !stale, before: world.route });
  return applied && !stale ? { ...world, route } : world;
}

/** The EndpointSlice shows what was written a moment later. */
function turned(model: Model, step: Step, leader: number): Step {
  const wrote = step.notes.some((note) => note.kind === 'routed' && note.applied);
  if (!wrote || model.endpoints === 'stay') return step;
  const turnedAtMs = step.world.nowMs + TURN_MS;
  return { ...step, world: withLeader(step.world, leader, { turnedAtMs }) };
}

function depart(
  world: World,
  leader: number,
  node: number,
  order: Order,
  timeoutMs: number,
  notes: Note[],
): World {
  const { nowMs, servers } = world;
  const server = serverAt(world, node);
  if (order.kind === 'ping') {
    const result = probe(servers, server.podUid);
    const quiet = result === 'silent' || result === 'unreachable';
    return withLink(world, leader, node, {
      ping: { atMs: nowMs + (quiet ? timeoutMs : 1), result },
    });
  }
  if (order.kind === 'knock') {
    const answers =
      server.life === 'dead'
        ? 'bothRefused'
        : server.life === 'up' || server.life === 'hung'
          ? 'accepted'
          : 'unclear';
    return withLink(world, leader, node, { knock: { atMs: nowMs + 1, answers } });
  }
  const beside = world.leaders[leader]?.links[node]?.flight?.order.kind;
  notes.push({ kind: 'sent', leader, node, order, beside });
  const flight: Flight = {
    order,
    phase: 'going',
    atMs: nowMs,
    sentAtMs: nowMs,
    timeoutMs,
    outcome: undefined,
  };
  return withLink(world, leader, node, { flight });
}

export function swapGo(world: World, leader: number): Step {
  const swap = world.leaders[leader]?.swap;
  if (swap === undefined) return { world, notes: [] };
  const won = sameRecord(swap.expected, world.api);
  const note: Note = {
    kind: 'swapped',
    leader,
    won,
    before: world,
    expected: swap.expected,
    next: swap.next,
    actual: world.api,
  };
  const written = won ? noteWritten({ ...world, api: swap.next }, world, leader) : world;
  const answer = won ? 'won' : 'conflict';
  return {
    world: withLeader(written, leader, {
      swap: { ...swap, phase: 'back', atMs: world.nowMs + 1, answer },
    }),
    notes: [note],
  };
}

export function swapOutcome(world: World, leader: number): SwapOutcome {
  const answer = world.leaders[leader]?.swap?.answer;
  if (answer === 'failed') return { kind: 'failed' };
  return answer === 'won' ? { kind: 'ok' } : { kind: 'conflict', actual: world.api };
}

export function sameRecord(
  left: ClusterRecord | undefined,
  right: ClusterRecord | undefined,
): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}
