/**
 * What a safety property is: a name, a sentence, when it was put to the test at all, and when it is
 * broken. A property whose premise was never seen fails the run, or it would hold for nothing.
 * Never here: an exploration.
 */
import { isAcceptedLate, isConsented } from '../env/ghosts';
import { runIdOf, type Server } from '../env/servers';
import { type Note, serverAt, type World } from '../env/world';

export interface Transition {
  readonly before: World;
  readonly after: World;
  readonly notes: readonly Note[];
}

export interface Property {
  readonly name: string;
  /** Begins with the rule of failover.md that it judges. */
  readonly says: string;
  /** The premise: this transition could have broken it. */
  readonly seen: (transition: Transition) => boolean;
  /** What is wrong, undefined while it holds. */
  readonly broken: (transition: Transition) => string | undefined;
}

export type Executed = Extract<Note, { kind: 'executed' }>;
export type Swapped = Extract<Note, { kind: 'swapped' }>;

export function executedOf(transition: Transition): readonly Executed[] {
  return transition.notes.flatMap((note) => (note.kind === 'executed' ? [note] : []));
}

/** The orders of this kind that took effect within this transition. */
export function effectsOf(
  transition: Transition,
  kind: Executed['order']['kind'],
): readonly Executed[] {
  return executedOf(transition).filter((note) => note.effective && note.order.kind === kind);
}

export function promotionsOf(transition: Transition): readonly Executed[] {
  return effectsOf(transition, 'promote');
}

/** An order of an earlier intent takes effect on a target that E5 gave up as a possible writer. */
export function isLateAndAccepted({ leader, before, node }: Executed): boolean {
  return leader === 'late' && isAcceptedLate(before, serverAt(before, node));
}

/** Promotions after a fence, in which the user decided nothing. */
export function unplanned(transition: Transition): readonly Executed[] {
  return promotionsOf(transition).filter(
    (note) =>
      note.before.api?.phase === 'Failover' &&
      typeof note.leader === 'number' &&
      !isConsented(note.before),
  );
}

/** The intent of an unplanned promotion: the moment by which the choice was made. */
export function intended(transition: Transition): Swapped | undefined {
  return transition.notes.flatMap((note) =>
    note.kind === 'swapped' &&
    note.next.phase === 'Failover' &&
    note.next.epoch !== note.expected?.epoch
      ? [note]
      : [],
  )[0];
}

export function is(
  server: Server,
  process: { readonly podUid: string; readonly runId: string } | undefined,
): boolean {
  return process?.podUid === server.podUid && process.runId === runIdOf(server);
}

/** Every process of the record has ended, so that memory proves nothing any more. */
export function isReopening({ api, servers }: World): boolean {
  const recorded = [api?.primary, ...(api?.members ?? [])].flatMap((process) => process ?? []);
  if (recorded.length === 0) return false;
  return recorded.every(
    ({ podUid, runId }) =>
      !servers.all.some(
        (server) => server.podUid === podUid && runIdOf(server) === runId && server.life !== 'dead',
      ),
  );
}

/** The process that the record names as primary, wherever it is by now. */
export function recordedPrimary(world: World): Server | undefined {
  return world.servers.all.find((server) => is(server, world.api?.primary));
}

export function masters(world: World): readonly Server[] {
  return world.servers.all.filter((server) => server.role === 'master' && server.life !== 'dead');
}

export function names(servers: readonly Server[]): string {
  return servers.map(({ podUid }) => podUid.replace('u', 'p')).join(' and ');
}
