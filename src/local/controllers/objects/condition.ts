/**
 * Conditions of a status: finding one, and setting one so that its time of change stays true.
 * Never here: what a condition means.
 */
import { timestamp } from './time';

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string | null;
  readonly lastUpdateTime?: string | null;
  readonly lastProbeTime?: string | null;
  readonly lastHeartbeatTime?: string | null;
  readonly observedGeneration?: number;
}

export function conditionOf(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** With its old time of change if the status has not changed. For a strategic patch: it leaves the others alone. */
export function timedCondition(
  conditions: readonly Condition[] | undefined,
  next: Condition,
  nowMs: number,
): Condition {
  const old = conditionOf(conditions, next.type);
  const isChange = old?.status !== next.status;
  const lastTransitionTime =
    isChange || old?.lastTransitionTime == null ? timestamp(nowMs) : old.lastTransitionTime;
  return { ...next, lastTransitionTime };
}

/** In its place; a new one comes last. */
export function withCondition(
  conditions: readonly Condition[] = [],
  next: Condition,
  nowMs: number,
): readonly Condition[] {
  const set = timedCondition(conditions, next, nowMs);
  return conditionOf(conditions, next.type) === undefined
    ? [...conditions, set]
    : conditions.map((condition) => (condition.type === next.type ? set : condition));
}
