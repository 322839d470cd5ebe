/**
 * Taking and losing the lease (failover.md section 9): term + 1 by CAS first, then every claim anew.
 * Never here: who leads; the elector says it.
 */
import { epoch, millis, offset, term } from '../../kit/brands';
import { forgetClaims } from './claim';
import type { Config } from './config';
import type { SwapOutcome } from './event';
import { withAbsent } from './on-pods';
import type { ClusterRecord } from './record';
import type { State } from './state';
import { persist, type Turn, tell, withNode, withState, withWork } from './turn';

/** A lease that flickers between two writers of the record is somebody else's after this. */
const TERM_TRIES = 3;

export function initialState(): State {
  return {
    nowMs: millis(0),
    work: { kind: 'standby' },
    record: undefined,
    swap: undefined,
    nodes: [],
    service: { selected: '', endpoints: [], changedAtMs: millis(0), asked: undefined },
    wishes: { accept: undefined, switchover: undefined, leaving: [] },
    spentAccept: undefined,
    shown: [],
    claims: 0,
    tokensAtMs: [],
    blocked: undefined,
    recordedAtMs: millis(0),
    lastFailover: undefined,
  };
}

/** Before the first primary: a record with a term and nothing else. */
export function blankRecord(config: Pick<Config, 'maxLagSeconds'>): ClusterRecord {
  return {
    term: term(0),
    epoch: epoch(0),
    primary: undefined,
    members: [],
    everAttached: false,
    foreign: false,
    lineage: [],
    phase: 'Boot',
    target: undefined,
    from: undefined,
    m: 0,
    L: config.maxLagSeconds,
    offset: offset(0),
    keys: 0,
    at: millis(0),
  };
}

export function onLed(turn: Turn, record: ClusterRecord | undefined): Turn {
  return takeTerm(
    withState(turn, { record, swap: undefined, blocked: undefined, tokensAtMs: [], shown: [] }),
    0,
  );
}

function takeTerm(turn: Turn, tries: number): Turn {
  const before = turn.state.record ?? blankRecord(turn.config);
  const next = { ...before, term: term(before.term + 1) };
  return withWork(persist(turn, next), { kind: 'taking', tries });
}

/** Not the leader any more: every connection ends, and nothing is remembered of the nodes. */
export function onDeposed(turn: Turn): Turn {
  const disconnect = turn.state.nodes.map(({ fact }) => fact.podUid);
  const fresh = initialState();
  const kept = {
    nodes: turn.state.nodes,
    wishes: turn.state.wishes,
    service: turn.state.service,
    nowMs: turn.state.nowMs,
  };
  const cleared = forgetClaims(
    withState(turn, { ...fresh, ...kept, service: { ...kept.service, asked: undefined } }),
  );
  return { ...tell(cleared, '+standby'), disconnect };
}

/** The answer to the CAS of the term. A conflict that left the term alone was not another leader's. */
export function onTermSwapped(turn: Turn, tries: number, outcome: SwapOutcome): Turn {
  const { swap, record } = turn.state;
  const idle = withState(turn, { swap: undefined });
  if (outcome.kind === 'ok' && swap !== undefined) {
    const led = withState(idle, {
      record: swap,
      claims: 0,
      service: { ...idle.state.service, asked: undefined },
    });
    return beginTerm(tell(led, '+takeover', { term: swap.term }));
  }
  const actual = outcome.kind === 'conflict' ? outcome.actual : record;
  const overtaken = (actual?.term ?? 0) !== (record?.term ?? 0);
  if (overtaken || tries + 1 >= TERM_TRIES)
    return tell(onDeposed(idle), '+outrun', { term: actual?.term ?? 0 });
  return takeTerm(withState(idle, { record: actual }), tries + 1);
}

/** Silence counts from the takeover, and nothing that was seen before counts at all. */
function beginTerm(turn: Turn): Turn {
  const { nowMs } = turn.state;
  const forgotten = forgetClaims(withAbsent(turn));
  const listening = forgotten.state.nodes.reduce(
    (so_far, { fact, probe }) =>
      withNode(so_far, fact.podUid, {
        closed: undefined,
        witness: undefined,
        probe: {
          ...probe,
          last: 'none',
          aliveAtMs: nowMs,
          unansweredAtMs: undefined,
          pendingAtMs: undefined,
          nextAtMs: nowMs,
          runId: undefined,
        },
      }),
    forgotten,
  );
  return withWork(listening, { kind: 'resume', sinceAtMs: nowMs });
}

/**
 * A CAS of ours within the term failed: whoever raised the term leads now; else read, begin again.
 */
export function onSwapFailed(turn: Turn, outcome: Exclude<SwapOutcome, { kind: 'ok' }>): Turn {
  const idle = withState(turn, { swap: undefined });
  const { record, nowMs, work } = turn.state;
  const actual = outcome.kind === 'conflict' ? outcome.actual : record;
  if ((actual?.term ?? 0) !== (record?.term ?? 0))
    return tell(onDeposed(idle), '+outrun', { term: actual?.term ?? 0 });
  const known = withState(idle, { record: actual });
  // What was given up stays so: a fresh look would begin the same wish at once.
  if (work.kind === 'switchover' && work.stage === 'clear')
    return withWork(known, { ...work, stage: 'giveUp' });
  return withWork(known, { kind: 'resume', sinceAtMs: nowMs });
}
