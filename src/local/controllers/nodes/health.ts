/**
 * Whether a node still lives: its conditions after a silence, its taints, and what that means for the
 * readiness of its pods.
 * Never here: deleting pods (eviction.ts, sweep.ts).
 */
import type { Action, Decision } from '../frame/action';
import { type Condition, conditionOf, timedCondition, withCondition } from '../objects/condition';
import { goJson } from '../objects/hash';
import { type Lease, NODES, type Node, type Taint } from '../objects/node';
import { isReady, PODS, type Pod } from '../objects/pod';
import { timeOf, timestamp } from '../objects/time';
import type { NodeSettings } from './settings';

export interface ObservedNode {
  readonly node: Node;
  readonly lease: Lease | undefined;
  /** On the node. */
  readonly pods: readonly Pod[];
  /** `stopped`: so many nodes are silent that rather we are the ones cut off; `off`: all of them. */
  readonly evictions: 'running' | 'stopped' | 'off';
  /** When this controller began to look: earlier silence is not the node's fault. */
  readonly sinceMs: number;
}

const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';

export function decideNode(
  observed: ObservedNode,
  settings: NodeSettings,
  nowMs: number,
): Decision {
  const { node } = observed;
  const lostAtMs = lastSeenMs(observed) + graceMs(node, settings);
  const conditions = nowMs > lostAtMs ? silenced(node, nowMs) : (node.status?.conditions ?? []);
  const isChanged = goJson(conditions) !== goJson(node.status?.conditions ?? []);
  const next = { ...node, status: { ...node.status, conditions } };
  const before = conditionOf(node.status?.conditions, 'Ready')?.status;
  const after = conditionOf(conditions, 'Ready')?.status;
  const name = node.metadata.name;
  const told: Action = {
    ...{ kind: 'tell', about: node, reason: 'NodeNotReady' },
    message: `Node ${name} status is now: NodeNotReady`,
  };
  return {
    actions: [
      ...(isChanged ? [{ kind: 'status', of: NODES, object: next } as const] : []),
      ...(before === 'True' && after !== 'True' ? [told] : []),
      ...(isChanged ? [] : taint(node, observed.evictions, nowMs)),
      ...(after === undefined || after === 'True' ? [] : unready(observed.pods, nowMs)),
    ],
    recheckAfterMs: nowMs > lostAtMs ? undefined : lostAtMs - nowMs + 1,
  };
}

function graceMs({ status }: Node, { graceSeconds, startupGraceSeconds }: NodeSettings): number {
  const isKnown = conditionOf(status?.conditions, 'Ready') !== undefined;
  return (isKnown ? graceSeconds : startupGraceSeconds) * 1000;
}

function lastSeenMs({ node, lease, sinceMs }: ObservedNode): number {
  const heartbeat = conditionOf(node.status?.conditions, 'Ready')?.lastHeartbeatTime;
  return Math.max(
    sinceMs,
    timeOf(node.metadata.creationTimestamp) ?? 0,
    timeOf(lease?.spec.renewTime) ?? 0,
    timeOf(heartbeat) ?? 0,
  );
}

/** Nobody knows any more: Unknown is not False. */
function silenced({ status, metadata }: Node, nowMs: number): readonly Condition[] {
  return ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'].reduce(
    (conditions: readonly Condition[], type) => {
      const old = conditionOf(conditions, type);
      if (old?.status === 'Unknown') return conditions;
      const lastHeartbeatTime = old?.lastHeartbeatTime ?? metadata.creationTimestamp;
      const why =
        old === undefined
          ? { reason: 'NodeStatusNeverUpdated', message: 'Kubelet never posted node status.' }
          : { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' };
      const next: Condition = { ...old, type, status: 'Unknown', lastHeartbeatTime, ...why };
      return withCondition(conditions, next, nowMs);
    },
    status?.conditions ?? [],
  );
}

