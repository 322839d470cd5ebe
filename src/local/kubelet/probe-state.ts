/**
 * What a row of probe answers means: thresholds, and the value before the first answer.
 * Never here: how a probe is run (prober.ts), what follows from it (pod-start.ts).
 */
import type { Probe } from './pod';

export type ProbeKind = 'startup' | 'readiness' | 'liveness';
export type Answered = 'success' | 'failure';

export interface ProbeState {
  /** What counts at present. `unknown`: a startup probe that has not answered often enough. */
  readonly result: Answered | 'unknown';
  readonly last: Answered | undefined;
  /** How often in a row the last answer came. */
  readonly run: number;
}

/** A container is alive until it is proved otherwise, and not ready until it says so. */
export function firstState(kind: ProbeKind): ProbeState {
  const result = { startup: 'unknown', readiness: 'failure', liveness: 'success' } as const;
  return { result: result[kind], last: undefined, run: 0 };
}

export function answered(state: ProbeState, answer: Answered, probe: Probe): ProbeState {
  const run = state.last === answer ? state.run + 1 : 1;
  const needed =
    answer === 'success' ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
  return { result: run >= needed ? answer : state.result, last: answer, run };
}

export interface ProbeTimes {
  readonly delayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
}

export function timesOf(probe: Probe): ProbeTimes {
  return {
    delayMs: (probe.initialDelaySeconds ?? 0) * 1000,
    periodMs: (probe.periodSeconds ?? 10) * 1000,
    timeoutMs: (probe.timeoutSeconds ?? 1) * 1000,
  };
}
