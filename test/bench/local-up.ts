/**
 * `gungnir local up` as a process of its own, as a user has it, and what may be asked of it.
 * Never here: a measurement.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { type Wire, wireTo } from '../kit/api-server';
import { until } from '../kit/until';

/** Made by `npm run bundle`. */
export const PROGRAM = 'assets/cli.mjs';
const READY_MS = 60_000;
const CLUSTERS = '/apis/valkey.verilean.io/v1/namespaces/default/valkeyclusters';

export interface LocalUp {
  readonly pid: number;
  /** Everything of it is below. */
  readonly folder: string;
  readonly wire: Wire;
  stop(): Promise<void>;
}

/** The part of a ValkeyCluster that is read here. */
export interface SeenCluster {
  readonly metadata: { readonly name: string; readonly generation?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly masterPod?: string;
    readonly record?: { readonly epoch: number };
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export async function startLocalUp(...flags: readonly string[]): Promise<LocalUp> {
  const child = spawn(process.execPath, [PROGRAM, 'local', 'up', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    await ended;
  };
  try {
    const kubeconfig = await kubeconfigOf(child);
    const wire = await wireTo(kubeconfig);
    const stop = async (): Promise<void> => {
      wire.close();
      await end();
    };
    return { pid: child.pid ?? 0, folder: dirname(kubeconfig), wire, stop };
  } catch (cause) {
    await end();
    throw cause;
  }
}

async function kubeconfigOf(child: ChildProcess): Promise<string> {
  let said = '';
  child.stdout?.on('data', (chunk) => {
    said += String(chunk);
  });
  const look = (): string | undefined => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    return /export KUBECONFIG=(\S+)/.exec(said)?.[1];
  };
  return until('the local cluster is up', look, READY_MS);
}

/** @throws with the server's words. */
export async function askFor<Value>(
  { wire }: LocalUp,
  method: string,
  path: string,
  body?: object,
): Promise<Value> {
  const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const text = body === undefined ? {} : { text: JSON.stringify(body) };
  const answer = await wire.ask({ method, path, contentType, ...text });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return JSON.parse(answer.text) as Value;
}

/** The path of a ValkeyCluster in `default`; without a name, of all of them. */
export function clusterPath(name?: string): string {
  return name === undefined ? CLUSTERS : `${CLUSTERS}/${name}`;
}

export async function clusterReady(up: LocalUp, name: string): Promise<SeenCluster> {
  const look = async (): Promise<SeenCluster | undefined> => {
    const cluster = await askFor<SeenCluster>(up, 'GET', clusterPath(name));
    return isTrue(cluster, 'Ready') ? cluster : undefined;
  };
  return until(`${name} is Ready`, look, READY_MS, 20);
}

export function isTrue({ status }: SeenCluster, condition: string): boolean {
  return (status?.conditions ?? []).some((one) => one.type === condition && one.status === 'True');
}
