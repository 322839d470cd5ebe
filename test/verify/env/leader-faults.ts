/**
 * What may befall the leaders: another process takes the lease, an outrun one takes it again, its
 * event loop stands still, its first list of pods is late or not whole.
 * Never here: what they send.
 */
import { millis } from '../../../src/kit/brands';
import { type Choice, paid, quiet } from './choice';
import { disconnect, failed } from './connections';
import { feed } from './leader';
import { type Model, newLeader, type Step, type World, withLeader, withLink } from './world';

/** Longer than downAfterMs: a silence that only a standstill of our own explains. */
const STALL_MS = 3000;
const LATE_LIST_MS = 500;

export function leaderFaults(model: Model, world: World): readonly Choice[] {
  return [...takeovers(model, world), ...stalls(world), ...lists(world)];
}

/** A second process takes the lease; the first one is paused, or does not know it yet. */
function takeovers(model: Model, world: World): readonly Choice[] {
  const { leaders, holder, budget } = world;
  if (budget.takeover === 0) return [];
  const others = leaders.flatMap(({ mode }, index) =>
    index !== holder && mode !== 'frozen' ? [index] : [],
  );
  return others.map((next) => {
    const again = leaders[next]?.mode === 'running' ? ' again' : '';
    const before = model.deposed === 'freezes' ? 'stands still' : 'goes on';
    const name = `leader ${next} takes the lease${again}, leader ${holder} ${before}`;
    return { name, take: () => takeover(model, world, next) };
  });
}

function takeover(model: Model, world: World, next: number): Step {
  const before = world.holder;
  const known = world.leaders[next]?.mode === 'running';
  const { nowMs } = world;
  const fresh = known ? {} : { ...newLeader(model, world.servers.all.length), podsAtMs: nowMs };
  // The record is read after the answer to the last write of it.
  const ledAtMs = Math.max(nowMs, (world.leaders[next]?.swap?.atMs ?? 0) + 2);
  const begun = withLeader(paid(world, 'takeover'), next, { ...fresh, mode: 'running', ledAtMs });
  const taken: World = { ...begun, holder: next };
  const left = model.deposed === 'freezes' ? frozen(taken, before) : taken;
  // Its own elector knows that it had lost the lease before it wins it again.
  return known ? feed(model, left, next, { kind: 'deposed', nowMs: millis(nowMs) }) : quiet(left);
}

/** Every order and CAS that had left may still arrive. */
function frozen(world: World, index: number): World {
  const orders = world.servers.all.reduce(
    (so_far, _, node) => disconnect(so_far, index, node),
    world,
  );
  return withLeader(orders, index, { mode: 'frozen' });
}

/** Timers go off before sockets are read: whatever was under way looks unanswered. */
function stalls(world: World): readonly Choice[] {
  const leader = world.leaders[world.holder];
  if (world.budget.stall === 0 || leader?.mode !== 'running' || leader.stall !== undefined)
    return [];
  const name = `leader ${world.holder} stands still for ${STALL_MS} ms`;
  return [{ name, take: () => quiet(stalled(paid(world, 'stall'), world.holder)) }];
}

function stalled(world: World, index: number): World {
  const untilMs = world.nowMs + STALL_MS;
  const deaf = world.servers.all.reduce((so_far, _, node) => {
    const link = so_far.leaders[index]?.links[node];
    const ping =
      link?.ping === undefined ? undefined : { atMs: untilMs, result: 'silent' as const };
    const back = link?.flight?.phase === 'back';
    const late = { kind: 'noReply', by: 'late' } as const;
    const flight =
      link?.flight !== undefined && back ? failed(link.flight, untilMs, late) : link?.flight;
    return withLink(so_far, index, node, { ping, flight });
  }, world);
  return withLeader(deaf, index, { stall: { untilMs, forMs: STALL_MS } });
}

/** Only the first list of a leader can be late or leave a pod out: later ones are changes. */
function lists(world: World): readonly Choice[] {
  if (world.budget.conceal === 0) return [];
  return world.leaders.flatMap((leader, index): readonly Choice[] => {
    const { podsAtMs, mode, state } = leader;
    if (mode !== 'running' || podsAtMs === undefined || state.nodes.length > 0) return [];
    const without = world.pods.flatMap((_, node) =>
      world.unlisted.includes(node) || leader.missing.includes(node) ? [] : [node],
    );
    const late = { podsAtMs: podsAtMs + LATE_LIST_MS };
    return [
      {
        name: `the first list of leader ${index} is late`,
        take: () => quiet(withLeader(paid(world, 'conceal'), index, late)),
      },
      ...without.map((node) => ({
        name: `the first list of leader ${index} leaves p${node} out`,
        take: () =>
          quiet(withLeader(paid(world, 'conceal'), index, { missing: [...leader.missing, node] })),
      })),
    ];
  });
}
