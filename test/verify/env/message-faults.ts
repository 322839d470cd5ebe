/**
 * What may befall what a leader sends: lost on the way or on the way back, slow, refused by the API,
 * or executed long after its sender gave up on it.
 * Never here: the processes themselves.
 */
import { type Choice, paid, quiet } from './choice';
import { executeAt, failed, userOf, withZombie } from './connections';
import { swapGo } from './leader';
import { settled } from './replication';
import {
  type Flight,
  type Model,
  type Step,
  serverAt,
  type World,
  withLeader,
  withLink,
} from './world';

/** Slower than everything around it, and faster than any timeout. */
const DELAY_MS = 30;

/** Lost on the way, lost on the way back, or slow: pings and looks are left to the hung server. */
export function messageFaults(world: World): readonly Choice[] {
  const list: Choice[] = [];
  world.leaders.forEach((leader, index) => {
    if (leader.mode !== 'running') return;
    leader.links.forEach((link, node) => {
      const { flight } = link;
      if (flight === undefined || !canFail(flight) || serverAt(world, node).life !== 'up') return;
      const what = `${flight.order.kind} p${node} of leader ${index}`;
      if (world.budget.lose > 0)
        list.push({
          name: `lose ${flight.phase === 'going' ? '' : 'the reply of '}${what}`,
          take: () => lose(world, index, node, flight),
        });
      if (world.budget.delay > 0)
        list.push({
          name: `delay ${what} (${flight.phase})`,
          take: () => delay(world, index, node, flight),
        });
    });
    list.push(...swapFaults(world, index));
  });
  return list;
}

function swapFaults(world: World, index: number): readonly Choice[] {
  const swap = world.leaders[index]?.swap;
  const list: Choice[] = [];
  if (swap !== undefined && world.budget.delay > 0) {
    const slow = { ...swap, atMs: swap.atMs + DELAY_MS };
    list.push({
      name: `delay CAS of leader ${index} (${swap.phase})`,
      take: () => quiet(withLeader(paid(world, 'delay'), index, { swap: slow })),
    });
  }
  if (swap?.phase === 'going' && world.budget.apiError > 0) {
    const refused = { ...swap, phase: 'back', atMs: world.nowMs + 1, answer: 'failed' } as const;
    list.push({
      name: `the API refuses the CAS of leader ${index}`,
      take: () => quiet(withLeader(paid(world, 'apiError'), index, { swap: refused })),
    });
  }
  return list;
}

function canFail(flight: Flight): boolean {
  const failing = flight.outcome?.kind === 'noReply' || flight.outcome?.kind === 'notSent';
  return !failing && flight.order.kind !== 'observe' && flight.order.kind !== 'killClients';
}

/** The leader hears nothing until its budget is over; what was not yet executed may be, any time. */
function lose(world: World, leader: number, node: number, flight: Flight): Step {
  const link = world.leaders[leader]?.links[node];
  const late = failed(flight, flight.sentAtMs + flight.timeoutMs, { kind: 'noReply', by: 'late' });
  const lost = withLink(paid(world, 'lose'), leader, node, { flight: late });
  return quiet(
    flight.phase === 'going'
      ? withZombie(lost, node, flight.order, userOf(flight, link?.user))
      : lost,
  );
}

function delay(world: World, leader: number, node: number, flight: Flight): Step {
  return quiet(
    withLink(paid(world, 'delay'), leader, node, {
      flight: { ...flight, atMs: flight.atMs + DELAY_MS },
    }),
  );
}

/** An order that its sender gave up on takes effect; its user decides whether it can. */
export function lateOrders(model: Model, world: World): readonly Choice[] {
  const swaps = world.leaders.flatMap(({ mode, swap }, leader): readonly Choice[] =>
    mode === 'frozen' && swap?.phase === 'going'
      ? [{ name: `late CAS of leader ${leader}`, take: () => swapGo(world, leader) }]
      : [],
  );
  const orders = world.zombies.flatMap((zombie, index): readonly Choice[] => {
    const server = serverAt(world, zombie.node);
    if (server.life !== 'up' || server.run !== zombie.run) return [];
    const rest = { ...world, zombies: world.zombies.filter((_, other) => other !== index) };
    const name = `late ${zombie.order.kind} reaches p${zombie.node}`;
    return [
      {
        name,
        take: () => {
          const { step } = executeAt(model, rest, 'late', zombie.node, zombie.order, zombie.user);
          return { world: settled(step.world), notes: step.notes };
        },
      },
    ];
  });
  return [...swaps, ...orders];
}
