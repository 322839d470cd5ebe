/**
 * How many pods of a budget may be evicted now: those that are healthy beyond what it wants.
 * Never here: an eviction.
 */
import type { Action, Decision } from '../frame/action';
import { BUDGETS, type Budget, type BudgetStatus } from '../objects/budget';
import { type Condition, conditionOf, withCondition } from '../objects/condition';
import { goJson } from '../objects/hash';
import { controllerOf } from '../objects/owner';
import { isReady, isTerminating, type Pod } from '../objects/pod';
import { timeOf } from '../objects/time';
import { countOf } from '../objects/workload';

/** So long an eviction may take until its pod is on its way out; then it did not happen. */
const EVICTION_MAX_MS = 120_000;

export interface Observed {
  readonly budget: Budget;
  /** That it selects. */
  readonly pods: readonly Pod[];
  /** Pods that the pod's controller wants, and who that is; undefined: no such controller is known. */
  readonly scaleOf: (pod: Pod) => { readonly uid: string; readonly replicas: number } | undefined;
}

type Wanted =
  | { readonly kind: 'known'; readonly expected: number; readonly healthy: number }
  | { readonly kind: 'unknown'; readonly message: string };

export function decideBudget(observed: Observed, nowMs: number): Decision {
  const { budget, pods } = observed;
  const wanted = wantedOf(observed);
  if (wanted.kind === 'unknown') return refuse(budget, wanted.message, nowMs);
  const { kept, late } = disruptedOf(budget, pods, nowMs);
  const healthy = pods.filter(
    (pod) => !isTerminating(pod) && kept[pod.metadata.name] === undefined && isReady(pod),
  ).length;
  const allowed = wanted.expected <= 0 ? 0 : Math.max(0, healthy - wanted.healthy);
  const generation = budget.metadata.generation ?? 0;
  const status: BudgetStatus = {
    ...(Object.keys(kept).length === 0 ? {} : { disruptedPods: kept }),
    currentHealthy: healthy,
    desiredHealthy: wanted.healthy,
    disruptionsAllowed: allowed,
    expectedPods: wanted.expected,
    observedGeneration: generation,
    conditions: withCondition(budget.status?.conditions, condition(allowed, generation), nowMs),
  };
  return {
    actions: [
      ...told(observed),
      ...late.map((pod) => notDeleted(budget, pod)),
      ...write(budget, status),
    ],
    recheckAfterMs: recheck(kept, nowMs),
  };
}

function condition(allowed: number, observedGeneration: number): Condition {
  return allowed > 0
    ? {
        ...{ type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods', message: '' },
        observedGeneration,
      }
    : {
        ...{ type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods', message: '' },
        observedGeneration,
      };
}

function write(budget: Budget, status: BudgetStatus): readonly Action[] {
  if (goJson(budget.status ?? {}) === goJson(status)) return [];
  return [{ kind: 'status', of: BUDGETS, object: { ...budget, status } }];
}

/** Nothing may go while the number is not known. */
function refuse(budget: Budget, message: string, nowMs: number): Decision {
  const failed = { type: 'DisruptionAllowed', status: 'False', reason: 'SyncFailed' } as const;
  const { observedGeneration = 0, conditions } = budget.status ?? {};
  const next = withCondition(conditions, { ...failed, message, observedGeneration }, nowMs);
  const status = { ...budget.status, disruptionsAllowed: 0, conditions: next };
  const told = `Failed to calculate the number of expected pods: ${message}`;
  const isSame = conditionOf(conditions, 'DisruptionAllowed')?.message === message;
  return {
    actions: isSame
      ? []
      : [
          {
            ...{ kind: 'tell', about: budget, type: 'Warning' },
            ...{ reason: 'CalculateExpectedPodCountFailed', message: told },
          },
          ...write(budget, status),
        ],
  };
}

function wantedOf({ budget, pods, scaleOf }: Observed): Wanted {
  const { minAvailable, maxUnavailable } = budget.spec;
  if (maxUnavailable === undefined && typeof minAvailable === 'number')
    return { kind: 'known', expected: pods.length, healthy: minAvailable };
  const scales = new Map<string, number>();
  for (const pod of pods) {
    if (controllerOf(pod) === undefined) continue;
    const scale = scaleOf(pod);
    if (scale === undefined)
      return { kind: 'unknown', message: `found no controllers for pod "${pod.metadata.name}"` };
    scales.set(scale.uid, scale.replicas);
  }
  const expected = [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
  const healthy =
    maxUnavailable === undefined
      ? countOf(minAvailable, 0, expected, 'up')
      : Math.max(0, expected - countOf(maxUnavailable, 0, expected, 'up'));
  return { kind: 'known', expected, healthy };
}

function told({ budget, pods }: Observed): readonly Action[] {
  if (pods.length === 0) {
    const message = 'No matching pods found';
    return [{ kind: 'tell', about: budget, reason: 'NoPods', message }];
  }
  const { minAvailable, maxUnavailable } = budget.spec;
  const isCounted = maxUnavailable === undefined && typeof minAvailable === 'number';
  if (isCounted || pods.every((pod) => controllerOf(pod) !== undefined)) return [];
  const message =
    'Pods selected by this PodDisruptionBudget were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.';
  return [{ kind: 'tell', about: budget, type: 'Warning', reason: 'UnmanagedPods', message }];
}

/** `kept`: evictions under way; `late`: pods that should be gone and are not. */
function disruptedOf(
  { status }: Budget,
  pods: readonly Pod[],
  nowMs: number,
): { readonly kept: Readonly<Record<string, string>>; readonly late: readonly Pod[] } {
  const kept: Record<string, string> = {};
  const late: Pod[] = [];
  for (const pod of pods) {
    const since = status?.disruptedPods?.[pod.metadata.name];
    if (since === undefined || isTerminating(pod)) continue;
    if ((timeOf(since) ?? 0) + EVICTION_MAX_MS < nowMs) late.push(pod);
    else kept[pod.metadata.name] = since;
  }
  return { kept, late };
}

function notDeleted({ metadata }: Budget, about: Pod): Action {
  const message = `Pod was expected by PDB ${metadata.namespace}/${metadata.namespace} to be deleted but it wasn't`;
  return { kind: 'tell', about, type: 'Warning', reason: 'NotDeleted', message };
}

function recheck(kept: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const ends = Object.values(kept).map((since) => (timeOf(since) ?? 0) + EVICTION_MAX_MS);
  return ends.length === 0 ? undefined : Math.max(0, Math.min(...ends) - nowMs) + 1;
}
