/**
 * The verdict on one run: every line of its history held against its bounds. Pure: the same file gives
 * the same verdict for ever (`npm run test:faults -- --history FILE`).
 * Never here: what the bounds of a fault are (../table.ts).
 */
import { judge, type Verdict } from '../../kit/judge';
import type { Bounds } from './bounds';
import {
  type HistoryLine,
  keysOf,
  ofKind,
  type ReadLine,
  type RunLine,
  type StallLine,
  type WriteLine,
} from './lines';
import { holesOf, withoutOverwritten } from './order';
import { changesIn, historyProblems, recordProblems, routeProblems } from './record';
import { toldProblems } from './told';
import { observationsOf, overlapsOf } from './writers';

export interface Judgement extends Verdict {
  readonly run: RunLine;
  /** `unread`: no node is the primary in the end, so what is lost is not known. */
  readonly keys: 'read' | 'unread';
  /** Undefined: never two at once. */
  readonly twoWritersMs: number | undefined;
  /** The same for writes that WAIT confirmed. */
  readonly twoSafeWritersMs: number | undefined;
  /** For how long the run itself stood still; that is no gap of the cluster's. */
  readonly stalledMs: number;
  readonly changes: number;
  /** One sentence each; none means that the run is good. */
  readonly problems: readonly string[];
}

/** @throws one sentence when the history has no run or no end. */
export function judgeHistory(lines: readonly HistoryLine[]): Judgement {
  const [run] = ofKind(lines, 'run');
  if (run === undefined) throw new Error('the history does not begin with a line of kind "run"');
  const flushedMs = ofKind(lines, 'mark').find(({ what }) => what === 'flush')?.atMs ?? 0;
  const writes = ofKind(lines, 'write').filter(({ sentMs }) => sentMs >= flushedMs);
  const records = ofKind(lines, 'record');
  const reads = ofKind(lines, 'read');
  const { fromMs, toMs } = spanOf(lines);
  const primary = reads.find(({ role }) => role === 'primary');
  // Where nobody serves nothing can be lost yet: `unread`.
  const present = primary === undefined ? new Set(writes.map(({ key }) => key)) : keysOf(primary);
  // A register outlives its older values, refused ones too: it is judged as an order only.
  const unique = writes.filter(({ key }) => key.startsWith('w:'));
  const verdict = judge(unique, present, { fromMs, toMs });
  const samples = ofKind(lines, 'sample');
  const [raw] = overlapsOf(observationsOf(samples, writes, 'raw'));
  const [safe] = overlapsOf(observationsOf(samples, writes, 'safe'));
  const measured = {
    ...verdict,
    run,
    keys: primary === undefined ? ('unread' as const) : ('read' as const),
    twoWritersMs: raw?.ms,
    twoSafeWritersMs: safe?.ms,
    stalledMs: stalledIn(ofKind(lines, 'stall'), fromMs, toMs),
    changes: changesIn(records, fromMs),
  };
  const bounds = run.bounds;
  const routes = bounds.route === 'edited' ? [] : ofKind(lines, 'route');
  return {
    ...measured,
    problems: [
      ...ofKind(lines, 'trouble').map(({ message }) => `it did not come to its end: ${message}`),
      ...unseenProblems(run, lines),
      ...beyond(measured, bounds),
      ...endProblems(primary, bounds),
      ...(primary === undefined ? [] : differences(primary, reads)),
      ...holeProblems(writes, primary),
      ...recordProblems(records),
      ...historyProblems(writes),
      ...routeProblems(routes, records, run.nobody),
      ...toldProblems(ofKind(lines, 'told'), bounds),
    ],
  };
}

function spanOf(lines: readonly HistoryLine[]): { readonly fromMs: number; readonly toMs: number } {
  const marks = ofKind(lines, 'mark');
  const fromMs = marks.find(({ what }) => what === 'fault')?.atMs;
  const toMs = marks.find(({ what }) => what === 'end')?.atMs;
  if (fromMs === undefined || toMs === undefined)
    throw new Error('the history has no mark of its fault or of its end');
  return { fromMs, toMs };
}

function stalledIn(stalls: readonly StallLine[], fromMs: number, toMs: number): number {
  const within = stalls.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);
  return within.reduce((sum, { ms }) => sum + ms, 0);
}

