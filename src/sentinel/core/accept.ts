/**
 * The user's answer where the engine stopped and asked: `accept: <pod>@<epoch>` (failover.md
 * section 7, end). It counts for the epoch it was given for, and only if it was given to a question:
 * one that stood there before is no consent to what came after it.
 * Never here: what the consent leads to.
 */
import type { Reason } from '../../kit/reasons';
import type { Wishes } from './event';
import { livePods } from './on-pods';
import { servedEpoch } from './record';
import type { NodeState, State } from './state';
import { type Turn, withState } from './turn';

/** What stands on the object as an answer to nothing does not answer these later. */
const questions: readonly Reason[] = [
  'PrimaryNotFenced',
  'UnknownPrimary',
  'SeveralHistories',
  'ForeignHistory',
  'NoPromotableReplica',
  'BestReplicaFiltered',
  'TooFewReplicasHeard',
  'VolumesMissing',
  'AllEmpty',
  'AcceptedAway',
];

export function acceptedNode(state: State): NodeState | undefined {
  const { accept } = state.wishes;
  if (accept === undefined || textOf(state.wishes) === state.spentAccept) return undefined;
  if (!isEpochInForce(state, accept.epoch)) return undefined;
  return livePods(state).find((node) => node.fact.pod === accept.pod);
}

/** The epoch served, or the record's own number, which a switchover that was given up has raised. */
function isEpochInForce({ record }: State, epoch: number): boolean {
  return epoch === servedEpoch(record) || epoch === record?.epoch;
}

/** After a takeover nobody knows what a standing `accept` answered; a resumption's question may be it. */
export function onWishes(turn: Turn, wishes: Wishes): Turn {
  const { blocked, spentAccept } = turn.state;
  const seen = withState(turn, { wishes });
  const text = textOf(wishes);
  if (text === textOf(turn.state.wishes)) return seen;
  if (blocked !== undefined && questions.includes(blocked.reason))
    return withState(seen, { spentAccept: '', shown: podsOf(turn.state) });
  return spentAccept === undefined ? seen : withState(seen, { spentAccept: text });
}

function podsOf({ nodes }: State): State['shown'] {
  return nodes.flatMap(({ fact, facts }) => (facts === undefined ? [] : [fact.podUid]));
}

/** While the primary serves nothing is asked: what stands there answers no later question. */
export function spendAccept(turn: Turn): Turn {
  return withState(turn, { spentAccept: textOf(turn.state.wishes) });
}

/** A failover that begins: its question is new, unless the user answered one of this epoch already. */
export function spendUnknownAccept(turn: Turn): Turn {
  return turn.state.spentAccept === undefined ? spendAccept(turn) : turn;
}

function textOf({ accept }: Wishes): string {
  return accept === undefined ? '' : `${accept.pod}@${accept.epoch}`;
}
