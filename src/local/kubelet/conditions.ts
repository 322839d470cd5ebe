/**
 * The conditions that the kubelet keeps of a pod. A time changes with the status it belongs to; what
 * others wrote, such as DisruptionTarget or a readiness gate, stays as it is.
 * Never here: phases (status.ts).
 */
import { timestamp } from '../controllers/objects/time';
import { type Pod, type PodCondition, type PodPhase, type PodSpec, specOf } from './pod';
import { type ContainerRecord, isReady, unfinishedInits } from './record';

export interface PodFacts {
  readonly pod: Pod;
  readonly records: readonly ContainerRecord[];
  /** undefined before its volumes are there. */
  readonly podIp: string | undefined;
  readonly hostIp: string;
  readonly startedAtMs: number;
  readonly nowMs: number;
  /** `over`: nothing of it will run again, because it is deleted or has finished. */
  readonly life: 'goes on' | 'over';
}

const OWN = [
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
] as const;

type Own = (typeof OWN)[number];
type Said = Pick<PodCondition, 'status' | 'reason' | 'message'>;

const TRUE: Said = { status: 'True' };

/** What others say of a pod: not the kubelet's to say. */
export function isForeign({ type }: Pick<PodCondition, 'type'>): boolean {
  return !OWN.some((own) => own === type);
}

export function conditionsOf(facts: PodFacts, phase: PodPhase): readonly PodCondition[] {
  const before = facts.pod.status?.conditions ?? [];
  const foreign = before.filter(isForeign);
  const own = OWN.map((type): PodCondition => {
    const said = say(type, facts, phase);
    const last = before.find((condition) => condition.type === type);
    const { generation } = facts.pod.metadata;
    return {
      type,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      status: said.status,
      ...(said.reason === undefined ? {} : { reason: said.reason }),
      ...(said.message === undefined ? {} : { message: said.message }),
      lastProbeTime: null,
      lastTransitionTime:
        last?.status === said.status ? last.lastTransitionTime : timestamp(facts.nowMs),
    };
  });
  return [...foreign, ...own];
}

function say(type: Own, facts: PodFacts, phase: PodPhase): Said {
  const { pod, records } = facts;
  switch (type) {
    case 'PodReadyToStartContainers': {
      const there = facts.podIp !== undefined && !isTerminal(phase);
      return { status: there ? 'True' : 'False' };
    }
    case 'Initialized':
      return initializedSaid(records, phase);
    case 'ContainersReady':
      return containersReady(records, phase);
    case 'Ready':
      return readySaid(specOf(pod), facts, containersReady(records, phase));
    case 'PodScheduled':
      return TRUE;
  }
}

function isTerminal(phase: PodPhase): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

function initializedSaid(records: readonly ContainerRecord[], phase: PodPhase): Said {
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' };
  const missing = unfinishedInits(records);
  if (missing.length === 0) return TRUE;
  const message = `containers with incomplete status: [${missing.join(' ')}]`;
  return { status: 'False', reason: 'ContainersNotInitialized', message };
}

function containersReady(records: readonly ContainerRecord[], phase: PodPhase): Said {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const unready = records.filter(({ role }) => role !== 'init').filter((each) => !isReady(each));
  if (unready.length === 0) return TRUE;
  const names = unready.map(({ name }) => name).join(' ');
  const message = `containers with unready status: [${names}]`;
  return { status: 'False', reason: 'ContainersNotReady', message };
}

/** Ready is ContainersReady and every gate of the pod. */
function readySaid(spec: PodSpec, { pod }: PodFacts, containers: Said): Said {
  if (containers.status !== 'True') return containers;
  const closed = (spec.readinessGates ?? []).filter(
    ({ conditionType }) =>
      pod.status?.conditions?.find(({ type }) => type === conditionType)?.status !== 'True',
  );
  if (closed.length === 0) return TRUE;
  const messages = closed.map(({ conditionType }) =>
    pod.status?.conditions?.some(({ type }) => type === conditionType)
      ? `the status of pod readiness gate "${conditionType}" is not "True", but False`
      : `corresponding condition of pod readiness gate "${conditionType}" does not exist.`,
  );
  return { status: 'False', reason: 'ReadinessGatesNotReady', message: messages.join('\n') };
}
