/**
 * The bundled operator as a user installs it: built, rendered by the command line, applied.
 * Never here: anything that a user could not do.
 */
import { execFileSync } from 'node:child_process';
import { parseAllDocuments } from 'yaml';
import { until } from '../kit/until';
import type { PodName, World } from '../kit/world';
import { untilObject } from '../kit/world-real';
import { SYSTEM } from './scene';

export interface Deployment {
  readonly metadata: { readonly generation: number };
  readonly spec: { readonly replicas: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
  };
}

const READY_MS = 90_000;
const TOLD_MS = 30_000;
const OUTPUT_MAX_BYTES = 16 * 1024 * 1024;

/** What `gungnir render --operator` prints, of a program that was just built. */
export function renderedOperator(): string {
  const run = (...args: readonly string[]): string =>
    execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: OUTPUT_MAX_BYTES });
  run('--import', 'tsx', 'build-tools/bundle.ts');
  return run('bin/gungnir.js', 'render', '--operator', '--output', 'yaml');
}

/** @returns once both replicas of the newest program are ready. */
export async function installOperator(world: World, documents: string): Promise<void> {
  await world.apply(documents);
  await operatorReady(world);
}

export async function operatorReady(world: World): Promise<void> {
  await untilObject<Deployment>(
    world,
    { kind: 'deployment', namespace: SYSTEM, name: 'gungnir-operator' },
    'every replica of the operator is new and ready',
    isRolledOut,
    READY_MS,
  );
}

/** Every pod is of the newest template, and ready. */
export function isRolledOut({ metadata, spec, status }: Deployment): boolean {
  return (
    status?.observedGeneration === metadata.generation &&
    [status.replicas, status.updatedReplicas, status.readyReplicas].every(
      (count) => count === spec.replicas,
    )
  );
}

export async function operatorPods(world: World): Promise<readonly PodName[]> {
  const pods = await world.list<{
    readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  }>('pod', SYSTEM, 'app=gungnir-operator');
  return pods
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => ({ namespace: SYSTEM, pod: metadata.name }));
}

export interface OperatorLog {
  readonly lines: readonly string[];
  stop(): void;
}

/** What every operator pod says, also those that come later, by the name of the pod. */
export function followOperators(world: World): OperatorLog {
  const lines: string[] = [];
  const ends = new Map<string, () => void>();
  const look = async (): Promise<void> => {
    for (const pod of await operatorPods(world)) {
      if (ends.has(pod.pod)) continue;
      ends.set(
        pod.pod,
        world.follow(pod, (line) => lines.push(`${pod.pod} ${line}`)),
      );
    }
  };
  const again = (): void => void look().catch(() => {});
  const timer = setInterval(again, 2_000);
  again();
  return {
    lines,
    stop() {
      clearInterval(timer);
      for (const end of ends.values()) end();
    },
  };
}

/** One number of `/metrics`; undefined while the pod does not answer. */
export async function metric(
  world: World,
  pod: PodName,
  name: string,
): Promise<number | undefined> {
  const text = await world.http(pod, 8080, '/metrics');
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text ?? '')?.[1];
  return value === undefined ? undefined : Number(value);
}

/**
 * What an operator tells of itself: start to first complete lists in ms, and resident memory in MiB.
 * @throws when one of them does not tell it.
 */
export async function numbersOf(world: World, log: OperatorLog): Promise<readonly string[]> {
  const starts = log.lines.flatMap((line) => /"msg":"ready","startMs":(\d+)/.exec(line)?.[1] ?? []);
  const resident: string[] = [];
  for (const pod of await operatorPods(world)) {
    const bytes = await until(
      `${pod.pod} tells its memory`,
      () => metric(world, pod, 'process_resident_memory_bytes'),
      TOLD_MS,
      100,
    );
    resident.push((bytes / 2 ** 20).toFixed(1));
  }
  if (starts.length === 0 || resident.length === 0)
    throw new Error('the operators and their logs were not found');
  return [
    `operator, process start to ready (its own log, limit 500m): ${starts.join(', ')} ms`,
    `operator, resident (its /metrics, one cluster): ${resident.join(', ')} MiB`,
  ];
}

/** Of the ConfigMap that carries the program, as JSON. */
export function bundleBytes(documents: string): number {
  const object = parseAllDocuments(documents)
    .map((document): unknown => document.toJS())
    .find((one) => JSON.stringify(one).startsWith('{"apiVersion":"v1","kind":"ConfigMap"'));
  return Buffer.byteLength(JSON.stringify(object));
}
