/**
 * StatefulSets, Deployments, ReplicaSets, DaemonSets and Jobs: what they need, and what may not change.
 * Never here: the pods that they make (pod-spec.ts).
 */
import { isObject, listAt, numberAt, objectAt, same, textAt } from '../../json';
import type { Json, JsonObject } from '../../port';
import type { Cause } from '../../typing';
import { forbidden, invalid, invalidStruct, notSupported, required, struct } from '../fault';
import {
  type Causes,
  countOf,
  dnsLabel,
  immutable,
  intOrPercent,
  isEmptySelector,
  labelSelector,
  nonNegative,
  notMoreThanAll,
  selects,
} from './checks';
import { podTemplateFaults } from './pod-spec';

/** Selector and template, which must fit each other. @param more names of volumes from claims. */
function selectionFaults(spec: JsonObject, kind: string, more: readonly string[] = []): Causes {
  const { selector } = spec;
  const template = objectAt(spec, 'template');
  const rest = podTemplateFaults(template, 'spec.template', more);
  if (!isObject(selector)) return [required('spec.selector'), mismatch(template), ...rest];
  const wrong = [...labelSelector(selector, 'spec.selector')];
  if (isEmptySelector(selector)) {
    const text = `empty selector is invalid for ${kind}`;
    return [...wrong, invalidStruct('spec.selector', ordered(selector), text), ...rest];
  }
  if (wrong.some(({ field }) => field.includes('matchExpressions'))) {
    const text = kind === 'statefulset' ? '' : 'invalid label selector';
    return [...wrong, invalidStruct('spec.selector', ordered(selector), text)];
  }
  const fits = selects(selector, objectAt(template, 'metadata', 'labels'));
  return [...wrong, ...(fits ? [] : [mismatch(template)]), ...rest];
}

function ordered({ matchLabels, matchExpressions }: JsonObject): JsonObject {
  return {
    ...(matchLabels === undefined ? {} : { matchLabels }),
    ...(matchExpressions === undefined ? {} : { matchExpressions }),
  };
}

function mismatch(template: JsonObject): Cause {
  const set = objectAt(template, 'metadata', 'labels');
  const given = Object.keys(set).length === 0 ? null : set;
  const text = '`selector` does not match template `labels`';
  return invalid('spec.template.metadata.labels', given, text);
}

function alwaysFaults(spec: JsonObject, kind: string): Causes {
  const pod = objectAt(spec, 'template', 'spec');
  const at = 'spec.template.spec';
  return [
    ...(pod.restartPolicy === 'Always'
      ? []
      : [notSupported(`${at}.restartPolicy`, pod.restartPolicy ?? '', ['Always'])]),
    ...(pod.activeDeadlineSeconds === undefined
      ? []
      : [
          forbidden(
            `${at}.activeDeadlineSeconds`,
            `activeDeadlineSeconds in ${kind} is not Supported`,
          ),
        ]),
  ];
}

const managements = ['OrderedReady', 'Parallel'];

export function statefulSetFaults(set: JsonObject, templates: 'checked' | 'stored'): Causes {
  const spec = objectAt(set, 'spec');
  const management = textAt(spec, 'podManagementPolicy');
  const claims = listAt(spec, 'volumeClaimTemplates').map((one) => textAt(one, 'metadata', 'name'));
  const start = numberAt(spec, 'ordinals', 'start');
  const serviceName = textAt(spec, 'serviceName');
  const managed = managements.includes(management)
    ? []
    : [invalid('spec.podManagementPolicy', management, "must be 'OrderedReady' or 'Parallel'")];
  return [
    ...managed,
    ...strategyFaults(objectAt(spec, 'updateStrategy')),
    ...retentionFaults(objectAt(spec, 'persistentVolumeClaimRetentionPolicy')),
    ...nonNegative(spec.replicas, 'spec.replicas'),
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...nonNegative(start, 'spec.ordinals.start'),
    ...(templates === 'checked' && serviceName !== ''
      ? dnsLabel(serviceName, 'spec.serviceName')
      : []),
    ...selectionFaults(spec, 'statefulset', claims),
    ...alwaysFaults(spec, 'StatefulSet'),
  ];
}

function strategyFaults(strategy: JsonObject): Causes {
  const at = 'spec.updateStrategy';
  const rolling = strategy.rollingUpdate;
  switch (strategy.type) {
    case 'OnDelete':
      return isObject(rolling)
        ? [
            invalidStruct(
              `${at}.rollingUpdate`,
              { Partition: rolling.partition ?? 0, MaxUnavailable: rolling.maxUnavailable ?? null },
              "only allowed for updateStrategy 'RollingUpdate'",
            ),
          ]
        : [];
    case 'RollingUpdate':
      return isObject(rolling)
        ? nonNegative(rolling.partition, `${at}.rollingUpdate.partition`)
        : [];
    default:
      return [
        invalidStruct(
          at,
          { Type: strategy.type ?? '', RollingUpdate: rolling ?? null },
          "must be 'RollingUpdate' or 'OnDelete'",
        ),
      ];
  }
}

const retentions = ['Retain', 'Delete'];

function retentionFaults(policy: JsonObject): Causes {
  const at = 'spec.persistentVolumeClaimRetentionPolicy';
  return ['whenDeleted', 'whenScaled'].flatMap((key) => {
    const value = policy[key];
    if (value === undefined || retentions.includes(String(value))) return [];
    return [notSupported(`${at}.${key}`, value, retentions)];
  });
}

