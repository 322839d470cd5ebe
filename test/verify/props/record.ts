/**
 * What may be written: the record by compare-and-swap, and the Service (failover.md I1, I7).
 * Never here: orders to servers.
 */
import type { World } from '../env/world';
import { type Property, recordedPrimary, unplanned } from './property';

export const numbersNeverFall: Property = {
  name: 'numbersNeverFall',
  says: 'I7: term, epoch and the epoch beside the Service never go back, nor does the leader ask for it',
  seen: ({ before, after }) => before.api !== after.api || before.route !== after.route,
  broken: ({ before, after, notes }) => {
    const { api: old } = before;
    if (
      old !== undefined &&
      after.api !== undefined &&
      (after.api.term < old.term || after.api.epoch < old.epoch)
    ) {
      return `the record went from ${old.term}/${old.epoch} to ${after.api.term}/${after.api.epoch}`;
    }
    const lower = notes.find(
      (note) =>
        note.kind === 'routed' &&
        note.leader === after.holder &&
        note.route.epoch < (note.before?.epoch ?? 0),
    );
    return lower?.kind === 'routed'
      ? `the Service was given epoch ${lower.route.epoch} after ${lower.before?.epoch}`
      : undefined;
  },
};

export const routeFollowsRecord: Property = {
  name: 'routeFollowsRecord',
  says: 'I7: the Service selects the recorded primary, the recorded target, or nobody',
  seen: (transition) =>
    transition.notes.some(
      (note) => note.kind === 'routed' && note.applied && note.route.kind === 'to',
    ),
  broken: ({ notes, after }) => {
    const wrong = notes.find(
      (note) =>
        note.kind === 'routed' &&
        note.applied &&
        note.route.kind === 'to' &&
        note.route.pod !== after.api?.primary?.pod &&
        note.route.pod !== after.api?.target?.pod,
    );
    return wrong?.kind === 'routed'
      ? `the Service was given ${JSON.stringify(wrong.route)}`
      : undefined;
  },
};

export const routeLeavesTheOld: Property = {
  name: 'routeLeavesTheOld',
  says: 'I7: the Service no longer selects a primary that may live when another is promoted',
  seen: (transition) => unplanned(transition).some(({ before }) => isOldAlive(before)),
  broken: (transition) => {
    const [note] = unplanned(transition);
    if (note === undefined || !isOldAlive(note.before)) return undefined;
    const { route, api, pods } = note.before;
    const old = api?.primary?.pod;
    return route?.kind === 'to' && route.pod === old && pods[note.node]?.pod !== old
      ? `p${note.node} was promoted while the Service selects ${old}`
      : undefined;
  },
};

function isOldAlive(world: World): boolean {
  const primary = recordedPrimary(world);
  return primary !== undefined && primary.life !== 'dead';
}

export const staleSwapNeverWins: Property = {
  name: 'staleSwapNeverWins',
  says: 'I1: within a term only the leader that took it writes the record, and only over what it read',
  seen: ({ notes }) => notes.some((note) => note.kind === 'swapped' && !note.won),
  broken: ({ notes }) => {
    const stale = notes.find((note) => {
      if (note.kind !== 'swapped' || !note.won) return false;
      const read = note.expected?.term ?? 0;
      const stands = note.actual?.term ?? 0;
      const foreign = note.next.term === stands && note.leader !== note.before.ghost.owner;
      return read < stands || foreign;
    });
    return stale?.kind === 'swapped'
      ? `leader ${stale.leader} wrote the record of term ${stale.actual?.term}`
      : undefined;
  },
};
