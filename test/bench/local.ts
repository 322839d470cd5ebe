/**
 * The local Kubernetes in numbers: from the command to the first ValkeyCluster that is Ready, what it costs
 * at rest with its operator, and requests for each second of processor time that its process takes, which is
 * what one core gives, however busy the machine is.
 * Never here: building the programs (main.ts does); judging (gates.ts).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type Wire, wireTo } from '../kit/api-server';
import { until } from '../kit/until';
import { measureOperators } from './footprint';
import type { Footprint, LocalNumbers } from './results';

const PROGRAM = 'assets/cli.mjs';
const DEFINITION = 'examples/manifests/minimal.yaml';
const READY_MS = 60_000;
/** After the first Ready things still settle. */
const SETTLE_MS = 5_000;
const IDLE_MS = 15_000;
const REQUESTS = 6_000;
const CLIENTS = 16;
/** As Linux counts processor time in /proc, nearly everywhere. */
const TICKS_PER_SECOND = 100;

export interface Measured {
  readonly local: LocalNumbers;
  readonly operator: Footprint;
}

/** @param say told, loudly, what could not be measured and why. */
export async function measureLocal(say: (line: string) => void): Promise<Measured | undefined> {
  if (!existsSync(PROGRAM) || !existsSync('/proc/self/stat')) {
    say(`NOT MEASURED: the local cluster: it needs ${PROGRAM} (npm run bundle) and Linux`);
    return undefined;
  }
  const sinceMs = performance.now();
  const child = spawn(process.execPath, [PROGRAM, 'local', 'up', '-f', DEFINITION], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let wire: Wire | undefined;
  try {
    const kubeconfig = await kubeconfigOf(child);
    wire = await wireTo(kubeconfig);
    await clusterReady(wire);
    const readyMs = performance.now() - sinceMs;
    await pause(SETTLE_MS);
    const folder = kubeconfig.replace(/\/kubeconfig$/, '');
    const idle = await measureIdle(child.pid ?? 0, folder);
    const operator = await measureOperators(wire, startedBy(folder).filter(isOperator));
    const requests = await measureRequests(child.pid ?? 0, wire);
    return { local: { readyMs, ...idle, ...requests }, operator };
  } catch (cause) {
    say(`NOT MEASURED: the local cluster: ${(cause as Error).message}`);
    return undefined;
  } finally {
    wire?.close();
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
    }
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

async function clusterReady(wire: Wire): Promise<void> {
  const path = '/apis/valkey.verilean.io/v1/namespaces/default/valkeyclusters/my-valkey';
  const look = async (): Promise<boolean> => {
    const { text } = await wire.ask({ method: 'GET', path });
    return isReady(JSON.parse(text));
  };
  await until('the ValkeyCluster is Ready', look, READY_MS, 20);
}

interface Conditioned {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

function isReady({ status }: Conditioned): boolean {
  return (status?.conditions ?? []).some((one) => one.type === 'Ready' && one.status === 'True');
}

/** The process itself and what it started, except valkey-servers. */
async function measureIdle(
  pid: number,
  folder: string,
): Promise<Pick<LocalNumbers, 'idleCpuPercent' | 'idleBytes' | 'ownCpuPercent' | 'ownBytes'>> {
  const pids = [pid, ...startedBy(folder)];
  const before = pids.map(cpuSeconds);
  const sinceMs = performance.now();
  await pause(IDLE_MS);
  const seconds = (performance.now() - sinceMs) / 1_000;
  if (pids.some((one) => textOf(one, 'stat') === ''))
    throw new Error('one of its processes ended while it was to rest');
  const used = pids.map((one, at) => ((cpuSeconds(one) - (before[at] ?? 0)) / seconds) * 100);
  const bytes = pids.map(ownBytesOf);
  return {
    idleCpuPercent: sum(used),
    idleBytes: sum(bytes),
    ownCpuPercent: used[0] ?? 0,
    ownBytes: bytes[0] ?? 0,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Pods have their HOME in the cluster's folder. */
function startedBy(folder: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const isOurs = textOf(pid, 'environ').includes(`HOME=${folder}/`);
      return isOurs && !textOf(pid, 'cmdline').includes('valkey-server');
    });
}

function isOperator(pid: number): boolean {
  return textOf(pid, 'cmdline').includes('operator.mjs');
}

function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** In user and kernel mode since its start: fields 14 and 15 of /proc/PID/stat. */
function cpuSeconds(pid: number): number {
  const stat = textOf(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND;
}

/** Memory that would be free without it: pages that several share count in parts. */
function ownBytesOf(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(textOf(pid, 'smaps_rollup'))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

const maps = '/api/v1/namespaces/default/configmaps';

async function measureRequests(
  pid: number,
  wire: Wire,
): Promise<Pick<LocalNumbers, 'writesPerCpuSecond' | 'readsPerCpuSecond'>> {
  const write = (index: number) =>
    wire.ask({
      method: 'POST',
      path: maps,
      text: JSON.stringify({ metadata: { name: `bench-${index}` }, data: { index: `${index}` } }),
    });
  const read = (index: number) =>
    wire.ask({ method: 'GET', path: `${maps}/bench-${index % REQUESTS}` });
  await many(write, REQUESTS / 4, REQUESTS);
  const writes = await paced(pid, () => many(write, REQUESTS, 0));
  const reads = await paced(pid, () => many(read, REQUESTS * 2, 0));
  return { writesPerCpuSecond: REQUESTS / writes, readsPerCpuSecond: (REQUESTS * 2) / reads };
}

/** @returns seconds of processor time that the process took for it. */
async function paced(pid: number, work: () => Promise<void>): Promise<number> {
  const before = cpuSeconds(pid);
  await work();
  return cpuSeconds(pid) - before;
}

async function many(
  ask: (index: number) => Promise<{ readonly status: number }>,
  count: number,
  from: number,
): Promise<void> {
  let next = from;
  const client = async (): Promise<void> => {
    for (let index = next++; index < from + count; index = next++) {
      const { status } = await ask(index);
      if (status >= 300) throw new Error(`request ${index} is answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
