/**
 * The engine of one cluster: a pure function of configuration, state and event. It takes in what
 * happened, then does whatever is due; the same state and event always give the same orders.
 * Never here: clocks, sockets, timers, randomness, logging. Whole stories: test/sentinel/scripts.
 */
import { unreachable } from '../../kit/assert';
import { onWishes } from './accept';
import { advanceClaims } from './claim';
import type { Config } from './config';
import { advanceEnding } from './ending';
import type { Event } from './event';
import { deadBy } from './evidence';
import { advanceFailover } from './failover';
import { advanceObservation, wakeAtMs } from './observe';
import { onDeposed, onLed } from './on-lease';
import { onPods } from './on-pods';
import { advanceProbes, onProbed, onStalled } from './on-probe';
import { onClosed, onReplied } from './on-reply';
import { onSwapped } from './on-swapped';
import type { Ready } from './ready';
import { advanceResume } from './resume';
import { nodeOf, type State } from './state';
import { advanceSteady } from './steady';
import { advanceSweeps, onService } from './sweep';
import { advanceSwitchover } from './switchover';
import { beginTurn, eachNode, endRests, type Turn, withNode } from './turn';

export function step(config: Config, state: State, event: Event): Ready {
  return readyOf(advance(takeIn(beginTurn(config, state, event.nowMs), event)));
}

function takeIn(turn: Turn, event: Event): Turn {
  switch (event.kind) {
    case 'tick':
      return turn;
    case 'led':
      return onLed(turn, event.record);
    case 'deposed':
      return onDeposed(turn);
    case 'pods':
      return onPods(turn, event.pods);
    case 'wishes':
      return onWishes(turn, event.wishes);
    case 'service':
      return onService(turn, event);
    case 'swapped':
      return onSwapped(turn, event.outcome);
    case 'stalled':
      return onStalled(turn, event.forMs);
    case 'probed':
    case 'closed':
    case 'replied':
      return ofNode(turn, event);
    default:
      return unreachable(event);
  }
}

/** What concerns one node; of a node that is not known any more it concerns nobody. */
function ofNode(turn: Turn, event: Extract<Event, { readonly node: string }>): Turn {
  const node = nodeOf(turn.state, event.node);
  const led = turn.state.work.kind !== 'standby' && turn.state.work.kind !== 'taking';
  if (node === undefined || !led) return turn;
  if (event.kind === 'probed') return onProbed(turn, node, event.result);
  if (event.kind === 'closed') return onClosed(turn, node);
  return onReplied(turn, node, event.order, event.outcome);
}

/** Work first, so that its orders find the nodes free; looks and sweeps take what is left. */
function advance(turn: Turn): Turn {
  const { kind } = turn.state.work;
  if (kind === 'standby' || kind === 'taking') return turn;
  const claimed = advanceClaims(advanceProbes(endRests(turn)));
  const ends = turn.state.wishes.cluster === 'ending';
  const worked = ends ? advanceEnding(claimed) : advanceWork(noteDeaths(claimed));
  return advanceObservation(advanceSweeps(worked));
}

function advanceWork(turn: Turn): Turn {
  const { work } = turn.state;
  switch (work.kind) {
    case 'standby':
    case 'taking':
      return turn;
    case 'resume':
      return turn.state.swap === undefined ? advanceResume(turn) : turn;
    case 'steady':
      return advanceSteady(turn, work);
    case 'failover':
      return advanceFailover(turn, work);
    case 'switchover':
      return advanceSwitchover(turn, work);
    default:
      return unreachable(work);
  }
}

/** When a member was first proven dead: starvation (E3) counts from there. */
function noteDeaths(turn: Turn): Turn {
  const { config, state } = turn;
  const members = state.record?.members ?? [];
  const dead = members.filter((member) => deadBy(config, state, member) !== undefined);
  return eachNode(turn, (so_far, node) => {
    const deaths = dead
      .filter(({ podUid }) => podUid === node.fact.podUid)
      .map(
        ({ runId }) =>
          node.deaths.find((death) => death.runId === runId) ?? { runId, deadAtMs: state.nowMs },
      );
    const same =
      deaths.length === node.deaths.length && deaths.every((death) => node.deaths.includes(death));
    return same ? so_far : withNode(so_far, node.fact.podUid, { deaths });
  });
}

function readyOf(turn: Turn): Ready {
  const { state, persist, close, disconnect, send, kill, open, tell } = turn;
  return { state, persist, close, disconnect, send, kill, open, tell, wakeAtMs: wakeAtMs(turn) };
}
