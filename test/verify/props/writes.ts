/**
 * Who can accept writes, who can confirm them, and what becomes of confirmed ones (failover.md I2,
 * I5, section 6 and section 8), judged on the servers.
 * Never here: how a promotion came about (promotion.ts).
 */
import { collectsAcks, isConsented, isWritable } from '../env/ghosts';
import { replIdOf, type Server } from '../env/servers';
import { type Note, serverAt, type World } from '../env/world';
import {
  isLateAndAccepted,
  isReopening,
  masters,
  names,
  type Property,
  promotionsOf,
} from './property';

function writers(world: World): readonly Server[] {
  return masters(world).filter((server) => isWritable(world, server));
}

export const oneWritable: Property = {
  name: 'oneWritable',
  says: 'I2: at most one node accepts writes, unless the policy or the user accepted two',
  seen: ({ after }) => masters(after).length > 1,
  broken: ({ after }) => {
    if (isAccepted(after)) return undefined;
    const writable = writers(after);
    return writable.length < 2 ? undefined : `${names(writable)} accept writes`;
  },
};

function isAccepted({ ghost }: World): boolean {
  return ghost.policy === 'Available' || ghost.consented >= 0;
}

/** Longer than a ping, a claim and the demotion that follows. */
const DEMOTED_AFTER_MS = 3000;

export const secondWriterIsBounded: Property = {
  name: 'secondWriterIsBounded',
  says: 'E5: where the policy or the user accepted it two nodes accept writes, only while one of them cannot be reached',
  seen: ({ after }) => isAccepted(after) && writers(after).length > 1,
  broken: ({ after }) => {
    const { ghost, nowMs } = after;
    if (!isAccepted(after) || nowMs - ghost.revived.at < DEMOTED_AFTER_MS) return undefined;
    const writable = writers(after);
    return writable.length < 2 || writable.some(({ life }) => life !== 'up')
      ? undefined
      : `${names(writable)} accept writes ${nowMs - ghost.revived.at} ms after the partition`;
  },
};

/** Alone behind a partition nobody confirms anything; two that were cut off together may (E5). */
function isIsland({ servers }: World): boolean {
  return servers.all.filter(({ life }) => life === 'isolated').length > 1;
}

export const oneWaitCollector: Property = {
  name: 'oneWaitCollector',
  says: 'I2: at most one node can collect the acknowledgements that WAIT counts, outside E5',
  seen: ({ after }) => masters(after).length > 1,
  broken: ({ after }) => {
    const accepted = after.ghost.policy === 'Available' && isIsland(after);
    if (accepted || after.ghost.consented >= 0) return undefined;
    const collectors = masters(after).filter((server) => collectsAcks(after, server));
    return collectors.length < 2 ? undefined : `${names(collectors)} have replicas`;
  },
};

export const confirmedWritesSurvive: Property = {
  name: 'confirmedWritesSurvive',
  says: 'section 6: a write that WAIT k confirmed is in the primary after a failover for which section 6 claims it',
  seen: (transition) =>
    promotionsOf(transition).some(
      (note) => note.before.ghost.acked.length > 0 && !transition.after.ghost.unclaimed,
    ),
  broken: (transition) => {
    const { after } = transition;
    if (after.ghost.unclaimed) return undefined;
    const [note] = promotionsOf(transition);
    if (note === undefined || isConsented(note.before) || isLateAndAccepted(note)) return undefined;
    // A reopening takes the best (epoch, offset): what has no identity any more has neither.
    const known = isReopening(note.before) ? (note.before.api?.lineage ?? []) : undefined;
    const exists = (id: string): boolean =>
      after.servers.all.some(
        ({ log, replid }) =>
          log.includes(id) && (known?.some((entry) => entry.replid === replIdOf(replid)) ?? true),
      );
    const lost = after.ghost.acked.filter(
      (id) => !serverAt(after, note.node).log.includes(id) && exists(id),
    );
    return lost.length === 0 ? undefined : `p${note.node} was promoted without ${lost.join(', ')}`;
  },
};

export const emptyNeverWins: Property = {
  name: 'emptyNeverWins',
  says: 'I5: nothing without data is promoted or followed where a confirmed write is kept or recorded',
  seen: ({ after }) =>
    after.ghost.acked.length > 0 &&
    after.servers.all.some(({ log, life }) => log.length === 0 && life === 'up'),
  broken: (transition) => {
    const { after, before, notes } = transition;
    const [note] = promotionsOf(transition);
    const confirmed = before.ghost.acked;
    if (isConsented(before) || after.ghost.consented >= 0) return undefined;
    // Data that is nowhere any more and of which the record says nothing is nobody's to lose.
    const known = (before.api?.keys ?? 0) > 0;
    const kept = confirmed.some((id) => before.servers.all.some(({ log }) => log.includes(id)));
    if (note !== undefined && serverAt(after, note.node).log.length === 0 && (known || kept))
      return `p${note.node} was promoted empty, ${confirmed.join(', ')} had been confirmed`;
    const over = notes.find(
      (other) =>
        other.kind === 'overwritten' &&
        other.from.log.length === 0 &&
        other.lost.some((id) => confirmed.includes(id)),
    );
    return over === undefined ? undefined : `${gaveUp(over)} for an empty primary`;
  },
};

function gaveUp(note: Note): string {
  return note.kind === 'overwritten' ? `p${note.node} gave up ${note.lost.join(', ')}` : '';
}

/** Writes of clusters that were there before this one: `x1`, `y1`. */
function isForeign(id: string): boolean {
  return id.startsWith('x') || id.startsWith('y');
}

export const foreignNeverOverwritten: Property = {
  name: 'foreignNeverOverwritten',
  says: 'I5: data of another history is never given up without the consent of the user',
  seen: ({ after }) =>
    after.servers.all.some(({ log, life }) => life === 'up' && log.some(isForeign)) &&
    masters(after).some(({ log }) => !log.some(isForeign)),
  broken: ({ notes, after }) => {
    const over = notes.find(
      (note) => note.kind === 'overwritten' && note.lost.some((id) => isForeign(id)),
    );
    return over === undefined || after.ghost.consented >= 0 ? undefined : gaveUp(over);
  },
};

export const switchoverLosesNothing: Property = {
  name: 'switchoverLosesNothing',
  says: 'section 8: a planned promotion has every write of the primary that was stopped for it',
  seen: (transition) =>
    promotionsOf(transition).some(
      ({ before }) => before.api?.phase === 'Switchover' && before.ghost.stopped !== undefined,
    ),
  broken: (transition) => {
    const [note] = promotionsOf(transition);
    if (note?.before.api?.phase !== 'Switchover') return undefined;
    const { log } = serverAt(note.before, note.node);
    const lost = (note.before.ghost.stopped ?? []).filter((id) => !log.includes(id));
    return lost.length === 0 ? undefined : `p${note.node} was promoted without ${lost.join(', ')}`;
  },
};
