/**
 * Lines for tests of the checkers: a good history, into which one wrong thing is planted.
 * Never here: a verdict.
 */
import { strictest } from './bounds';
import type {
  HistoryLine,
  ReadLine,
  RecordLine,
  RouteLine,
  RunLine,
  SampleLine,
  WriteLine,
} from './lines';

/** One write each 10 ms from 1000 ms on, acknowledged after 1 ms. */
export function write(change: Partial<WriteLine> & { readonly number: number }): WriteLine {
  const sentMs = 1_000 + change.number * 10;
  return {
    kind: 'write',
    key: `w:${change.number}`,
    sentMs,
    endedMs: sentMs + 1,
    outcome: 'safe',
    to: '10.0.0.1:6379',
    connection: 1,
    process: 'p1',
    history: 'h1',
    ...change,
  };
}

export function sample(
  process: string,
  sentMs: number,
  change: Partial<SampleLine> = {},
): SampleLine {
  return {
    kind: 'sample',
    pod: `pod-${process}`,
    process,
    sentMs,
    endedMs: sentMs + 1,
    took: 'raw',
    ...change,
  };
}

export function record(atMs: number, change: Partial<RecordLine> = {}): RecordLine {
  return {
    kind: 'record',
    atMs,
    cluster: 'c1',
    term: 1,
    epoch: 1,
    lineageEpoch: 1,
    phase: 'Steady',
    primary: { pod: 'cart-0', process: 'p1' },
    target: undefined,
    ...change,
  };
}

export function route(atMs: number, change: Partial<RouteLine> = {}): RouteLine {
  return { kind: 'route', atMs, service: 's1', pod: 'cart-0', epoch: 1, ...change };
}

export function read(pod: string, change: Partial<ReadLine> = {}): ReadLine {
  return {
    kind: 'read',
    atMs: 1_200,
    pod,
    process: 'p1',
    role: pod === 'cart-0' ? 'primary' : 'replica',
    keys: '0-9',
    register: -1,
    ...change,
  };
}

export const run: RunLine = {
  kind: 'run',
  fault: 'nothing',
  policy: 'Balanced',
  seed: 1,
  nobody: 'cart-none',
  nodes: 2,
  waitReplicas: 1,
  bounds: strictest,
};

/** Ten writes, one primary, nothing happens. */
export const quiet: readonly HistoryLine[] = [
  run,
  record(990),
  route(990),
  ...Array.from({ length: 10 }, (_, number) => write({ number })),
  sample('p1', 1_005),
  sample('p2', 1_005, { took: 'nothing' }),
  { kind: 'mark', atMs: 1_040, what: 'fault' },
  { kind: 'mark', atMs: 1_100, what: 'end' },
  read('cart-0'),
  read('cart-1'),
];
