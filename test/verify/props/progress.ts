/**
 * Progress, crudely: left alone for long, the engine ends with a primary that serves, or says why it
 * does not; and it does not give orders without end.
 * Never here: safety (safety.ts).
 */

import { isWritable } from '../env/ghosts';
import { happen, nextItem } from '../env/schedule';
import { runIdOf } from '../env/servers';
import type { Model, Note, World } from '../env/world';

/** Longer than any wait of the engine under the model's configuration. */
const ALONE_MS = 60_000;
/** Orders that change a server, in the second half of that time: claims again after a fault are few. */
const ORDERS_LIMIT = 12;

/** What keeps this world from being at rest; undefined when it serves or says why not. */
export function unrest(world: World): string | undefined {
  const leader = world.leaders[world.holder];
  if (leader === undefined) return 'nobody leads';
  const { state } = leader;
  if (state.blocked !== undefined) return undefined;
  if (state.work.kind !== 'steady')
    return `the engine is at ${state.work.kind}${'stage' in state.work ? ` (${state.work.stage})` : ''} and says nothing`;
  const primary = world.servers.all.find((server) => server.podUid === world.api?.primary?.podUid);
  if (
    primary === undefined ||
    primary.life !== 'up' ||
    runIdOf(primary) !== world.api?.primary?.runId
  )
    return 'the recorded primary does not run';
  if (primary.role !== 'master') return 'the recorded primary is no master';
  if (!isWritable(world, primary)) return 'the primary accepts no writes';
  if (world.route?.kind !== 'to' || world.route.pod !== world.api?.primary?.pod)
    return 'the Service does not select the primary';
  const apart = world.servers.all.find(
    (server) => server.life === 'up' && server !== primary && server.upstream !== primary.podUid,
  );
  return apart === undefined
    ? undefined
    : `${apart.podUid.replace('u', 'p')} does not follow the primary`;
}

/** Runs a world without any more faults and says how that ends. */
export function leftAlone(model: Model, start: World): string | undefined {
  let world = start;
  let orders: readonly Note[] = [];
  for (let steps = 0; steps < 200_000; steps += 1) {
    const item = nextItem(world);
    if (item === undefined || item.atMs > start.nowMs + ALONE_MS) break;
    const step = happen(model, world, item);
    world = step.world;
    if (world.nowMs > start.nowMs + ALONE_MS / 2)
      orders = [...orders, ...step.notes.filter(changes)];
  }
  const kinds = orders.map((note) => (note.kind === 'sent' ? note.order.kind : ''));
  if (
    orders.length > ORDERS_LIMIT &&
    !world.servers.all.some(({ life }) => life === 'hung' || life === 'isolated' || life === 'cut')
  ) {
    return `${orders.length} orders in ${ALONE_MS / 2000} s without a fault: ${[...new Set(kinds)].join(', ')}`;
  }
  return unrest(world);
}

function changes(note: Note): boolean {
  return (
    note.kind === 'sent' &&
    note.order.kind !== 'observe' &&
    note.order.kind !== 'killClients' &&
    note.order.kind !== 'look'
  );
}
