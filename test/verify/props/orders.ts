/**
 * Which orders may take effect at all (failover.md I1, I4, I8, I9, section 2, section 4 and section
 * 10), judged as they reach the servers.
 * Never here: promotions (promotion.ts) and the record (record.ts).
 */

import type { TermUser } from '../../../src/sentinel/core/event';
import { isConsented } from '../env/ghosts';
import type { Server } from '../env/servers';
import { type Note, sameUser, serverAt, type World } from '../env/world';
import {
  type Executed,
  effectsOf,
  executedOf,
  is,
  type Property,
  recordedPrimary,
} from './property';

export const lowerClaimNeverActs: Property = {
  name: 'lowerClaimNeverActs',
  says: 'I1: no order of an earlier claim takes effect on a node that was claimed since',
  seen: (transition) =>
    transition.notes.some(
      (note) =>
        note.kind === 'zombieDied' ||
        (note.kind === 'executed' && !note.effective && note.user !== undefined),
    ),
  broken: (transition) => {
    const late = executedOf(transition).find((note) => {
      const seal = note.before.ghost.sealed[note.node];
      const claim = claimOf(note);
      if (!note.effective || claim === undefined || seal === undefined) return false;
      return claim.term < seal.term || (claim.term === seal.term && claim.n < seal.n);
    });
    if (late === undefined) return undefined;
    const seal = late.before.ghost.sealed[late.node];
    const claim = claimOf(late);
    return `${late.order.kind} of claim ${claim?.term}-${claim?.n} took effect on p${late.node} after claim ${seal?.term}-${seal?.n}`;
  },
};

/** On whose behalf it takes effect; a look changes nothing. */
function claimOf({ order, user }: Executed): TermUser | undefined {
  if (order.kind === 'seal') return { term: order.term, n: order.n };
  return order.kind === 'observe' ? undefined : user;
}

export const oneAtATime: Property = {
  name: 'oneAtATime',
  says: 'I1: on one order connection at most one order is under way, and one record on its way',
  seen: ({ notes }) => notes.some(({ kind }) => kind === 'sent' || kind === 'persisted'),
  broken: ({ notes }) => {
    const crowded = notes.find(
      (note) => (note.kind === 'sent' || note.kind === 'persisted') && note.beside !== undefined,
    );
    if (crowded?.kind === 'sent')
      return `${crowded.order.kind} was sent to p${crowded.node} beside ${crowded.beside}`;
    return crowded === undefined ? undefined : 'two records were on their way at once';
  },
};

export const bootFenced: Property = {
  name: 'bootFenced',
  says: 'I4: a process becomes a master by an order of the engine alone, never by starting',
  seen: ({ before, after }) =>
    after.servers.all.some(({ run }, node) => run !== before.servers.all[node]?.run),
  broken: (transition) => {
    const { before, after } = transition;
    const promoted = effectsOf(transition, 'promote').map(({ node }) => node);
    const node = after.servers.all.findIndex((server, index) => {
      const old = before.servers.all[index];
      const same = old?.role === 'master' && old.run === server.run;
      return server.role === 'master' && !same && !promoted.includes(index);
    });
    return node < 0 ? undefined : `p${node} is a master that nobody promoted`;
  },
};

export const healthyIsLeftAlone: Property = {
  name: 'healthyIsLeftAlone',
  says: 'I8: while nothing but the engine itself stood still or changed hands, nobody is held or demoted',
  seen: ({ before, after }) =>
    after.ghost.faults === 'none' &&
    before.leaders.some(({ stall }, index) => stall !== after.leaders[index]?.stall),
  broken: (transition) => {
    const { before } = transition;
    if (before.ghost.faults !== 'none' || before.api?.phase !== 'Steady') return undefined;
    const [note] = [...effectsOf(transition, 'hold'), ...effectsOf(transition, 'demote')];
    if (note !== undefined) return `${note.order.kind} of p${note.node} without any fault`;
    const closed = transition.notes.some(
      (other) => other.kind === 'routed' && other.applied && other.route.kind === 'none',
    );
    return closed ? 'the Service was closed without any fault' : undefined;
  },
};

