/**
 * Logs of containers, and commands beside them, for the API server.
 * Never here: how bytes get to a client, how a log is kept.
 */
import type {
  AgentRefusal,
  ContainerRef,
  ExecEnd,
  ExecOptions,
  ExecStreams,
  LogOptions,
  LogSink,
  NodeAgent,
} from '../api/node-agent';
import type { LogLine } from './log-file';
import { resize } from './pty';
import type { Run } from './run';
import type { PodWorker } from './worker';

/** @param workerOf by the pod's uid. */
export function agentOf(
  workerOf: (uid: string) => PodWorker | undefined,
  nowMs: () => number,
): NodeAgent {
  return {
    logs(of, options, sink) {
      const worker = workerOf(of.uid);
      const run = worker?.run(of.container, options.previous === 'yes' ? -1 : 0);
      if (run === undefined) return refused(noLog(of, options, worker?.waitsFor(of.container)));
      return { kind: 'streaming', stop: stream(run, options, sink, nowMs()) };
    },
    exec(inside, options, streams) {
      const run = workerOf(inside.uid)?.run(inside.container, 0);
      return run === undefined
        ? Promise.resolve(refused(`container not found ("${inside.container}")`))
        : exec(run, options, streams);
    },
  };
}

function refused(message: string): AgentRefusal {
  return { kind: 'refused', message };
}

function noLog(
  { container, pod }: ContainerRef,
  { previous }: LogOptions,
  reason = 'ContainerCreating',
): string {
  return previous === 'yes'
    ? `previous terminated container "${container}" in pod "${pod}" not found`
    : `container "${container}" in pod "${pod}" is waiting to start: ${waits[reason] ?? reason}`;
}

/** A real kubelet has words of its own for these reasons. */
const waits: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: 'trying and failing to pull image',
};

/** @returns the lines that are wanted of those that are there. */
function chosenLines(
  lines: readonly LogLine[],
  { tailLines, sinceSeconds, sinceTime }: LogOptions,
  nowMs: number,
): readonly LogLine[] {
  const sinceMs = Math.max(
    sinceSeconds === undefined ? 0 : nowMs - sinceSeconds * 1000,
    sinceTime === undefined ? 0 : Date.parse(sinceTime),
  );
  const young = sinceMs === 0 ? lines : lines.filter(({ time }) => Date.parse(time) >= sinceMs);
  return tailLines === undefined ? young : young.slice(Math.max(0, young.length - tailLines));
}

/** Never holds more than what the sink has asked to wait for: a slow reader slows nobody down. */
function stream(run: Run, options: LogOptions, sink: LogSink, nowMs: number): () => void {
  const waiting: LogLine[] = [...chosenLines(run.log.lines(), options, nowMs)];
  let leftBytes = options.limitBytes ?? Number.POSITIVE_INFINITY;
  let source: 'open' | 'ended' = options.follow === 'yes' ? 'open' : 'ended';
  let state: 'flows' | 'held' | 'over' = 'flows';
  let begins = true;
  const finish = (): void => {
    if (state === 'over') return;
    state = 'over';
    sink.end();
  };
  const pump = (): void => {
    while (state === 'flows') {
      const line = waiting.shift();
      if (line === undefined) {
        if (source === 'ended') finish();
        return;
      }
      const stamp = options.timestamps === 'yes' && begins ? `${line.time} ` : '';
      begins = line.whole === 'yes';
      const text = `${stamp}${line.text}${begins ? '\n' : ''}`;
      const bytes = Buffer.from(text).subarray(0, leftBytes);
      leftBytes -= bytes.length;
      if (bytes.length > 0 && sink.write(bytes) === 'full') {
        state = 'held';
        void sink.drained().then(() => {
          if (state !== 'held') return;
          state = 'flows';
          pump();
        });
      }
      if (leftBytes <= 0) finish();
    }
  };
  const unfollow =
    options.follow === 'yes'
      ? run.log.follow(
          (line) => {
            if (waiting.length < HELD_LINES_MAX) waiting.push(line);
            pump();
          },
          () => {
            source = 'ended';
            pump();
          },
        )
      : () => {};
  pump();
  return () => {
    unfollow();
    state = 'over';
  };
}

/** What comes while a reader is this far behind is lost to it. */
const HELD_LINES_MAX = 100_000;

async function exec(
  run: Run,
  { command, stdin, tty }: ExecOptions,
  { stdout, stderr, onStdin, onResize, signal }: ExecStreams,
): Promise<ExecEnd | AgentRefusal> {
  if (signal.aborted) return { kind: 'failed', message: 'the client has gone' };
  const running = run.exec(command, tty === 'yes' ? 'terminal' : 'pipes');
  if ('kind' in running) return { kind: 'failed', message: running.message };
  // A terminal knows one output alone.
  const errors = tty === 'yes' ? stdout : stderr;
  running.onOutput((stream, chunk) => (stream === 'stdout' ? stdout(chunk) : errors(chunk)));
  if (stdin === 'yes') onStdin((chunk) => running.write(chunk));
  else running.write(undefined);
  onResize((size) => resize(running.pid, size));
  const kill = (): void => running.signal('group', 'SIGKILL');
  signal.addEventListener('abort', kill);
  const code = await running.ended;
  signal.removeEventListener('abort', kill);
  // Its last words may still be in the pipe; a child that holds it open is not waited for long.
  await Promise.race([running.closed, new Promise((done) => setTimeout(done, OUTPUT_END_MS))]);
  return { kind: 'exited', code };
}

const OUTPUT_END_MS = 500;
