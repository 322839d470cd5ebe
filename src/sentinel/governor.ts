/**
 * A Sentinel that decides: the embedded engine, with its words made into events.
 * Never here: a decision.
 */
import { millis } from '../kit/brands';
import type { Config } from './core/config';
import { type Silent, sightings, silentNodes } from './core/sightings';
import type { State } from './core/state';
import { eventOf, type SentinelEvent } from './events';
import {
  createEmbeddedEngine,
  defaultConfig,
  type EmbeddedEngine,
  type EmbeddedNode,
  type EngineEvent,
} from './io/embedded';
import { nodeName, type SentinelNode, type SentinelOptions } from './options';
import { engineStatus, type SentinelStatus } from './status';

export interface Governor {
  readonly engine: EmbeddedEngine;
  accept(node: string): void;
  status(): SentinelStatus;
  stop(): Promise<void>;
}

/** Resolved when the nodes' addresses are known and the engine is at work. */
export async function createGovernor(
  options: SentinelOptions,
  emit: (event: SentinelEvent) => void,
): Promise<Governor> {
  const { nodes, authority, transport, kill } = options;
  const looks = createLooks(emit);
  const given = (node: EmbeddedNode): SentinelNode =>
    nodes.find((one) => nodeName(one) === node.name) ?? node;
  const engine = createEmbeddedEngine({
    nodes: nodes.map((node) => ({ ...node, name: nodeName(node), port: node.port ?? 6379 })),
    base: options.credentials,
    config: configOf(options),
    onEvent: (event) => tell(event, looks.nowMs(), emit),
    recorder: (config, _event, { state }) => looks.look(config, state),
    onBroken: (error) => emit(broken(error)),
    ...(authority === undefined ? {} : { authority }),
    ...(transport === undefined ? {} : { transport }),
    ...(kill === undefined ? {} : { kill: (node: EmbeddedNode) => kill(given(node)) }),
  });
  await engine.start();
  return {
    engine,
    accept: (node) => engine.accept(node),
    status: () => engineStatus(nodes, engine.state(), looks.silent()),
    stop: () => engine.stop(),
  };
}

/** The core's +sdown is of the primary alone; each node's own comes from the looks. */
function tell(event: EngineEvent, atMs: number, emit: (event: SentinelEvent) => void): void {
  if (event.kind === 'route') {
    const { primary, epoch } = event;
    const at = { node: primary?.name, host: primary?.host, port: primary?.port };
    emit({ type: '+route', atMs, ...at, epoch });
    return;
  }
  if (event.tell.event === '+sdown') return;
  const made = eventOf(event.tell, event.atMs);
  if (made !== undefined) emit(made);
}

interface Looks {
  look(config: Config, state: State): void;
  silent(): Silent;
  /** Of the step that is being told. */
  nowMs(): number;
}

/** Before each step's own words, so that +sdown stands before the +odown that it leads to. */
function createLooks(emit: (event: SentinelEvent) => void): Looks {
  let before: Silent = new Map();
  let atMs = 0;
  return {
    look(config, state) {
      atMs = state.nowMs;
      const after = silentNodes(config, state);
      const last = before;
      before = after;
      // Who does not ask any more knows nothing of who came back.
      if (state.work.kind === 'standby' || state.work.kind === 'taking') return;
      for (const seen of sightings(last, after, state.nowMs)) {
        const { node } = seen;
        emit(
          seen.kind === 'down'
            ? { type: '+sdown', atMs: state.nowMs, node, silentMs: seen.silentMs }
            : { type: '-sdown', atMs: state.nowMs, node, downMs: seen.downMs },
        );
      }
    },
    silent: () => before,
    nowMs: () => atMs,
  };
}

function broken(error: unknown): SentinelEvent {
  const message = error instanceof Error ? error.message : String(error);
  return { type: '+broken', atMs: nowMs(), reason: 'EngineBroken', message };
}

function configOf(options: SentinelOptions): Partial<Omit<Config, 'replicas' | 'killPort'>> {
  const { policy = defaultConfig.policy } = options;
  const ms = (value: number | undefined, other: Config['downAfterMs']): Config['downAfterMs'] =>
    value === undefined ? other : millis(value);
  const { clientUsers = [] } = options;
  return {
    pingIntervalMs: ms(options.pingIntervalMs, defaultConfig.pingIntervalMs),
    downAfterMs: ms(options.downAfterMs, defaultConfig.downAfterMs),
    failoverTimeoutMs: ms(options.failoverTimeoutMs, defaultConfig.failoverTimeoutMs),
    policy,
    prefer: options.prefer ?? (policy === 'Durable' ? 'Offset' : defaultConfig.prefer),
    minReplicasToWrite: options.minReplicasToWrite ?? defaultConfig.minReplicasToWrite,
    maxLagSeconds: options.maxLagSeconds ?? defaultConfig.maxLagSeconds,
    dataLossPolicy: options.dataLossPolicy ?? defaultConfig.dataLossPolicy,
    onDiskError: options.onDiskError ?? defaultConfig.onDiskError,
    clientUsers: [...new Set(['default', ...clientUsers])],
    addresses: options.addressesAreExclusive === false ? 'reusable' : 'exclusive',
    settings: options.settings ?? [],
  };
}

/** The engine's clock: counted from 1970, and never going back. */
function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
