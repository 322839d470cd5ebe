/**
 * The claim of one node (failover.md section 9): look, take, look again, seal. Its user is the
 * fencing token: once sealed, no order of another term or of an earlier claim can take effect.
 * Never here: facts; nothing observed counts before the claim is held.
 */
import { millis, term as termOf } from '../../kit/brands';
import type { TermUser } from './event';
import { type NodeState, nodeOf, type State } from './state';
import {
  block,
  canPersist,
  eachNode,
  isFree,
  persist,
  send,
  type Turn,
  tell,
  withNode,
  withState,
  withWork,
} from './turn';

/** What every claim, probe and hold starts from after our connections are gone. */
export const unclaimed = { kind: 'none', retryAtMs: millis(0) } as const;

export function userName(term: number, n: number): string {
  return `gungnir-t${term}-${n}`;
}

/** Begins or goes on with the claim of each node that can be reached. */
export function advanceClaims(turn: Turn): Turn {
  return eachNode(turn, advanceClaim);
}

function advanceClaim(turn: Turn, node: NodeState): Turn {
  const { claim, fact } = node;
  if (claim.kind !== 'none' || !isFree(node)) return turn;
  if (fact.ip === undefined || fact.lifecycle === 'gone' || turn.state.nowMs < claim.retryAtMs)
    return turn;
  const looking = withNode(turn, fact.podUid, { claim: { kind: 'looking' } });
  return send(looking, fact.podUid, { kind: 'look' });
}

/** The users seen by the first look: a higher term stops us, else our own user is made. */
export function onLooked(turn: Turn, node: NodeState, users: readonly TermUser[]): Turn {
  const higher = highestTerm(users);
  if (higher > ourTerm(turn.state)) return outbid(turn, node, higher);
  const n = turn.state.claims + 1;
  const { podUid } = node.fact;
  const numbered = withNode(withState(turn, { claims: n }), podUid, {
    claim: { kind: 'taking', n },
  });
  return send(numbered, podUid, { kind: 'take', term: ourTerm(turn.state), n });
}

/** The users seen after ours was made: two leaders that claim one node see each other here. */
export function onTaken(turn: Turn, node: NodeState, n: number, users: readonly TermUser[]): Turn {
  const term = ourTerm(turn.state);
  const { podUid } = node.fact;
  const higher = highestTerm(users);
  if (higher > term) {
    const yielding = withNode(turn, podUid, { claim: { kind: 'yielding', n, seen: higher } });
    return send(yielding, podUid, { kind: 'yield', term, n });
  }
  const others = users
    .filter((user) => user.term !== term || user.n !== n)
    .map((user) => userName(user.term, user.n));
  const sealing = withNode(turn, podUid, { claim: { kind: 'sealing', n } });
  return send(sealing, podUid, { kind: 'seal', term, n, others });
}

/** Our user is gone again: now the higher term may be outbid, which only the leader can. */
export function onYielded(turn: Turn, node: NodeState, seen: number): Turn {
  return outbid(turn, node, seen);
}

/**
 * A higher term on a node: raise ours above it by CAS. A conflict means that somebody else leads.
 * This also takes up a cluster again whose record was lost.
 */
function outbid(turn: Turn, node: NodeState, seen: number): Turn {
  const later = withNode(turn, node.fact.podUid, {
    claim: retryAt(turn, turn.config.pingIntervalMs),
  });
  const { record } = turn.state;
  if (record === undefined || !canPersist(turn) || seen < record.term) return later;
  const raised = { ...record, term: termOf(seen + 1) };
  const taking = withWork(persist(later, raised), { kind: 'taking', tries: 0 });
  return tell(taking, '+outbid', { pod: node.fact.pod, seen, term: seen + 1 });
}

export function retryAt(turn: Turn, afterMs: number): NodeState['claim'] {
  return { kind: 'none', retryAtMs: millis(turn.state.nowMs + afterMs) };
}

/** After an order without a reply, or the end of its connection: claim again before anything else. */
export function loseClaim(turn: Turn, node: NodeState, retryAfterMs: number): Turn {
  const { podUid } = node.fact;
  const lost = withNode(turn, podUid, {
    claim: retryAt(turn, retryAfterMs),
    pending: undefined,
    refused: undefined,
    minSet: undefined,
    sight: 'old',
  });
  return { ...lost, disconnect: [...lost.disconnect, podUid] };
}

/** A new term: nothing that an earlier one claimed or saw counts. */
export function forgetClaims(turn: Turn): Turn {
  return eachNode(turn, (so_far, node) => {
    const lost = loseClaim(so_far, node, 0);
    return withNode(lost, node.fact.podUid, {
      hold: { kind: 'free' },
      leads: 'unknown',
      deaths: [],
      facts: undefined,
      configured: '',
    });
  });
}

/** The base user was refused: our own configuration error, said once and tried again later. */
export function onClaimRefused(turn: Turn, node: NodeState, code: string, message: string): Turn {
  const { podUid, pod } = node.fact;
  const waiting = loseClaim(turn, node, Math.max(1000, turn.config.pingIntervalMs));
  if (!isAuthCode(code)) return waiting;
  const noted = withNode(waiting, podUid, { probe: { ...node.probe, last: 'authFailed' } });
  const known = turn.state.blocked?.reason === 'CredentialsRefused';
  const told = known ? noted : tell(noted, '+refused', { pod, order: 'look', answer: message });
  return block(told, 'CredentialsRefused', { pod });
}

export function isAuthCode(code: string): boolean {
  return code === 'NOAUTH' || code === 'WRONGPASS' || code === 'NOPERM';
}

function highestTerm(users: readonly TermUser[]): number {
  return users.reduce((highest, user) => Math.max(highest, user.term), 0);
}

export function ourTerm(state: State): number {
  return state.record?.term ?? 0;
}

/** Whether this pod's node is claimed by us and was looked at since. */
export function isClaimed(state: State, podUid: string | undefined): boolean {
  return nodeOf(state, podUid)?.claim.kind === 'held';
}
