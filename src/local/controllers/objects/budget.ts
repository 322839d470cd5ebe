/**
 * PodDisruptionBudgets, as far as their controller knows them.
 * Never here: an eviction; the server asks the budget's status.
 */
import { kindOf, type Specified } from '../frame/kind';
import type { Condition } from './condition';
import type { LabelSelector } from './selector';
import type { IntOrPercent } from './workload';

export interface BudgetSpec {
  readonly minAvailable?: IntOrPercent;
  readonly maxUnavailable?: IntOrPercent;
  readonly selector?: LabelSelector;
}

export interface BudgetStatus {
  readonly currentHealthy?: number;
  readonly desiredHealthy?: number;
  readonly disruptionsAllowed?: number;
  readonly expectedPods?: number;
  readonly observedGeneration?: number;
  /** Pods that an eviction has let go and that are not on their way out yet, and since when. */
  readonly disruptedPods?: Readonly<Record<string, string>>;
  readonly conditions?: readonly Condition[];
}

export type Budget = Specified<BudgetSpec, BudgetStatus>;
export const BUDGETS = kindOf<Budget>('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets');
