/**
 * Columns of pods: how far a pod is, in one word (printPod of kubernetes/pkg/printers).
 * Never here: other kinds.
 */
import { at, listAt, numberAt, objectAt, textAt } from '../../json';
import type { Json, JsonObject } from '../../port';
import { ageColumn, type Column, humanDuration, nameColumn, orNone } from './column';

interface Summary {
  readonly ready: string;
  readonly reason: string;
  readonly restarts: string;
}

export const podColumns: readonly Column[] = [
  nameColumn,
  {
    name: 'Ready',
    description: 'The aggregate readiness state of this pod for accepting traffic.',
    cell: (pod, nowMs) => summaryOf(pod, nowMs).ready,
  },
  {
    name: 'Status',
    description: 'The aggregate status of the containers in this pod.',
    cell: (pod, nowMs) => summaryOf(pod, nowMs).reason,
  },
  {
    name: 'Restarts',
    description:
      'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
    cell: (pod, nowMs) => summaryOf(pod, nowMs).restarts,
  },
  ageColumn,
  {
    name: 'IP',
    doc: ['status', 'podIP'],
    priority: 1,
    cell: (pod) => orNone(textAt(listAt(pod, 'status', 'podIPs')[0], 'ip')),
  },
  {
    name: 'Node',
    doc: ['spec', 'nodeName'],
    priority: 1,
    cell: (pod) => orNone(textAt(pod, 'spec', 'nodeName')),
  },
  {
    name: 'Nominated Node',
    doc: ['status', 'nominatedNodeName'],
    priority: 1,
    cell: (pod) => orNone(textAt(pod, 'status', 'nominatedNodeName')),
  },
  { name: 'Readiness Gates', doc: ['spec', 'readinessGates'], priority: 1, cell: gates },
];

function gates(pod: JsonObject): string {
  const all = listAt(pod, 'spec', 'readinessGates');
  if (all.length === 0) return '<none>';
  const passed = all.filter((gate) => isTrue(pod, textAt(gate, 'conditionType')));
  return `${passed.length}/${all.length}`;
}

function isTrue(pod: JsonObject, type: string): boolean {
  return listAt(pod, 'status', 'conditions').some(
    (one) => textAt(one, 'type') === type && textAt(one, 'status') === 'True',
  );
}

interface Counting {
  reason: string;
  restarts: number;
  ready: number;
  lastRestart: string;
}

function summaryOf(pod: JsonObject, nowMs: number): Summary {
  const phase = textAt(pod, 'status', 'phase');
  const said = textAt(pod, 'status', 'reason');
  const sidecars = new Set(
    listAt(pod, 'spec', 'initContainers')
      .filter((one) => textAt(one, 'restartPolicy') === 'Always')
      .map((one) => textAt(one, 'name')),
  );
  const total = listAt(pod, 'spec', 'containers').length + sidecars.size;
  const counting: Counting = { reason: said || phase, restarts: 0, ready: 0, lastRestart: '' };
  const initializing = countInit(pod, sidecars, counting);
  if (!initializing || isTrue(pod, 'Initialized')) {
    countSidecarRestarts(pod, sidecars, counting);
    countMain(pod, counting);
  }
  if (textAt(pod, 'metadata', 'deletionTimestamp') !== '') {
    if (said === 'NodeLost') counting.reason = 'Unknown';
    else if (phase !== 'Succeeded' && phase !== 'Failed') counting.reason = 'Terminating';
  }
  const { reason, restarts, ready, lastRestart } = counting;
  const ago =
    restarts === 0 || lastRestart === ''
      ? ''
      : ` (${humanDuration(nowMs - Date.parse(lastRestart))} ago)`;
  return { ready: `${ready}/${total}`, reason, restarts: `${restarts}${ago}` };
}

function countRestarts(status: Json, counting: Counting): void {
  counting.restarts += numberAt(status, 'restartCount') ?? 0;
  const finished = textAt(status, 'lastState', 'terminated', 'finishedAt');
  if (finished > counting.lastRestart) counting.lastRestart = finished;
}

function countSidecarRestarts(
  pod: JsonObject,
  sidecars: ReadonlySet<string>,
  counting: Counting,
): void {
  counting.restarts = 0;
  counting.lastRestart = '';
  for (const status of listAt(pod, 'status', 'initContainerStatuses')) {
    if (sidecars.has(textAt(status, 'name'))) countRestarts(status, counting);
  }
}

/** @returns whether an init container is still the reason of the pod's state. */
function countInit(pod: JsonObject, sidecars: ReadonlySet<string>, counting: Counting): boolean {
  const total = listAt(pod, 'spec', 'initContainers').length;
  for (const [i, status] of listAt(pod, 'status', 'initContainerStatuses').entries()) {
    countRestarts(status, counting);
    const state = objectAt(status, 'state');
    const waiting = textAt(state, 'waiting', 'reason');
    if (numberAt(state, 'terminated', 'exitCode') === 0) continue;
    if (sidecars.has(textAt(status, 'name')) && at(status, 'started') === true) {
      if (at(status, 'ready') === true) counting.ready += 1;
      continue;
    }
    if (state.terminated !== undefined) counting.reason = `Init:${endOf(state)}`;
    else if (waiting !== '' && waiting !== 'PodInitializing') counting.reason = `Init:${waiting}`;
    else counting.reason = `Init:${i}/${total}`;
    return true;
  }
  return false;
}

/** Why a container ended. */
function endOf(state: JsonObject): string {
  const reason = textAt(state, 'terminated', 'reason');
  if (reason !== '') return reason;
  const signal = numberAt(state, 'terminated', 'signal') ?? 0;
  if (signal !== 0) return `Signal:${signal}`;
  return `ExitCode:${numberAt(state, 'terminated', 'exitCode') ?? 0}`;
}

function countMain(pod: JsonObject, counting: Counting): void {
  let running = false;
  for (const status of [...listAt(pod, 'status', 'containerStatuses')].reverse()) {
    countRestarts(status, counting);
    const state = objectAt(status, 'state');
    const waiting = textAt(state, 'waiting', 'reason');
    if (waiting !== '') counting.reason = waiting;
    else if (state.terminated !== undefined) counting.reason = endOf(state);
    else if (at(status, 'ready') === true && state.running !== undefined) {
      running = true;
      counting.ready += 1;
    }
  }
  if (counting.reason !== 'Completed' || !running) return;
  counting.reason = isTrue(pod, 'Ready') ? 'Running' : 'NotReady';
}
