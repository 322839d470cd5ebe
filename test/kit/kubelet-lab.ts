/**
 * A kubelet with real processes on an address range of its own, for tests; everything ends with it.
 * Never here: what is expected of it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AgentRefusal, ContainerRef, ExecEnd } from '../../src/local/api/node-agent';
import type { ApiObject } from '../../src/local/api/port';
import { systemTimers } from '../../src/local/controllers/frame/timers';
import type { KubeletSettings } from '../../src/local/kubelet/host';
import { type Kubelet, startKubelet } from '../../src/local/kubelet/kubelet';
import type { Container, Pod, PodSpec } from '../../src/local/kubelet/pod';
import { rangeOf } from '../../src/local/range';
import { type LocalApiLab, startLocalApi } from './local-api';
import { until } from './until';
import { serverVersions } from './valkey-versions';

export interface Ran {
  readonly end: ExecEnd | AgentRefusal;
  readonly out: string;
  readonly err: string;
}

type Told = ApiObject & {
  readonly count: number;
  readonly message: string;
  readonly involvedObject: { readonly name: string };
};

export interface KubeletLab {
  readonly api: LocalApiLab;
  readonly kubelet: Kubelet;
  readonly folder: string;
  /** Puts a pod on node `n1`, unless its spec names another one. */
  pod(name: string, spec: Partial<PodSpec>, metadata?: object): Pod;
  get(name: string): Pod | undefined;
  /** Waits until the pod is as wanted. */
  until(what: string, name: string, look: (pod: Pod) => boolean, withinMs?: number): Promise<Pod>;
  /** A kubelet that ends without a word leaves its processes; the next one has the same folder. */
  restart(how: 'crash' | 'stop'): Promise<void>;
  /** As `kubectl delete pod`. @param graceSeconds 0: by force. */
  remove(name: string, graceSeconds?: number): void;
  exec(name: string, container: string, command: readonly string[]): Promise<Ran>;
  /** The log of a container so far. */
  log(name: string, container: string, previous?: 'yes' | 'no'): string;
  stop(): Promise<void>;
}

/** Vitest gives each of its workers a number; instance 63 downwards leaves the low ones to people. */
export function testInstance(): number {
  return 63 - (Number(process.env.VITEST_POOL_ID ?? 0) % 32);
}

/** @param nowMs wall time, for tests of what lasts an hour. */
export function startKubeletLab(
  settings: Partial<KubeletSettings> = {},
  nowMs: () => number = Date.now,
): KubeletLab {
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-kubelet-'));
  const range = rangeOf(testInstance());
  const api = startLocalApi(range);
  const start = (): Kubelet =>
    startKubelet({
      api: api.api,
      timers: systemTimers,
      nowMs,
      range,
      nodes: ['n1', 'n2', 'n3'],
      folder,
      programs: { servers: serverVersions(), node: process.execPath },
      server: { host: range.server, port: 6443 },
      settings: { firstProbeMs: 100, restartDelayMs: 50, ...settings },
    });
  const lab = { kubelet: start() };
  const get = (name: string): Pod | undefined => api.get<Pod>('pods', name);
  return {
    api,
    folder,
    get,
    get kubelet() {
      return lab.kubelet;
    },
    pod(name, spec, metadata = {}) {
      const whole = { nodeName: 'n1', terminationGracePeriodSeconds: 5, ...spec };
      return api.put('pods', { metadata: { name, ...metadata }, spec: whole });
    },
    until: (what, name, look, withinMs = 15_000) =>
      until(
        `${name} ${what}`,
        () => {
          const pod = get(name);
          return pod !== undefined && look(pod) ? pod : undefined;
        },
        withinMs,
      ).catch((problem: Error) => {
        const own = api.all<Told>('events').filter((event) => event.involvedObject.name === name);
        const told = own.map((event) => `${event.count} ${event.message}`);
        const states = JSON.stringify(get(name)?.status?.containerStatuses);
        throw new Error([problem.message, states, ...told].join('\n'));
      }),
    async restart(how) {
      if (how === 'stop') await lab.kubelet.stop(0);
      lab.kubelet = start();
    },
    remove(name, graceSeconds) {
      api.remove('pods', name, graceSeconds);
    },
    exec(name, container, command) {
      return execIn(lab.kubelet, refTo(get(name), container), command);
    },
    log(name, container, previous = 'no') {
      return logOf(lab.kubelet, refTo(get(name), container), previous);
    },
    async stop() {
      await lab.kubelet.stop(0);
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function refTo(pod: Pod | undefined, container: string): ContainerRef {
  const { name = '', uid = '' } = pod?.metadata ?? {};
  return { namespace: 'default', pod: name, uid, node: 'n1', container };
}

async function execIn(
  { agent }: Kubelet,
  inside: ContainerRef,
  command: readonly string[],
): Promise<Ran> {
  const out = { stdout: '', stderr: '' };
  const end = await agent.exec(
    inside,
    { command, tty: 'no', stdin: 'no' },
    {
      stdout(bytes) {
        out.stdout += Buffer.from(bytes).toString('utf8');
      },
      stderr(bytes) {
        out.stderr += Buffer.from(bytes).toString('utf8');
      },
      onStdin: () => {},
      onResize: () => {},
      signal: new AbortController().signal,
    },
  );
  return { end, out: out.stdout, err: out.stderr };
}

function logOf({ agent }: Kubelet, of: ContainerRef, previous: 'yes' | 'no'): string {
  const chunks: string[] = [];
  const options = { follow: 'no', previous, timestamps: 'no' } as const;
  const answer = agent.logs(of, options, {
    write(bytes) {
      chunks.push(Buffer.from(bytes).toString('utf8'));
      return 'more';
    },
    drained: () => Promise.resolve(),
    end: () => {},
  });
  return answer.kind === 'refused' ? answer.message : chunks.join('');
}

/** An image that runs here. */
export const IMAGE = 'valkey/valkey:8.0';

/** A container that runs this script. */
export function shell(script: string, more: Partial<Container> = {}): Container {
  return { name: 'a', image: IMAGE, command: ['sh', '-c', script], ...more };
}

/** Where the installed tools are, for a test's own commands. */
export function toolsFolder(): string {
  return dirname(serverVersions()[0]?.program ?? '');
}
