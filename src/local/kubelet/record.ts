/**
 * What is known of each container of a pod, as data: its present run, the one before, how often it ran.
 * Each change of it is a function here. Never here: processes, API fields (status.ts).
 */
import { type BackOff, type BackOffBounds, NO_BACK_OFF, restarted } from './back-off';
import { type Container, type Pod, type PodSpec, specOf } from './pod';

/** A run that has ended. */
export interface Ended {
  /** `local://` and 64 hex digits. */
  readonly id: string;
  /** 0..255; 128 + number of the signal. */
  readonly exitCode: number;
  /** `Completed`, `Error`, `StartError`. */
  readonly reason: string;
  /** What the container left in its termination message file. */
  readonly message: string | undefined;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
}

export type RunState =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message?: string }
  | { readonly kind: 'running'; readonly id: string; readonly startedAtMs: number }
  | ({ readonly kind: 'terminated' } & Ended);

/** Why it could not even be tried; it is tried again at `retryAtMs`. */
export type Trouble =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'image' | 'config';
      readonly sinceMs: number;
      readonly retryAtMs: number;
      readonly backOff: BackOff;
    };

export type Role = 'init' | 'sidecar' | 'main';

export interface ContainerRecord {
  readonly name: string;
  readonly role: Role;
  readonly state: RunState;
  /** `lastState`. */
  readonly last: Ended | undefined;
  /** Runs so far, the present one included. */
  readonly runs: number;
  /** What its startup probe says; `yes` without one, while it runs. */
  readonly started: 'yes' | 'no';
  /** What its readiness probe says. */
  readonly ready: 'yes' | 'no';
  readonly backOff: BackOff;
  readonly trouble: Trouble;
  /** As the container's status names it; undefined before the first run. */
  readonly image: { readonly name: string; readonly id: string } | undefined;
}

/** Records of a pod that has not run here: init containers in their order, then the others. */
export function firstRecords(spec: PodSpec): readonly ContainerRecord[] {
  const reason = (spec.initContainers ?? []).length > 0 ? 'PodInitializing' : 'ContainerCreating';
  return containersOf(spec).map(({ container, role }) => ({
    name: container.name,
    role,
    state: { kind: 'waiting', reason },
    last: undefined,
    runs: 0,
    started: 'no',
    ready: 'no',
    backOff: NO_BACK_OFF,
    trouble: { kind: 'none' },
    image: undefined,
  }));
}

/**
 * Records of a pod that ran under an earlier program: what it did not see end counts as ended by a
 * signal, so that it runs again as after a restart of its node.
 */
export function recordsAfterRestart(pod: Pod, nowMs: number): readonly ContainerRecord[] {
  const known = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ];
  return firstRecords(specOf(pod)).map((record) => {
    const status = known.find(({ name }) => name === record.name);
    if (status === undefined) return record;
    const { running, terminated } = status.state;
    const was = terminated ?? status.lastState.terminated;
    if (running === undefined && was === undefined) return record;
    const ended: Ended =
      running === undefined && was !== undefined
        ? {
            ...was,
            id: was.containerID,
            message: was.message,
            startedAtMs: Date.parse(was.startedAt),
            finishedAtMs: Date.parse(was.finishedAt),
          }
        : {
            id: status.containerID ?? '',
            exitCode: 255,
            reason: 'Unknown',
            message: undefined,
            startedAtMs: Date.parse(running?.startedAt ?? ''),
            finishedAtMs: nowMs,
          };
    const image = { name: status.image, id: status.imageID };
    const runs = status.restartCount + 1;
    return { ...record, runs, image, state: { kind: 'terminated', ...ended } };
  });
}

export function containersOf(
  spec: PodSpec,
): readonly { readonly container: Container; readonly role: Role }[] {
  return [
    ...(spec.initContainers ?? []).map((container) => ({
      container,
      role: container.restartPolicy === 'Always' ? ('sidecar' as const) : ('init' as const),
    })),
    ...spec.containers.map((container) => ({ container, role: 'main' as const })),
  ];
}

/** The run that ended last, wherever the state keeps it. */
export function latestEnd(record: ContainerRecord): Ended | undefined {
  return record.state.kind === 'terminated' ? record.state : record.last;
}

export function hasStarted(
  record: ContainerRecord,
  run: { readonly id: string; readonly startedAtMs: number },
  image: ContainerRecord['image'],
  bounds: BackOffBounds,
): ContainerRecord {
  return {
    ...record,
    state: { kind: 'running', ...run },
    last: latestEnd(record),
    runs: record.runs + 1,
    started: 'no',
    ready: 'no',
    image,
    trouble: { kind: 'none' },
    backOff:
      record.runs === 0 ? record.backOff : restarted(record.backOff, run.startedAtMs, bounds),
  };
}

export function hasEnded(record: ContainerRecord, ended: Ended): ContainerRecord {
  return {
    ...record,
    state: { kind: 'terminated', ...ended },
    started: 'no',
    ready: 'no',
  };
}

/** The program could not be started: a run that ended at once. */
export function couldNotStart(
  record: ContainerRecord,
  ended: Ended,
  image: ContainerRecord['image'],
  bounds: BackOffBounds,
): ContainerRecord {
  const begun = hasStarted(
    record,
    { id: ended.id, startedAtMs: ended.finishedAtMs },
    image,
    bounds,
  );
  const message = ended.message ?? '';
  return {
    ...begun,
    last: ended,
    state: { kind: 'waiting', reason: 'RunContainerError', message },
  };
}

export function nowWaits(
  record: ContainerRecord,
  reason: string,
  message: string | undefined,
): ContainerRecord {
  const state: RunState = {
    kind: 'waiting',
    reason,
    ...(message === undefined ? {} : { message }),
  };
  return { ...record, state, last: latestEnd(record) };
}

export function isInTrouble(
  record: ContainerRecord,
  kind: 'image' | 'config',
  nowMs: number,
  bounds: BackOffBounds,
): ContainerRecord {
  const before = record.trouble.kind === kind ? record.trouble.backOff : NO_BACK_OFF;
  const backOff = restarted(before, nowMs, bounds);
  const retryMs = kind === 'image' ? backOff.waitMs : CONFIG_RETRY_MS;
  const trouble: Trouble = { kind, sinceMs: nowMs, retryAtMs: nowMs + retryMs, backOff };
  return { ...record, trouble };
}

/** A missing Secret or ConfigMap is looked for this often. */
const CONFIG_RETRY_MS = 2_000;

/** An init container is ready when it is done. */
export function isReady({ role, state, ready, started }: ContainerRecord): boolean {
  if (role === 'init') return state.kind === 'terminated' && state.exitCode === 0;
  return state.kind === 'running' && started === 'yes' && ready === 'yes';
}

/** The containers that still keep the main ones from their first run. */
export function unfinishedInits(records: readonly ContainerRecord[]): readonly string[] {
  if (records.some(({ role, runs }) => role === 'main' && runs > 0)) return [];
  return records
    .filter(({ role, state, started }) =>
      role === 'init'
        ? !(state.kind === 'terminated' && state.exitCode === 0)
        : role === 'sidecar' && started === 'no',
    )
    .map(({ name }) => name);
}