/** Keys of taints that follow from conditions, by the status that brings them. */
const FROM_CONDITIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
};
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';
const OWN_KEYS = new Set([
  ...Object.values(FROM_CONDITIONS).flatMap((keys) => Object.values(keys)),
  UNSCHEDULABLE,
]);

function taint(node: Node, evictions: ObservedNode['evictions'], nowMs: number): readonly Action[] {
  const { taints = [] } = node.spec;
  const wanted = [...blocking(node), ...evicting(node, evictions)];
  const isWanted = (present: Taint) =>
    wanted.some(({ key, effect }) => key === present.key && effect === present.effect);
  const kept = taints.filter((present) => !isOurs(present) || isWanted(present));
  const missing = wanted.filter(
    ({ key, effect }) =>
      !taints.some((present) => present.key === key && present.effect === effect),
  );
  if (missing.length === 0 && kept.length === taints.length) return [];
  const timeAdded = timestamp(nowMs);
  const next = [...kept, ...missing.map((entry) => ({ ...entry, timeAdded }))];
  const { resourceVersion } = node.metadata;
  const patch = {
    metadata: { resourceVersion },
    spec: { taints: next.length === 0 ? null : next },
  };
  return [{ kind: 'patch', of: NODES, object: node, patch }];
}

function isOurs({ key, effect }: Taint): boolean {
  if (effect === 'NoExecute') return key === NOT_READY || key === UNREACHABLE;
  return effect === 'NoSchedule' && OWN_KEYS.has(key);
}

function blocking({ status, spec }: Node): readonly Taint[] {
  const keys = (status?.conditions ?? []).flatMap(({ type, status: value }) => {
    const key = FROM_CONDITIONS[type]?.[value];
    return key === undefined ? [] : [key];
  });
  const all = spec.unschedulable === true ? [...keys, UNSCHEDULABLE] : keys;
  return all.map((key) => ({ key, effect: 'NoSchedule' }));
}

/** While evictions are stopped a taint that is there stays, and none is added. */
function evicting({ status, spec }: Node, evictions: ObservedNode['evictions']): readonly Taint[] {
  const ready = conditionOf(status?.conditions, 'Ready')?.status;
  if (ready === undefined || ready === 'True' || evictions === 'off') return [];
  const present = (spec.taints ?? []).filter(
    ({ key, effect }) => effect === 'NoExecute' && (key === NOT_READY || key === UNREACHABLE),
  );
  if (evictions === 'stopped' && present.length === 0) return [];
  return [{ key: ready === 'False' ? NOT_READY : UNREACHABLE, effect: 'NoExecute' }];
}

/** Services must not send anybody there; the pods themselves may well run. */
function unready(pods: readonly Pod[], nowMs: number): readonly Action[] {
  return pods.filter(isReady).flatMap((pod): readonly Action[] => {
    const ready = conditionOf(pod.status?.conditions, 'Ready');
    if (ready === undefined) return [];
    const next = { ...ready, status: 'False' } as const;
    const patch = { status: { conditions: [timedCondition(pod.status?.conditions, next, nowMs)] } };
    return [
      { kind: 'patch', type: 'strategic', of: PODS, object: pod, patch, subresource: 'status' },
      {
        ...{ kind: 'tell', about: pod, type: 'Warning', reason: 'NodeNotReady' },
        message: 'Node is not ready',
      },
    ];
  });
}

/** How many silent nodes make us doubt ourselves: as the real controller for clusters of up to 50. */
export function evictionsWith(
  nodes: readonly Node[],
  zoneOf: (node: Node) => string,
  zone: string,
): ObservedNode['evictions'] {
  const isSilent = ({ status }: Node) =>
    (conditionOf(status?.conditions, 'Ready')?.status ?? 'True') !== 'True';
  if (nodes.length > 0 && nodes.every(isSilent)) return 'off';
  const own = nodes.filter((node) => zoneOf(node) === zone);
  const silent = own.filter(isSilent).length;
  const isFull = silent === own.length;
  return !isFull && silent > 2 && silent / own.length >= 0.55 ? 'stopped' : 'running';
}
