/**
 * Which of the fitting nodes is best: preferences of the pod, and spreading. The weights are those of
 * the real scheduler; equal nodes are taken by name, so that a run can be repeated.
 * Never here: whether a node fits at all (filters.ts).
 */
import type { Pod } from '../objects/pod';
import { untolerated } from '../objects/taints';
import { inDomain, isSpreadWith } from './filters';
import { countByDomain, domainOf, nodeTakes, type Room, type Seat, termTakes } from './room';

type Score = (pod: Pod, seat: Seat, room: Room) => number;

/** More is better; each is brought to 0..100 over the candidates before it is weighed. */
const scores: readonly { readonly weight: number; readonly of: Score }[] = [
  { weight: 3, of: (pod, seat) => -dislikedTaints(pod, seat) },
  { weight: 2, of: preferredNode },
  { weight: 2, of: (pod, seat, room) => -crowding(pod, seat, room) },
  { weight: 2, of: preferredPods },
  { weight: 1, of: (_, { pods }) => -pods.length },
];

/** @param fitting at least one. */
export function bestOf(pod: Pod, fitting: readonly Seat[], room: Room): Seat | undefined {
  const totals = fitting.map(() => 0);
  for (const { weight, of } of scores) {
    const raw = fitting.map((seat) => of(pod, seat, room));
    const [low, high] = [Math.min(...raw), Math.max(...raw)];
    raw.forEach((value, index) => {
      const share = high === low ? 0 : ((value - low) / (high - low)) * 100;
      totals[index] = (totals[index] ?? 0) + weight * share;
    });
  }
  const ranked = fitting.map((seat, index) => ({ seat, total: totals[index] ?? 0 }));
  ranked.sort(
    (a, b) => b.total - a.total || (a.seat.node.metadata.name < b.seat.node.metadata.name ? -1 : 1),
  );
  return ranked[0]?.seat;
}

function dislikedTaints({ spec }: Pod, { node }: Seat): number {
  return (node.spec.taints ?? []).filter(
    (taint) => untolerated(spec.tolerations, [taint], ['PreferNoSchedule']) !== undefined,
  ).length;
}

function preferredNode({ spec }: Pod, { node }: Seat): number {
  const preferred = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
  return (preferred ?? [])
    .filter(({ preference }) => nodeTakes(node, preference))
    .reduce((sum, { weight }) => sum + weight, 0);
}

/** Pods of the constraints' kind that stand in the node's domains already. */
function crowding(pod: Pod, seat: Seat, room: Room): number {
  return (pod.spec.topologySpreadConstraints ?? [])
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'ScheduleAnyway')
    .reduce((sum, constraint) => {
      const { topologyKey } = constraint;
      const domain = domainOf(seat, topologyKey);
      const counts = countByDomain(room.seats, topologyKey, (other) =>
        isSpreadWith(pod, other, constraint),
      );
      const worst = Math.max(0, ...counts.values());
      return sum + (domain === undefined ? worst + 1 : (counts.get(domain) ?? 0));
    }, 0);
}

function preferredPods(pod: Pod, seat: Seat, room: Room): number {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const near = podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const far = podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const weigh = (terms: typeof near) =>
    terms
      .filter(({ podAffinityTerm }) =>
        inDomain(room, seat, podAffinityTerm.topologyKey, (other) =>
          termTakes(room, pod, podAffinityTerm, other),
        ),
      )
      .reduce((sum, { weight }) => sum + weight, 0);
  return weigh(near) - weigh(far);
}
