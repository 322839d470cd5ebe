/**
 * What must have happened before a node is promoted (failover.md I2, I3, I6, I8, I10), judged on
 * servers, API and orders, never on what the engine believes of itself.
 * Never here: what becomes of writes (writes.ts).
 */

import { newestHistory, servedEpoch } from '../../../src/sentinel/core/record';
import { isAnnounced, isConsented, isWritable } from '../env/ghosts';
import { isRunning, replIdOf, type Server } from '../env/servers';
import { type Note, sameUser, serverAt, type World } from '../env/world';
import {
  intended,
  is,
  isLateAndAccepted,
  isReopening,
  masters,
  names,
  type Property,
  promotionsOf,
  recordedPrimary,
  type Transition,
  unplanned,
} from './property';

export const oneMasterPerEpoch: Property = {
  name: 'oneMasterPerEpoch',
  says: 'in one epoch at most one process is ever promoted',
  seen: (transition) => promotionsOf(transition).length > 0,
  broken: ({ after }) => {
    const epochs = after.ghost.promotions.map((mark) => mark.split(':')[0]);
    const twice = epochs.find((epoch, index) => epochs.indexOf(epoch) !== index);
    return twice === undefined
      ? undefined
      : `epoch ${twice} was given to ${after.ghost.promotions.join(', ')}`;
  },
};

export const fenceBeforePromote: Property = {
  name: 'fenceBeforePromote',
  says: 'I2: when a node is promoted, every other master is dead or unable to accept writes, or E5 was announced, for it or against it',
  seen: (transition) =>
    promotionsOf(transition).some((note) => note.before.ghost.promotions.length > 0),
  broken: (transition) => {
    const [note] = promotionsOf(transition);
    if (note === undefined || isConsented(note.before) || isAnnounced(note.before))
      return undefined;
    if (isLateAndAccepted(note)) return undefined;
    const writable = masters(note.before).filter(
      (server) =>
        server.podUid !== serverAt(note.before, note.node).podUid &&
        isWritable(note.before, server),
    );
    return writable.length === 0
      ? undefined
      : `p${note.node} was promoted while ${names(writable)} could still accept writes`;
  },
};

/** The promotion that an order of this transition asks for. */
function ordered({ notes }: Transition): Extract<Note, { kind: 'sent' }> | undefined {
  return notes.flatMap((note) =>
    note.kind === 'sent' && note.order.kind === 'promote' ? [note] : [],
  )[0];
}

/** Its claim is in force, and the leader has read so. */
function answers(world: World, leader: number, node: number): boolean {
  const { life, users } = serverAt(world, node);
  const link = world.leaders[leader]?.links[node];
  const read = link?.flight?.order.kind !== 'seal';
  return life === 'up' && read && users.some((other) => sameUser(other, link?.user));
}

export const holdBeforePromote: Property = {
  name: 'holdBeforePromote',
  says: 'I2: when an unplanned promotion is ordered every claimed node that runs stands alone',
  seen: (transition) =>
    ordered(transition) !== undefined && transition.before.api?.phase === 'Failover',
  broken: (transition) => {
    const note = ordered(transition);
    const { before } = transition;
    if (note === undefined || before.api?.phase !== 'Failover' || isConsented(before))
      return undefined;
    const free = before.servers.all.findIndex(
      (server, node) =>
        node !== note.node &&
        server.upstream !== undefined &&
        server.loadsUntilMs === undefined &&
        answers(before, note.leader, node),
    );
    return free < 0
      ? undefined
      : `the promotion of p${note.node} was ordered while p${free} was not held`;
  },
};

export const demoteFirst: Property = {
  name: 'demoteFirst',
  says: 'I6: no promotion is ordered while the primary answers and is a master',
  seen: (transition) => {
    const primary = recordedPrimary(transition.before);
    return ordered(transition) !== undefined && primary !== undefined && isRunning(primary);
  },
  broken: (transition) => {
    const note = ordered(transition);
    const { before } = transition;
    if (note === undefined || isConsented(before)) return undefined;
    const master = before.servers.all.findIndex(
      (server, node) =>
        node !== note.node &&
        server.role === 'master' &&
        is(server, before.api?.primary) &&
        answers(before, note.leader, node),
    );
    return master < 0
      ? undefined
      : `the promotion of p${note.node} was ordered while p${master} answers and is a master`;
  },
};

export const choiceIsFresh: Property = {
  name: 'choiceIsFresh',
  says: 'I8: between its hold or demotion and the choice every claimed node was read',
  seen: (transition) => intended(transition) !== undefined,
  broken: (transition) => {
    const note = intended(transition);
    if (note === undefined) return undefined;
    const { before } = transition;
    const links = before.leaders[note.leader]?.links;
    const stale = before.servers.all.findIndex(
      (server, node) =>
        before.ghost.unread[node] === 'unread' &&
        server.life === 'up' &&
        server.users.some((user) => sameUser(user, links?.[node]?.user)),
    );
    return stale < 0
      ? undefined
      : `${note.next.target?.pod} was chosen, p${stale} was not read since its hold`;
  },
};

