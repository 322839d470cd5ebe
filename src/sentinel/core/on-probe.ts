/**
 * Pings and what they bring (failover.md section 5). Any valid reply is a sign of life; an error
 * about credentials is one too, and our own fault.
 * Never here: verdicts over several nodes.
 */
import { type Millis, millis } from '../../kit/brands';
import { isAuthCode } from './claim';
import type { Outcome, ProbeResult } from './event';
import type { NodeState, Probe, State } from './state';
import { eachNode, send, type Turn, tell, withNode } from './turn';

const words: Readonly<Record<ProbeResult, Probe['last']>> = {
  pong: 'alive',
  busy: 'alive',
  maxClients: 'alive',
  misconf: 'diskError',
  loading: 'loading',
  masterDown: 'masterDown',
  authFailed: 'authFailed',
  closed: 'closed',
  refused: 'refused',
  silent: 'silent',
  unreachable: 'unreachable',
};

const lifeless: readonly Probe['last'][] = ['none', 'closed', 'refused', 'silent', 'unreachable'];

export function advanceProbes(turn: Turn): Turn {
  return eachNode(turn, (so_far, node) => {
    const { probe, fact } = node;
    const due = probe.pendingAtMs === undefined && so_far.state.nowMs >= probe.nextAtMs;
    if (!due || fact.ip === undefined || fact.lifecycle === 'gone') return so_far;
    const nextAtMs = millis(so_far.state.nowMs + so_far.config.pingIntervalMs);
    const pinged = { ...probe, pendingAtMs: so_far.state.nowMs, nextAtMs };
    return send(withNode(so_far, fact.podUid, { probe: pinged }), fact.podUid, { kind: 'ping' });
  });
}

export function onProbed(turn: Turn, node: NodeState, result: ProbeResult): Turn {
  const last = words[result];
  const alive = !lifeless.includes(last);
  const { nowMs } = turn.state;
  const { probe, fact } = node;
  const next: Probe = {
    ...probe,
    last,
    lastAtMs: nowMs,
    aliveAtMs: alive ? nowMs : probe.aliveAtMs,
    unansweredAtMs: alive ? undefined : (probe.unansweredAtMs ?? probe.pendingAtMs ?? nowMs),
    pendingAtMs: undefined,
    runId: alive || result === 'silent' ? probe.runId : undefined,
  };
  const probed = forgetWitnesses(withNode(turn, fact.podUid, { probe: next }), fact.podUid, alive);
  if (result === 'closed' && probe.runId !== undefined)
    return noteClosed(probed, fact.podUid, probe.runId);
  return result === 'loading' || result === 'masterDown' ? lookSoon(probed, fact.podUid) : probed;
}

/** Once the primary answers, what replicas heard of it before says nothing about the next silence. */
function forgetWitnesses(turn: Turn, podUid: string, alive: boolean): Turn {
  if (!alive || podUid !== turn.state.record?.primary?.podUid) return turn;
  return eachNode(turn, (so_far, node) =>
    withNode(so_far, node.fact.podUid, { witness: undefined }),
  );
}

/** A sign of life that came on the order connection. */
export function heardFrom(probe: Probe, nowMs: Millis): Probe {
  return {
    ...probe,
    aliveAtMs: nowMs,
    unansweredAtMs: probe.pendingAtMs === undefined ? undefined : probe.unansweredAtMs,
  };
}

/** A socket that had answered as this run has ended: ask at once whether anybody listens there. */
export function noteClosed(turn: Turn, podUid: string, runId: NonNullable<Probe['runId']>): Turn {
  const node = turn.state.nodes.find(({ fact }) => fact.podUid === podUid);
  if (node === undefined || node.closed?.runId === runId) return turn;
  const { nowMs } = turn.state;
  const closed = { runId, atMs: nowMs, knock: 'asked', knockedAtMs: nowMs } as const;
  const noted = tell(withNode(turn, podUid, { closed }), '+closed', { pod: node.fact.pod });
  return node.fact.ip === undefined ? noted : send(noted, podUid, { kind: 'knock' });
}

export function onKnocked(turn: Turn, node: NodeState, outcome: Outcome): Turn {
  const { closed, fact } = node;
  if (closed === undefined) return turn;
  const refused = outcome.kind === 'knocked' && outcome.answers === 'bothRefused';
  const knock = refused ? 'bothRefused' : 'other';
  return withNode(turn, fact.podUid, {
    closed: { ...closed, knock, knockedAtMs: turn.state.nowMs },
  });
}

function lookSoon(turn: Turn, podUid: string): Turn {
  return withNode(turn, podUid, { observeAtMs: turn.state.nowMs });
}

/** Our own stall is no silence of theirs: what was read or missed meanwhile proves nothing. */
export function onStalled(turn: Turn, forMs: Millis): Turn {
  return eachNode(turn, (so_far, node) => {
    const { probe, fact } = node;
    const aliveAtMs = millis(Math.min(so_far.state.nowMs, probe.aliveAtMs + forMs));
    const restarted = {
      ...probe,
      aliveAtMs,
      unansweredAtMs: undefined,
      nextAtMs: so_far.state.nowMs,
    };
    return withNode(so_far, fact.podUid, {
      probe: restarted,
      witness: undefined,
      sight: 'old',
      observeAtMs: so_far.state.nowMs,
    });
  });
}

export function isAuthRefusal(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && isAuthCode(outcome.code);
}

/** Whether the node was heard from within two ping periods. */
export function isHeard(turn: Turn, node: NodeState): boolean {
  if (node.closed?.knock === 'bothRefused') return false;
  return (
    turn.state.nowMs - node.probe.aliveAtMs <= 2 * turn.config.pingIntervalMs &&
    !lifeless.includes(node.probe.last)
  );
}

export function hasDiskError(state: State, podUid: string): boolean {
  return state.nodes.some(
    ({ fact, probe }) => fact.podUid === podUid && probe.last === 'diskError',
  );
}
