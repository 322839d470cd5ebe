/**
 * Witnesses replace the quorum (failover.md section 4): a replica that still hears the primary after
 * our own ping went unanswered proves that we are cut off, not that the primary is down.
 * A primary that serves speaks to each replica at least once a second (repl-ping-replica-period 1).
 * Never here: what follows from the answer (verdict.ts).
 */
import { type Millis, millis } from '../../kit/brands';
import { membersOf } from './evidence';
import type { NodeFacts } from './facts';
import type { NodeState, State, Witness } from './state';

/** A reply that was under way when our ping was sent may reach a replica this much later. */
export const SLOP_MS = millis(100);
/** A serving primary cannot be quieter towards a replica than this: its ping period plus a cron tick. */
export const QUIET_MS = millis(1150);
/** An older sign than this says that it lived then, not that it lives. */
const STALE_MS = 2 * QUIET_MS;

/** `live`: the primary serves others. `unsure`: too early to tell. `quiet`: heard by nobody. */
export type Testimony = 'none' | 'live' | 'unsure' | 'quiet';

/** From when on a sign of the primary means that it answers others and not us. */
export function listenFromMs(primary: NodeState): Millis | undefined {
  const sent = primary.probe.unansweredAtMs ?? unaskedSinceMs(primary);
  return sent === undefined ? undefined : millis(sent + SLOP_MS);
}

/** A pod that is gone is not pinged any more, though its process may live on. */
function unaskedSinceMs({ fact, probe }: NodeState): Millis | undefined {
  return fact.lifecycle === 'gone' || fact.ip === undefined ? probe.aliveAtMs : undefined;
}

export function testimonyFor(state: State, primary: NodeState): Testimony {
  const from = listenFromMs(primary);
  const linked = membersOf(state).filter((member) => hears(member, primary));
  if (linked.length === 0) return 'none';
  if (from === undefined) return 'unsure';
  const freshFromMs = Math.max(from, state.nowMs - STALE_MS);
  if (linked.some(({ witness }) => (witness?.contactAtMs ?? 0) > freshFromMs)) return 'live';
  const done = linked.every(
    ({ witness, facts }) =>
      witness !== undefined && (facts?.atMs ?? 0) >= Math.min(from, witness.firstAtMs) + QUIET_MS,
  );
  return done ? 'quiet' : 'unsure';
}

/** From when on this replica's next look may end the doubt. */
export function quietAtMs({ witness }: NodeState): number {
  return witness === undefined ? Number.POSITIVE_INFINITY : witness.firstAtMs + QUIET_MS;
}

/** A claimed replica whose link to this primary's address is up, as far as it knows. */
function hears(member: NodeState, primary: NodeState): boolean {
  if (member === primary || member.claim.kind !== 'held' || member.facts === undefined)
    return false;
  const { upstream, link } = member.facts;
  return (
    link === 'up' && upstream?.host === primary.fact.ip && upstream?.port === primary.fact.port
  );
}

/**
 * Notes what one more look at a replica says of its primary's life since `from`. The look before that
 * counts too when it showed the very same offset: the primary was quiet from then on.
 */
export function listen(
  before: Witness | undefined,
  last: NodeFacts | undefined,
  facts: NodeFacts,
  from: Millis | undefined,
): Witness | undefined {
  if (from === undefined || facts.atMs < from || facts.link !== 'up') return undefined;
  const first = before ?? {
    firstAtMs: last !== undefined && isUnmoved(last, facts) ? last.atMs : facts.atMs,
    firstOffset: facts.offset,
    contactAtMs: undefined,
  };
  const heardAtLeast = facts.atMs - (facts.lastIoSeconds + 1) * 1000;
  const since = Math.max(from, first.contactAtMs ?? 0);
  const moved =
    facts.offset > first.firstOffset || (facts.lastIoSeconds >= 0 && heardAtLeast > since);
  if (!moved) return first;
  return { firstAtMs: facts.atMs, firstOffset: facts.offset, contactAtMs: facts.atMs };
}

/** The same run, on the same link, at the same place in the stream. */
function isUnmoved(last: NodeFacts, facts: NodeFacts): boolean {
  return (
    last.link === 'up' &&
    last.runId === facts.runId &&
    last.upstream?.host === facts.upstream?.host &&
    last.upstream?.port === facts.upstream?.port &&
    last.replid === facts.replid &&
    last.offset === facts.offset
  );
}
