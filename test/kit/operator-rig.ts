/**
 * The whole operator in this process against a Kubernetes in memory, for what many clusters, a server
 * that hangs and the end of a process do to each other.
 * Never here: expectations.
 */
import { createHash } from 'node:crypto';
import { millis } from '../../src/kit/brands';
import { rngFrom } from '../../src/kit/rng';
import { type OperatorArgs, parseOperatorArgs } from '../../src/runtime/args';
import { type Operator, startOperator } from '../../src/runtime/operator';
import { createLog, createSecrets } from '../../src/runtime/ops/log';
import type { Tell } from '../../src/sentinel/core/ready';
import { systemClock } from '../../src/sentinel/io/clock';
import type { Transport } from '../../src/sentinel/io/ports';
import type { ValkeyClusterStatus } from '../../src/spec/status';
import { plainAccess } from '../runtime/kube/support';
import type { FakeCluster } from './fake-cluster';
import { until } from './until';

export interface LogLine {
  readonly msg: string;
  readonly level: string;
  readonly cluster?: string;
  readonly [field: string]: unknown;
}

export interface Rig {
  readonly operator: Operator;
  readonly lines: readonly LogLine[];
  metrics(): Promise<string>;
}

export interface RigOptions {
  readonly identity?: string;
  readonly args?: Partial<OperatorArgs>;
  readonly transport?: Transport;
  readonly onStep?: (told: Tell) => void;
}

let rigs = 0;

export async function startRig(world: FakeCluster, options: RigOptions = {}): Promise<Rig> {
  rigs += 1;
  const lines: LogLine[] = [];
  let ids = 0;
  const identity = options.identity ?? `operator-${rigs}`;
  const operator = await startOperator({
    args: {
      ...parseOperatorArgs([], {}),
      leaseNamespace: 'gungnir-system',
      httpAddress: { host: '127.0.0.1', port: 0 },
      reconcileIntervalMs: millis(60_000),
      ...options.args,
    },
    access: plainAccess(world.api.url),
    clock: systemClock,
    rng: rngFrom(7),
    transport: options.transport ?? world.net,
    log: createLog({
      level: 'debug',
      write: (line) => lines.push(JSON.parse(line) as LogLine),
      wallMs: () => Date.now(),
      secrets: createSecrets(),
    }),
    identity,
    makeId: () => createHash('sha1').update(`${identity}${++ids}`).digest('hex').slice(0, 10),
    onStep: options.onStep ?? (() => undefined),
  });
  return {
    operator,
    lines,
    async metrics() {
      const answer = await fetch(`http://127.0.0.1:${operator.port}/metrics`);
      return answer.text();
    },
  };
}

export function statusOf(world: FakeCluster, name: string): ValkeyClusterStatus {
  const object = world.api.get(world.clusterPath(name));
  return (object?.status ?? {}) as ValkeyClusterStatus;
}

/** Resolved when the cluster serves with all replicas attached. */
export async function untilSettled(
  world: FakeCluster,
  name: string,
  withinMs = 15_000,
): Promise<void> {
  const shown = (): string => {
    const { phase, masterPod, conditions } = statusOf(world, name);
    const ready = conditions?.find(({ type }) => type === 'Ready');
    return `${phase} ${masterPod} ${ready?.reason} ${ready?.message}`;
  };
  await until(
    `${name} is ready`,
    () => {
      const { phase, conditions } = statusOf(world, name);
      const ready = conditions?.find(({ type }) => type === 'Ready')?.status;
      return phase === 'Running' && ready === 'True' && world.routed(name) !== undefined;
    },
    withinMs,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${shown()}`);
  });
}

export function conditionOf(world: FakeCluster, name: string, type: string) {
  return statusOf(world, name).conditions?.find((condition) => condition.type === type);
}

/** Notes of the Events of one cluster, by reason. */
export function eventsOf(world: FakeCluster, name: string, reason: string): readonly string[] {
  type Noted = {
    readonly reason?: string;
    readonly note?: string;
    readonly regarding?: { name: string };
  };
  return world.api
    .list('Event')
    .map((event) => event as unknown as Noted)
    .filter((event) => event.reason === reason && event.regarding?.name === name)
    .map(({ note = '' }) => note);
}
