/**
 * What a Job does next: runs pods until enough have succeeded, waits longer after each failure, gives
 * up at its limits, and goes away after its time.
 * Never here: Indexed jobs, failure and success policies (README, table of differences).
 */
import type { Action, Decision } from '../frame/action';
import { type Condition, conditionOf, withCondition } from '../objects/condition';
import { goJson } from '../objects/hash';
import { isActive, isFinished, isReady, isTerminating, PODS, type Pod } from '../objects/pod';
import { byWorth, podFrom } from '../objects/template';
import { timeOf, timestamp } from '../objects/time';
import { JOBS, type Job, type JobStatus } from '../objects/workload';
import { FINALIZER, isHeld, release, type Tracked, track } from './tracking';

const BACKOFF_FIRST_MS = 10_000;
const BACKOFF_MAX_MS = 600_000;
/** Pods that are made or deleted at a time; the answers bring the job back for the rest. */
const PODS_PER_TURN_MAX = 500;

interface Turn {
  readonly job: Job;
  readonly pods: readonly Pod[];
  readonly tracked: Tracked;
  readonly active: readonly Pod[];
  readonly nowMs: number;
}

/** How it ends: decided before its last pods are gone. */
type End =
  | { readonly kind: 'running' }
  | { readonly kind: 'complete' }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string };

export function decideJob(job: Job, pods: readonly Pod[], nowMs: number): Decision {
  const end = conditionNamed(job, 'Complete') ?? conditionNamed(job, 'Failed');
  if (end !== undefined) return settle(job, pods, end, nowMs);
  const tracked = track(job, pods);
  const turn = { job, pods, tracked, active: pods.filter(isActive), nowMs };
  return job.metadata.deletionTimestamp === undefined
    ? work(turn, endOf(turn))
    : { actions: pods.filter(isHeld).map(release) };
}

function conditionNamed({ status }: Job, type: string): Condition | undefined {
  const condition = conditionOf(status?.conditions, type);
  return condition?.status === 'True' ? condition : undefined;
}

/** Ended: nothing holds a pod any more, and the Job itself goes after its time. */
function settle(job: Job, pods: readonly Pod[], end: Condition, nowMs: number): Decision {
  const actions = pods.filter(isHeld).map(release);
  const { ttlSecondsAfterFinished } = job.spec;
  if (ttlSecondsAfterFinished === undefined || isTerminating(job)) return { actions };
  const goneAtMs = (timeOf(end.lastTransitionTime) ?? nowMs) + ttlSecondsAfterFinished * 1000;
  if (goneAtMs > nowMs) return { actions, recheckAfterMs: goneAtMs - nowMs };
  return {
    actions: [...actions, { kind: 'delete', of: JOBS, object: job, propagation: 'Foreground' }],
  };
}

function endOf({ job, tracked, active, pods, nowMs }: Turn): End {
  const failing = conditionNamed(job, 'FailureTarget');
  if (failing !== undefined)
    return { kind: 'failed', reason: failing.reason ?? '', message: failing.message ?? '' };
  if (conditionNamed(job, 'SuccessCriteriaMet') !== undefined) return { kind: 'complete' };
  const { backoffLimit = 6, completions, activeDeadlineSeconds, suspend = false } = job.spec;
  if (tracked.failed > backoffLimit || hasRestartedTooOften(job, pods))
    return {
      kind: 'failed',
      reason: 'BackoffLimitExceeded',
      message: 'Job has reached the specified backoff limit',
    };
  if (!suspend && runsForMs(job, nowMs) >= (activeDeadlineSeconds ?? Infinity) * 1000)
    return {
      kind: 'failed',
      reason: 'DeadlineExceeded',
      message: 'Job was active longer than specified deadline',
    };
  const isEnough =
    completions === undefined
      ? tracked.succeeded > 0 && active.length === 0
      : tracked.succeeded >= completions;
  return isEnough && !suspend ? { kind: 'complete' } : { kind: 'running' };
}

/** Containers that are started again in their pod count where the pod itself never fails. */
function hasRestartedTooOften({ spec }: Job, pods: readonly Pod[]): boolean {
  if (spec.template.spec.restartPolicy !== 'OnFailure') return false;
  const statuses = pods.flatMap(
    ({ status }) =>
      (status as { containerStatuses?: readonly { restartCount?: number }[] } | undefined)
        ?.containerStatuses ?? [],
  );
  const restarts = statuses.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
  return restarts > 0 && restarts >= (spec.backoffLimit ?? 6);
}

