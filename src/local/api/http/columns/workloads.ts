/**
 * Columns of workloads and of what they own: apps, batch, policy.
 * Never here: pods (pods.ts).
 */
import { listAt, numberAt, objectAt, textAt, textsAt } from '../../json';
import type { Json, JsonObject } from '../../port';
import {
  ageColumn,
  type Column,
  containerColumns,
  humanDuration,
  labelsText,
  nameColumn,
  selectorColumn,
} from './column';

function count(name: string, ...path: readonly string[]): Column {
  return { name, type: 'integer', doc: path, cell: (object) => numberAt(object, ...path) ?? 0 };
}

const desired = (object: JsonObject): number => numberAt(object, 'spec', 'replicas') ?? 0;

const deployments: readonly Column[] = [
  nameColumn,
  {
    name: 'Ready',
    description: 'Number of the pod with ready state',
    cell: (one) => `${numberAt(one, 'status', 'readyReplicas') ?? 0}/${desired(one)}`,
  },
  {
    name: 'Up-to-date',
    cell: (one) => numberAt(one, 'status', 'updatedReplicas') ?? 0,
  },
  {
    name: 'Available',
    cell: (one) => numberAt(one, 'status', 'availableReplicas') ?? 0,
  },
  ageColumn,
  ...containerColumns,
  selectorColumn,
];

const replicaSets: readonly Column[] = [
  nameColumn,
  count('Desired', 'spec', 'replicas'),
  count('Current', 'status', 'replicas'),
  count('Ready', 'status', 'readyReplicas'),
  ageColumn,
  ...containerColumns,
  selectorColumn,
];

const statefulSets: readonly Column[] = [
  nameColumn,
  {
    name: 'Ready',
    description: 'Number of the pod with ready state',
    cell: (one) => `${numberAt(one, 'status', 'readyReplicas') ?? 0}/${desired(one)}`,
  },
  ageColumn,
  ...containerColumns,
];

const daemonSets: readonly Column[] = [
  nameColumn,
  count('Desired', 'status', 'desiredNumberScheduled'),
  count('Current', 'status', 'currentNumberScheduled'),
  count('Ready', 'status', 'numberReady'),
  count('Up-to-date', 'status', 'updatedNumberScheduled'),
  count('Available', 'status', 'numberAvailable'),
  {
    name: 'Node Selector',
    cell: (one) => labelsText(textsAt(one, 'spec', 'template', 'spec', 'nodeSelector')),
  },
  ageColumn,
  ...containerColumns,
  selectorColumn,
];

const controllerRevisions: readonly Column[] = [
  nameColumn,
  { name: 'Controller', description: 'Controller of the object', cell: controllerOf },
  { name: 'Revision', cell: (one) => numberAt(one, 'revision') ?? 0 },
  ageColumn,
];

function controllerOf(object: JsonObject): string {
  const owners = listAt(object, 'metadata', 'ownerReferences');
  const owner = owners.find((one) => objectAt({ one }, 'one').controller === true);
  if (owner === undefined) return '<none>';
  const apiVersion = textAt(owner, 'apiVersion');
  const kind = textAt(owner, 'kind').toLowerCase();
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0] ?? ''}` : '';
  return `${kind}${group}/${textAt(owner, 'name')}`;
}

const jobs: readonly Column[] = [
  nameColumn,
  { name: 'Status', description: 'Status of the job.', cell: jobStatus },
  { name: 'Completions', cell: completions },
  { name: 'Duration', description: 'Time required to complete the job.', cell: jobDuration },
  ageColumn,
  ...containerColumns,
  selectorColumn,
];

function jobStatus(job: JsonObject): string {
  const has = (type: string): boolean =>
    listAt(job, 'status', 'conditions').some(
      (one) => textAt(one, 'type') === type && textAt(one, 'status') === 'True',
    );
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (textAt(job, 'metadata', 'deletionTimestamp') !== '') return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running';
}

function completions(job: JsonObject): string {
  const done = numberAt(job, 'status', 'succeeded') ?? 0;
  const wanted = numberAt(job, 'spec', 'completions');
  if (wanted !== undefined) return `${done}/${wanted}`;
  const parallel = numberAt(job, 'spec', 'parallelism') ?? 0;
  return parallel > 1 ? `${done}/1 of ${parallel}` : `${done}/1`;
}

function jobDuration(job: JsonObject, nowMs: number): string {
  const start = Date.parse(textAt(job, 'status', 'startTime'));
  if (Number.isNaN(start)) return '';
  const end = Date.parse(textAt(job, 'status', 'completionTime'));
  return humanDuration((Number.isNaN(end) ? nowMs : end) - start);
}

const budgets: readonly Column[] = [
  nameColumn,
  {
    name: 'Min Available',
    description: 'The minimum number of pods that must be available.',
    cell: (one) => numberOrPercent(objectAt(one, 'spec').minAvailable),
  },
  {
    name: 'Max Unavailable',
    description: 'The maximum number of pods that may be unavailable.',
    cell: (one) => numberOrPercent(objectAt(one, 'spec').maxUnavailable),
  },
  {
    ...count('Allowed Disruptions', 'status', 'disruptionsAllowed'),
    description: 'Calculated number of pods that may be disrupted at this time.',
  },
  ageColumn,
];

function numberOrPercent(value: Json | undefined): string {
  return value === undefined ? 'N/A' : String(value);
}

export const workloadColumns: Readonly<Record<string, readonly Column[]>> = {
  'apps/controllerrevisions': controllerRevisions,
  'apps/daemonsets': daemonSets,
  'apps/deployments': deployments,
  'apps/replicasets': replicaSets,
  'apps/statefulsets': statefulSets,
  'batch/jobs': jobs,
  'policy/poddisruptionbudgets': budgets,
};
