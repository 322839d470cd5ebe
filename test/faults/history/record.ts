/**
 * What the record and the client Service may never say: a term or an epoch that goes back, two processes
 * promoted in one epoch, two processes writing one history, a Service that leads elsewhere.
 * Never here: where they are read.
 */
import { isAck } from '../../kit/writer';
import type { RecordLine, RouteLine, WriteLine } from './lines';

/** The record and the Service are read one after the other, so one may be older by this much. */
export const READ_APART_MS = 1_500;

/** @returns one sentence for each breach; the records in the order of reading. */
export function recordProblems(records: readonly RecordLine[]): readonly string[] {
  const clusters = new Set(records.map(({ cluster }) => cluster));
  return [...clusters].flatMap((uid) => {
    const own = records.filter(({ cluster }) => cluster === uid);
    return [
      ...fallsOf('term', own),
      ...fallsOf('epoch', own),
      ...fallsOf('lineageEpoch', own),
      ...secondsOf(own),
    ];
  });
}

function fallsOf(
  field: 'term' | 'epoch' | 'lineageEpoch',
  records: readonly RecordLine[],
): readonly string[] {
  return records.flatMap((record, index) => {
    const before = records[index - 1]?.[field] ?? 0;
    return record[field] < before ? [`the ${field} fell from ${before} to ${record[field]}`] : [];
  });
}

/** In one epoch there is one primary. Before the first one there is none to compare with. */
function secondsOf(records: readonly RecordLine[]): readonly string[] {
  const promoted = new Map<number, string>();
  const problems: string[] = [];
  for (const { lineageEpoch, primary } of records) {
    if (primary === undefined || lineageEpoch === 0) continue;
    const first = promoted.get(lineageEpoch);
    if (first === undefined) promoted.set(lineageEpoch, primary.process);
    else if (first !== primary.process) {
      problems.push(`epoch ${lineageEpoch} has two primaries: ${first} and ${primary.process}`);
      promoted.set(lineageEpoch, primary.process);
    }
  }
  return problems;
}

/** How often the primary became another one after that moment. */
export function changesIn(records: readonly RecordLine[], fromMs: number): number {
  const first = records.filter(({ atMs }) => atMs < fromMs).at(-1);
  const after = records.filter(({ atMs }) => atMs >= fromMs);
  const primaries = [...(first === undefined ? [] : [first]), ...after].flatMap(({ primary }) =>
    primary === undefined ? [] : [primary.process],
  );
  return primaries.filter((process, index) => index > 0 && process !== primaries[index - 1]).length;
}

/** A promotion begins a history of its own: nobody else may write it. */
export function historyProblems(writes: readonly WriteLine[]): readonly string[] {
  const writers = new Map<string, string>();
  const problems: string[] = [];
  for (const write of writes) {
    if (!isAck(write) || write.history === '' || write.process === '') continue;
    const first = writers.get(write.history);
    if (first === undefined) writers.set(write.history, write.process);
    else if (first !== write.process) {
      problems.push(`${first} and ${write.process} both wrote the history ${write.history}`);
      writers.set(write.history, write.process);
    }
  }
  return problems;
}

/** @param nobody the pod name that no pod has: a closed Service. */
export function routeProblems(
  routes: readonly RouteLine[],
  records: readonly RecordLine[],
  nobody: string,
): readonly string[] {
  const falls = routes.flatMap(({ service, epoch }, index) => {
    const last = routes[index - 1];
    const before = last?.service === service ? last.epoch : 0;
    return epoch < before ? [`the Service's epoch fell from ${before} to ${epoch}`] : [];
  });
  const strays = routes
    .filter(({ pod }) => pod !== '' && pod !== nobody)
    .filter((route) => !namedAbout(route, records))
    .map(
      ({ pod }) => `the Service led to ${pod}, which the record named neither primary nor target`,
    );
  return [...falls, ...strays];
}

/** Whether a record in force at about that time names the pod. */
function namedAbout({ atMs, pod }: RouteLine, records: readonly RecordLine[]): boolean {
  return records.some((record, index) => {
    const untilMs = records[index + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    const near = record.atMs - READ_APART_MS <= atMs && atMs <= untilMs + READ_APART_MS;
    return near && (record.primary?.pod === pod || record.target?.pod === pod);
  });
}
