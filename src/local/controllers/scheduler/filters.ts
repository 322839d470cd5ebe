/**
 * Why a pod cannot stand on a node, in the words of the real scheduler and in its order of plugins.
 * Never here: which of the fitting nodes is best (scores.ts).
 */
import { amountOf } from '../../../spec/quantity';
import type { Node } from '../objects/node';
import type { Pod } from '../objects/pod';
import { containsAll, selects } from '../objects/selector';
import { untolerated } from '../objects/taints';
import { countByDomain, domainOf, nodeTakes, type Room, type Seat, termTakes } from './room';

/** `resolvable`: fewer pods on the node would help. */
export interface Obstacle {
  readonly reason: string;
  readonly kind: 'resolvable' | 'unresolvable';
}

type Filter = (pod: Pod, seat: Seat, room: Room) => readonly Obstacle[];

const filters: readonly Filter[] = [
  isSchedulable,
  isTolerated,
  isSelected,
  hasPorts,
  hasResources,
  holdsVolumes,
  isSpread,
  keepsAffinity,
];

/** @returns the first plugin's obstacles; empty: it fits. */
export function obstaclesTo(pod: Pod, seat: Seat, room: Room): readonly Obstacle[] {
  for (const filter of filters) {
    const found = filter(pod, seat, room);
    if (found.length > 0) return found;
  }
  return [];
}

function resolvable(reason: string): readonly Obstacle[] {
  return [{ reason, kind: 'resolvable' }];
}

function unresolvable(reason: string): readonly Obstacle[] {
  return [{ reason, kind: 'unresolvable' }];
}

const UNSCHEDULABLE = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;

function isSchedulable({ spec }: Pod, { node }: Seat): readonly Obstacle[] {
  if (node.spec.unschedulable !== true) return [];
  return untolerated(spec.tolerations, [UNSCHEDULABLE], ['NoSchedule']) === undefined
    ? []
    : unresolvable('node(s) were unschedulable');
}

function isTolerated({ spec }: Pod, { node }: Seat): readonly Obstacle[] {
  const effects = ['NoSchedule', 'NoExecute'] as const;
  const taint = untolerated(spec.tolerations, node.spec.taints, effects);
  if (taint === undefined) return [];
  return unresolvable(`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`);
}

/** nodeSelector and required node affinity. */
function isSelected(pod: Pod, { node }: Seat): readonly Obstacle[] {
  return isWanted(pod, node)
    ? []
    : unresolvable("node(s) didn't match Pod's node affinity/selector");
}

function isWanted({ spec }: Pod, node: Node): boolean {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (
    containsAll(node.metadata.labels, spec.nodeSelector ?? {}) &&
    (required === undefined || required.nodeSelectorTerms.some((term) => nodeTakes(node, term)))
  );
}

function hasPorts({ spec }: Pod, { pods }: Seat): readonly Obstacle[] {
  const wanted = hostPorts(spec);
  if (wanted.length === 0) return [];
  const taken = new Set(pods.flatMap((pod) => hostPorts(pod.spec)));
  return wanted.some((port) => taken.has(port))
    ? resolvable("node(s) didn't have free ports for the requested pod ports")
    : [];
}

function hostPorts({ containers }: Pod['spec']): readonly string[] {
  return containers
    .flatMap(({ ports = [] }) => ports)
    .flatMap(({ hostPort, protocol = 'TCP' }) => (hostPort ? [`${hostPort}/${protocol}`] : []));
}

function hasResources(pod: Pod, { node, pods }: Seat): readonly Obstacle[] {
  const allocatable = node.status?.allocatable ?? {};
  const podsMax = amountOf(allocatable.pods ?? '110') ?? 110;
  const found = pods.length + 1 > podsMax ? [...resolvable('Too many pods')] : [];
  for (const resource of ['cpu', 'memory']) {
    const limit = allocatable[resource];
    const wanted = requestOf(pod, resource);
    if (limit === undefined || wanted === 0) continue;
    const taken = pods.reduce((sum, other) => sum + requestOf(other, resource), 0);
    const max = thousandths(limit);
    const kind = wanted > max ? 'unresolvable' : 'resolvable';
    if (taken + wanted > max) found.push({ reason: `Insufficient ${resource}`, kind });
  }
  return found;
}

/** Whole ones, as sums of tenths are off; less than one counts as one. */
function thousandths(quantity: string): number {
  return Math.ceil(Number(((amountOf(quantity) ?? 0) * 1000).toFixed(3)));
}

