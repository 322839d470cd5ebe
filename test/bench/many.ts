/**
 * The operator with many ValkeyClusters: how long until each has its objects, then until each has a
 * changed definition's, and what it takes at rest. Nodes take no new pods, so that what is measured is
 * the operator and not three thousand valkey-servers.
 * Never here: judging (gates.ts).
 */

import { until } from '../kit/until';
import { askFor, clusterPath, type LocalUp, startLocalUp } from './local-up';
import { cpuSeconds, isAlive, operatorsOf, residentBytes } from './processes';
import type { ManyNumbers } from './results';

const REST_MS = 10_000;
const ALL_MS = 300_000;
const CLIENTS = 16;
const SETS = '/apis/apps/v1/namespaces/default/statefulsets';
/** A label that only the changed definition has. */
const CHANGE = 'example.com/change';
const SYSTEM_PODS = '/api/v1/namespaces/gungnir-system/pods';

/** @param say told, loudly, what could not be measured and why. */
export async function measureMany(
  counts: readonly number[],
  say: (line: string) => void,
): Promise<readonly ManyNumbers[]> {
  const measured: ManyNumbers[] = [];
  for (const count of counts) {
    try {
      measured.push(await measureCount(count));
    } catch (cause) {
      say(`NOT MEASURED: ${count} clusters: ${(cause as Error).message}`);
    }
  }
  return measured;
}

async function measureCount(count: number): Promise<ManyNumbers> {
  const up = await startLocalUp();
  try {
    await until('the operator is ready', () => operatorReady(up), ALL_MS, 50);
    await cordon(up);
    const seen = watchStatefulSets(up);
    const pids = operatorsOf(up.folder);
    const cpu = (): number => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
    const [sinceMs, cpuBefore] = [performance.now(), cpu()];
    await many(count, (index) => askFor(up, 'POST', clusterPath(), definitionOf(index)));
    await until('each has its StatefulSet', () => seen.made() >= count, ALL_MS, 10);
    const createMs = performance.now() - sinceMs;
    const createCpu = cpu() - cpuBefore;
    const changedMs = performance.now();
    const change = { spec: { labels: { [CHANGE]: 'made' } } };
    await many(count, (index) => askFor(up, 'PATCH', clusterPath(nameOf(index)), change));
    await until('each StatefulSet has the change', () => seen.changed() >= count, ALL_MS, 10);
    const changeMs = performance.now() - changedMs;
    seen.stop();
    const [restMs, restCpu] = [performance.now(), cpu()];
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    const seconds = (performance.now() - restMs) / 1_000;
    if (!pids.every(isAlive)) throw new Error('an operator ended while it was measured');
    return {
      clusters: count,
      createMs,
      createCpuMs: createCpu * 1_000,
      changeMs,
      restCpuPercent: ((cpu() - restCpu) / seconds) * 100,
      restBytes: Math.max(...pids.map(residentBytes)),
    };
  } finally {
    await up.stop();
  }
}

function nameOf(index: number): string {
  return `many-${index}`;
}

function definitionOf(index: number): object {
  return {
    apiVersion: 'valkey.verilean.io/v1',
    kind: 'ValkeyCluster',
    metadata: { name: nameOf(index) },
    spec: { replicas: 3 },
  };
}

async function operatorReady(up: LocalUp): Promise<boolean> {
  const { items } = await askFor<{
    readonly items: readonly {
      readonly status?: { readonly containerStatuses?: readonly { readonly ready: boolean }[] };
    }[];
  }>(up, 'GET', SYSTEM_PODS);
  const ready = items.map(({ status }) => status?.containerStatuses?.[0]?.ready === true);
  return ready.length > 0 && ready.every(Boolean);
}

async function cordon(up: LocalUp): Promise<void> {
  const { items } = await askFor<{
    readonly items: readonly { readonly metadata: { readonly name: string } }[];
  }>(up, 'GET', '/api/v1/nodes');
  for (const { metadata } of items) {
    await askFor(up, 'PATCH', `/api/v1/nodes/${metadata.name}`, { spec: { unschedulable: true } });
  }
}

interface SeenSet {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

/** The StatefulSet is the last object that a new cluster needs, and has the labels of its definition. */
function watchStatefulSets(up: LocalUp) {
  const made = new Set<string>();
  const changed = new Set<string>();
  let state: 'watching' | 'stopped' = 'watching';
  const onLine = (line: string): 'more' | 'enough' => {
    const { metadata } = (JSON.parse(line) as { readonly object: SeenSet }).object;
    made.add(metadata.name);
    if (metadata.labels?.[CHANGE] !== undefined) changed.add(metadata.name);
    return state === 'watching' ? 'more' : 'enough';
  };
  const asked = { method: 'GET', path: `${SETS}?watch=true` };
  void up.wire.stream(asked, onLine, () => {}).catch(() => {});
  return {
    made: () => made.size,
    changed: () => changed.size,
    stop(): void {
      state = 'stopped';
    },
  };
}

async function many(count: number, ask: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await ask(index);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}