/** What nobody looked at holds nothing: a run that saw too little is no good one. */
function unseenProblems(
  { nodes, waitReplicas, bounds }: RunLine,
  lines: readonly HistoryLine[],
): readonly string[] {
  const reads = ofKind(lines, 'read');
  const asked = new Set(ofKind(lines, 'sample').map(({ process }) => process));
  const unasked = reads.filter(({ process }) => !asked.has(process)).map(({ pod }) => pod);
  const confirmed = ofKind(lines, 'write').some(({ outcome }) => outcome === 'safe');
  return [
    ...when(ofKind(lines, 'record').length === 0, 'no record was seen'),
    ...when(
      reads.length < nodes && bounds.end === 'serving',
      `${reads.length} of ${nodes} nodes could be read in the end`,
    ),
    ...when(
      unasked.length > 0,
      `nobody asked these whether they take writes: ${unasked.join(', ')}`,
    ),
    ...when(waitReplicas > 0 && !confirmed, 'WAIT confirmed no write at all'),
  ];
}

type Measured = Omit<Judgement, 'problems'>;

function beyond(measured: Measured, bounds: Bounds): readonly string[] {
  const { safeLost, ackedLost, refusedKept, twoWritersMs, twoSafeWritersMs } = measured;
  const { changes, stalledMs } = measured;
  const gapMs = measured.gapMs - stalledMs;
  const { least, most } = bounds.changes;
  const mostMs = bounds.twoWritersMs === 'none' ? -1 : bounds.twoWritersMs;
  return [
    ...when(measured.acked === 0, 'no write was acknowledged at all'),
    ...when(
      safeLost.length > 0 && bounds.safeLost === 'none',
      lost('that WAIT confirmed', safeLost),
    ),
    ...when(ackedLost.length > 0 && bounds.ackedLost === 'none', lost('acknowledged', ackedLost)),
    ...when(
      refusedKept.length > 0 && measured.keys === 'read',
      `refused and yet there: ${some(refusedKept)}`,
    ),
    ...when(
      (twoWritersMs ?? -1) > mostMs,
      `two processes took writes at once for ${twoWritersMs?.toFixed(1)} ms; at most ${bounds.twoWritersMs}`,
    ),
    ...when(
      (twoSafeWritersMs ?? -1) > mostMs,
      `two processes had writes confirmed by WAIT at once for ${twoSafeWritersMs?.toFixed(1)} ms`,
    ),
    ...when(
      changes < least || changes > most,
      `the primary changed ${changes} times; from ${least} to ${most} are right`,
    ),
    ...when(
      gapMs > (bounds.gapMs ?? Number.POSITIVE_INFINITY),
      `no write was acknowledged for ${gapMs.toFixed(0)} ms; at most ${bounds.gapMs}`,
    ),
  ];
}

function endProblems(primary: ReadLine | undefined, { end }: Bounds): readonly string[] {
  return [
    ...when(primary === undefined && end === 'serving', 'nothing is the primary in the end'),
    ...when(
      primary !== undefined && end === 'stopped',
      `${primary?.pod} is the primary in the end; the cluster should have stopped and asked`,
    ),
  ];
}

/** Once nothing moves, every node has what the primary has. */
function differences(primary: ReadLine, reads: readonly ReadLine[]): readonly string[] {
  return reads
    .filter(({ keys, register }) => keys !== primary.keys || register !== primary.register)
    .map(
      ({ pod, keys, register }) =>
        `${pod} differs from the primary ${primary.pod}: keys ${keys} (${primary.keys}), register ${register} (${primary.register})`,
    );
}

function holeProblems(
  writes: readonly WriteLine[],
  primary: ReadLine | undefined,
): readonly string[] {
  if (primary === undefined) return [];
  const holes = holesOf(withoutOverwritten(writes, primary.register), keysOf(primary));
  const [first] = holes;
  if (first === undefined) return [];
  const { lost: gone, kept } = first;
  return [
    `${gone.key} is lost although ${kept.key}, written after it, is there; ${holes.length} such holes`,
  ];
}

function when(holds: boolean, problem: string): readonly string[] {
  return holds ? [problem] : [];
}

function lost(what: string, keys: readonly string[]): string {
  return `${keys.length} writes ${what} are lost: ${some(keys)}`;
}

function some(keys: readonly string[]): string {
  return keys.length <= 5 ? keys.join(', ') : `${keys.slice(0, 5).join(', ')} ...`;
}
