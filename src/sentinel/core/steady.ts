/**
 * The upkeep of a cluster whose primary serves: everybody attached, writes allowed as far as they
 * are safe, wishes granted, and the first look at trouble.
 * Never here: what trouble leads to (failover.ts, resume.ts).
 */
import type { Millis } from '../../kit/brands';
import { millis } from '../../kit/brands';
import { spendAccept } from './accept';
import { attachReplicas } from './attach-replicas';
import { configureServers } from './configure';
import { beginFailover } from './failover';
import { advanceGrant } from './grant';
import { advanceMembers, tellForeign } from './members';
import { claimedNode } from './process';
import { lookAgain } from './promotion';
import { servedEpoch } from './record';
import type { NodeState, Steady } from './state';
import {
  block,
  canPersist,
  eachNode,
  isReady,
  persist,
  routeTo,
  send,
  type Turn,
  tell,
  unblock,
} from './turn';
import { verdictOn } from './verdict';
import { advanceWishes, QUIET_AT_MOST_MS } from './wishes';

/** How often the record's offset, keys and time are written when nothing else changes; the first keys at once. */
const RECORD_EVERY_MS = 60_000;

export function advanceSteady(turn: Turn, work: Steady): Turn {
  const primary = turn.state.record?.primary;
  if (primary === undefined) return lookAgain(turn);
  const verdict = verdictOn(turn.config, turn.state, primary);
  switch (verdict.kind) {
    case 'dead':
      return beginFailover(tell(turn, '+dead', { pod: primary.pod, by: verdict.by }), verdict.by);
    case 'down':
      return beginFailover(
        tell(turn, '+sdown', { pod: primary.pod, silentMs: Math.round(verdict.silentMs) }),
        verdict.how,
      );
    case 'notServing':
      return lookAgain(turn);
    case 'cutOff':
      return block(turn, 'CutOffFromPrimary', { pod: primary.pod });
    case 'misconfigured':
      return block(turn, 'CredentialsRefused', { pod: primary.pod });
    case 'suspect':
    case 'watching':
      return turn;
    case 'serving':
      return upkeep(spendAccept(turn), work);
  }
}

function upkeep(turn: Turn, work: Steady): Turn {
  const { record } = turn.state;
  const primary = claimedNode(turn.state, record?.primary);
  if (record === undefined || primary?.facts === undefined) return turn;
  const routed = routeTo(turn, { kind: 'to', pod: primary.fact.pod, epoch: servedEpoch(record) });
  const calm = tellForeign(clearBlocks(routed, primary), primary);
  const alone = demoteStrays(calm, primary);
  const wished = advanceWishes(alone, work, primary);
  if (wished.state.work.kind !== 'steady') return wished;
  return advanceGroup(wished, primary);
}

/** Each of these starts at most one CAS; the next turn goes on with the next. */
function advanceGroup(turn: Turn, primary: NodeState): Turn {
  const steps = [advanceMembers, advanceGrant, refreshRecord];
  const changed = steps.reduce((so_far, step) => {
    const { work } = so_far.state;
    return work.kind === 'steady' ? step(so_far, work, primary) : so_far;
  }, turn);
  return configureServers(attachReplicas(changed, primary));
}

/** A reason that no longer holds is taken back; foreign data is judged again right after. */
function clearBlocks(turn: Turn, primary: NodeState): Turn {
  const { blocked } = turn.state;
  if (blocked === undefined) return turn;
  if (blocked.reason !== 'ForeignHistory' && blocked.reason !== 'CredentialsRefused')
    return unblock(turn);
  const refused = turn.state.nodes.some(({ probe }) => probe.last === 'authFailed');
  const apart = turn.state.nodes.some(
    (node) =>
      node !== primary && node.fact.pod === blocked.facts.pod && node.facts?.upstream?.port === 0,
  );
  return refused || apart ? turn : unblock(turn);
}

/** Two masters: the recorded one is legitimate, the other gives way. */
function demoteStrays(turn: Turn, primary: NodeState): Turn {
  return eachNode(turn, (so_far, node) => {
    const stray =
      node.fact.podUid !== primary.fact.podUid &&
      node.claim.kind === 'held' &&
      node.leads === 'yes';
    if (!stray || !isReady(node)) return so_far;
    const told = tell(so_far, '+stray', { pod: node.fact.pod }, 'SecondPrimary');
    return send(told, node.fact.podUid, { kind: 'demote', clientUsers: so_far.config.clientUsers });
  });
}

function refreshRecord(turn: Turn, _work: Steady, primary: NodeState): Turn {
  const { record, nowMs, recordedAtMs } = turn.state;
  if (record === undefined || primary.facts === undefined || !canPersist(turn)) return turn;
  // Until the record says that there are keys, empty disks would look as if nothing were lost.
  const first = record.keys === 0 && primary.facts.keys > 0;
  if (!first && nowMs - recordedAtMs < RECORD_EVERY_MS) return turn;
  return persist(turn, {
    ...record,
    offset: primary.facts.offset,
    keys: primary.facts.keys,
    at: millis(Math.round(nowMs)),
  });
}

/** The next moment at which upkeep has something to do by time alone. */
export function steadyWakeMs(turn: Turn, work: Steady): Millis {
  const since = work.starvedSinceAtMs;
  const quiet = turn.state.service.changedAtMs + turn.config.serviceQuietMs;
  const unquiet = work.unquietSinceAtMs;
  const due = [
    unquiet === undefined ? undefined : unquiet + QUIET_AT_MOST_MS,
    since === undefined ? undefined : since + 3000,
    work.restUntilAtMs,
    quiet,
    turn.state.recordedAtMs + RECORD_EVERY_MS,
  ];
  const later = due.filter((at): at is number => at !== undefined && at > turn.state.nowMs);
  return millis(Math.min(...later, turn.state.nowMs + turn.config.pingIntervalMs));
}
