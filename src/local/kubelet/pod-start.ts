/**
 * Starts a container of a pod and follows its run: records, Events, probes, its end.
 * Never here: when it may start (next.ts), how a process is made (start-container.ts).
 */
import type { Container } from './pod';
import { change, changeRun, graceMsOf, type PodState, tellOf } from './pod-state';
import type { ProbeKind } from './probe-state';
import type { ProbeNews } from './prober';
import { couldNotStart, hasEnded, hasStarted, isInTrouble, nowWaits } from './record';
import type { Run } from './run';
import { type ImageNames, startContainer } from './start-container';

export async function start(state: PodState, container: Container): Promise<void> {
  const { host, pod, place, folder } = state;
  const { processes, timers, nowMs, settings } = host;
  const attempt = state.records.find(({ name }) => name === container.name)?.runs ?? 0;
  const began = startContainer(
    host,
    { pod, container, place, folder, attempt },
    {
      processes,
      timers,
      nowMs,
      firstProbeMs: settings.firstProbeMs,
      onProbe: (news) => onProbe(state, container, news),
      onProbeFailure: (kind, how) => onProbeFailure(state, container, kind, how),
    },
  );
  switch (began.kind) {
    case 'image':
    case 'config':
      return inTrouble(state, container, began);
    case 'failed':
      return failed(state, container, began.message, began.image);
    case 'running':
      tellStart(state, container, began.image);
      tellOf(state, container, 'Normal', 'Started', `Started container ${container.name}`);
      return follow(state, began.run, began.image);
  }
}

function inTrouble(
  state: PodState,
  container: Container,
  trouble: { readonly kind: 'image' | 'config'; readonly message: string },
): void {
  const { kind, message } = trouble;
  const isImage = kind === 'image';
  const reason = isImage ? 'ErrImagePull' : 'CreateContainerConfigError';
  const words = isImage
    ? `Failed to pull image "${container.image}": ${message}`
    : `Error: ${message}`;
  tellOf(state, container, 'Warning', 'Failed', words);
  if (isImage) tellOf(state, container, 'Warning', 'Failed', `Error: ${reason}`);
  const { nowMs, settings } = state.host;
  change(state, container.name, (record) =>
    nowWaits(isInTrouble(record, kind, nowMs(), settings.backOff), reason, message),
  );
}

function tellStart(state: PodState, container: Container, { substituted }: ImageNames): void {
  const pulled = `Container image "${container.image}" already present on machine`;
  tellOf(state, container, 'Normal', 'Pulled', pulled);
  if (substituted !== undefined) {
    tellOf(state, container, 'Warning', 'ImageSubstituted', substituted);
  }
  tellOf(state, container, 'Normal', 'Created', `Created container: ${container.name}`);
}

function failed(state: PodState, container: Container, message: string, image: ImageNames): void {
  tellStart(state, container, image);
  tellOf(state, container, 'Warning', 'Failed', `Error: ${message}`);
  const { nowMs, settings } = state.host;
  const ended = {
    id: `local://${'0'.repeat(64)}`,
    exitCode: 128,
    reason: 'StartError',
    message,
    startedAtMs: 0,
    finishedAtMs: nowMs(),
  };
  change(state, container.name, (record) => couldNotStart(record, ended, image, settings.backOff));
}

async function follow(state: PodState, run: Run, image: ImageNames): Promise<void> {
  const { container } = run;
  const { runs, host, interrupt } = state;
  runs.set(container.name, [...(runs.get(container.name) ?? []).slice(-1), run]);
  // A real kubelet tells a container as running when its hook is done, too.
  const hooked = await run.postStart(interrupt.signal);
  change(state, container.name, (record) => hasStarted(record, run, image, host.settings.backOff));
  void run.ended.then((ended) => {
    changeRun(state, run, (record) => hasEnded(record, ended));
    if (state.life === 'running') state.wake();
    else state.publish();
  });
  if ('message' in hooked) {
    tellOf(state, container, 'Warning', 'FailedPostStartHook', 'PostStartHook failed');
    tellOf(state, container, 'Normal', 'Killing', 'FailedPostStartHook');
    await endRun(state, run, graceMsOf(state));
    return;
  }
  changeRun(state, run, (record) => ({
    ...record,
    started: container.startupProbe === undefined ? 'yes' : 'no',
    ready: container.readinessProbe === undefined ? 'yes' : 'no',
  }));
  run.startProbes();
}

/** With the Event of a preStop hook that fails. */
export function endRun(state: PodState, run: Run, graceMs: number): Promise<unknown> {
  return run.end(graceMs, (message) =>
    tellOf(state, run.container, 'Warning', 'FailedPreStopHook', `PreStopHook failed: ${message}`),
  );
}

function onProbe(state: PodState, container: Container, { kind, result }: ProbeNews): void {
  const run = state.runs.get(container.name)?.at(-1);
  if (run === undefined || state.life === 'stopped') return;
  if (kind !== 'readiness' && result === 'failure') {
    if (state.life === 'running') restart(state, run, kind);
    return;
  }
  const word = kind === 'readiness' ? 'ready' : 'started';
  if (kind === 'liveness') return;
  changeRun(state, run, (record) => ({ ...record, [word]: result === 'success' ? 'yes' : 'no' }));
  if (state.life === 'running') state.wake();
  else state.publish();
}

function restart(state: PodState, run: Run, kind: 'startup' | 'liveness'): void {
  const { container } = run;
  const why = `Container ${container.name} failed ${kind} probe, will be restarted`;
  tellOf(state, container, 'Normal', 'Killing', why);
  run.stopProbes('those that restart');
  const own = container[`${kind}Probe`]?.terminationGracePeriodSeconds;
  void endRun(state, run, own === undefined ? graceMsOf(state) : own * 1000);
}

function onProbeFailure(state: PodState, container: Container, kind: ProbeKind, how: string): void {
  const name = `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`;
  tellOf(state, container, 'Warning', 'Unhealthy', `${name} probe ${how}`);
}