/** Confirmed writes of the epoch in force. */
function confirmedOfEpoch({ api, ghost }: World): readonly string[] {
  const epoch = servedEpoch(api);
  return ghost.acked.filter((id) => ghost.births[Number(id.slice(1)) - 1] === epoch);
}

function containsNewest({ api }: World, server: Server): boolean {
  const newest = api === undefined ? undefined : newestHistory(api);
  if (newest === undefined || replIdOf(server.replid) !== newest.replid) return false;
  return newest.cut === 'Cut' || server.log.length >= newest.fromOffset - 1;
}

export const sameHistory: Property = {
  name: 'sameHistory',
  says: 'I3: where a write of the newest history was confirmed, a node of that history is promoted',
  seen: (transition) =>
    unplanned(transition).some(({ before }) => confirmedOfEpoch(before).length > 0),
  broken: (transition) => {
    const [note] = unplanned(transition);
    if (note === undefined || isReopening(note.before)) return undefined;
    const confirmed = confirmedOfEpoch(note.before);
    if (confirmed.length === 0 || containsNewest(note.before, serverAt(note.before, note.node)))
      return undefined;
    return `p${note.node} was promoted, it has an older history than that of ${confirmed.join(', ')}`;
  },
};

export const bestIsChosen: Property = {
  name: 'bestIsChosen',
  says: 'I3: no held node has a write of the newest history that the chosen one lacks',
  seen: (transition) => intended(transition) !== undefined,
  broken: (transition) => {
    const note = intended(transition);
    const before = note?.before;
    if (note === undefined || before === undefined || isConsented(before)) return undefined;
    const epoch = servedEpoch(before.api);
    const chosen = before.servers.all.find((server) => is(server, note.next.target));
    const links = before.leaders[note.leader]?.links;
    // A node whose claim was not read by this leader yet is not held by it.
    const isClaimed = (node: number): boolean => links?.[node]?.flight?.order.kind !== 'seal';
    const better = before.servers.all.findIndex(
      (server, node) =>
        isClaimed(node) &&
        isHeldBy(before, server, node, links?.[node]?.user) &&
        containsNewest(before, server) &&
        server.log.some(
          (id) =>
            before.ghost.births[Number(id.slice(1)) - 1] === epoch &&
            chosen?.log.includes(id) === false,
        ),
    );
    return better < 0
      ? undefined
      : `${note.next.target?.pod} was chosen, p${better} has more of the newest history`;
  },
};

function isHeldBy(
  world: World,
  server: Server,
  node: number,
  user: Parameters<typeof sameUser>[0],
): boolean {
  const alone = server.role === 'replica' && server.upstream === undefined;
  const known = world.ghost.unread[node] === 'read' && server.loadsUntilMs === undefined;
  return (
    server.life === 'up' && alone && known && server.users.some((other) => sameUser(other, user))
  );
}

export const intentFirst: Property = {
  name: 'intentFirst',
  says: 'I10: a promotion takes effect only for the process that the record names as target, late also for one that E5 gave up',
  seen: (transition) => promotionsOf(transition).length > 0,
  broken: (transition) => {
    const wrong = promotionsOf(transition).find((note) => {
      const server = serverAt(note.before, note.node);
      const named = is(server, note.before.api?.target) || is(server, note.before.api?.primary);
      return !named && !isLateAndAccepted(note);
    });
    return wrong === undefined
      ? undefined
      : `p${wrong.node} was promoted, the record names ${wrong.before.api?.target?.pod ?? 'nobody'}`;
  },
};

export const oneDecisionPerEpoch: Property = {
  name: 'oneDecisionPerEpoch',
  says: 'I10: within one epoch the recorded target never becomes another process',
  seen: ({ notes }) =>
    notes.some((note) => note.kind === 'swapped' && note.won && note.next.target !== undefined),
  broken: ({ notes }) => {
    const changed = notes.find((note) => {
      if (note.kind !== 'swapped' || !note.won) return false;
      const [old, next] = [note.actual?.target, note.next.target];
      if (old === undefined || next === undefined) return false;
      const other = old.podUid !== next.podUid || old.runId !== next.runId;
      return other && note.actual?.epoch === note.next.epoch;
    });
    return changed?.kind === 'swapped'
      ? `epoch ${changed.next.epoch} was meant for ${changed.actual?.target?.pod}, then for ${changed.next.target?.pod}`
      : undefined;
  },
};
