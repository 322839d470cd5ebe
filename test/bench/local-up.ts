/**
 * `gungnir local up` as a process of its own, as a user has it, and what may be asked of it.
 * Never here: a measurement.
 */
import { type Wire, wireTo } from '../kit/api-server';
import { up } from '../kit/local-up';
import { until } from '../kit/until';

/** Made by `npm run bundle`. */
const PROGRAMS = 'assets';
export const PROGRAM = `${PROGRAMS}/cli.mjs`;
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
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly masterPod?: string;
    readonly record?: { readonly epoch: number };
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export async function startLocalUp(...flags: readonly string[]): Promise<LocalUp> {
  const { child, kubeconfig, folder, ended } = await up(PROGRAMS, flags);
  const wire = await wireTo(kubeconfig);
  const stop = async (): Promise<void> => {
    wire.close();
    child.kill('SIGINT');
    await ended;
  };
  return { pid: child.pid ?? 0, folder, wire, stop };
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

export async function clusterReady(on: LocalUp, name: string): Promise<void> {
  const look = async (): Promise<boolean> =>
    isTrue(await askFor<SeenCluster>(on, 'GET', clusterPath(name)), 'Ready');
  await until(`${name} is Ready`, look, READY_MS, 20);
}

export function isTrue({ status }: SeenCluster, condition: string): boolean {
  return (status?.conditions ?? []).some((one) => one.type === condition && one.status === 'True');
}
