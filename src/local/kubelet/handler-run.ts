/**
 * Does what a probe or a hook says, once: a command beside the container, an HTTP request, a connection.
 * Never here: what the answer means (probe-state.ts).
 */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { Timers } from '../controllers/frame/timers';
import type { Container, Handler, HttpGet } from './pod';
import type { Running } from './processes';

export type Outcome =
  | { readonly kind: 'success' }
  | { readonly kind: 'failure'; readonly message: string }
  /** It could not even be asked. */
  | { readonly kind: 'errored'; readonly message: string }
  /** Whoever asked does not want to know any more. */
  | { readonly kind: 'given up' };

/** What a running container offers to those who look at it. */
export interface Inside {
  readonly container: Container;
  readonly podIp: string;
  readonly hostIp: string;
  readonly timers: Timers;
  /** Runs a command as the container would. */
  exec(command: readonly string[]): Running | { readonly kind: 'failed'; readonly message: string };
}

/** More of a probe's output is told to nobody. */
const OUTPUT_MAX_BYTES = 10 * 1024;

export function runHandler(
  handler: Handler,
  inside: Inside,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Outcome> {
  if (signal.aborted) return Promise.resolve({ kind: 'given up' });
  try {
    return ask(handler, inside, timeoutMs, signal);
  } catch (problem) {
    return Promise.resolve(errored(problem));
  }
}

function errored(problem: unknown): Outcome {
  return { kind: 'errored', message: (problem as Error).message };
}

function ask(
  handler: Handler,
  inside: Inside,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const { exec, httpGet, tcpSocket, sleep } = handler;
  if (exec !== undefined) return runExec(exec.command ?? [], inside, timeoutMs, signal);
  if (httpGet !== undefined) return runHttp(httpGet, inside, timeoutMs, signal);
  if (tcpSocket !== undefined) {
    const port = portOf(tcpSocket.port, inside.container);
    return runTcp(tcpSocket.host ?? inside.podIp, port, inside, timeoutMs, signal);
  }
  if (sleep !== undefined) {
    return bounded(
      inside.timers,
      Math.min(sleep.seconds * 1000, timeoutMs),
      signal,
      () => undefined,
      {
        kind: 'success',
      },
    );
  }
  return Promise.resolve({
    kind: 'failure',
    message: 'gRPC probes are unknown to the local cluster',
  });
}

/** @throws for a name that no port has, in the words of a real kubelet. */
function portOf(port: number | string, container: Container): number {
  const named = (container.ports ?? []).find(({ name }) => name === port);
  const number = named?.containerPort ?? Number(port);
  if (Number.isInteger(number)) return number;
  throw new Error(`strconv.Atoi: parsing "${port}": invalid syntax`);
}

/**
 * One answer: the first of `begin`'s, the time limit and the end of the caller's interest.
 * @param begin gives its answer to `settle`, and returns what stops it.
 */
function bounded(
  timers: Timers,
  timeoutMs: number,
  signal: AbortSignal,
  begin: (settle: (outcome: Outcome) => void) => (() => void) | undefined,
  late: Outcome,
): Promise<Outcome> {
  return new Promise((resolve) => {
    let stop: (() => void) | undefined;
    const settle = (outcome: Outcome): void => {
      cancel();
      signal.removeEventListener('abort', giveUp);
      resolve(outcome);
      stop?.();
    };
    const giveUp = (): void => settle({ kind: 'given up' });
    const cancel = timers.after(timeoutMs, () => settle(late));
    signal.addEventListener('abort', giveUp);
    try {
      stop = begin(settle);
    } catch (problem) {
      settle(errored(problem));
    }
  });
}

function runExec(
  command: readonly string[],
  inside: Inside,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const running = inside.exec(command);
  if ('kind' in running) return Promise.resolve({ kind: 'failure', message: running.message });
  let output = '';
  running.onOutput((_stream, chunk) => {
    if (output.length < OUTPUT_MAX_BYTES) output += chunk.toString('utf8');
  });
  const seconds = timeoutMs / 1000;
  const late: Outcome = {
    kind: 'failure',
    message: `command timed out: "${command.join(' ')}" timed out after ${seconds}s`,
  };
  return bounded(
    inside.timers,
    timeoutMs,
    signal,
    (settle) => {
      void running.ended.then(async (code) => {
        if (code === 0) return settle({ kind: 'success' });
        // The reason that it wrote may still be on its way, unless a child of it holds the pipe.
        await Promise.race([running.closed, new Promise((later) => setTimeout(later, 50))]);
        return settle({ kind: 'failure', message: output });
      });
      return () => running.signal('group', 'SIGKILL');
    },
    late,
  );
}

function runHttp(
  { path: written = '/', port, host, scheme, httpHeaders = [] }: HttpGet,
  inside: Inside,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const at = host ?? inside.podIp;
  const number = portOf(port, inside.container);
  const path = written.replace(/[^!-~]/gu, (found) => encodeURIComponent(found));
  const url = `${(scheme ?? 'HTTP').toLowerCase()}://${at}:${number}${path}`;
  const late: Outcome = {
    kind: 'failure',
    message: `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
  };
  const send = scheme === 'HTTPS' ? httpsRequest : httpRequest;
  const headers = {
    'user-agent': 'kube-probe/1.34',
    accept: '*/*',
    ...Object.fromEntries(httpHeaders.map(({ name, value }) => [name.toLowerCase(), value])),
  };
  const options = {
    host: at,
    port: number,
    path,
    headers,
    rejectUnauthorized: false,
    agent: false,
    localAddress: inside.hostIp,
  };
  return bounded(
    inside.timers,
    timeoutMs,
    signal,
    (settle) => {
      const sent = send(options, (response) => {
        response.resume();
        const code = response.statusCode ?? 0;
        if (code >= 200 && code < 400) return settle({ kind: 'success' });
        return settle({ kind: 'failure', message: `HTTP probe failed with statuscode: ${code}` });
      });
      sent.on('error', (problem) =>
        settle({ kind: 'failure', message: `Get "${url}": ${refusal(problem, at, number)}` }),
      );
      sent.end();
      return () => sent.destroy();
    },
    late,
  );
}

function runTcp(
  host: string,
  port: number,
  inside: Inside,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const late: Outcome = { kind: 'failure', message: `dial tcp ${host}:${port}: i/o timeout` };
  return bounded(
    inside.timers,
    timeoutMs,
    signal,
    (settle) => {
      const socket = connect({ host, port, localAddress: inside.hostIp });
      socket.once('connect', () => settle({ kind: 'success' }));
      socket.on('error', (problem) =>
        settle({ kind: 'failure', message: refusal(problem, host, port) }),
      );
      return () => socket.destroy();
    },
    late,
  );
}

function refusal(problem: NodeJS.ErrnoException, host: string, port: number): string {
  const what = problem.code === 'ECONNREFUSED' ? 'connection refused' : problem.message;
  return `dial tcp ${host}:${port}: connect: ${what}`;
}