function runsForMs({ status }: Job, nowMs: number): number {
  return nowMs - (timeOf(status?.startTime) ?? nowMs);
}

function work(turn: Turn, end: End): Decision {
  const { job, tracked, active, nowMs } = turn;
  const { suspend = false } = job.spec;
  const released = tracked.release.map(release);
  if (end.kind !== 'running' || suspend) {
    const stop = end.kind === 'running' ? withdraw : remove;
    const stopped = active.flatMap((pod) => stop(job, pod));
    return tell(turn, end, [...released, ...stopped], undefined);
  }
  const { actions, waitMs } = manage(turn);
  const deadline = (job.spec.activeDeadlineSeconds ?? Infinity) * 1000 - runsForMs(job, nowMs);
  const waits = [waitMs, deadline].filter((ms) => ms > 0 && ms < Infinity);
  return tell(
    turn,
    end,
    [...released, ...actions],
    waits.length === 0 ? undefined : Math.min(...waits),
  );
}

/** Pods that are missing, once the wait after the last failure is over; or those that are too many. */
function manage({ job, tracked, active, pods, nowMs }: Turn): {
  readonly actions: readonly Action[];
  readonly waitMs: number;
} {
  const { parallelism = 1, completions, podReplacementPolicy } = job.spec;
  const left =
    completions === undefined ? parallelism : Math.max(0, completions - tracked.succeeded);
  const isWindingDown = completions === undefined && tracked.succeeded > 0;
  const wanted = isWindingDown ? active.length : Math.min(parallelism, left);
  const leaving = podReplacementPolicy === 'Failed' ? pods.filter(isLeaving) : [];
  const missing = wanted - active.length - leaving.length;
  if (missing <= 0) {
    const surplus = Math.max(0, active.length - wanted);
    const spare = byWorth(active).slice(0, Math.min(surplus, PODS_PER_TURN_MAX));
    return { actions: spare.flatMap((pod) => withdraw(job, pod)), waitMs: 0 };
  }
  const waitMs = backoffMs(pods, nowMs);
  if (waitMs > 0) return { actions: [], waitMs };
  const length = Math.min(missing, PODS_PER_TURN_MAX);
  return { actions: Array.from({ length }, () => create(job)), waitMs: 0 };
}

function isLeaving(pod: Pod): boolean {
  return isTerminating(pod) && !isFinished(pod);
}

/** Twice as long with each failure since the last success. */
function backoffMs(pods: readonly Pod[], nowMs: number): number {
  const ends = (phase: string) =>
    pods.filter(({ status }) => status?.phase === phase).map((pod) => endedAtMs(pod, nowMs));
  const success = Math.max(0, ...ends('Succeeded'));
  const failures = ends('Failed').filter((ms) => ms >= success);
  if (failures.length === 0) return 0;
  const wait = Math.min(BACKOFF_FIRST_MS * 2 ** (failures.length - 1), BACKOFF_MAX_MS);
  return Math.max(0, Math.max(...failures) + wait - nowMs);
}

function endedAtMs({ status, metadata }: Pod, nowMs: number): number {
  const { containerStatuses = [] } = (status ?? {}) as {
    readonly containerStatuses?: readonly {
      readonly state?: { readonly terminated?: { readonly finishedAt?: string } };
    }[];
  };
  const times = containerStatuses.flatMap(
    ({ state }) => timeOf(state?.terminated?.finishedAt) ?? [],
  );
  if (times.length > 0) return Math.max(...times);
  const ready = conditionOf(status?.conditions, 'Ready')?.lastTransitionTime;
  return timeOf(ready) ?? timeOf(metadata.deletionTimestamp) ?? nowMs;
}

function create(job: Job): Action {
  const draft = podFrom(job, job.spec.template);
  const finalizers = [...(draft.metadata.finalizers ?? []), FINALIZER];
  return {
    kind: 'create',
    of: PODS,
    object: { ...draft, metadata: { ...draft.metadata, finalizers } },
    onSuccess: { about: job, reason: 'SuccessfulCreate', message: 'Created pod: {name}' },
    onRefusal: { about: job, reason: 'FailedCreate', message: 'Error creating: ' },
  };
}

