/**
 * Where a pod goes: onto the best fitting node, once its claims are bound there; or why nowhere.
 * Never here: running it.
 */
import { type Action, type Decision, NOTHING } from '../frame/action';
import { conditionOf, timedCondition } from '../objects/condition';
import { isFinished, isTerminating, PODS, type Pod } from '../objects/pod';
import { CLAIMS, type Claim, SELECTED_NODE } from '../objects/storage';
import { type Obstacle, obstaclesTo } from './filters';
import type { Room, Seat } from './room';
import { bestOf } from './scores';

export const SCHEDULER = 'default-scheduler';

/** Unschedulable pods are tried again without any change after so long, as in a real cluster. */
const FLUSH_MS = 300_000;

export function isWaiting(pod: Pod): boolean {
  const { nodeName, schedulerName = SCHEDULER, schedulingGates = [] } = pod.spec;
  if (nodeName || schedulerName !== SCHEDULER || schedulingGates.length > 0) return false;
  return !isTerminating(pod) && !isFinished(pod);
}

export function decidePod(pod: Pod, room: Room, nowMs: number): Decision {
  if (!isWaiting(pod)) return NOTHING;
  const claims = claimsOf(pod, room);
  if (claims.kind === 'missing') return refuse(pod, room, { message: claims.message }, nowMs);
  const { unbound } = claims;
  const promised = unbound.map((claim) => claim.metadata.annotations?.[SELECTED_NODE]);
  const seats = room.seats.filter(({ node }) =>
    promised.every((name) => name === undefined || name === node.metadata.name),
  );
  const judged = room.seats.map((seat) => ({ seat, obstacles: obstaclesTo(pod, seat, room) }));
  const fitting = judged.filter(
    ({ seat, obstacles }) => obstacles.length === 0 && seats.includes(seat),
  );
  const best = bestOf(
    pod,
    fitting.map(({ seat }) => seat),
    room,
  );
  if (best === undefined) {
    const held = unbound.filter((claim) => claim.metadata.annotations?.[SELECTED_NODE]);
    const obstacles = judged.map((entry) => entry.obstacles);
    return refuse(pod, room, { obstacles }, nowMs, held);
  }
  return place(pod, best, unbound);
}

type Claims =
  | { readonly kind: 'found'; readonly unbound: readonly Claim[] }
  | { readonly kind: 'missing'; readonly message: string };

function claimsOf(pod: Pod, room: Room): Claims {
  const unbound: Claim[] = [];
  for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
    if (persistentVolumeClaim === undefined) continue;
    const { claimName } = persistentVolumeClaim;
    const claim = room.claimNamed(pod.metadata.namespace, claimName);
    const quoted = `persistentvolumeclaim "${claimName}"`;
    if (claim === undefined) return { kind: 'missing', message: `${quoted} not found` };
    if (isTerminating(claim)) return { kind: 'missing', message: `${quoted} is being deleted` };
    if (claim.status?.phase === 'Lost')
      return {
        kind: 'missing',
        message: `persistentvolumeclaim "${claimName}" bound to non-existent persistentvolume "${claim.spec.volumeName ?? ''}"`,
      };
    if (isBound(claim)) continue;
    const waits = room.classNamed(claim.spec.storageClassName ?? '')?.volumeBindingMode;
    if (waits !== 'WaitForFirstConsumer')
      return { kind: 'missing', message: 'pod has unbound immediate PersistentVolumeClaims' };
    unbound.push(claim);
  }
  return { kind: 'found', unbound };
}

function isBound({ spec, status }: Claim): boolean {
  return Boolean(spec.volumeName) && status?.phase === 'Bound';
}

/** The claims come first: their volumes are made on the node; the pod follows when all are bound. */
function place(pod: Pod, { node }: Seat, unbound: readonly Claim[]): Decision {
  const { name, namespace } = pod.metadata;
  const target = node.metadata.name;
  if (unbound.length > 0) {
    const annotations = { [SELECTED_NODE]: target };
    const open = unbound.filter((claim) => !claim.metadata.annotations?.[SELECTED_NODE]);
    return {
      actions: open.map((object) => ({
        ...{ kind: 'patch', of: CLAIMS, object },
        patch: { metadata: { annotations } },
      })),
    };
  }
  const failure = { about: pod, reason: 'FailedScheduling', message: 'binding rejected: ' };
  return {
    actions: [
      { kind: 'bind', pod, node: target, onRefusal: failure },
      {
        ...{ kind: 'tell', about: pod, reason: 'Scheduled', action: 'Binding' },
        message: `Successfully assigned ${namespace}/${name} to ${target}`,
      },
    ],
  };
}

type Why = { readonly message: string } | { readonly obstacles: readonly (readonly Obstacle[])[] };

/** @param held claims whose node no longer fits: they are given free. */
function refuse(
  pod: Pod,
  room: Room,
  why: Why,
  nowMs: number,
  held: readonly Claim[] = [],
): Decision {
  const message = messageOf(room.seats.length, why);
  const { generation } = pod.metadata;
  const condition = {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message,
  } as const;
  const old = conditionOf(pod.status?.conditions, 'PodScheduled');
  const free = held.map(
    (object): Action => ({
      ...{ kind: 'patch', of: CLAIMS, object },
      patch: { metadata: { annotations: { [SELECTED_NODE]: null } } },
    }),
  );
  if (old?.status === 'False' && old.message === message && free.length === 0)
    return { actions: [], recheckAfterMs: FLUSH_MS };
  const told = { lastProbeTime: null, ...condition };
  const conditions = [timedCondition(pod.status?.conditions, told, nowMs)];
  return {
    actions: [
      ...free,
      {
        ...{ kind: 'tell', about: pod, type: 'Warning', reason: 'FailedScheduling', message },
        action: 'Scheduling',
      },
      {
        ...{ kind: 'patch', type: 'strategic', of: PODS, object: pod, subresource: 'status' },
        patch: { status: { conditions } },
      },
    ],
    recheckAfterMs: FLUSH_MS,
  };
}

function messageOf(nodes: number, why: Why): string {
  if (nodes === 0) return 'no nodes available to schedule pods';
  const head = `0/${nodes} nodes are available:`;
  // Its plugin for resource claims has nothing to say then, and says that.
  if ('message' in why) return `${head} ${why.message}. not found`;
  const { obstacles } = why;
  const told = histogram(obstacles.flat().map(({ reason }) => reason));
  const victims = obstacles.filter((list) =>
    list.every(({ kind }) => kind === 'resolvable'),
  ).length;
  const hopes = histogram([
    ...Array.from({ length: victims }, () => 'No preemption victims found for incoming pod'),
    ...Array.from({ length: nodes - victims }, () => 'Preemption is not helpful for scheduling'),
  ]);
  return `${head} ${told}. no new claims to deallocate, preemption: ${head} ${hopes}.`;
}

function histogram(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}
