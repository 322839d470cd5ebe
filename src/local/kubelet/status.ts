/**
 * The status of a pod from the records of its containers, as a real kubelet words it.
 * Never here: writing it; what the records say.
 */
import { timestamp } from '../controllers/objects/time';
import { conditionsOf, type PodFacts } from './conditions';
import type {
  Container,
  ContainerState,
  ContainerStatus,
  PodPhase,
  PodSpec,
  PodStatus,
  TerminatedState,
} from './pod';
import { specOf } from './pod';
import { qosClassOf } from './qos';
import type { ContainerRecord, Ended } from './record';
import { containersOf, isReady, latestEnd, unfinishedInits } from './record';

/** Everything the kubelet knows; conditions that others wrote stay. */
export function statusOf(facts: PodFacts): PodStatus {
  const { pod, records, podIp, hostIp } = facts;
  const phase = phaseOf(records, facts.life);
  const { generation } = pod.metadata;
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    phase,
    conditions: conditionsOf(facts, phase),
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    ...(podIp === undefined ? {} : { podIP: podIp, podIPs: [{ ip: podIp }] }),
    startTime: timestamp(facts.startedAtMs),
    ...containerStatuses(specOf(pod), records),
    qosClass: qosClassOf(specOf(pod)),
  };
}

/** @returns `Pending` until every main container has run once. */
export function phaseOf(records: readonly ContainerRecord[], life: 'goes on' | 'over'): PodPhase {
  const mains = records.filter(({ role }) => role === 'main');
  const ends = mains.map(latestEnd);
  const allEnded = mains.every(({ state }) => state.kind !== 'running');
  if (life === 'over' && allEnded) {
    const fine = mains.every(
      ({ state }, index) => state.kind === 'terminated' && ends[index]?.exitCode === 0,
    );
    return fine ? 'Succeeded' : 'Failed';
  }
  const begun = mains.some(({ runs }) => runs > 0);
  if (!begun && unfinishedInits(records).length > 0) return 'Pending';
  if (mains.some(({ state }, index) => state.kind === 'waiting' && ends[index] === undefined)) {
    return 'Pending';
  }
  return 'Running';
}

function containerStatuses(
  spec: PodSpec,
  records: readonly ContainerRecord[],
): Pick<PodStatus, 'containerStatuses' | 'initContainerStatuses'> {
  const all = containersOf(spec).flatMap(({ container, role }) => {
    const record = records.find(({ name }) => name === container.name);
    return record === undefined ? [] : [{ role, status: containerStatus(container, record) }];
  });
  const inits = all.filter(({ role }) => role !== 'main').map(({ status }) => status);
  const mains = all.filter(({ role }) => role === 'main').map(({ status }) => status);
  mains.sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    ...(inits.length === 0 ? {} : { initContainerStatuses: inits }),
    containerStatuses: mains,
  };
}

function containerStatus(container: Container, record: ContainerRecord): ContainerStatus {
  const { state } = record;
  const id = state.kind === 'waiting' ? record.last?.id : state.id;
  const mounts = (container.volumeMounts ?? []).map(({ name, mountPath, readOnly }) => ({
    name,
    mountPath,
    ...(readOnly === true ? { readOnly, recursiveReadOnly: 'Disabled' } : {}),
  }));
  const requests = container.resources?.requests;
  return {
    name: record.name,
    state: stateOf(state),
    lastState: record.last === undefined ? {} : { terminated: terminated(record.last) },
    ready: isReady(record),
    started: state.kind === 'running' && (record.role === 'init' || record.started === 'yes'),
    restartCount: Math.max(0, record.runs - 1),
    image: record.image?.name ?? container.image,
    imageID: record.image?.id ?? '',
    ...(id === undefined ? {} : { containerID: id }),
    ...(record.runs === 0 ? {} : { resources: container.resources ?? {} }),
    ...(record.runs === 0 || requests === undefined ? {} : { allocatedResources: requests }),
    ...(mounts.length === 0 ? {} : { volumeMounts: mounts }),
  };
}

function stateOf(state: ContainerRecord['state']): ContainerState {
  switch (state.kind) {
    case 'waiting': {
      const { reason, message } = state;
      return { waiting: message === undefined ? { reason } : { reason, message } };
    }
    case 'running':
      return { running: { startedAt: timestamp(state.startedAtMs) } };
    case 'terminated':
      return { terminated: terminated(state) };
  }
}

function terminated(ended: Ended): TerminatedState {
  return {
    containerID: ended.id,
    exitCode: ended.exitCode,
    reason: ended.reason,
    ...(ended.message === undefined ? {} : { message: ended.message }),
    startedAt: timestamp(ended.startedAtMs),
    finishedAt: timestamp(ended.finishedAtMs),
  };
}
