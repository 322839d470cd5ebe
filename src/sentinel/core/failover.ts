/**
 * The unplanned failover (failover.md section 7), stage by stage: fence, observe again, record the
 * intent, promote, confirm, record. Each advance looks at what is, so a stage may be entered twice.
 * Never here: evidence (evidence.ts), the fence (fence.ts), the order of candidates (choose-replica.ts).
 */

import type { Facts } from '../../kit/reasons';
import { acceptedNode, spendUnknownAccept } from './accept';
import { type Choice, choose } from './choose-replica';
import { deadBy } from './evidence';
import {
  advanceHolds,
  advanceKill,
  allHeld,
  fenceNow,
  isDead,
  isProven,
  takeToken,
  windowMs,
} from './fence';
import { firstBoot } from './first-boot';
import { intend } from './intent';
import { isRun, standsAlone } from './process';
import { askAgain, confirm, lookAgain, sendPromotion } from './promotion';
import { servedEpoch } from './record';
import type { Failover, NodeState, State } from './state';
import { nodeOf } from './state';
import {
  block,
  canPersist,
  eachNode,
  mayLook,
  routeTo,
  type Turn,
  tell,
  withNode,
  withState,
  withWork,
} from './turn';
import { verdictOn } from './verdict';

/** @param why the clause or verdict that began it; `accepted` for a user's consent. */
export function beginFailover(turn: Turn, why: string): Turn {
  const { nowMs, record } = turn.state;
  const primary = nodeOf(turn.state, record?.primary?.podUid);
  const work: Failover = {
    kind: 'failover',
    sinceAtMs: nowMs,
    downSinceAtMs: primary?.closed?.atMs ?? primary?.probe.aliveAtMs ?? nowMs,
    stage: 'fence',
    why,
    fencedBy: 'none',
    candidate: undefined,
    at: undefined,
    killAskedAtMs: undefined,
    token: why === 'accepted' ? 'exempt' : 'needed',
    rule: why === 'accepted' ? 'accepted' : 'failover',
  };
  const asking = why === 'accepted' ? turn : spendUnknownAccept(turn);
  return advanceFailover(tell(asking, '+odown', { pod: record?.primary?.pod, why }), work);
}

export function advanceFailover(turn: Turn, work: Failover): Turn {
  switch (work.stage) {
    case 'fence':
      return advanceFence(turn, work);
    case 'observe':
      return advanceObserve(turn, work);
    case 'promote':
      return sendPromotion(turn, work, work.at);
    case 'confirm':
      return confirm(turn, work, (so_far) =>
        withWork(so_far, { ...work, stage: 'fence', candidate: undefined }),
      );
    case 'intend':
    case 'record':
      return withWork(turn, work);
  }
}

function advanceFence(turn: Turn, before: Failover): Turn {
  if (isBack(turn, before)) return lookAgain(turn);
  // A target that was promoted after all, or a master that nobody recorded: section 9 decides.
  if (before.rule !== 'accepted' && isLedElsewhere(turn.state)) return lookAgain(turn);
  const closed = closeRoute(turn, before);
  const tokened = withToken(closed, before);
  if (tokened === undefined) return flapping(closed, before);
  const held = advanceHolds(tokened.turn, tokened.work);
  const { turn: asked, work } = advanceKill(held, tokened.work);
  const fence = fenceNow(asked, work);
  if (fence === 'none') return notFenced(withWork(asked, work), work);
  if (!allHeld(asked, work)) return withWork(asked, work);
  const facts: Facts = {
    by: fence,
    windowMs: fence === 'E5' ? (windowMs(asked, work) ?? 'unbounded') : undefined,
  };
  const told =
    work.fencedBy === fence
      ? asked
      : tell(asked, '+fenced', facts, fence === 'E5' ? 'TwoWritersAccepted' : undefined);
  const fresh = eachNode(told, (so_far, node) =>
    withNode(so_far, node.fact.podUid, { sight: 'old' }),
  );
  return advanceObserve(fresh, { ...work, fencedBy: fence, stage: 'observe' });
}

/** It answers as a primary again, and nothing was done about it yet: no hold, no kill, no closed route. */
function isBack({ config, state }: Turn, work: Failover): boolean {
  const primary = state.record?.primary;
  if (primary === undefined || work.rule !== 'failover' || work.killAskedAtMs !== undefined)
    return false;
  if (state.service.asked?.kind === 'none' || state.record?.target !== undefined) return false;
  if (state.nodes.some(({ hold }) => hold.kind === 'held')) return false;
  return verdictOn(config, state, primary).kind === 'serving';
}

function isLedElsewhere({ record, nodes }: State): boolean {
  return nodes.some(
    (node) => node.claim.kind === 'held' && node.leads === 'yes' && !isRun(node, record?.primary),
  );
}

