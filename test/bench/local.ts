/**
 * The local Kubernetes in numbers: from the command to the first ValkeyCluster that is Ready, what it costs
 * at rest with its operator, and requests for each second of processor time that its process takes, which is
 * what one core gives, however busy the machine is.
 * Never here: building the programs (main.ts does); judging (gates.ts).
 */
import { existsSync } from 'node:fs';
import type { Wire } from '../kit/api-server';
import { measureOperators } from './footprint';
import { clusterReady, PROGRAM, startLocalUp } from './local-up';
import { cpuSeconds, isAlive, isValkey, operatorsOf, ownBytes, podProcesses } from './processes';
import type { Footprint, LocalNumbers } from './results';

const DEFINITION = 'examples/manifests/minimal.yaml';
/** After the first Ready things still settle. */
const SETTLE_MS = 5_000;
const IDLE_MS = 15_000;
const REQUESTS = 6_000;
const CLIENTS = 16;

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
  const up = await startLocalUp('-f', DEFINITION).catch((cause: Error) => cause);
  if (up instanceof Error) {
    say(`NOT MEASURED: the local cluster: ${up.message}`);
    return undefined;
  }
  try {
    await clusterReady(up, 'my-valkey');
    const readyMs = performance.now() - sinceMs;
    await pause(SETTLE_MS);
    const operators = operatorsOf(up.folder);
    const idle = await measureIdle(up.pid, up.folder);
    const operator = await measureOperators(up.wire, operators);
    const requests = await measureRequests(up.pid, up.wire);
    return { local: { readyMs, ...idle, ...requests }, operator };
  } catch (cause) {
    say(`NOT MEASURED: the local cluster: ${(cause as Error).message}`);
    return undefined;
  } finally {
    await up.stop();
  }
}

/** The process itself and what it started, except valkey-servers. */
async function measureIdle(
  pid: number,
  folder: string,
): Promise<Pick<LocalNumbers, 'idleCpuPercent' | 'idleBytes' | 'ownCpuPercent' | 'ownBytes'>> {
  const pids = [pid, ...podProcesses(folder).filter((one) => !isValkey(one))];
  const before = pids.map(cpuSeconds);
  const sinceMs = performance.now();
  await pause(IDLE_MS);
  const seconds = (performance.now() - sinceMs) / 1_000;
  if (!pids.every(isAlive)) throw new Error('one of its processes ended while it was to rest');
  const used = pids.map((one, at) => ((cpuSeconds(one) - (before[at] ?? 0)) / seconds) * 100);
  const bytes = pids.map(ownBytes);
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
