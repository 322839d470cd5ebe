/**
 * Counting ended pods of a Job exactly once: a finalizer holds each until the status names it, and the
 * counters take it over when the finalizer is gone.
 * Never here: what follows from the counts (decide.ts).
 */
import type { Action } from '../frame/action';
import { isTerminating, PODS, type Pod } from '../objects/pod';
import type { Job, JobStatus } from '../objects/workload';

export const FINALIZER = 'batch.kubernetes.io/job-tracking';

type Uncounted = { readonly succeeded: readonly string[]; readonly failed: readonly string[] };

export interface Tracked {
  /** All that ended so, counted or not. */
  readonly succeeded: number;
  readonly failed: number;
  /** Counters and uncounted pods as the status should have them next. */
  readonly status: Pick<JobStatus, 'succeeded' | 'failed' | 'uncountedTerminatedPods'>;
  /** Pods that the present status names: their finalizer may go. */
  readonly release: readonly Pod[];
}

export function track({ spec, status = {} }: Job, pods: readonly Pod[]): Tracked {
  const held = pods.filter(isHeld);
  const heldUids = new Set(held.map(({ metadata }) => metadata.uid));
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const named = new Set([...succeeded, ...failed]);
  const counted = { succeeded: notIn(heldUids, succeeded), failed: notIn(heldUids, failed) };
  const waits = spec.podReplacementPolicy === 'Failed';
  const fresh = held.filter(({ metadata }) => !named.has(metadata.uid));
  const next: Uncounted = {
    succeeded: [...within(heldUids, succeeded), ...uidsOf(fresh.filter(hasSucceeded))],
    failed: [
      ...within(heldUids, failed),
      ...uidsOf(fresh.filter((pod) => !hasSucceeded(pod) && hasFailed(pod, waits))),
    ],
  };
  const counters = {
    succeeded: (status.succeeded ?? 0) + counted.succeeded.length,
    failed: (status.failed ?? 0) + counted.failed.length,
  };
  return {
    succeeded: counters.succeeded + next.succeeded.length,
    failed: counters.failed + next.failed.length,
    status: {
      ...(counters.succeeded === 0 ? {} : { succeeded: counters.succeeded }),
      ...(counters.failed === 0 ? {} : { failed: counters.failed }),
      uncountedTerminatedPods: {
        ...(next.succeeded.length === 0 ? {} : { succeeded: next.succeeded }),
        ...(next.failed.length === 0 ? {} : { failed: next.failed }),
      },
    },
    release: held.filter(({ metadata }) => named.has(metadata.uid)),
  };
}

function within(present: ReadonlySet<string>, uids: readonly string[]): readonly string[] {
  return uids.filter((uid) => present.has(uid));
}

function notIn(present: ReadonlySet<string>, uids: readonly string[]): readonly string[] {
  return uids.filter((uid) => !present.has(uid));
}

function uidsOf(pods: readonly Pod[]): readonly string[] {
  return pods.map(({ metadata }) => metadata.uid);
}

export function isHeld({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(FINALIZER) === true;
}

function hasSucceeded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded';
}

/** A pod that is deleted may never say how it ended. */
function hasFailed(pod: Pod, waits: boolean): boolean {
  return pod.status?.phase === 'Failed' || (!waits && isTerminating(pod));
}

export function release(pod: Pod): Action {
  const finalizers = (pod.metadata.finalizers ?? []).filter((name) => name !== FINALIZER);
  const { resourceVersion } = pod.metadata;
  const patch = { metadata: { finalizers, resourceVersion } };
  return { kind: 'patch', of: PODS, object: pod, patch };
}
