/**
 * One run of a container: its process, probes, hooks, log and orderly end.
 * Never here: whether it runs again (next.ts).
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Timers } from '../controllers/frame/timers';
import { type Inside, type Outcome, runHandler } from './handler-run';
import type { LogFile } from './log-file';
import type { Container } from './pod';
import type { ProbeKind } from './probe-state';
import { type ProberOptions, startProber } from './prober';
import { type Command, processOf } from './process-of';
import type { Processes, Running } from './processes';
import type { Ended } from './record';

export interface RunSpec {
  readonly container: Container;
  /** How the container and everything that runs beside it is started. */
  readonly command: Command;
  readonly argv: readonly string[];
  readonly log: LogFile;
  readonly terminationFile: string;
  readonly podIp: string;
  readonly hostIp: string;
}

export interface RunHost {
  readonly processes: Processes;
  readonly timers: Timers;
  readonly nowMs: () => number;
  readonly firstProbeMs: number;
  readonly onProbe: ProberOptions['onResult'];
  readonly onProbeFailure: ProberOptions['onFailure'];
}

export interface Run {
  readonly id: string;
  readonly startedAtMs: number;
  readonly pid: number;
  readonly container: Container;
  readonly log: LogFile;
  readonly ended: Promise<Ended>;
  /** Starts a command as the container would; it ends with the run. */
  exec(
    command: readonly string[],
    through: 'pipes' | 'terminal',
  ): Running | { readonly kind: 'failed'; readonly message: string };
  /** Runs the postStart hook. */
  postStart(signal: AbortSignal): Promise<Outcome>;
  /** Begins with the startup probe, if there is one, else with the others. */
  startProbes(): void;
  /** Readiness goes on while a pod ends; the others would restart what has to end. */
  stopProbes(which: 'all' | 'those that restart'): void;
  /**
   * preStop, SIGTERM, SIGKILL. A second call can only shorten what the first one granted.
   * @param onHookFailure with what a failing preStop said.
   */
  end(graceMs: number, onHookFailure: (message: string) => void): Promise<Ended>;
  isEnding(): boolean;
  /** To all processes of the container. */
  signal(signal: NodeJS.Signals): void;
}

/** A container that used its grace for the hook has this long between SIGTERM and SIGKILL. */
const TERM_MIN_MS = 2_000;
/** How long the end of a log is waited for when a stray child holds it open. */
const LOG_END_MS = 200;

/** @returns the message of a StartError. */
export function startRun(
  spec: RunSpec,
  host: RunHost,
): Run | { readonly kind: 'failed'; readonly message: string } {
  const { container, log } = spec;
  const main = mainOf(spec, host);
  if ('kind' in main) {
    log.end(host.nowMs());
    return main;
  }
  main.onOutput((stream, chunk) => log.append(stream, chunk, host.nowMs()));
  const id = `local://${randomBytes(32).toString('hex')}`;
  const startedAtMs = host.nowMs();
  const beside = new Set<Running>();
  const ended = main.ended.then(async (exitCode): Promise<Ended> => {
    probes.stop('all');
    for (const running of beside) running.signal('group', 'SIGKILL');
    await Promise.race([main.closed, new Promise((done) => setTimeout(done, LOG_END_MS))]);
    log.end(host.nowMs());
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    const message = lastWords(spec, exitCode);
    return { id, exitCode, reason, message, startedAtMs, finishedAtMs: host.nowMs() };
  });
  const exec: Run['exec'] = (command, through) => {
    const running = processOf(host.processes, spec.command, command, 'open', through);
    if ('kind' in running) return running;
    beside.add(running);
    void running.ended.then(() => beside.delete(running));
    return running;
  };
  const inside: Inside = {
    container,
    podIp: spec.podIp,
    hostIp: spec.hostIp,
    timers: host.timers,
    exec: (command) => exec(command, 'pipes'),
  };
  const probes = probesOf(inside, host);
  return {
    id,
    startedAtMs,
    pid: main.pid,
    container,
    log,
    ended,
    exec,
    postStart: (signal) =>
      container.lifecycle?.postStart === undefined
        ? Promise.resolve({ kind: 'success' })
        : runHandler(container.lifecycle.postStart, inside, HOOK_MAX_MS, signal),
    startProbes: probes.start,
    stopProbes: probes.stop,
    ...orderlyEnd(main, inside, ended, host),
    signal(signal) {
      for (const running of [main, ...beside]) running.signal('group', signal);
    },
  };
}

