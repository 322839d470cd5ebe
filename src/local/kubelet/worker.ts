/**
 * One pod on its node: brings what is (processes, records, the status that the API has) to what the
 * pure files say should be. One turn at a time; events between turns ask for another one.
 * Never here: decisions (next.ts), the words of the status (status.ts).
 */
import { isDeepStrictEqual } from 'node:util';
import { isForeign } from './conditions';
import { type Host, type NodePlace, nameOf } from './host';
import { next, type Step } from './next';
import { type Container, type Pod, type PodCondition, specOf } from './pod';
import { end, finish, hasten } from './pod-end';
import { podFolderOf, type Unfilled } from './pod-folder';
import { endRun, start } from './pod-start';
import { change, containerNamed, graceMsOf, type PodState, presentRuns, tellOf } from './pod-state';
import { publisherOf } from './publish';
import { type ContainerRecord, nowWaits, recordsAfterRestart } from './record';
import type { Run } from './run';
import { tokensOf } from './tokens';

export interface PodWorker {
  readonly node: string;
  pod(): Pod;
  /** The newest object; the same pod by uid. */
  update(pod: Pod): void;
  /** It is gone from the API: it ends as after a deletion by force. */
  removed(): void;
  /** Secrets, ConfigMaps or claims have changed. */
  refreshVolumes(): void;
  /** Looks again, e.g. after the node's link came back. */
  wake(): void;
  /** The present or last run of a container; -1: the one before. */
  run(container: string, which: 0 | -1): Run | undefined;
  /** The reason why a container waits, as its status says it; undefined: it does not wait. */
  waitsFor(container: string): string | undefined;
  /** To all processes of a container, or of all; e.g. SIGSTOP for a pod that hangs. */
  signal(signal: NodeJS.Signals, container?: string): void;
  /** The program ends: no more turns, no more writes. Whoever calls ends the processes. */
  stop(): void;
}

/** A volume that cannot be made is tried again after this, then after twice as long, up to 2 min. */
const MOUNT_RETRY_MS = 500;
const MOUNT_RETRY_MAX_MS = 122_000;
/** A token that is due and cannot be written does not keep the pod busy. */
const TOKEN_RETRY_MS = 1_000;
/** A turn in which something was thrown that nobody thought of; then after twice as long, as above. */
const TURN_RETRY_MS = 1_000;
/** A force-deleted pod's grace, as a real kubelet grants it. */
const FORCED_GRACE_MS = 1_000;

/** @param onGone its processes have ended, its address and its folder are free. */
export function startPodWorker(
  host: Host,
  node: NodePlace,
  first: Pod,
  onGone: () => void,
): PodWorker {
  const state = firstState(host, node, first);
  const turns = turnsOf(state, onGone);
  state.wake = turns.wake;
  const order = (graceMs: number, then: 'delete' | 'leave'): void => {
    if (state.life === 'over' || state.life === 'stopped') return;
    state.order = { graceMs: Math.max(graceMs, FORCED_GRACE_MS), then };
    state.interrupt.abort();
    if (state.life === 'ending') hasten(state);
    else state.wake();
  };
  // What the last one said: the pod itself may be newer, by an answer to a write of ours.
  let seen = first;
  const update = (newest: Pod): void => {
    const before = seen;
    seen = newest;
    const { status } = state.pod;
    if (versionOf(newest) > versionOf(state.pod)) state.pod = newest;
    const { deletionTimestamp, deletionGracePeriodSeconds = 30 } = newest.metadata;
    if (deletionTimestamp !== undefined) {
      order(deletionGracePeriodSeconds * 1000, 'delete');
      return;
    }
    for (const run of presentRuns(state)) restartIfChanged(state, run);
    if (state.life !== 'running') return;
    adapt(state, before, newest);
    heedConditions(state, status?.conditions ?? []);
  };
  update(first);
  turns.wake();
  return {
    node: node.name,
    pod: () => state.pod,
    update,
    removed() {
      if (host.settings.forceDeleted === 'end') order(FORCED_GRACE_MS, 'leave');
    },
    refreshVolumes() {
      if (state.life === 'running') refill(state);
      else if (state.life === 'mounting') turns.wake();
    },
    wake() {
      if (state.life === 'ending' || state.life === 'over') state.publish();
      else turns.wake();
    },
    run: (container, which) => state.runs.get(container)?.at(which === 0 ? -1 : -2),
    waitsFor(container) {
      const found = state.records.find(({ name }) => name === container)?.state;
      return found?.kind === 'waiting' ? found.reason : undefined;
    },
    signal(signal, container) {
      for (const run of presentRuns(state)) {
        if (container === undefined || run.container.name === container) run.signal(signal);
      }
    },
    stop() {
      state.life = 'stopped';
      state.freeAddress();
      state.interrupt.abort();
      turns.stop();
      for (const run of presentRuns(state)) run.stopProbes('all');
    },
  };
}

