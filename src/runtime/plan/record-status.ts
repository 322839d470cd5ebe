/**
 * The engine's record as it stands in `status.record`, and back. A record that cannot be read is no
 * record at all only if it is absent; anything else stops the engine of that cluster.
 * Never here: defaults for what is missing.
 */
import { epoch, millis, offset, replId, runId, term } from '../../kit/brands';
import type { ClusterRecord, HistoryEntry, Phase, Process } from '../../sentinel/core/record';
import { canonical } from '../../sentinel/core/record-text';
import type {
  LineageStatus,
  ProcessStatus,
  RecordStatus,
  ValkeyClusterStatus,
} from '../../spec/status';

export type ParsedRecord =
  | { readonly kind: 'absent' }
  | { readonly kind: 'record'; readonly record: ClusterRecord }
  | { readonly kind: 'unreadable'; readonly problem: string };

/** A merge patch removes what is null, so an undefined field is written as null. */
export function recordPatch(record: ClusterRecord): Readonly<Record<string, unknown>> {
  const { primary, target, from, ...rest } = record;
  return { ...rest, primary: primary ?? null, target: target ?? null, from: from ?? null };
}

/** What is not known of the last failover is removed, or the figure of the one before would stay. */
export function statusPatch(status: ValkeyClusterStatus): Readonly<Record<string, unknown>> {
  const { record: _record, ...view } = status;
  if (view.failovers?.last === undefined) return view;
  const {
    from = null,
    to = null,
    durationMs = null,
    lostBytes = null,
    ...rest
  } = view.failovers.last;
  return {
    ...view,
    failovers: { ...view.failovers, last: { ...rest, from, to, durationMs, lostBytes } },
  };
}

export function recordOf(status: RecordStatus | undefined): ParsedRecord {
  if (status === undefined) return { kind: 'absent' };
  try {
    return { kind: 'record', record: parsed(status) };
  } catch (error) {
    return { kind: 'unreadable', problem: error instanceof Error ? error.message : String(error) };
  }
}

const phases: readonly string[] = [
  'Boot',
  'Steady',
  'Failover',
  'Switchover',
] satisfies readonly Phase[];

function parsed(status: RecordStatus): ClusterRecord {
  if (!phases.includes(status.phase))
    throw new TypeError(`phase '${status.phase}' is none of ${phases.join(', ')}`);
  return {
    term: term(status.term),
    epoch: epoch(status.epoch),
    primary: status.primary === undefined ? undefined : processOf(status.primary),
    members: status.members.map(processOf),
    everAttached: status.everAttached,
    foreign: status.foreign,
    lineage: status.lineage.map(historyOf),
    phase: status.phase as Phase,
    target: status.target === undefined ? undefined : processOf(status.target),
    from:
      status.from === undefined
        ? undefined
        : { replid: replId(status.from.replid), offset: offset(status.from.offset) },
    m: status.m,
    L: status.L,
    offset: offset(status.offset),
    keys: status.keys,
    at: millis(status.at),
  };
}

function processOf({ pod, podUid, containerId, runId: run, pvcUid }: ProcessStatus): Process {
  return { pod, podUid, containerId: containerId ?? '', runId: runId(run), pvcUid: pvcUid ?? '' };
}

function historyOf({ epoch: number, replid, fromOffset, cut }: LineageStatus): HistoryEntry {
  return {
    epoch: epoch(number),
    replid: replId(replid),
    fromOffset: offset(fromOffset),
    cut: cut === 'Cut' ? 'Cut' : 'Joined',
  };
}

/** By value: the API gives the same record back in another order of fields. */
export function sameRecord(
  left: ClusterRecord | undefined,
  right: ClusterRecord | undefined,
): boolean {
  return canonical(left) === canonical(right);
}