/** In whole thousandths. */
function requestOf({ spec }: Pod, resource: string): number {
  const amount = ({ resources }: { resources?: { requests?: Readonly<Record<string, string>> } }) =>
    thousandths(resources?.requests?.[resource] ?? '0');
  const running = spec.containers.reduce((sum, container) => sum + amount(container), 0);
  return Math.max(running, ...(spec.initContainers ?? []).map(amount));
}

function holdsVolumes(pod: Pod, { node }: Seat, room: Room): readonly Obstacle[] {
  for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
    if (persistentVolumeClaim === undefined) continue;
    const claim = room.claimNamed(pod.metadata.namespace, persistentVolumeClaim.claimName);
    if (!claim?.spec.volumeName) continue;
    const volume = room.volumeNamed(claim.spec.volumeName);
    if (volume === undefined)
      return unresolvable(
        'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)',
      );
    const required = volume.spec.nodeAffinity?.required;
    if (required === undefined) continue;
    if (!(required.nodeSelectorTerms ?? []).some((term) => nodeTakes(node, term)))
      return unresolvable("node(s) didn't match PersistentVolume's node affinity");
  }
  return [];
}

function isSpread(pod: Pod, seat: Seat, room: Room): readonly Obstacle[] {
  const unmatched = "node(s) didn't match pod topology spread constraints";
  for (const constraint of pod.spec.topologySpreadConstraints ?? []) {
    if (constraint.whenUnsatisfiable !== 'DoNotSchedule') continue;
    const { topologyKey, labelSelector, maxSkew } = constraint;
    const domain = domainOf(seat, topologyKey);
    if (domain === undefined) return unresolvable(`${unmatched} (missing required label)`);
    const eligible = room.seats.filter(({ node }) => isWanted(pod, node));
    const counts = countByDomain(eligible, topologyKey, (other) =>
      isSpreadWith(pod, other, constraint),
    );
    const own = selects(labelSelector, pod.metadata.labels) ? 1 : 0;
    const lowest = Math.min(...counts.values());
    if ((counts.get(domain) ?? 0) + own - lowest > maxSkew) return resolvable(unmatched);
  }
  return [];
}

/** Whether the other pod counts for a constraint of the first. */
export function isSpreadWith(
  pod: Pod,
  { metadata }: Pod,
  { labelSelector }: NonNullable<Pod['spec']['topologySpreadConstraints']>[number],
): boolean {
  return (
    metadata.namespace === pod.metadata.namespace &&
    metadata.deletionTimestamp === undefined &&
    selects(labelSelector, metadata.labels)
  );
}

function keepsAffinity(pod: Pod, seat: Seat, room: Room): readonly Obstacle[] {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const near = podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const far = podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const all = near.length === 0 ? [] : room.seats.flatMap(({ pods }) => pods);
  for (const term of near) {
    const takes = (other: Pod) => termTakes(room, pod, term, other);
    const isFirst = !all.some(takes) && takes(pod);
    if (
      domainOf(seat, term.topologyKey) === undefined ||
      (!isFirst && !inDomain(room, seat, term.topologyKey, takes))
    )
      return unresolvable("node(s) didn't match pod affinity rules");
  }
  for (const term of far)
    if (inDomain(room, seat, term.topologyKey, (other) => termTakes(room, pod, term, other)))
      return resolvable("node(s) didn't match pod anti-affinity rules");
  return isUnwelcome(pod, seat, room)
    ? resolvable("node(s) didn't satisfy existing pods anti-affinity rules")
    : [];
}

/** Somebody in the seat's domain does not want such a pod beside it. */
function isUnwelcome(pod: Pod, seat: Seat, room: Room): boolean {
  return room.seats.some((other) =>
    other.pods.some((present) => {
      const { podAntiAffinity } = present.spec.affinity ?? {};
      const far = podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
      return far.some((term) => {
        const domain = domainOf(seat, term.topologyKey);
        const isNear = domain !== undefined && domainOf(other, term.topologyKey) === domain;
        return isNear && termTakes(room, present, term, pod);
      });
    }),
  );
}

/** Whether a pod of the seat's domain passes the test. */
export function inDomain(
  room: Room,
  seat: Seat,
  topologyKey: string,
  test: (pod: Pod) => boolean,
): boolean {
  const domain = domainOf(seat, topologyKey);
  if (domain === undefined) return false;
  return room.seats.some(
    (other) => domainOf(other, topologyKey) === domain && other.pods.some(test),
  );
}
