/**
 * What the scheduler knows of the cluster: nodes with the pods that stand or are about to stand on
 * them, and groups of nodes by a label.
 * Never here: whether a pod fits (filters.ts) or where it stands best (scores.ts).
 */
import type { Node } from '../objects/node';
import type { NodeSelectorTerm, Pod, PodAffinityTerm } from '../objects/pod';
import { type Labels, meets, selects } from '../objects/selector';
import type { Claim, PersistentVolume, StorageClass } from '../objects/storage';

export interface Seat {
  readonly node: Node;
  readonly pods: readonly Pod[];
}

export interface Room {
  readonly seats: readonly Seat[];
  readonly claimNamed: (namespace: string | undefined, name: string) => Claim | undefined;
  readonly volumeNamed: (name: string) => PersistentVolume | undefined;
  readonly classNamed: (name: string) => StorageClass | undefined;
  readonly labelsOfNamespace: (name: string) => Labels | undefined;
}

/** The node's place by a topology key; undefined: it has none. */
export function domainOf({ node }: Seat, topologyKey: string): string | undefined {
  return node.metadata.labels?.[topologyKey];
}

/** Pods in each domain of the key that the test takes; a domain without one counts 0. */
export function countByDomain(
  seats: readonly Seat[],
  topologyKey: string,
  test: (pod: Pod) => boolean,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const seat of seats) {
    const domain = domainOf(seat, topologyKey);
    if (domain === undefined) continue;
    counts.set(domain, (counts.get(domain) ?? 0) + seat.pods.filter(test).length);
  }
  return counts;
}

/** Whether a term of `owner` means `other`. */
export function termTakes(room: Room, owner: Pod, term: PodAffinityTerm, other: Pod): boolean {
  const { namespaces = [], namespaceSelector, labelSelector } = term;
  const namespace = other.metadata.namespace ?? '';
  const isNamed =
    namespaces.length === 0 && namespaceSelector === undefined
      ? namespace === owner.metadata.namespace
      : namespaces.includes(namespace) ||
        (namespaceSelector !== undefined &&
          selects(namespaceSelector, room.labelsOfNamespace(namespace) ?? {}));
  return isNamed && selects(labelSelector, other.metadata.labels);
}

export function nodeTakes({ metadata }: Node, term: NodeSelectorTerm): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    matchExpressions.every((requirement) => meets(metadata.labels ?? {}, requirement)) &&
    matchFields.every((requirement) => meets({ 'metadata.name': metadata.name }, requirement))
  );
}
