/**
 * What the shell knows of one pod on its node, shared by the files that work on it.
 * Never here: a decision, a process.
 */
import type { PodFacts } from './conditions';
import type { Place } from './downward';
import type { Host, NodePlace } from './host';
import { type Container, type Pod, specOf } from './pod';
import type { PodFolder } from './pod-folder';
import { type ContainerRecord, containersOf } from './record';
import type { Run } from './run';
import type { Tokens } from './tokens';

/** `over`: its processes have ended for good. `stopped`: this program ends. */
export type Life = 'mounting' | 'running' | 'finished' | 'ending' | 'over' | 'stopped';

/** That the pod has to end. */
export interface EndOrder {
  readonly graceMs: number;
  /** `delete`: the object waits for us. `leave`: it is gone already. */
  readonly then: 'delete' | 'leave';
}

export interface PodState {
  readonly host: Host;
  readonly node: NodePlace;
  readonly place: Place;
  readonly folder: PodFolder;
  readonly tokens: Tokens;
  readonly startedAtMs: number;
  /** Of each container, the present or last run, and the one before it in front. */
  readonly runs: Map<string, readonly Run[]>;
  /** Aborted when the pod has to end: hooks that hold up a start give up. */
  readonly interrupt: AbortController;
  pod: Pod;
  records: readonly ContainerRecord[];
  life: Life;
  order: EndOrder | undefined;
  /** Once; later calls do nothing. */
  readonly freeAddress: () => void;
  /** Asks for another turn. */
  wake: () => void;
  /** Writes the status, if it differs from what the API has. */
  publish: () => void;
}

export function factsOf(state: PodState): PodFacts {
  const { pod, records, place, node, startedAtMs, host, life } = state;
  return {
    pod,
    records,
    podIp: life === 'mounting' ? undefined : place.podIp,
    hostIp: node.ip,
    startedAtMs,
    nowMs: host.nowMs(),
    life: life === 'finished' || life === 'over' ? 'over' : 'goes on',
  };
}

export function change(
  state: PodState,
  name: string,
  to: (record: ContainerRecord) => ContainerRecord,
): void {
  state.records = state.records.map((record) => (record.name === name ? to(record) : record));
}

/** Only if this very run is the present one. */
export function changeRun(
  state: PodState,
  { id, container }: Run,
  to: (record: ContainerRecord) => ContainerRecord,
): void {
  change(state, container.name, (record) =>
    record.state.kind === 'running' && record.state.id === id ? to(record) : record,
  );
}

export function containerNamed(
  { pod }: Pick<PodState, 'pod'>,
  name: string,
): Container | undefined {
  return containersOf(specOf(pod)).find(({ container }) => container.name === name)?.container;
}

/** An Event about a container. */
export function tellOf(
  { host, pod }: PodState,
  { name }: Container,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  const found = containersOf(specOf(pod)).find(({ container }) => container.name === name);
  const field = found === undefined || found.role === 'main' ? 'containers' : 'initContainers';
  host.tell(pod, type, reason, message, `spec.${field}{${name}}`);
}

/** Those that have a process now; in the order of the spec. */
export function presentRuns({ runs, records }: PodState): readonly Run[] {
  return records.flatMap(({ name, state }) => {
    const run = runs.get(name)?.at(-1);
    return run !== undefined && state.kind === 'running' && state.id === run.id ? [run] : [];
  });
}

/** What the pod grants its containers to end. */
export function graceMsOf({ pod }: PodState): number {
  return (specOf(pod).terminationGracePeriodSeconds ?? 30) * 1000;
}