/** Not the pod's fault: it is let go first, and does not count as failed. */
function withdraw(job: Job, pod: Pod): readonly Action[] {
  return [...(isHeld(pod) ? [release(pod)] : []), ...remove(job, pod)];
}

function remove(about: Job, object: Pod): readonly Action[] {
  const message = `Deleted pod: ${object.metadata.name}`;
  return [
    { kind: 'delete', of: PODS, object },
    { kind: 'tell', about, reason: 'SuccessfulDelete', message },
  ];
}

/** The actions and the status; Complete and Failed are said when no pod is left. */
function tell(
  turn: Turn,
  end: End,
  actions: readonly Action[],
  recheckAfterMs: number | undefined,
): Decision {
  const { job, tracked, active, pods, nowMs } = turn;
  const leaving = pods.filter(isLeaving).length;
  const { uncountedTerminatedPods = {} } = tracked.status;
  const isQuiet =
    active.length === 0 && leaving === 0 && Object.keys(uncountedTerminatedPods).length === 0;
  const { conditions, tales } = conditionsOf(job, end, isQuiet, nowMs);
  const isSuspended = job.spec.suspend === true;
  const startTime = isSuspended ? undefined : (job.status?.startTime ?? timestamp(nowMs));
  const isComplete = end.kind === 'complete' && isQuiet;
  const status: JobStatus = {
    ...(conditions.length === 0 ? {} : { conditions }),
    ...(startTime === undefined ? {} : { startTime }),
    ...(isComplete ? { completionTime: timestamp(nowMs) } : {}),
    ...(active.length === 0 ? {} : { active: active.length }),
    ready: active.filter(isReady).length,
    terminating: leaving,
    ...tracked.status,
  };
  const isSame = goJson(status) === goJson(job.status ?? {});
  const object = { ...job, status };
  return {
    actions: [
      ...actions,
      ...(isSame ? [] : [{ kind: 'status', of: JOBS, object } as const]),
      ...tales,
    ],
    recheckAfterMs,
  };
}

function conditionsOf(
  job: Job,
  end: End,
  isQuiet: boolean,
  nowMs: number,
): { readonly conditions: readonly Condition[]; readonly tales: readonly Action[] } {
  const old = job.status?.conditions ?? [];
  const set = (conditions: readonly Condition[], type: string, reason: string, message: string) =>
    conditionOf(conditions, type) === undefined
      ? withCondition(
          conditions,
          { type, status: 'True', lastProbeTime: timestamp(nowMs), reason, message },
          nowMs,
        )
      : conditions;
  switch (end.kind) {
    case 'running':
      return suspension(job, old, nowMs);
    case 'complete': {
      const why = ['CompletionsReached', 'Reached expected number of succeeded pods'] as const;
      const met = set(old, 'SuccessCriteriaMet', ...why);
      const tale = {
        kind: 'tell',
        about: job,
        reason: 'Completed',
        message: 'Job completed',
      } as const;
      return isQuiet
        ? { conditions: set(met, 'Complete', ...why), tales: [tale] }
        : { conditions: met, tales: [] };
    }
    case 'failed': {
      const { reason, message } = end;
      const target = set(old, 'FailureTarget', reason, message);
      const tale = { kind: 'tell', about: job, type: 'Warning', reason, message } as const;
      return isQuiet
        ? { conditions: set(target, 'Failed', reason, message), tales: [tale] }
        : { conditions: target, tales: [] };
    }
  }
}

function suspension(
  job: Job,
  old: readonly Condition[],
  nowMs: number,
): { readonly conditions: readonly Condition[]; readonly tales: readonly Action[] } {
  const isWanted = job.spec.suspend === true;
  const isSaid = conditionOf(old, 'Suspended')?.status === 'True';
  if (isWanted === isSaid) return { conditions: old, tales: [] };
  const [status, reason, message] = isWanted
    ? (['True', 'JobSuspended', 'Job suspended'] as const)
    : (['False', 'JobResumed', 'Job resumed'] as const);
  const next = { type: 'Suspended', status, lastProbeTime: timestamp(nowMs), reason, message };
  const tale = isWanted ? 'Suspended' : 'Resumed';
  return {
    conditions: withCondition(old, next, nowMs),
    tales: [{ kind: 'tell', about: job, reason: tale, message }],
  };
}
