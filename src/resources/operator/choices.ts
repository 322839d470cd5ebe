/**
 * What a user of a construct or a chart may choose about the operator, the ranges, and the options that
 * come of it. Never here: what the objects look like (deployment.ts, rbac.ts).
 */
import { NAMESPACE_SCHEMA } from '../../spec/cluster-schema';
import { PATTERNS } from '../../spec/patterns';
import { join, type Problem, quoted } from '../../spec/problem';
import type { StructuralSchema } from '../../spec/structural';
import { nearest } from '../../spec/suggest';
import { validate } from '../../spec/validate';
import { walk } from '../../spec/walk';
import type { JsonMap } from '../kube-object';
import { OPERATOR_DEFAULTS, type OperatorOptions } from './options';

/** Everything is optional; what each means is told at `ValkeyOperatorProps`. */
export interface OperatorChoices {
  readonly namespace?: string | undefined;
  readonly createNamespace?: boolean | undefined;
  readonly watchNamespaces?: readonly string[] | undefined;
  readonly replicas?: number | undefined;
  readonly resources?: object | undefined;
  readonly logLevel?: string | undefined;
  readonly leaseDurationMs?: number | undefined;
  readonly flags?: readonly string[] | undefined;
  readonly networkPolicy?: boolean | undefined;
  readonly podMonitor?: boolean | undefined;
}

/** Flags of `gungnir operator` that may be given beside the choices, as `--name=value`. */
export const FURTHER_FLAGS = [
  '--lease-name',
  '--log-level',
  '--reconcile-interval',
  '--lease-duration-ms',
  '--renew-deadline-ms',
  '--retry-ms',
  '--allow-failpoints',
] as const;

/** The others: the objects around the operator would not follow them. */
export const FIXED_FLAGS: Readonly<Record<string, string>> = {
  '--namespace': 'use watchNamespaces, which limits its rights too',
  '--lease-namespace': 'leave it out, the operator has its rights where it lives',
  '--http-address': 'leave it out, probes and metrics are asked for at port 8080',
  '--kubeconfig': 'leave it out, a pod has its own access',
};

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
      choices.watchNamespaces === undefined
        ? { kind: 'allNamespaces' }
        : { kind: 'namespaces', namespaces: choices.watchNamespaces },
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

const image: StructuralSchema = { type: 'string', pattern: PATTERNS.image.pattern };
const toggle: StructuralSchema = { type: 'boolean' };

const CHOICES_SCHEMA: StructuralSchema = {
  type: 'object',
  properties: {
    namespace: NAMESPACE_SCHEMA,
    createNamespace: toggle,
    watchNamespaces: { type: 'array', items: NAMESPACE_SCHEMA },
    image,
    nodeImage: image,
    bundlePath: { type: 'string', minLength: 1 },
    replicas: wholeIn(OPERATOR_RANGES.replicas),
    // As in a ValkeyCluster: judged with its rules.
    resources: {},
    logLevel: { type: 'string', enum: LOG_LEVELS },
    leaseDurationMs: wholeIn(OPERATOR_RANGES.leaseDurationMs),
    flags: { type: 'array', items: { type: 'string' } },
    networkPolicy: toggle,
    podMonitor: toggle,
  },
};

function wholeIn(range: { readonly least: number; readonly most: number }): StructuralSchema {
  return { type: 'integer', minimum: range.least, maximum: range.most };
}

/** All that is wrong with the choices, at once. @param choices anything that a program may give. */
export function operatorProblems(choices: unknown): readonly Problem[] {
  const { watchNamespaces, resources, flags } = (choices ?? {}) as OperatorChoices;
  return [
    ...walk(CHOICES_SCHEMA, choices, ''),
    ...(Array.isArray(watchNamespaces) ? listProblems(watchNamespaces) : []),
    ...(resources === undefined ? [] : resourceProblems(resources)),
    ...(Array.isArray(flags) ? flags.flatMap(flagProblems) : []),
  ];
}

/** An empty list comes of a program that found none; all namespaces is not what it meant. */
function listProblems(names: readonly unknown[]): readonly Problem[] {
  const path = 'watchNamespaces';
  if (names.length === 0) {
    const limit = 'must name a namespace at least';
    return [{ path, value: '[]', limit, remedy: 'leave it out for all namespaces' }];
  }
  return names.flatMap((name, place) =>
    names.indexOf(name) === place
      ? []
      : [
          {
            path: join(path, place),
            value: quoted(name),
            limit: 'is in the list already',
            remedy: 'remove it',
          },
        ],
  );
}

function resourceProblems(resources: object): readonly Problem[] {
  return validate({ metadata: { name: 'operator' }, spec: { resources } }).map((problem) => ({
    ...problem,
    path: problem.path.replace(/^spec\./, ''),
  }));
}

/** What a flag's value may be is told by the operator, which knows it. */
function flagProblems(flag: unknown, place: number): readonly Problem[] {
  if (typeof flag !== 'string') return [];
  const [name = ''] = flag.split('=');
  const hasValue = flag !== name || name === '--allow-failpoints';
  const isKnown = FURTHER_FLAGS.some((known) => known === name);
  if (isKnown && hasValue) return [];
  const fixed = FIXED_FLAGS[name];
  const hint = nearest(name, FURTHER_FLAGS);
  const wrong = { path: join('flags', place), value: quoted(flag) };
  if (isKnown) return [{ ...wrong, limit: 'has no value', remedy: `write it as ${name}=VALUE` }];
  if (fixed !== undefined)
    return [{ ...wrong, limit: 'is set by what is made here', remedy: fixed }];
  return [
    {
      ...wrong,
      limit: 'is no further flag of gungnir operator',
      remedy: hint === undefined ? `use ${FURTHER_FLAGS.join(', ')}` : `did you mean ${hint}=VALUE`,
    },
  ];
}
