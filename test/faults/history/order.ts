/**
 * Holes in a stream: a process executes one write after the other and replicates them in that order, so
 * what survives of it is a beginning. A lost write before one that is there is worse than a loss.
 * Never here: how many may be lost.
 */
import { isAck } from '../../kit/writer';
import type { WriteLine } from './lines';

export interface Hole {
  readonly lost: WriteLine;
  /** Executed later by the same process in the same history, and present. */
  readonly kept: WriteLine;
}

/** Whether the process certainly executed `first` before `second`. */
export function precedes(first: WriteLine, second: WriteLine): boolean {
  return first.connection === second.connection
    ? first.number < second.number
    : first.endedMs < second.sentMs;
}

/** @param present the keys of the primary in the end. @returns one hole for each lost write that has one. */
export function holesOf(
  writes: readonly WriteLine[],
  present: ReadonlySet<string>,
): readonly Hole[] {
  return [...streamsOf(writes).values()].flatMap((stream) => holesIn(stream, present));
}

/**
 * Without those of the register whose value was overwritten by another stream's: nothing says any more
 * whether they were executed.
 * @param register the value in the end; -1 for none.
 */
export function withoutOverwritten(
  writes: readonly WriteLine[],
  register: number,
): readonly WriteLine[] {
  const newest = writes.find(({ key }) => key === `r:${register}`);
  const stream = newest === undefined ? undefined : nameOf(newest);
  return writes.filter(
    (write) =>
      !write.key.startsWith('r:') ||
      Number(write.key.slice(2)) > register ||
      nameOf(write) === stream,
  );
}

function nameOf({ process, history }: WriteLine): string {
  return `${process} ${history}`;
}

function streamsOf(writes: readonly WriteLine[]): ReadonlyMap<string, readonly WriteLine[]> {
  const streams = new Map<string, WriteLine[]>();
  for (const write of writes) {
    if (write.process === '' || write.history === '') continue;
    const name = nameOf(write);
    const stream = streams.get(name) ?? [];
    stream.push(write);
    streams.set(name, stream);
  }
  return streams;
}

function holesIn(stream: readonly WriteLine[], present: ReadonlySet<string>): readonly Hole[] {
  const kept = stream.filter(({ key, outcome }) => outcome !== 'refused' && present.has(key));
  const lost = stream.filter((write) => isAck(write) && !present.has(write.key));
  return lost.flatMap((write) => {
    const later = kept.find((other) => precedes(write, other));
    return later === undefined ? [] : [{ lost: write, kept: later }];
  });
}
