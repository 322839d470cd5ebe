/**
 * What a user of a construct or a chart may choose about the operator, the ranges, and the options that
 * come of it. Never here: what the objects look like (deployment.ts, rbac.ts).
 */
import type { JsonMap } from '../kube-object';
import { OPERATOR_DEFAULTS, type OperatorOptions } from './options';

/** Everything is optional; what each means is told at `ValkeyOperatorProps`. */
export interface OperatorChoices {
  readonly namespace?: string | undefined;
  readonly createNamespace?: boolean | undefined;
  readonly watchNamespace?: string | undefined;
  readonly replicas?: number | undefined;
  readonly resources?: object | undefined;
  readonly logLevel?: string | undefined;
  readonly leaseDurationMs?: number | undefined;
  readonly flags?: readonly string[] | undefined;
  readonly networkPolicy?: boolean | undefined;
  readonly podMonitor?: boolean | undefined;
}

/** Values of `logLevel`. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Whole numbers that a choice may be. */
export const OPERATOR_RANGES = {
  replicas: { least: 1, most: 8, fallback: OPERATOR_DEFAULTS.replicas },
  leaseDurationMs: { least: 1_000, most: 600_000, fallback: 15_000 },
} as const;

/** The lease's other times as shares of its duration: they leave room for two clocks of different pace. */
export const LEASE_SHARES = { renewDeadline: 10, retry: 2, of: 15 } as const;

export function optionsOf(choices: OperatorChoices): OperatorOptions {
  const { logLevel, leaseDurationMs, flags = [], resources } = choices;
  return {
    namespace: choices.namespace ?? OPERATOR_DEFAULTS.namespace,
    namespaceObject: choices.createNamespace === false ? 'absent' : 'rendered',
    scope:
      choices.watchNamespace === undefined
        ? { kind: 'allNamespaces' }
        : { kind: 'oneNamespace', namespace: choices.watchNamespace },
    replicas: choices.replicas ?? OPERATOR_DEFAULTS.replicas,
    resources:
      resources === undefined ? OPERATOR_DEFAULTS.resources : ({ ...resources } as JsonMap),
    flags: [
      ...(logLevel === undefined ? [] : [`--log-level=${logLevel}`]),
      ...(leaseDurationMs === undefined ? [] : leaseFlags(leaseDurationMs)),
      ...flags,
    ],
    networkPolicy: choices.networkPolicy === true ? 'rendered' : 'absent',
    podMonitor: choices.podMonitor === true ? 'rendered' : 'absent',
  };
}

function leaseFlags(durationMs: number): readonly string[] {
  const { renewDeadline, retry, of } = LEASE_SHARES;
  const [renewMs, retryMs] = [renewDeadline, retry].map((share) =>
    Math.floor((durationMs * share) / of),
  );
  return [
    `--lease-duration-ms=${durationMs}`,
    `--renew-deadline-ms=${renewMs}`,
    `--retry-ms=${retryMs}`,
  ];
}

/** All that is wrong with the choices, a sentence each. */
export function operatorProblems(choices: OperatorChoices): readonly string[] {
  const { replicas, leaseDurationMs } = OPERATOR_RANGES;
  const problems: string[] = [];
  if (!inRange(choices.replicas ?? replicas.fallback, replicas)) {
    problems.push(
      `replicas: ${choices.replicas}: must be a whole number from 1 to 8. To fix: use 2, one leads and one waits.`,
    );
  }
  if (!inRange(choices.leaseDurationMs ?? leaseDurationMs.fallback, leaseDurationMs)) {
    problems.push(
      `leaseDurationMs: ${choices.leaseDurationMs}: must be whole milliseconds from 1000 to 600000. To fix: leave it out, 15000 is used.`,
    );
  }
  return problems;
}

function inRange(value: number, range: { readonly least: number; readonly most: number }): boolean {
  return Number.isInteger(value) && value >= range.least && value <= range.most;
}
