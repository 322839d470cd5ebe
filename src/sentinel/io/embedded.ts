/**
 * The engine without Kubernetes: nodes by their addresses, one authority within this process unless
 * another is given, the primary told through a callback. The servers must be set up as failover.md
 * section 11 says, the base user with them.
 * Never here: decisions. To see it run: `npm run engine`.
 */
import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type Millis, millis } from '../../kit/brands';
import { GungnirError } from '../../kit/reasons';
import type { Config } from '../core/config';
import type { Wishes } from '../core/event';
import type { PodFact } from '../core/facts';
import type { Route, Tell } from '../core/ready';
import type { ClusterRecord } from '../core/record';
import type { State } from '../core/state';
import { systemClock } from './clock';
import { createDriver, type DriverOptions } from './driver';
import { createMemoryAuthority } from './memory-authority';
import type { Authority, Credentials, Routed, Router, Transport } from './ports';
import { createSocketTransport } from './socket-transport';

export interface EmbeddedNode {
  /** Unique among the nodes; it names the node in events and wishes. */
  readonly name: string;
  /** An IP address, or a name that is resolved once, at the start. */
  readonly host: string;
  readonly port: number;
}

/** What the engine tells its owner, in order. */
export type EngineEvent =
  /** Clients belong to this node from now on; undefined: to none, until the next one. */
  | { readonly kind: 'route'; readonly primary: EmbeddedNode | undefined; readonly epoch: number }
  | { readonly kind: 'tell'; readonly tell: Tell; readonly atMs: Millis };

export interface EmbeddedOptions {
  readonly nodes: readonly EmbeddedNode[];
  /** The base user of failover.md section 11: it claims the nodes and nothing else. */
  readonly base: Credentials;
  readonly onEvent?: (event: EngineEvent) => void;
  /** What differs from `defaultConfig`. */
  readonly config?: Partial<Omit<Config, 'replicas' | 'killPort'>>;
  /** E4: ends a hung process for certain, where there is a way. */
  readonly kill?: (node: EmbeddedNode) => void;
  /** Default: one of its own, in memory. */
  readonly authority?: Authority;
  readonly transport?: Transport;
  readonly recorder?: NonNullable<DriverOptions['recorder']>;
  /** The engine contradicted itself and does nothing any more. Default: the error is thrown. */
  readonly onBroken?: (error: unknown) => void;
}

export interface EmbeddedEngine {
  /** Resolved when the nodes' addresses are known and the engine is at work. */
  start(): Promise<void>;
  /** Asks for a planned switchover, to the best replica when none is named. */
  switchover(to?: string): void;
  /** Takes back the wish for a switchover that has not begun. */
  withdraw(): void;
  /** Takes the node `name` as the primary where the engine stops and asks (failover.md section 7, end). */
  accept(name: string): void;
  record(): ClusterRecord | undefined;
  state(): State;
  /** Orders under way are awaited, then every connection ends. The servers go on as they are. */
  stop(): Promise<void>;
}

/** The defaults of failover.md sections 2 and 5. */
export const defaultConfig: Omit<Config, 'replicas' | 'killPort'> = {
  pingIntervalMs: millis(1000),
  downAfterMs: millis(5000),
  failoverTimeoutMs: millis(60_000),
  waitForBestMs: millis(2000),
  policy: 'Balanced',
  prefer: 'Priority',
  minReplicasToWrite: 1,
  maxLagSeconds: 2,
  dataLossPolicy: 'Stop',
  onDiskError: 'Switchover',
  clientUsers: ['default'],
  addresses: 'exclusive',
  serviceQuietMs: millis(0),
  serviceSettleMs: undefined,
  drainMs: millis(50),
  settings: [],
};

export function createEmbeddedEngine(options: EmbeddedOptions): EmbeddedEngine {
  const config: Config = {
    ...defaultConfig,
    ...options.config,
    replicas: options.nodes.length,
    killPort: options.kill === undefined ? 'absent' : 'present',
  };
  refuseSharedBase(options.base, config);
  const tell = (event: EngineEvent): void => options.onEvent?.(event);
  const byName = (name: string): EmbeddedNode | undefined =>
    options.nodes.find((node) => node.name === name);
  let wishes: Wishes = { accept: undefined, switchover: undefined, leaving: [] };

  const driver = createDriver({
    config: () => config,
    base: options.base,
    transport: options.transport ?? createSocketTransport(),
    authority: options.authority ?? createMemoryAuthority().contender('embedded'),
    router: callbackRouter((route) => {
      const primary = route.kind === 'to' ? byName(route.pod) : undefined;
      tell({ kind: 'route', primary, epoch: route.epoch });
    }),
    killPort: {
      kill({ pod }) {
        const node = byName(pod);
        if (node !== undefined) options.kill?.(node);
      },
    },
    clock: systemClock,
    makeSecret: () => randomBytes(32).toString('hex'),
    onTell: (told, { nowMs }) => tell({ kind: 'tell', tell: told, atMs: nowMs }),
    ...(options.recorder === undefined ? {} : { recorder: options.recorder }),
    ...(options.onBroken === undefined ? {} : { onBroken: options.onBroken }),
  });

  function wish(change: Partial<Wishes>): void {
    wishes = { ...wishes, ...change };
    driver.setWishes(wishes);
  }

  const epoch = (): number => driver.state().record?.epoch ?? 0;

  return {
    async start() {
      const facts = await Promise.all(options.nodes.map(factOf));
      driver.start();
      driver.setPods(facts);
    },
    switchover: (to) => wish({ switchover: { pod: to ?? '', epoch: epoch() } }),
    withdraw: () => wish({ switchover: undefined }),
    accept(name) {
      // The same answer given again is a new answer: the engine counts what changes while it asks.
      wish({ accept: undefined });
      wish({ accept: { pod: name, epoch: epoch() } });
    },
    record: () => driver.state().record,
    state: () => driver.state(),
    stop: () => driver.stop(),
  };
}

/** Each claim ends the base user's other connections, so nobody else may use it. */
function refuseSharedBase(base: Credentials, config: Config): void {
  if (config.clientUsers.includes(base.username)) {
    throw new GungnirError('BaseUserShared', { user: base.username });
  }
}

async function factOf(node: EmbeddedNode, ordinal: number): Promise<PodFact> {
  return {
    pod: node.name,
    podUid: node.name,
    ordinal,
    ip: await addressOf(node),
    port: node.port,
    containerId: '',
    terminatedIds: [],
    lifecycle: 'live',
    node: 'ready',
    traffic: 'direct',
    pvcUid: node.name,
    // Nothing is known of their past, so each may hold data at the first boot.
    volume: 'older',
  };
}

/** Servers are told addresses, never names: an unanswered DNS query stalls a server for seconds. */
export async function addressOf(node: EmbeddedNode): Promise<string> {
  if (isIP(node.host) !== 0) return node.host;
  try {
    return (await lookup(node.host)).address;
  } catch (cause) {
    throw new GungnirError('NodeNameUnknown', { node: node.name, host: node.host }, cause);
  }
}

/** A callback is obeyed at once, so what was asked for is what is seen. */
function callbackRouter(onRoute: (route: Route) => void): Router {
  let seen: (routed: Routed) => void = () => {};
  return {
    route(wanted) {
      onRoute(wanted);
      const pods = wanted.kind === 'to' ? [wanted.pod] : [];
      setImmediate(() => seen({ selected: pods[0] ?? '', endpoints: pods, proxies: 'asBefore' }));
    },
    onSeen(listener) {
      seen = listener;
    },
  };
}
