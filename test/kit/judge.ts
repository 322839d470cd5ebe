/**
 * What a history of writes promised, held against the keys that the primary has: lost writes, the
 * longest silence. Pure, so that it can be tried with planted losses (judge.test.ts).
 * Never here: what is allowed; the tests say it.
 */
import { isAck, largestGapMs, type Write } from './writer';

export interface Verdict {
  readonly acked: number;
  /** Acknowledged and gone, WAIT or not. */
  readonly ackedLost: readonly string[];
  readonly safe: number;
  /** Of them those that were sent within the span. */
  readonly safeWithin: number;
  /** Confirmed by WAIT and gone: never to happen. */
  readonly safeLost: readonly string[];
  readonly refused: number;
  /** Refused and yet there: the server said no and wrote. */
  readonly refusedKept: readonly string[];
  readonly unknown: number;
  /** Longest time between two acknowledgements, ms; to the end of the span when nothing came after. */
  readonly gapMs: number;
}

/** Wall clock, ms. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * @param history in order of writing; of it, what was sent before `span.toMs` is judged for loss, the
 *   gap only within the span.
 * @param present every key on the primary, read after `span.toMs`.
 */
export function judge(
  history: readonly Write[],
  present: ReadonlySet<string>,
  { fromMs, toMs }: Span,
): Verdict {
  const judged = history.filter(({ endedMs }) => endedMs <= toMs);
  const lost = (writes: readonly Write[]): readonly string[] =>
    writes.filter(({ key }) => !present.has(key)).map(({ key }) => key);
  const acked = judged.filter(isAck);
  const safe = judged.filter(({ outcome }) => outcome === 'safe');
  const refused = judged.filter(({ outcome }) => outcome === 'refused');
  return {
    acked: acked.length,
    ackedLost: lost(acked),
    safe: safe.length,
    safeWithin: safe.filter(({ sentMs }) => sentMs >= fromMs).length,
    safeLost: lost(safe),
    refused: refused.length,
    refusedKept: refused.filter(({ key }) => present.has(key)).map(({ key }) => key),
    unknown: judged.filter(({ outcome }) => outcome === 'unknown').length,
    gapMs: gapWithin(acked, fromMs, toMs),
  };
}

/** Silence at the edges counts too: from the last acknowledgement before, and up to the end. */
function gapWithin(acked: readonly Write[], fromMs: number, toMs: number): number {
  const before = acked.filter(({ endedMs }) => endedMs < fromMs).at(-1);
  const within = acked.filter(({ endedMs }) => endedMs >= fromMs);
  const last = within.at(-1) ?? before;
  const tailMs = toMs - (last?.endedMs ?? fromMs);
  const span = before === undefined ? within : [before, ...within];
  return Math.max(largestGapMs(span), tailMs);
}
