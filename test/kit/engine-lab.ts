/**
 * Three real servers under the embedded engine, with clients that follow its routes: whole scenarios
 * without Kubernetes, for tests and the bench.
 * Never here: what must come of a scenario.
 */
import type { Millis } from '../../src/kit/brands';
import { millis } from '../../src/kit/brands';
import type { Tell } from '../../src/sentinel/core/ready';
import {
  createEmbeddedEngine,
  type EmbeddedEngine,
  type EmbeddedNode,
  type EmbeddedOptions,
} from '../../src/sentinel/io/embedded';
import { until } from './until';
import { LAB_USERS, type Lab, type LabOptions, startLab, type ValkeyProcess } from './valkey';
import { startWriter, type Writer, type WriterOptions } from './writer';

export interface Told {
  readonly tell: Tell;
  readonly atMs: number;
}

export interface EngineLab {
  readonly lab: Lab;
  readonly engine: EmbeddedEngine;
  /** All that the engine said, in order. */
  readonly told: readonly Told[];
  /** Every route that was set; undefined: to nobody. */
  readonly routes: readonly { readonly primary: EmbeddedNode | undefined; readonly atMs: number }[];
  /** The process that the record names. @throws when there is none. */
  primary(): ValkeyProcess;
  replicas(): readonly ValkeyProcess[];
  /** Resolved with the next word of this name told after the call (or after `sinceMs`). */
  toldAfter(event: string, sinceMs?: number, withinMs?: number): Promise<Told>;
  /** Resolved when all nodes are attached and online behind one primary. */
  settled(withinMs?: number): Promise<void>;
  startWriter(options: Omit<WriterOptions, 'target'>): Writer;
  stop(): Promise<void>;
}

export interface EngineLabOptions {
  readonly lab?: LabOptions;
  readonly config?: EmbeddedOptions['config'];
  /** `sigkill`: E4 ends the hung process itself, as a kubelet would. Default `absent`. */
  readonly killPort?: 'sigkill' | 'absent';
  readonly engine?: Partial<EmbeddedOptions>;
}

const QUICK: EmbeddedOptions['config'] = { pingIntervalMs: millis(200), downAfterMs: millis(1000) };

export async function startEngineLab(options: EngineLabOptions = {}): Promise<EngineLab> {
  const lab = await startLab(options.lab);
  const told: Told[] = [];
  const routes: { primary: EmbeddedNode | undefined; atMs: number }[] = [];
  const writers: Writer[] = [];
  const processOf = (name: string): ValkeyProcess | undefined =>
    lab.servers.find((server) => server.name === name);
  const engine = createEmbeddedEngine({
    nodes: lab.servers,
    base: LAB_USERS.base,
    config: { ...QUICK, ...options.config },
    onEvent(event) {
      if (event.kind === 'route') routes.push({ primary: event.primary, atMs: performance.now() });
      else told.push({ tell: event.tell, atMs: performance.now() });
    },
    ...(options.killPort === 'sigkill'
      ? { kill: (node: EmbeddedNode) => void processOf(node.name)?.kill() }
      : {}),
    ...options.engine,
  });

  function primary(): ValkeyProcess {
    const found = processOf(engine.record()?.primary?.pod ?? '');
    if (found === undefined) throw new Error('no primary is recorded');
    return found;
  }

  function toldAfter(event: string, sinceMs = performance.now(), withinMs = 15_000): Promise<Told> {
    const find = (): Told | undefined =>
      told.find(({ tell, atMs }) => tell.event === event && atMs >= sinceMs);
    return until(
      `the engine says ${event}; it said ${sayings(told, sinceMs)}`,
      find,
      withinMs,
      1,
    ) as Promise<Told>;
  }

  await engine.start();
  return {
    lab,
    engine,
    told,
    routes,
    primary,
    replicas: () => lab.servers.filter((server) => server !== primary()),
    toldAfter,
    settled: (withinMs = 15_000) => settled(engine, lab.servers.length, withinMs),
    startWriter(writing) {
      const writer = startWriter({ ...writing, target: () => routes[routes.length - 1]?.primary });
      writers.push(writer);
      return writer;
    },
    async stop() {
      await Promise.all(writers.map((writer) => writer.stop()));
      await engine.stop();
      await lab.stop();
    },
  };
}

function sayings(told: readonly Told[], sinceMs: number): string {
  return told
    .filter(({ atMs }) => atMs >= sinceMs)
    .map(({ tell }) => tell.event)
    .join(' ');
}

async function settled(engine: EmbeddedEngine, count: number, withinMs: number): Promise<void> {
  await until(
    'one primary with all others online',
    () => {
      const { work, record, nodes } = engine.state();
      const primary = nodes.find(({ fact }) => fact.podUid === record?.primary?.podUid);
      const online = primary?.facts?.attached.filter(({ state }) => state === 'online').length ?? 0;
      const others = nodes.filter(
        (node) => node !== primary && node.claim.kind === 'held' && node.facts?.link === 'up',
      );
      return (
        work.kind === 'steady' &&
        online === count - 1 &&
        others.length === count - 1 &&
        record?.members.length === count - 1
      );
    },
    withinMs,
  );
}

/** Milliseconds for people. */
export function rounded(ms: Millis | number): number {
  return Math.round(ms * 10) / 10;
}