function firstState(host: Host, node: NodePlace, first: Pod): PodState {
  const tokens = tokensOf(host, first);
  const podIp = host.addresses.take(first.status?.podIP);
  const publish = publisherOf(host.timers);
  const state: PodState = {
    host,
    node,
    tokens,
    place: { podIp, hostIp: node.ip, allocatable: node.allocatable },
    folder: podFolderOf(host, first, ({ audience, expirationSeconds }) =>
      tokens.of(audience, expirationSeconds),
    ),
    startedAtMs: Date.parse(first.status?.startTime ?? '') || host.nowMs(),
    runs: new Map(),
    interrupt: new AbortController(),
    pod: first,
    records: recordsAfterRestart(first, host.nowMs()),
    life: 'mounting',
    order: undefined,
    freeAddress: once(() => host.addresses.free(podIp)),
    wake: () => {},
    publish: () => publish(state),
  };
  return state;
}

/** Afterwards the address may be another pod's. */
function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}

/** One turn at a time, and one more if somebody asked meanwhile. */
function turnsOf(state: PodState, onGone: () => void): { wake: () => void; stop: () => void } {
  let asked = false;
  let at: 'rest' | 'work' = 'rest';
  let cancel = (): void => {};
  let mountRetryMs = MOUNT_RETRY_MS;
  let turnRetryMs = TURN_RETRY_MS;
  const isOn = (): boolean =>
    state.life === 'mounting' || state.life === 'running' || state.life === 'finished';
  const wakeAfter = (delayMs: number): void => {
    cancel();
    cancel = state.host.timers.after(Math.max(1, delayMs), wake);
  };
  const one = async (): Promise<void> => {
    if (state.order !== undefined) {
      cancel();
      void end(state, onGone);
      return;
    }
    if (state.life === 'mounting' && !mount(state)) {
      wakeAfter(mountRetryMs);
      mountRetryMs = Math.min(mountRetryMs * 2, MOUNT_RETRY_MAX_MS);
      return;
    }
    const wakeAtMs = state.life === 'running' ? await advance(state) : undefined;
    state.publish();
    if (wakeAtMs !== undefined) wakeAfter(wakeAtMs - state.host.nowMs());
  };
  const work = async (): Promise<void> => {
    at = 'work';
    try {
      while (asked && isOn()) {
        asked = false;
        await one();
        turnRetryMs = TURN_RETRY_MS;
      }
    } catch (problem) {
      if (!isOn()) return;
      // One pod's trouble is not the cluster's end.
      wakeAfter(turnRetryMs);
      turnRetryMs = Math.min(turnRetryMs * 2, MOUNT_RETRY_MAX_MS);
      state.host.tell(state.pod, 'Warning', 'FailedSync', (problem as Error).message);
    } finally {
      at = 'rest';
    }
  };
  const wake = (): void => {
    asked = true;
    if (at === 'rest' && isOn()) void work();
  };
  return { wake, stop: () => cancel() };
}

/** @returns whether every volume is there. */
function mount(state: PodState): boolean {
  const unfilled = state.folder.fill(state.pod, state.place);
  if (unfilled === undefined) {
    state.life = 'running';
    // The address is known before the first container asks for it.
    state.publish();
    return true;
  }
  tellUnfilled(state, unfilled);
  state.publish();
  return false;
}

/** Pods whose files are written again in a moment. */
const refilling = new WeakSet<PodState>();

/** What is missing while a pod runs stays as it was, and nobody tells it; what is broken is tried again. */
function refill(state: PodState): void {
  const unfilled = state.folder.fill(state.pod, state.place);
  if (unfilled?.why !== 'broken') return;
  tellUnfilled(state, unfilled);
  if (refilling.has(state)) return;
  refilling.add(state);
  state.host.timers.after(state.host.settings.resyncMs, () => {
    refilling.delete(state);
    if (state.life === 'running') refill(state);
  });
}