const changeable = [
  'replicas',
  'template',
  'updateStrategy',
  'minReadySeconds',
  'ordinals',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
];

export function statefulSetUpdateFaults(old: JsonObject, set: JsonObject): Causes {
  const fixed = (object: JsonObject) =>
    Object.fromEntries(
      Object.entries(objectAt(object, 'spec')).filter(([key]) => !changeable.includes(key)),
    );
  const text =
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
  return [
    ...statefulSetFaults(set, 'stored'),
    ...(same(fixed(old), fixed(set)) ? [] : [forbidden('spec', text)]),
  ];
}

export function deploymentFaults(deployment: JsonObject): Causes {
  const spec = objectAt(deployment, 'spec');
  const deadline = numberAt(spec, 'progressDeadlineSeconds');
  const minReady = numberAt(spec, 'minReadySeconds') ?? 0;
  const late =
    deadline !== undefined && deadline <= minReady
      ? [invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds')]
      : [];
  return [
    ...nonNegative(spec.replicas, 'spec.replicas'),
    ...selectionFaults(spec, 'deployment'),
    ...alwaysFaults(spec, 'ReplicaSet'),
    ...deploymentStrategyFaults(objectAt(spec, 'strategy')),
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...nonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
    ...nonNegative(deadline, 'spec.progressDeadlineSeconds'),
    ...late,
  ];
}

function deploymentStrategyFaults(strategy: JsonObject): Causes {
  const at = 'spec.strategy';
  const rolling = strategy.rollingUpdate;
  switch (strategy.type) {
    case 'Recreate':
      return isObject(rolling)
        ? [
            forbidden(
              `${at}.rollingUpdate`,
              "may not be specified when strategy `type` is 'Recreate'",
            ),
          ]
        : [];
    case 'RollingUpdate':
      return rollingFaults(isObject(rolling) ? rolling : {}, `${at}.rollingUpdate`);
    default:
      return [
        notSupported(
          at,
          { Type: strategy.type ?? '', RollingUpdate: rolling ?? null },
          ['Recreate', 'RollingUpdate'],
          struct,
        ),
      ];
  }
}

function rollingFaults({ maxUnavailable, maxSurge }: JsonObject, path: string): Causes {
  const at = `${path}.maxUnavailable`;
  const stuck =
    countOf(maxUnavailable) === 0 && countOf(maxSurge) === 0
      ? [invalid(at, maxUnavailable ?? 0, 'may not be 0 when `maxSurge` is 0')]
      : [];
  return [
    ...intOrPercent(maxUnavailable, at),
    ...intOrPercent(maxSurge, `${path}.maxSurge`),
    ...stuck,
    ...notMoreThanAll(maxUnavailable, at),
  ];
}

export function replicaSetFaults(set: JsonObject): Causes {
  const spec = objectAt(set, 'spec');
  return [
    ...nonNegative(spec.replicas, 'spec.replicas'),
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...selectionFaults(spec, 'deployment'),
    ...alwaysFaults(spec, 'ReplicaSet'),
  ];
}

export function daemonSetFaults(set: JsonObject): Causes {
  const spec = objectAt(set, 'spec');
  return [
    ...selectionFaults(spec, 'daemonset'),
    ...alwaysFaults(spec, 'DaemonSet'),
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
  ];
}

/** Of Deployments, ReplicaSets and DaemonSets. */
export function selectorStays(old: JsonObject, object: JsonObject): Causes {
  const of = (one: JsonObject): Json => objectAt(one, 'spec').selector ?? null;
  return immutable(of(object), of(old), 'spec.selector');
}

const restarts = ['Never', 'OnFailure'];

export function jobFaults(job: JsonObject): Causes {
  const spec = objectAt(job, 'spec');
  const numbers = [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
  ];
  const policy = textAt(spec, 'template', 'spec', 'restartPolicy');
  const at = 'spec.template.spec.restartPolicy';
  const restart =
    policy === '' || policy === 'Always'
      ? [required(at, `valid values: "OnFailure", "Never"`)]
      : restarts.includes(policy)
        ? []
        : [notSupported(at, policy, ['OnFailure', 'Never'])];
  return [
    ...numbers.flatMap((key) => nonNegative(spec[key], `spec.${key}`)),
    ...podTemplateFaults(objectAt(spec, 'template'), 'spec.template'),
    ...restart,
  ];
}

export function jobUpdateFaults(old: JsonObject, job: JsonObject): Causes {
  const [before, after] = [objectAt(old, 'spec'), objectAt(job, 'spec')];
  const fixed = ['selector', 'completionMode', 'podFailurePolicy', 'backoffLimitPerIndex'];
  const completions = same(before.completions ?? null, after.completions ?? null)
    ? []
    : immutable(after.completions, before.completions, 'spec.completions');
  return [
    ...jobFaults(job),
    ...completions,
    ...fixed.flatMap((key) => immutable(after[key], before[key], `spec.${key}`)),
    ...(before.suspend === true ? [] : immutable(after.template, before.template, 'spec.template')),
  ];
}

export function revisionFaults(revision: JsonObject): Causes {
  const { data = null } = revision;
  const text = data === null ? 'data is mandatory' : 'data must be a valid JSON object';
  return [
    ...nonNegative(revision.revision, 'revision'),
    ...(isObject(data) ? [] : [required('data', text)]),
  ];
}

export function revisionUpdateFaults(old: JsonObject, revision: JsonObject): Causes {
  return [
    ...nonNegative(revision.revision, 'revision'),
    ...immutable(revision.data, old.data, 'data'),
  ];
}
