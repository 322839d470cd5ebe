/**
 * Whether a node's data may give way to the primary's (failover.md I5): an unknown history is never
 * overwritten without the user's consent; a tail beyond a branch point is divergence, and counted.
 * Never here: the order itself (steady.ts).
 */
import type { NodeFacts } from './facts';
import { branchPoint, historyOf, isIntended } from './lineage';
import { type ClusterRecord, type HistoryEntry, recordVolumes } from './record';
import type { NodeState } from './state';

export type Attachability =
  | { readonly kind: 'safe' }
  /** `lostBytes` is undefined where the histories cannot be compared. */
  | { readonly kind: 'diverged'; readonly lostBytes: number | undefined }
  | { readonly kind: 'foreign' };

/** @param primary what the primary last said of itself: its second replid is the parent history. */
export function attachability(
  record: ClusterRecord,
  node: NodeState,
  primary: NodeFacts | undefined,
): Attachability {
  const { facts } = node;
  if (facts === undefined || facts.keys === 0) return { kind: 'safe' };
  if (primary !== undefined && facts.replid === primary.replid) return { kind: 'safe' };
  if (primary?.secondOffset !== undefined && facts.replid === primary.replid2)
    return beyond(facts, primary.secondOffset - 1);
  const entry = historyOf(record, facts);
  if (entry !== undefined) {
    const branch = branchPoint(record, entry);
    return branch === undefined ? { kind: 'safe' } : beyond(facts, branch);
  }
  if (isIntended(record, facts)) return { kind: 'diverged', lostBytes: undefined };
  if (primary !== undefined && facts.replid2 === primary.replid)
    return { kind: 'diverged', lostBytes: undefined };
  // Promoted by us while it could not be seen, then given up: its own history branches off one of ours.
  const parent = parentOf(record, facts);
  if (parent !== undefined)
    return beyond(facts, Math.min(parent.until, branchPoint(record, parent.entry) ?? parent.until));
  if (recordVolumes(record).includes(node.fact.pvcUid))
    return { kind: 'diverged', lostBytes: undefined };
  // Without identity (AOF) the volume tells: one made for this cluster holds what its primaries wrote.
  const ours = facts.replid2 === undefined && node.fact.volume === 'ours';
  return ours ? { kind: 'diverged', lostBytes: undefined } : { kind: 'foreign' };
}

/** The recorded history that the node's second replid names, and how far the node shares it. */
function parentOf(
  record: ClusterRecord,
  { replid2, secondOffset }: NodeFacts,
): { readonly entry: HistoryEntry; readonly until: number } | undefined {
  const entry = record.lineage.find(({ replid }) => replid === replid2);
  return entry === undefined || secondOffset === undefined
    ? undefined
    : { entry, until: secondOffset - 1 };
}

function beyond(facts: NodeFacts, limit: number): Attachability {
  const lostBytes = facts.offset - limit;
  return lostBytes > 0 ? { kind: 'diverged', lostBytes } : { kind: 'safe' };
}