function tellUnfilled({ host, pod }: PodState, { message }: Unfilled): void {
  host.tell(pod, 'Warning', 'FailedMount', message);
}

/** @returns when to look again. */
async function advance(state: PodState): Promise<number | undefined> {
  const { settings, nowMs } = state.host;
  const renewAtMs = state.tokens.renewAtMs();
  if (renewAtMs !== undefined && nowMs() >= renewAtMs) refill(state);
  const options = { bounds: settings.backOff, restartDelayMs: settings.restartDelayMs };
  const todo = next(specOf(state.pod), state.records, nowMs(), options);
  for (const step of todo.steps) {
    if (state.interrupt.signal.aborted) return undefined;
    await take(state, step);
  }
  if (todo.steps.length > 0) state.wake();
  if (todo.pod === 'finished') await finish(state);
  const dueMs = state.tokens.renewAtMs();
  const tokenMs = dueMs && Math.max(dueMs, nowMs() + TOKEN_RETRY_MS);
  const times = [todo.wakeAtMs, tokenMs].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

async function take(state: PodState, step: Step): Promise<void> {
  const container = containerNamed(state, step.container);
  if (container === undefined) return;
  if (step.kind === 'start') return start(state, container);
  announce(state, container, step);
}

function announce(
  state: PodState,
  container: Container,
  { told, waitMs }: Extract<Step, { readonly kind: 'announce' }>,
): void {
  const { name, image } = container;
  if (told === 'ImagePullBackOff') {
    const message = `Back-off pulling image "${image}"`;
    tellOf(state, container, 'Normal', 'BackOff', message);
    tellOf(state, container, 'Warning', 'Failed', `Error: ${told}`);
    change(state, name, (record) => nowWaits(record, told, `${message}${causeOf(record)}`));
    return;
  }
  const pod = nameOf(state.pod);
  const back = `back-off ${goDuration(waitMs)} restarting failed container=${name} pod=${pod}`;
  const words = `Back-off restarting failed container ${name} in pod ${pod}`;
  tellOf(state, container, 'Warning', 'BackOff', words);
  change(state, name, (record) => nowWaits(record, told, back));
}

/** Why the image could not be had, behind what is done about it. */
function causeOf({ state }: ContainerRecord): string {
  return state.kind === 'waiting' ? `: ${state.reason}: ${state.message ?? ''}` : '';
}

/** `10s`, `1m20s`, as Go prints durations. */
function goDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

function versionOf({ metadata }: Pod): number {
  return Number(metadata.resourceVersion);
}

/** A readiness gate counts at once; what somebody wrote over the kubelet's own is not fought over. */
function heedConditions({ pod, host, wake }: PodState, then: readonly PodCondition[]): void {
  const now = pod.status?.conditions ?? [];
  if (!isDeepStrictEqual(now.filter(isForeign), then.filter(isForeign))) wake();
  else if (!isDeepStrictEqual(now, then)) host.timers.after(host.settings.resyncMs, wake);
}

/** To what somebody changed of a pod that runs. */
function adapt(state: PodState, before: Pod, newest: Pod): void {
  // Labels and annotations can be mounted as files.
  const known = ({ metadata }: Pod): object => [metadata.labels, metadata.annotations];
  if (!isDeepStrictEqual(known(newest), known(before))) refill(state);
  // The wait for an image is nothing to the one that takes its place.
  const imageIn = (pod: Pod, name: string) => containerNamed({ pod }, name)?.image;
  const old = state.records.filter(({ name, trouble }) => {
    return trouble.kind === 'image' && imageIn(before, name) !== imageIn(newest, name);
  });
  for (const { name } of old) {
    change(state, name, (record) => ({ ...record, trouble: { kind: 'none' } }));
  }
  if (old.length > 0) state.wake();
}

/** An image is the one field of a container that may change. */
function restartIfChanged(state: PodState, run: Run): void {
  const { container } = run;
  if (run.isEnding() || containerNamed(state, container.name)?.image === container.image) return;
  const why = `Container ${container.name} definition changed, will be restarted`;
  tellOf(state, container, 'Normal', 'Killing', why);
  run.stopProbes('those that restart');
  void endRun(state, run, graceMsOf(state));
}