function mainOf({ terminationFile, command, argv }: RunSpec, host: RunHost) {
  try {
    writeFileSync(terminationFile, '');
  } catch (problem) {
    return { kind: 'failed' as const, message: (problem as Error).message };
  }
  return processOf(host.processes, command, argv, 'closed', 'pipes');
}

/** A startup probe comes alone; the others follow when it has succeeded. */
function probesOf(
  inside: Inside,
  { timers, firstProbeMs, onProbe, onProbeFailure }: RunHost,
): { readonly start: () => void; readonly stop: Run['stopProbes'] } {
  const stops = new Map<ProbeKind, () => void>();
  const begin = (kind: ProbeKind): void => {
    const probe = inside.container[`${kind}Probe`];
    if (probe === undefined) return;
    const onResult: ProberOptions['onResult'] = (news) => {
      if (kind === 'startup' && news.result === 'success') {
        stops.get('startup')?.();
        begin('liveness');
        begin('readiness');
      }
      onProbe(news);
    };
    const options = { timers, firstProbeMs, onResult, onFailure: onProbeFailure };
    stops.set(kind, startProber(kind, probe, inside, options));
  };
  return {
    start() {
      const first = inside.container.startupProbe === undefined ? 'liveness' : 'startup';
      begin(first);
      if (first === 'liveness') begin('readiness');
    },
    stop(which) {
      for (const [kind, stop] of stops) if (which === 'all' || kind !== 'readiness') stop();
    },
  };
}

/** A postStart hook has no limit of its own; the pod's deletion ends it. */
const HOOK_MAX_MS = 2 ** 31 - 1;

function orderlyEnd(
  main: Running,
  inside: Inside,
  ended: Promise<Ended>,
  { timers, nowMs }: RunHost,
): Pick<Run, 'end' | 'isEnding'> {
  let deadlineMs = Number.POSITIVE_INFINITY;
  let shorten = (): void => {};
  let result: Promise<Ended> | undefined;
  /** Waits for `first`, at most until the deadline, which may come nearer meanwhile. */
  const untilDeadline = (first: Promise<unknown>, leastMs: number): Promise<void> =>
    new Promise((resolve) => {
      const beganMs = nowMs();
      let cancel = (): void => {};
      const arm = (): void => {
        cancel();
        const untilMs = Math.max(deadlineMs, beganMs + leastMs);
        cancel = timers.after(Math.max(1, untilMs - nowMs()), resolve);
      };
      shorten = arm;
      arm();
      void first.then(() => {
        cancel();
        resolve();
      });
    });
  const work = async (onHookFailure: (message: string) => void): Promise<Ended> => {
    const hook = inside.container.lifecycle?.preStop;
    if (hook !== undefined && deadlineMs > nowMs()) {
      const giveUp = new AbortController();
      const done = runHandler(hook, inside, HOOK_MAX_MS, giveUp.signal).then((outcome) => {
        if ('message' in outcome) onHookFailure(outcome.message);
      });
      // A hook that outlasts the grace goes on beside SIGTERM, until the container has ended.
      void ended.then(() => giveUp.abort());
      await untilDeadline(Promise.race([done, ended]), 0);
    }
    main.signal('process', 'SIGTERM');
    await untilDeadline(ended, TERM_MIN_MS);
    main.signal('group', 'SIGKILL');
    return ended;
  };
  return {
    isEnding: () => result !== undefined,
    end(graceMs, onHookFailure) {
      deadlineMs = Math.min(deadlineMs, nowMs() + graceMs);
      shorten();
      result ??= work(onHookFailure);
      return result;
    },
  };
}

/** Bytes of a termination message. */
const WORDS_MAX = 4096;

function lastWords(spec: RunSpec, exitCode: number): string | undefined {
  let text = '';
  try {
    text = readFileSync(spec.terminationFile, 'utf8').slice(0, WORDS_MAX);
  } catch {
    // The container took its file away.
  }
  if (text !== '') return text;
  const wantsLog = spec.container.terminationMessagePolicy === 'FallbackToLogsOnError';
  if (exitCode === 0 || !wantsLog) return undefined;
  const lines = spec.log.lines().slice(-80);
  const tail = lines.map((line) => `${line.text}${line.whole === 'yes' ? '\n' : ''}`).join('');
  return tail.slice(-2048);
}