/**
 * I7: taken out at or before the fence, unless it is proven dead. While nobody else can be reached
 * nothing can be held either, and closing would only cut off a primary that we alone cannot see.
 */
function closeRoute(turn: Turn, work: Failover): Turn {
  const { config, state } = turn;
  const primary = state.record?.primary;
  if (primary === undefined || work.rule === 'boot' || deadBy(config, state, primary) !== undefined)
    return turn;
  if (!state.nodes.some((node) => node.claim.kind === 'held' && !isRun(node, primary))) return turn;
  return routeTo(turn, { kind: 'none', epoch: servedEpoch(state.record) });
}

function withToken(
  turn: Turn,
  work: Failover,
): { readonly turn: Turn; readonly work: Failover } | undefined {
  if (work.token !== 'needed') return { turn, work };
  if (isProven(turn, work)) return { turn, work: { ...work, token: 'exempt' } };
  const tokensAtMs = takeToken(turn);
  if (tokensAtMs === undefined) return undefined;
  return { turn: withState(turn, { tokensAtMs }), work: { ...work, token: 'taken' } };
}

/** No token: nothing was held yet, so a primary that answers again simply goes on. */
function flapping(turn: Turn, work: Failover): Turn {
  const { config, state } = turn;
  const primary = state.record?.primary;
  const verdict = primary === undefined ? undefined : verdictOn(config, state, primary);
  if (verdict?.kind !== 'down' && verdict?.kind !== 'dead') return lookAgain(turn);
  return block(withWork(turn, work), 'FailoverLimit', {
    pod: primary?.pod,
    last: state.tokensAtMs.length,
  });
}

function notFenced(turn: Turn, work: Failover): Turn {
  const { record } = turn.state;
  const node = acceptedNode(turn.state);
  if (node !== undefined && work.rule !== 'accepted')
    return advanceFence(turn, { ...work, rule: 'accepted' });
  const facts = {
    pod: record?.primary?.pod,
    m: record?.m,
    foreign: record?.foreign,
    epoch: servedEpoch(record),
  };
  return block(turn, 'PrimaryNotFenced', facts);
}

function advanceObserve(turn: Turn, work: Failover): Turn {
  const stage = withWork(turn, work);
  if (!allHeld(stage, work)) return withWork(stage, { ...work, stage: 'fence' });
  const asked = eachNode(stage, (so_far, node) =>
    mustBeRead(so_far, node) && node.sight === 'old' && mayLook(node)
      ? askAgain(so_far, node)
      : so_far,
  );
  const reading = asked.state.nodes.some(
    (node) => mustBeRead(asked, node) && node.sight !== 'fresh',
  );
  if (reading) return asked;
  return decide(asked, work);
}

function mustBeRead(turn: Turn, node: NodeState): boolean {
  return (
    node.claim.kind === 'held' &&
    node.fact.lifecycle !== 'gone' &&
    !isDead(turn, node) &&
    (standsAlone(node) || node.facts?.activity === 'loading')
  );
}

function decide(turn: Turn, work: Failover): Turn {
  const accepted = acceptedNode(turn.state);
  if (work.rule === 'accepted')
    return accepted === undefined ? askAnew(turn, work) : intendAccepted(turn, work, accepted);
  if (turn.state.record?.primary === undefined) return firstBoot(turn);
  const choice = choose(turn.config, turn.state, work);
  if (choice.kind === 'take') return intendChosen(turn, work, choice);
  if (choice.kind === 'ask' && accepted !== undefined)
    return intendAccepted(turn, { ...work, rule: 'accepted' }, accepted);
  return blockedBy(turn, choice);
}

/** The answer was taken back, or changed while nothing was asked: the question is open again. */
function askAnew(turn: Turn, work: Failover): Turn {
  return advanceFence(turn, { ...work, rule: 'failover', stage: 'fence', fencedBy: 'none' });
}

function intendChosen(turn: Turn, work: Failover, choice: Choice & { kind: 'take' }): Turn {
  const { node, rule, behindBytes } = choice;
  const facts = { pod: node.fact.pod, behindBytes: behindBytes ?? 'unknown' };
  const told = rule === 'reopen' && canPersist(turn) ? tell(turn, '+reopen', facts) : turn;
  return intend(told, { ...work, rule }, node);
}

function blockedBy(turn: Turn, choice: Exclude<Choice, { kind: 'take' }>): Turn {
  return block(turn, choice.reason, { ...choice.facts, epoch: servedEpoch(turn.state.record) });
}

function intendAccepted(turn: Turn, work: Failover, node: NodeState): Turn {
  if (node.claim.kind !== 'held' || node.facts?.activity !== 'ready' || node.sight !== 'fresh') {
    return block(turn, 'AcceptedAway', { pod: node.fact.pod });
  }
  return intend(turn, work, node);
}
