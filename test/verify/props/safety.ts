/**
 * The safety invariants of failover.md section 3, one object each, judged on servers, API and
 * orders, never on what the engine believes of itself.
 * Never here: progress (progress.ts).
 */
import { collectsAcks, isWritable } from '../env/ghosts';
import { runIdOf, type Server } from '../env/servers';
import { type Note, sameUser, serverAt, type World } from '../env/world';
import {
  type Executed,
  executedOf,
  type Property,
  promotionsOf,
  type Transition,
} from './property';

function is(
  server: Server,
  process: { readonly podUid: string; readonly runId: string } | undefined,
): boolean {
  return process?.podUid === server.podUid && process.runId === runIdOf(server);
}

function masters(world: World): readonly Server[] {
  return world.servers.all.filter((server) => server.role === 'master' && server.life !== 'dead');
}

function names(servers: readonly Server[]): string {
  return servers.map(({ podUid }) => podUid.replace('u', 'p')).join(' and ');
}

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
  says: 'I2: when a node is promoted, every other master is dead or unable to accept writes',
  seen: (transition) =>
    promotionsOf(transition).some((note) => note.before.ghost.promotions.length > 0),
  broken: (transition) => {
    const [note] = promotionsOf(transition);
    if (note === undefined) return undefined;
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

/** The acting leader's own claim holds there, and the node runs. */
function reached(note: Executed, node: number): boolean {
  const server = serverAt(note.before, node);
  const user =
    typeof note.leader === 'number'
      ? note.before.leaders[note.leader]?.links[node]?.user
      : undefined;
  return (
    server.life === 'up' &&
    node !== note.node &&
    server.users.some((other) => sameUser(other, user))
  );
}

function unplanned(transition: Transition): readonly Executed[] {
  return promotionsOf(transition).filter(
    (note) => note.before.api?.phase === 'Failover' && typeof note.leader === 'number',
  );
}

export const holdBeforePromote: Property = {
  name: 'holdBeforePromote',
  says: 'I2: before an unplanned promotion every claimed node that runs stands alone',
  seen: (transition) => unplanned(transition).length > 0,
  broken: (transition) => {
    const [note] = unplanned(transition);
    const free =
      note?.before.servers.all.findIndex(
        (server, node) => server.upstream !== undefined && reached(note, node),
      ) ?? -1;
    return free < 0 ? undefined : `p${note?.node} was promoted while p${free} was not held`;
  },
};

/** The intent of an unplanned promotion: the moment by which the choice was made. */
function intended(transition: Transition): Extract<Note, { kind: 'swapped' }> | undefined {
  return transition.notes.flatMap((note) =>
    note.kind === 'swapped' &&
    note.next.phase === 'Failover' &&
    note.next.epoch !== note.expected?.epoch
      ? [note]
      : [],
  )[0];
}

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

export const oneWritable: Property = {
  name: 'oneWritable',
  says: 'at most one node accepts writes',
  seen: ({ after }) => masters(after).length > 1,
  broken: ({ after }) => {
    const writable = masters(after).filter((server) => isWritable(after, server));
    return writable.length < 2 ? undefined : `${names(writable)} accept writes`;
  },
};

export const oneWaitCollector: Property = {
  name: 'oneWaitCollector',
  says: 'at most one node can collect the acknowledgements that WAIT counts',
  seen: ({ after }) => masters(after).length > 1,
  broken: ({ after }) => {
    const collectors = masters(after).filter((server) => collectsAcks(after, server));
    return collectors.length < 2 ? undefined : `${names(collectors)} have replicas`;
  },
};

export const confirmedWritesSurvive: Property = {
  name: 'confirmedWritesSurvive',
  says: 'a write that WAIT 1 confirmed is in the primary after a failover for which section 6 claims it',
  seen: (transition) =>
    promotionsOf(transition).some(
      (note) => note.before.ghost.acked.length > 0 && !transition.after.ghost.unclaimed,
    ),
  broken: (transition) => {
    const { after } = transition;
    if (after.ghost.unclaimed) return undefined;
    const [note] = promotionsOf(transition);
    if (note === undefined) return undefined;
    const exists = (id: string): boolean => after.servers.all.some(({ log }) => log.includes(id));
    const lost = after.ghost.acked.filter(
      (id) => !serverAt(after, note.node).log.includes(id) && exists(id),
    );
    return lost.length === 0 ? undefined : `p${note.node} was promoted without ${lost.join(', ')}`;
  },
};

export const emptyNeverWins: Property = {
  name: 'emptyNeverWins',
  says: 'I5: nothing without a confirmed write is promoted or followed by a node that has it',
  seen: (transition) =>
    transition.after.ghost.acked.length > 0 &&
    transition.after.servers.all.some(({ log, life }) => log.length === 0 && life === 'up'),
  broken: (transition) => {
    const { after, before } = transition;
    const [note] = promotionsOf(transition);
    const confirmed = before.ghost.acked;
    if (note !== undefined && serverAt(after, note.node).log.length === 0 && confirmed.length > 0) {
      return `p${note.node} was promoted empty, ${confirmed.join(', ')} had been confirmed`;
    }
    const over = transition.notes.find(
      (other) =>
        other.kind === 'overwritten' &&
        other.from.log.length === 0 &&
        other.lost.some((id) => confirmed.includes(id)),
    );
    return over?.kind === 'overwritten'
      ? `p${over.node} gave up ${over.lost.join(', ')} for an empty primary`
      : undefined;
  },
};

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
      if (
        !note.effective ||
        note.user === undefined ||
        seal === undefined ||
        note.order.kind === 'observe'
      )
        return false;
      return note.user.term < seal.term || (note.user.term === seal.term && note.user.n < seal.n);
    });
    if (late === undefined) return undefined;
    const seal = late.before.ghost.sealed[late.node];
    return `${late.order.kind} of claim ${late.user?.term}-${late.user?.n} took effect on p${late.node} after claim ${seal?.term}-${seal?.n}`;
  },
};

