/**
 * The history of one run as NDJSON: what was written and acknowledged by whom, what each process took,
 * what the record and the client Service said, and what every node had in the end. One line, one fact;
 * the first line is the run's own. Times are ms of the wall clock, all of one machine.
 * Never here: judging (judge-history.ts), taking the facts (../stage.ts).
 */
import type { Write } from '../../kit/writer';
import type { Bounds } from './bounds';

/** What the history is of, and what it is judged by. */
export interface RunLine {
  readonly kind: 'run';
  readonly fault: string;
  readonly policy: string;
  readonly seed: number;
  /** The pod name that a closed client Service selects. */
  readonly nobody: string;
  /** That the definition asks for. */
  readonly nodes: number;
  /** WAIT of the writer asks for so many. */
  readonly waitReplicas: number;
  readonly bounds: Bounds;
}

/** One write of the client. `process` and `history` are told by the server beside the write itself. */
export interface WriteLine extends Write {
  readonly kind: 'write';
  readonly connection: number;
  /** Counts up over the run; a connection's commands are executed in this order. */
  readonly number: number;
  /** run_id of the server that answered; '' where no reply said so. */
  readonly process: string;
  /** master_replid under which it wrote; '' where no reply said so. */
  readonly history: string;
}

/** Whether a process took a write, asked of itself and not through the Service. */
export interface SampleLine {
  readonly kind: 'sample';
  readonly pod: string;
  readonly process: string;
  readonly sentMs: number;
  readonly endedMs: number;
  /** `safe`: WAIT 1 was answered by 1 or more. */
  readonly took: 'safe' | 'raw' | 'nothing';
}

/** `status.record`, each time that it was seen to be another. */
export interface RecordLine {
  readonly kind: 'record';
  readonly atMs: number;
  /** Uid of the ValkeyCluster: one of the same name that is made later begins anew. */
  readonly cluster: string;
  readonly term: number;
  readonly epoch: number;
  /** Of the newest entry of the lineage; 0 before the first primary. */
  readonly lineageEpoch: number;
  readonly phase: string;
  readonly primary: ProcessName | undefined;
  readonly target: ProcessName | undefined;
}

export interface ProcessName {
  readonly pod: string;
  readonly process: string;
}

/** The client Service, each time that it was seen to be another. */
export interface RouteLine {
  readonly kind: 'route';
  readonly atMs: number;
  /** Uid of the Service. */
  readonly service: string;
  /** '' without a selector. */
  readonly pod: string;
  readonly epoch: number;
}

/** Everything that one node had after the run, once nothing moved any more. */
export interface ReadLine {
  readonly kind: 'read';
  readonly atMs: number;
  readonly pod: string;
  readonly process: string;
  readonly role: 'primary' | 'replica';
  /** Numbers of the keys `w:N`, such as `0-15,17`. */
  readonly keys: string;
  /** Value of the key that each batch sets to its own number; -1 where there is none. */
  readonly register: number;
}

/** The act itself, what belongs to it, and the end of what is judged. */
export interface MarkLine {
  readonly kind: 'mark';
  readonly atMs: number;
  /** `flush`: a client deleted everything; what was written before is nobody's loss. */
  readonly what: 'fault' | 'flush' | 'end';
}

/**
 * The process of the run stood still: the machine gave it no time. On a local cluster it is also the API
 * server and the Service proxy, so that no client got through, whatever the cluster did.
 */
export interface StallLine {
  readonly kind: 'stall';
  /** When it went on. */
  readonly atMs: number;
  readonly ms: number;
}

/** What a user was told after the fault. */
export interface ToldLine {
  readonly kind: 'told';
  readonly by: 'event' | 'condition';
  readonly reason: string;
  readonly message: string;
}

/** The run could not be brought to its end: what was waited for did not come. */
export interface TroubleLine {
  readonly kind: 'trouble';
  readonly message: string;
}

export type HistoryLine =
  | RunLine
  | WriteLine
  | SampleLine
  | RecordLine
  | RouteLine
  | ReadLine
  | MarkLine
  | StallLine
  | ToldLine
  | TroubleLine;

export function printHistory(lines: readonly HistoryLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** @throws one sentence that names the line which is none. */
export function parseHistory(text: string): readonly HistoryLine[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as HistoryLine;
    } catch {
      throw new Error(`line ${index + 1} of the history is not JSON: ${line.slice(0, 80)}`);
    }
  });
}

export function ofKind<Kind extends HistoryLine['kind']>(
  lines: readonly HistoryLine[],
  kind: Kind,
): readonly Extract<HistoryLine, { readonly kind: Kind }>[] {
  return lines.filter(
    (line): line is Extract<HistoryLine, { readonly kind: Kind }> => line.kind === kind,
  );
}

/** `[3, 1, 2, 7]` -> `1-3,7`. */
export function rangesOf(numbers: Iterable<number>): string {
  const sorted = [...new Set(numbers)].sort((left, right) => left - right);
  const ranges: { first: number; last: number }[] = [];
  for (const number of sorted) {
    const open = ranges.at(-1);
    if (open !== undefined && open.last + 1 === number) open.last = number;
    else ranges.push({ first: number, last: number });
  }
  return ranges
    .map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`))
    .join(',');
}

export function numbersIn(ranges: string): ReadonlySet<number> {
  const numbers = new Set<number>();
  for (const range of ranges.split(',').filter((part) => part !== '')) {
    const [first = 0, last = first] = range.split('-').map(Number);
    for (let number = first; number <= last; number += 1) numbers.add(number);
  }
  return numbers;
}

/** Keys as the writes name them; a register of value N has taken every `r:` up to N. */
export function keysOf({ keys, register }: Pick<ReadLine, 'keys' | 'register'>): Set<string> {
  const present = new Set([...numbersIn(keys)].map((number) => `w:${number}`));
  for (let number = 0; number <= register; number += 1) present.add(`r:${number}`);
  return present;
}
