/**
 * What a pod needs next: which containers start, which wait and until when, whether all is done.
 * A function of its spec, its records and the time. Never here: doing it (worker.ts).
 */
import { type BackOffBounds, mayStartAtMs } from './back-off';
import type { PodSpec } from './pod';
import { type ContainerRecord, latestEnd } from './record';

export interface NextOptions {
  readonly bounds: BackOffBounds;
  /** How long after its end a container may run again at the earliest: a real kubelet looks each second. */
  readonly restartDelayMs: number;
}

export type Step =
  | { readonly kind: 'start'; readonly container: string }
  /** Its waiting is told as this reason. */
  | {
      readonly kind: 'announce';
      readonly container: string;
      readonly told: Told;
      readonly waitMs: number;
    };

export type Told = 'CrashLoopBackOff' | 'ImagePullBackOff';

export interface Next {
  readonly steps: readonly Step[];
  /** Looks again then, even when nothing happens. */
  readonly wakeAtMs: number | undefined;
  /** `finished`: no main container runs or will run again. */
  readonly pod: 'goes on' | 'finished';
}

/** After its end, a container's state is `terminated` this long before it is told as waiting. */
const ANNOUNCE_AFTER_MS = 1_000;

type Verdict =
  | { readonly kind: 'runs' }
  | { readonly kind: 'done'; readonly how: 'well' | 'badly' }
  | { readonly kind: 'start' }
  | {
      readonly kind: 'wait';
      readonly untilMs: number;
      readonly sinceMs: number;
      readonly told?: Told;
    };

export function next(
  spec: PodSpec,
  records: readonly ContainerRecord[],
  nowMs: number,
  options: NextOptions,
): Next {
  const verdict = (record: ContainerRecord): Verdict => verdictOf(spec, record, nowMs, options);
  const early = records.filter(({ role }) => role !== 'main');
  const mains = records.filter(({ role }) => role === 'main');
  const found: { readonly record: ContainerRecord; readonly verdict: Verdict }[] = [];
  const initFailed = early.some((record) => record.role === 'init' && isFailed(verdict(record)));
  if (initFailed || mains.every((record) => verdict(record).kind === 'done')) {
    return { steps: [], wakeAtMs: undefined, pod: 'finished' };
  }
  const begun = mains.some(({ runs }) => runs > 0);
  let complete = true;
  for (const record of early) {
    if (begun && record.role === 'init') continue;
    found.push({ record, verdict: verdict(record) });
    complete = begun || isComplete(record, verdict(record));
    if (!complete) break;
  }
  if (complete) found.push(...mains.map((record) => ({ record, verdict: verdict(record) })));
  return nextOf(found, nowMs);
}

function isFailed(verdict: Verdict): boolean {
  return verdict.kind === 'done' && verdict.how === 'badly';
}

/** Whether those behind it may start. */
function isComplete(record: ContainerRecord, verdict: Verdict): boolean {
  if (record.role === 'init') return verdict.kind === 'done';
  return verdict.kind === 'runs' && record.started === 'yes';
}

function nextOf(
  found: readonly { readonly record: ContainerRecord; readonly verdict: Verdict }[],
  nowMs: number,
): Next {
  const steps: Step[] = [];
  const wakes: number[] = [];
  for (const { record, verdict } of found) {
    if (verdict.kind === 'start') steps.push({ kind: 'start', container: record.name });
    if (verdict.kind !== 'wait') continue;
    wakes.push(verdict.untilMs);
    const { told, sinceMs, untilMs } = verdict;
    if (told === undefined || isTold(record, told)) continue;
    const announceAtMs = sinceMs + ANNOUNCE_AFTER_MS;
    if (nowMs < announceAtMs) wakes.push(announceAtMs);
    else {
      const waitMs = untilMs - sinceMs;
      steps.push({ kind: 'announce', container: record.name, told, waitMs });
    }
  }
  const wakeAtMs = wakes.length === 0 ? undefined : Math.min(...wakes);
  return { steps, wakeAtMs, pod: 'goes on' };
}

function isTold(record: ContainerRecord, told: Told): boolean {
  return record.state.kind === 'waiting' && record.state.reason === told;
}

function verdictOf(
  spec: PodSpec,
  record: ContainerRecord,
  nowMs: number,
  options: NextOptions,
): Verdict {
  if (record.state.kind === 'running') return { kind: 'runs' };
  const { trouble } = record;
  if (trouble.kind !== 'none') {
    if (nowMs >= trouble.retryAtMs) return { kind: 'start' };
    const told = trouble.kind === 'image' ? { told: 'ImagePullBackOff' as const } : {};
    return { kind: 'wait', untilMs: trouble.retryAtMs, sinceMs: trouble.sinceMs, ...told };
  }
  const end = latestEnd(record);
  if (end === undefined) return { kind: 'start' };
  if (!runsAgain(spec, record, end.exitCode)) {
    return { kind: 'done', how: end.exitCode === 0 ? 'well' : 'badly' };
  }
  const sinceMs = end.finishedAtMs;
  const untilMs = Math.max(
    sinceMs + options.restartDelayMs,
    mayStartAtMs(record.backOff, sinceMs, options.bounds),
  );
  if (nowMs >= untilMs) return { kind: 'start' };
  return { kind: 'wait', untilMs, sinceMs, told: 'CrashLoopBackOff' };
}

function runsAgain(spec: PodSpec, { role }: ContainerRecord, exitCode: number): boolean {
  const policy = spec.restartPolicy ?? 'Always';
  if (role === 'sidecar') return true;
  if (role === 'init') return exitCode !== 0 && policy !== 'Never';
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}
