/**
 * For how long two processes took writes at once. Only what is certain counts: a write was executed at
 * some moment between its sending and its reply, and two neighbouring ones that were taken mean that the
 * process took writes in between, unless there is no word of it for longer than a frozen process has.
 * Never here: for how long they may (bounds.ts).
 */
import { isAck } from '../../kit/writer';
import type { SampleLine, WriteLine } from './lines';

/** A process that answered nothing for this long may have been frozen: it took nothing meanwhile. */
export const SILENT_MS = 500;

/** One answer of a process about itself. */
export interface Observation {
  readonly process: string;
  readonly sentMs: number;
  readonly endedMs: number;
  readonly took: 'taken' | 'refused';
}

/** From the first to the last of neighbouring writes that were taken. */
interface Span {
  readonly process: string;
  readonly first: Observation;
  readonly last: Observation;
}

export interface Overlap {
  readonly processes: readonly [string, string];
  readonly fromMs: number;
  /** At least. 0: they certainly shared a moment. */
  readonly ms: number;
}

/** Every pair of processes that certainly took writes at once; the longest first. */
export function overlapsOf(observations: readonly Observation[]): readonly Overlap[] {
  const spans = spansOf(observations);
  const found = spans.flatMap((left, index) =>
    spans.slice(index + 1).flatMap((right) => overlap(left, right)),
  );
  return found.sort((left, right) => right.ms - left.ms);
}

/** @param what `raw`: any write counts; `safe`: those that WAIT confirmed. */
export function observationsOf(
  samples: readonly SampleLine[],
  writes: readonly WriteLine[],
  what: 'raw' | 'safe',
): readonly Observation[] {
  const wanted = (took: SampleLine['took']): boolean =>
    what === 'raw' ? took !== 'nothing' : took === 'safe';
  const asked = samples.map(
    ({ process, sentMs, endedMs, took }): Observation => ({
      process,
      sentMs,
      endedMs,
      took: wanted(took) ? 'taken' : 'refused',
    }),
  );
  const written = writes
    .filter(
      (write) => write.process !== '' && (what === 'raw' ? isAck(write) : write.outcome === 'safe'),
    )
    .map(
      ({ process, sentMs, endedMs }): Observation => ({ process, sentMs, endedMs, took: 'taken' }),
    );
  return [...asked, ...written];
}

function spansOf(observations: readonly Observation[]): readonly Span[] {
  const sorted = [...observations].sort((left, right) => left.sentMs - right.sentMs);
  const open = new Map<string, Span>();
  const closed: Span[] = [];
  for (const one of sorted) {
    const span = open.get(one.process);
    const goes = span !== undefined && isNeighbour(span.last, one);
    if (span !== undefined && !(goes && one.took === 'taken')) {
      closed.push(span);
      open.delete(one.process);
    }
    if (one.took === 'refused') continue;
    open.set(one.process, {
      process: one.process,
      first: goes ? span.first : one,
      last: goes && span.last.sentMs > one.sentMs ? span.last : one,
    });
  }
  return [...closed, ...open.values()];
}

function isNeighbour(before: Observation, after: Observation): boolean {
  return after.endedMs - before.sentMs <= SILENT_MS;
}

/** What both share whatever moment within its bounds each observation had. */
function overlap(left: Span, right: Span): readonly Overlap[] {
  if (left.process === right.process) return [];
  const fromMs = Math.max(left.first.endedMs, right.first.endedMs);
  const toMs = Math.min(left.last.sentMs, right.last.sentMs);
  const processes = [left.process, right.process] as const;
  if (toMs >= fromMs) return [{ processes, fromMs, ms: toMs - fromMs }];
  if (isWithin(left, right)) return [{ processes, fromMs: left.first.sentMs, ms: 0 }];
  if (isWithin(right, left)) return [{ processes, fromMs: right.first.sentMs, ms: 0 }];
  return [];
}

/** A single write, wholly between the first and the last of another process. */
function isWithin(single: Span, other: Span): boolean {
  return (
    single.first === single.last &&
    single.first.sentMs >= other.first.endedMs &&
    single.first.endedMs <= other.last.sentMs
  );
}
