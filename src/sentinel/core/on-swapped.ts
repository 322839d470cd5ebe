/**
 * The answer to a compare-and-swap of the record: the work that asked for it goes on, or everything
 * is looked at again.
 * Never here: what is written.
 */
import type { SwapOutcome } from './event';
import { onSwapFailed, onTermSwapped } from './on-lease';
import { finish, sendPromotion } from './promotion';
import { afterGiveUp } from './switchover';
import { type Turn, withState, withWork } from './turn';

export function onSwapped(turn: Turn, outcome: SwapOutcome): Turn {
  const { work, swap } = turn.state;
  if (swap === undefined) return turn;
  if (work.kind === 'taking') return onTermSwapped(turn, work.tries, outcome);
  if (outcome.kind !== 'ok') return onSwapFailed(turn, outcome);
  return onWritten(turn);
}

function onWritten(turn: Turn): Turn {
  const { work, swap, record: before, nowMs } = turn.state;
  const written = withState(turn, { record: swap, swap: undefined, recordedAtMs: nowMs });
  if (swap === undefined || before === undefined) return written;
  if (work.kind === 'failover' && work.stage === 'intend')
    return sendPromotion(
      withWork(written, { ...work, stage: 'promote' }),
      { ...work, stage: 'promote' },
      work.at,
    );
  if (work.kind === 'switchover' && work.stage === 'intend')
    return withWork(written, { ...work, stage: 'route', routedAtMs: nowMs });
  if (work.kind === 'switchover' && work.stage === 'clear') return afterGiveUp(written, work);
  if ((work.kind === 'failover' || work.kind === 'switchover') && work.stage === 'record')
    return finish(written, work, before, swap);
  return written;
}
