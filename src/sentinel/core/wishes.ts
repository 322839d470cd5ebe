/**
 * Why a healthy primary is asked to hand over: the user's annotation, a pod that is about to go, a
 * disk that refuses writes. And to whom (failover.md section 8, precondition).
 * Never here: the steps of the switchover.
 */

import { compareCandidates } from './choose-replica';
import type { Wishes } from './event';
import { rankOf } from './lineage';
import { hasDiskError } from './on-probe';
import { follows, isMember } from './process';
import { type ClusterRecord, servedEpoch } from './record';
import type { NodeState, Steady } from './state';
import { beginSwitchover, gaveUpKey } from './switchover';
import { type Turn, tell, withWork } from './turn';

/**
 * Services that never rest (a replica that flaps, two programs at odds about an annotation) must not keep a pod
 * until its preStop ends: this and one attempt fit well into that.
 */
export const QUIET_AT_MOST_MS = 10_000;
const LAG_LIMIT_BYTES = 1024 * 1024;

interface Wish {
  readonly why: 'asked' | 'leaving' | 'diskError';
  /** Empty: the best one. */
  readonly pod: string;
  readonly key: string;
}

export function advanceWishes(turn: Turn, work: Steady, primary: NodeState): Turn {
  const { record } = turn.state;
  const wishes = record === undefined ? [] : wishesOf(turn, record, primary, work.refused);
  if (wishes.length === 0 || record === undefined || turn.state.nowMs < work.restUntilAtMs)
    return waiting(turn, work, undefined);
  const candidates = heirs(turn, record, primary);
  if (!isQuiet(turn, work)) {
    const some = wishes.some((wish) => heirOf(candidates, wish) !== undefined);
    return waiting(turn, work, some ? (work.unquietSinceAtMs ?? turn.state.nowMs) : undefined);
  }
  return wishes.reduce((so_far, wish) => {
    const current = so_far.state.work;
    if (current.kind !== 'steady') return so_far;
    const best = heirOf(candidates, wish);
    return best === undefined
      ? refuse(so_far, current, wish)
      : beginSwitchover(so_far, best, wish.why);
  }, turn);
}

function isQuiet({ config, state }: Turn, { unquietSinceAtMs }: Steady): boolean {
  const { nowMs, service } = state;
  if (nowMs >= service.changedAtMs + config.serviceQuietMs) return true;
  return unquietSinceAtMs !== undefined && nowMs >= unquietSinceAtMs + QUIET_AT_MOST_MS;
}

function waiting(turn: Turn, work: Steady, unquietSinceAtMs: Steady['unquietSinceAtMs']): Turn {
  return unquietSinceAtMs === work.unquietSinceAtMs
    ? turn
    : withWork(turn, { ...work, unquietSinceAtMs });
}

function heirOf(candidates: readonly NodeState[], { pod }: Wish): NodeState | undefined {
  return candidates.find(({ fact }) => pod === '' || fact.pod === pod);
}

/** Said once; the next wish may have an heir. */
function refuse(turn: Turn, work: Steady, wish: Wish): Turn {
  if (work.refused.includes(wish.key)) return turn;
  const told = tell(turn, '-switchover', { to: wish.pod, why: wish.why }, 'SwitchoverRefused');
  return withWork(told, { ...work, refused: [...work.refused, wish.key] });
}

function wishesOf(
  { config, state }: Turn,
  record: ClusterRecord,
  primary: NodeState,
  refused: Steady['refused'],
): readonly Wish[] {
  const { switchover, leaving } = state.wishes;
  const { pod, lifecycle, podUid } = primary.fact;
  const wishes: Wish[] = [];
  if (isAsked(record, switchover, refused) && switchover !== undefined && switchover.pod !== pod)
    wishes.push({
      why: 'asked',
      pod: switchover.pod,
      key: `${switchover.pod}@${switchover.epoch}`,
    });
  if (leaving.includes(pod) || lifecycle === 'deleting')
    wishes.push({ why: 'leaving', pod: '', key: `leaving ${podUid}` });
  if (config.onDiskError === 'Switchover' && hasDiskError(state, podUid))
    wishes.push({ why: 'diskError', pod: '', key: `disk ${podUid}` });
  return wishes;
}

/**
 * Given for the epoch that is served or for the record's own number, which a switchover that was given
 * up has raised: so the same wish is tried once, and a new one can be told from it.
 */
function isAsked(
  record: ClusterRecord,
  wish: Wishes['switchover'],
  refused: Steady['refused'],
): boolean {
  if (wish === undefined) return false;
  if (wish.epoch === servedEpoch(record)) return !refused.includes(gaveUpKey(wish));
  return wish.epoch === record.epoch;
}

/** Claimed members that are attached, online and close behind, best first. */
export function heirs(
  { config, state }: Turn,
  record: ClusterRecord,
  primary: NodeState,
): readonly NodeState[] {
  const fit = state.nodes.filter(
    (node) => isMember(record, node) && isHeir(state.wishes.leaving, node, primary),
  );
  const ranked = fit.flatMap((node) => {
    const rank = node.facts === undefined ? undefined : rankOf(record, node.facts);
    return rank === undefined ? [] : [{ node, rank }];
  });
  return ranked
    .sort((left, right) => compareCandidates(config.prefer, left, right))
    .map(({ node }) => node);
}

function isHeir(leaving: readonly string[], node: NodeState, primary: NodeState): boolean {
  const { facts, fact, claim } = node;
  if (
    claim.kind !== 'held' ||
    facts === undefined ||
    facts.link !== 'up' ||
    !follows(node, primary)
  )
    return false;
  if (facts.priority === 0 || fact.lifecycle !== 'live' || leaving.includes(fact.pod)) return false;
  const seen = primary.facts?.attached.find(
    ({ host, port }) => host === fact.ip && port === fact.port,
  );
  if (seen?.state !== 'online' || facts.replid !== primary.facts?.replid) return false;
  return (
    (primary.facts?.offset ?? 0) - seen.offset < LAG_LIMIT_BYTES && node.probe.last === 'alive'
  );
}
