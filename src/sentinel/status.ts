/**
 * How a cluster stands, as plain data to print or to serve.
 * Never here: anything that is not in the engine's state already.
 */
import { explain, type Facts, type Reason } from '../kit/reasons';
import type { NodeFacts } from './core/facts';
import type { ObserverState } from './core/observer';
import { servedEpoch } from './core/record';
import type { Silent } from './core/sightings';
import type { NodeState, State } from './core/state';
import { nodeName, type SentinelNode } from './options';

/** What `status()` says: plain data, as of now. */
export interface SentinelStatus {
  /** `leader` decides; `standby` waits for the authority; `observer` only looks. */
  readonly role: 'idle' | 'leader' | 'standby' | 'observer' | 'closed';
  /** What the leader is at. `steady`: the primary serves. Others have `none`. */
  readonly work: 'none' | 'taking' | 'resume' | 'steady' | 'failover' | 'switchover';
  /** Name of the recorded primary; an observer's: of the node that alone says so. */
  readonly primary: string | undefined;
  /** Rises with each change of primary; 0: none yet, or not known. */
  readonly epoch: number;
  /** Rises with each acquisition of the authority; 0: none yet, or not known. */
  readonly term: number;
  /** In the order of the options. */
  readonly nodes: readonly NodeStatus[];
  /** Why nothing moves, and what to do. Where it speaks of the annotation, call `accept(node)`. */
  readonly blocked:
    | { readonly reason: Reason; readonly facts: Facts; readonly message: string }
    | undefined;
  readonly lastFailover: LastFailover | undefined;
}

/** A server, as this Sentinel sees it. */
export interface NodeStatus {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** `down`: silent for downAfterMs. `unknown`: this process does not ask. */
  readonly health: 'up' | 'down' | 'unknown';
  /** As it said last; undefined: never. */
  readonly role: 'primary' | 'replica' | undefined;
  /** Place in the stream, in bytes; undefined: not known. */
  readonly offset: number | undefined;
  /** Of a replica: whether it is connected to a primary. */
  readonly link: 'up' | 'down' | undefined;
  readonly keys: number | undefined;
  readonly runId: string | undefined;
}

/** The last change of the primary that this Sentinel led. */
export interface LastFailover {
  readonly from: string;
  readonly to: string;
  readonly epoch: number;
  readonly why: string;
  /** From the last sign of the old primary to the recorded new one, ms. */
  readonly durationMs: number;
  readonly lostBytes: number | undefined;
}

const empty = {
  work: 'none',
  primary: undefined,
  epoch: 0,
  term: 0,
  blocked: undefined,
  lastFailover: undefined,
} as const;

export function idleStatus(
  nodes: readonly SentinelNode[],
  role: 'idle' | 'closed',
): SentinelStatus {
  return { ...empty, role, nodes: nodes.map((node) => nodeStatus(node, 'unknown', undefined)) };
}

export function engineStatus(
  nodes: readonly SentinelNode[],
  state: State,
  silent: Silent,
): SentinelStatus {
  const { work, record, blocked, lastFailover } = state;
  const asks = work.kind !== 'standby' && work.kind !== 'taking';
  const of = (node: SentinelNode): NodeState | undefined =>
    state.nodes.find(({ fact }) => fact.pod === nodeName(node));
  return {
    role: work.kind === 'standby' ? 'standby' : 'leader',
    work: work.kind === 'standby' ? 'none' : work.kind,
    primary: record?.primary?.pod,
    epoch: servedEpoch(record),
    term: record?.term ?? 0,
    nodes: nodes.map((node) => {
      const health = silent.has(nodeName(node)) ? 'down' : 'up';
      return nodeStatus(node, asks ? health : 'unknown', of(node)?.facts);
    }),
    blocked:
      blocked === undefined
        ? undefined
        : { ...blocked, message: explain(blocked.reason, blocked.facts) },
    lastFailover:
      lastFailover === undefined
        ? undefined
        : {
            from: lastFailover.from,
            to: lastFailover.to,
            epoch: lastFailover.epoch,
            why: lastFailover.reason,
            durationMs: lastFailover.durationMs,
            lostBytes: lastFailover.lostBytes,
          },
  };
}

export function observerStatus(
  nodes: readonly SentinelNode[],
  state: ObserverState,
): SentinelStatus {
  return {
    ...empty,
    role: 'observer',
    primary: state.primary,
    nodes: nodes.map((node) => {
      const seen = state.nodes.find(({ name }) => name === nodeName(node));
      return nodeStatus(node, seen?.health ?? 'unknown', seen?.facts);
    }),
  };
}

function nodeStatus(
  node: SentinelNode,
  health: NodeStatus['health'],
  facts: NodeFacts | undefined,
): NodeStatus {
  return {
    name: nodeName(node),
    host: node.host,
    port: node.port ?? 6379,
    health,
    role: facts === undefined ? undefined : roleOf(facts),
    offset: facts?.offset,
    link: facts?.role === 'replica' ? facts.link : undefined,
    keys: facts?.keys,
    runId: facts?.runId,
  };
}

export function roleOf({ role }: Pick<NodeFacts, 'role'>): 'primary' | 'replica' {
  return role === 'master' ? 'primary' : 'replica';
}