export const numbersNeverFall: Property = {
  name: 'numbersNeverFall',
  says: 'term, epoch and the epoch beside the Service never go back',
  seen: ({ before, after }) => before.api !== after.api || before.route !== after.route,
  broken: ({ before, after }) => {
    const { api: old, route } = before;
    if (
      old !== undefined &&
      after.api !== undefined &&
      (after.api.term < old.term || after.api.epoch < old.epoch)
    ) {
      return `the record went from ${old.term}/${old.epoch} to ${after.api.term}/${after.api.epoch}`;
    }
    return route !== undefined && after.route !== undefined && after.route.epoch < route.epoch
      ? 'the route went back'
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

export const intentFirst: Property = {
  name: 'intentFirst',
  says: 'I10: a promotion takes effect only for the process that the record names as target',
  seen: (transition) => promotionsOf(transition).length > 0,
  broken: (transition) => {
    const wrong = promotionsOf(transition).find((note) => {
      const server = serverAt(note.before, note.node);
      return !is(server, note.before.api?.target) && !is(server, note.before.api?.primary);
    });
    return wrong === undefined
      ? undefined
      : `p${wrong.node} was promoted, the record names ${wrong.before.api?.target?.pod ?? 'nobody'}`;
  },
};

export const staleSwapNeverWins: Property = {
  name: 'staleSwapNeverWins',
  says: 'a compare-and-swap of a leader whose term has passed never succeeds',
  seen: ({ notes }) => notes.some((note) => note.kind === 'swapped' && !note.won),
  broken: ({ notes }) => {
    const stale = notes.find(
      (note) =>
        note.kind === 'swapped' &&
        note.won &&
        (note.expected?.term ?? 0) < (note.actual?.term ?? 0),
    );
    return stale === undefined ? undefined : 'a CAS of a lower term was accepted';
  },
};

export const safety: readonly Property[] = [
  oneMasterPerEpoch,
  fenceBeforePromote,
  holdBeforePromote,
  choiceIsFresh,
  oneWritable,
  oneWaitCollector,
  confirmedWritesSurvive,
  emptyNeverWins,
  lowerClaimNeverActs,
  numbersNeverFall,
  routeFollowsRecord,
  intentFirst,
  staleSwapNeverWins,
];