/** A replica that we can ask, and that hears the primary which we cannot. */
function witness(world: World, leader: number, primary: Server): number {
  const links = world.leaders[leader]?.links;
  return world.servers.all.findIndex(
    (server, node) =>
      server.life === 'up' &&
      server.upstream === primary.podUid &&
      server.link === 'up' &&
      server.users.some((user) => sameUser(user, links?.[node]?.user)),
  );
}

export const heardIsNotHeld: Property = {
  name: 'heardIsNotHeld',
  says: 'section 4, witnesses: while a replica hears a primary that we cannot reach, nobody is held',
  seen: ({ after }) => {
    const primary = recordedPrimary(after);
    return primary?.life === 'cut' && witness(after, after.holder, primary) >= 0;
  },
  broken: (transition) => {
    const [note] = effectsOf(transition, 'hold');
    if (note === undefined || typeof note.leader !== 'number' || isConsented(note.before))
      return undefined;
    const primary = recordedPrimary(note.before);
    if (primary?.life !== 'cut' || primary.role !== 'master') return undefined;
    const heard = witness(note.before, note.leader, primary);
    return heard < 0 ? undefined : `p${note.node} was held while p${heard} hears the primary`;
  },
};

/**
 * REPLICAOF leaves on a connection that this very process has accepted: to one that has restarted
 * since, the order goes on a connection that ended with its predecessor, and reaches nobody.
 */
function toldToFollow(world: World, note: Note): note is Extract<Note, { kind: 'sent' }> {
  if (note.kind !== 'sent' || note.order.kind !== 'follow' || note.leader !== world.holder)
    return false;
  const user = world.leaders[note.leader]?.links[note.node]?.user;
  return serverAt(world, note.node).users.some((other) => sameUser(other, user));
}

export const membersBeforeFollow: Property = {
  name: 'membersBeforeFollow',
  says: 'section 2: a process is a recorded member before it is told to follow the primary',
  seen: ({ notes, after }) => notes.some((note) => toldToFollow(after, note)),
  broken: ({ notes, after }) => {
    const stranger = notes.find(
      (note) =>
        toldToFollow(after, note) &&
        after.api?.members.some((member) => is(serverAt(after, note.node), member)) !== true,
    );
    return stranger?.kind === 'sent'
      ? `p${stranger.node} is told to follow, it is no recorded member`
      : undefined;
  },
};

export const minIsInForce: Property = {
  name: 'minIsInForce',
  says: 'section 10: the primary never has fewer min-replicas-to-write than the record says',
  seen: ({ before, after }) => before.api?.m !== after.api?.m,
  broken: ({ after }) => {
    const primary = recordedPrimary(after);
    if (primary?.role !== 'master' || primary.life === 'dead') return undefined;
    const m = after.api?.m ?? 0;
    return primary.m >= m
      ? undefined
      : `${primary.podUid.replace('u', 'p')} has ${primary.m}, the record ${m}`;
  },
};

/** 2W, less what passes between a token and its first hold: W is L + 2.5 s, L is 2 s in every scope. */
const APART_MS = 8900;

export const noFlap: Property = {
  name: 'noFlap',
  says: 'I9: failovers without proof of death are begun at least 2W apart within one term',
  seen: ({ before, after }) =>
    before.ghost.begun === undefined &&
    after.ghost.begun !== undefined &&
    before.ghost.last !== undefined,
  broken: ({ before, after }) => {
    const { last } = before.ghost;
    const { begun } = after.ghost;
    if (before.ghost.begun !== undefined || begun === undefined || last === undefined)
      return undefined;
    const apartMs = after.nowMs - last.at;
    return last.term !== after.api?.term || apartMs >= APART_MS
      ? undefined
      : `a failover without proof was begun ${apartMs} ms after the last one`;
  },
};
