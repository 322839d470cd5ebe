/**
 * Writes without replicas (failover.md section 10): the record is lowered before the server, and the
 * server is raised before the record, so that a fence is never computed with more than was in force.
 * Never here: who may be counted as a member.
 */
import { wantedM } from './config';
import { isMember } from './process';
import type { ClusterRecord } from './record';
import type { MinReplicas, NodeState, Steady } from './state';
import { canPersist, isReady, persist, send, type Turn, tell, withNode, withWork } from './turn';

/** A healthy primary without enough replicas is let go on after this long. */
export const GRANT_AFTER_MS = 3000;

/** Replicas that count for min-replicas-to-write: members, online, of small lag, not about to leave. */
export function goodReplicas(turn: Turn, record: ClusterRecord, primary: NodeState): number {
  const { state } = turn;
  const good = primary.facts?.attached.filter((attached) => {
    const node = state.nodes.find(
      ({ fact }) => fact.ip === attached.host && fact.port === attached.port,
    );
    const stays =
      node !== undefined && isMember(record, node) && !state.wishes.leaving.includes(node.fact.pod);
    return stays && attached.state === 'online' && attached.lagSeconds <= record.L;
  });
  return good?.length ?? 0;
}

/** @returns the turn after at most one step: a record, or an order to the primary. */
export function advanceGrant(turn: Turn, work: Steady, primary: NodeState): Turn {
  const { record, nowMs } = turn.state;
  if (record === undefined) return turn;
  const good = goodReplicas(turn, record, primary);
  const starving = good < record.m;
  const since = starving ? (work.starvedSinceAtMs ?? nowMs) : undefined;
  const noted =
    since === work.starvedSinceAtMs ? turn : withWork(turn, { ...work, starvedSinceAtMs: since });
  const wanted: MinReplicas = { m: wantedM(turn.config), L: turn.config.maxLagSeconds };
  if (starving && since !== undefined && (nowMs - since >= GRANT_AFTER_MS || isPlanned(noted)))
    return lowerTo(noted, { m: 0, L: record.L }, '+grant');
  if (wanted.m < record.m) return lowerTo(noted, { m: wanted.m, L: record.L }, '+lowered');
  if (wanted.L > record.L) return lowerTo(noted, { m: record.m, L: wanted.L }, '+lowered');
  const raised = good >= wanted.m ? wanted : { m: record.m, L: wanted.L };
  return raiseTo(noted, primary, raised);
}

/** A restart that we are about to do ourselves must not stop a two-pod cluster for three seconds. */
function isPlanned({ state }: Turn): boolean {
  return state.wishes.leaving.length > 0;
}

/** The record first: from now on no fence counts on the higher number. */
function lowerTo(turn: Turn, to: MinReplicas, event: string): Turn {
  const { record } = turn.state;
  if (record === undefined || !canPersist(turn)) return turn;
  return persist(
    tell(turn, event, { m: to.m, L: to.L }, to.m === 0 ? 'WritesWithoutReplicas' : undefined),
    { ...record, ...to },
  );
}

/** The server first, and the record once it acknowledged; without a difference, the record's own. */
function raiseTo(turn: Turn, primary: NodeState, to: MinReplicas): Turn {
  const { record } = turn.state;
  if (record === undefined || !isReady(primary)) return turn;
  if (primary.minSet?.m !== to.m || primary.minSet.L !== to.L) {
    const { podUid } = primary.fact;
    return withNode(send(turn, podUid, { kind: 'setMin', ...to }), podUid, { minAsked: to });
  }
  if (record.m === to.m && record.L === to.L) return turn;
  if (!canPersist(turn)) return turn;
  return persist(tell(turn, '-grant', { m: to.m, L: to.L }), { ...record, ...to });
}
