/**
 * Which history a node provably contains, and how far: the rank of failover.md I3. Offsets are
 * compared within one history only; across histories the epoch decides.
 * Never here: whether a node may be chosen (choose-replica) or attached (attach).
 */
import { type Epoch, type Offset, offset } from '../../kit/brands';
import type { NodeFacts } from './facts';
import { type ClusterRecord, type HistoryEntry, newestHistory } from './record';

/** Compared by epoch first, then offset. */
export interface Rank {
  readonly epoch: Epoch;
  readonly offset: Offset;
}

export const LINEAGE_LIMIT = 16;

/** Negative when `left` contains more than `right`. */
export function compareRank(left: Rank, right: Rank): number {
  return right.epoch - left.epoch || right.offset - left.offset;
}

/** @returns undefined for a node that is loading, or whose history is not of this lineage. */
export function rankOf(record: ClusterRecord, facts: NodeFacts): Rank | undefined {
  if (facts.activity !== 'ready') return undefined;
  const entry = containedHistory(record, facts);
  if (entry !== undefined) return promotedRank(record, entry, facts);
  if (isIntended(record, facts)) return { epoch: record.epoch, offset: facts.offset };
  return blankRank(record, facts);
}

/** The newest epoch that the node itself has read from; undefined for none of this lineage. */
export function joinedEpoch(record: ClusterRecord, facts: NodeFacts): Epoch | undefined {
  const entry = containedHistory(record, facts);
  if (entry !== undefined) return entry.epoch;
  return isIntended(record, facts) ? record.epoch : undefined;
}

/** The first primary died before anybody followed it: an empty node has all that there ever was. */
function blankRank(record: ClusterRecord, facts: NodeFacts): Rank | undefined {
  const newest = newestHistory(record);
  const empty = record.keys === 0 && facts.keys === 0;
  if (newest === undefined || record.lineage.length > 1 || newest.cut !== 'Cut' || !empty)
    return undefined;
  return isUntouched(record) ? { epoch: newest.epoch, offset: offset(0) } : undefined;
}

/** Nothing of the newest epoch was ever made safe: nobody followed, and without that no write was taken. */
function isUntouched({ everAttached, m }: ClusterRecord): boolean {
  return !everAttached && m !== 0;
}

/** The recorded history whose replid the node carries. */
export function historyOf(record: ClusterRecord, facts: NodeFacts): HistoryEntry | undefined {
  return [...record.lineage].reverse().find((entry) => entry.replid === facts.replid);
}

/**
 * The newest recorded history whose start the node's offset has reached. A partial resynchronization
 * names the new history before its bytes are read: until then the node holds a piece of the parent.
 */
function containedHistory(record: ClusterRecord, facts: NodeFacts): HistoryEntry | undefined {
  const named = historyOf(record, facts);
  if (named === undefined || named.cut === 'Cut' || facts.offset >= named.fromOffset - 1)
    return named;
  const older = record.lineage.slice(0, record.lineage.indexOf(named)).reverse();
  return (
    older.find((entry) => entry.cut === 'Cut' || facts.offset >= entry.fromOffset - 1) ?? named
  );
}

/**
 * A history that branches off the newest one while a promotion is recorded as intended can only be
 * the target's: nobody else was ever ordered to begin one.
 */
export function isIntended(record: ClusterRecord, facts: NodeFacts): boolean {
  const newest = newestHistory(record);
  if (record.target === undefined || newest === undefined) return false;
  if (facts.replid2 !== newest.replid && facts.replid2 !== record.from?.replid) return false;
  return record.from === undefined || facts.secondOffset === record.from.offset + 1;
}

/** A parent at the branch point contains the newest epoch when nothing of that was ever made safe. */
function promotedRank(record: ClusterRecord, entry: HistoryEntry, facts: NodeFacts): Rank {
  const plain = { epoch: entry.epoch, offset: facts.offset };
  const newest = newestHistory(record);
  const parent = record.lineage[record.lineage.length - 2];
  if (newest === undefined || parent?.replid !== entry.replid) return plain;
  if (!isUntouched(record) || facts.offset !== newest.fromOffset - 1) return plain;
  return { epoch: newest.epoch, offset: facts.offset };
}

/** Where the lineage left this history: the last offset that later epochs share. undefined: newest. */
export function branchPoint(record: ClusterRecord, entry: HistoryEntry): Offset | undefined {
  const index = record.lineage.indexOf(entry);
  const next = record.lineage[index + 1];
  return next === undefined ? undefined : offset(Math.max(0, next.fromOffset - 1));
}

export function withHistory(record: ClusterRecord, entry: HistoryEntry): readonly HistoryEntry[] {
  return [...record.lineage, entry].slice(-LINEAGE_LIMIT);
}
