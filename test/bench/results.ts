/**
 * What a bench came to, as data: the raw runs and what is read off them. This is the JSON file; the table
 * and the gates are made from it alone.
 * Never here: measuring, printing.
 */
import type { Run } from './measures';

export const scenarios = ['kill', 'stop', 'switchover'] as const;
export type Scenario = (typeof scenarios)[number];

/**
 * Who fails over. `engineWithKill`: with a kill port. `service`: the operator on the local Kubernetes, clients
 * know the client Service alone. `command`: the FAILOVER command, nobody watching.
 */
export const sides = [
  'engine',
  'engineWithKill',
  'service',
  'sentinel1000',
  'sentinel5000',
  'sentinel',
  'command',
] as const;
export type Side = (typeof sides)[number];

export interface Row {
  readonly scenario: Scenario;
  readonly side: Side;
  readonly runs: readonly Run[];
}

export interface Footprint {
  /** The operator's program as ConfigMap JSON; undefined: it was not built. */
  readonly bundleBytes?: number;
  /** From start to ready by its own log, and resident memory at rest; undefined: no local cluster. */
  readonly readyMs?: number;
  readonly idleBytes?: number;
}

/** The local Kubernetes with one ValkeyCluster and its operator. */
export interface LocalNumbers {
  /** From the start of `gungnir local up` to the first ValkeyCluster that is Ready. */
  readonly readyMs: number;
  /** At rest, of one core: the local cluster's process and all of its pods but valkey-servers. */
  readonly idleCpuPercent: number;
  /** Their proportional memory (PSS). */
  readonly idleBytes: number;
  /** The same of the local cluster's process alone. */
  readonly ownCpuPercent: number;
  readonly ownBytes: number;
  /** Requests over HTTPS for a second of the process's processor time. */
  readonly writesPerCpuSecond: number;
  readonly readsPerCpuSecond: number;
}

/** The operator with so many ValkeyClusters, no pod of which can run. */
export interface ManyNumbers {
  readonly clusters: number;
  /** From the first request to the last cluster whose objects are there and whose status says so. */
  readonly createMs: number;
  /** Processor time of the operators meanwhile. */
  readonly createCpuMs: number;
  /** The same for a change of every definition. */
  readonly changeMs: number;
  /** Afterwards: of one core; resident memory. */
  readonly restCpuPercent: number;
  readonly restBytes: number;
}

export interface Results {
  readonly at: string;
  readonly machine: string;
  readonly valkey: string;
  readonly node: string;
  /** 1-minute load average before and after: other work on the machine shows here. */
  readonly load: readonly [number, number];
  readonly rows: readonly Row[];
  readonly footprint: Footprint;
  /** undefined: not measured. */
  readonly local?: LocalNumbers;
  /** Empty: not measured. */
  readonly many: readonly ManyNumbers[];
}

/** What a scenario is judged by: of planned work only the gap counts, nobody waits for its start. */
export function waitsOf({ scenario, runs }: Row): readonly number[] {
  return runs.map(({ gapMs, firstWriteMs }) => (scenario === 'switchover' ? gapMs : firstWriteMs));
}

export function rowOf(results: Results, scenario: Scenario, side: Side): Row | undefined {
  return results.rows.find((row) => row.scenario === scenario && row.side === side);
}

/** The nearest rank: always one of the values. @throws when there is none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('no values');
  return value;
}

/** The mean of the two in the middle where their number is even. @throws when there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new RangeError('no values');
  return (low + high) / 2;
}

export function medianOf(row: Row): number {
  return median(waitsOf(row));
}

export function ackedLostOf({ runs }: Row): number {
  return runs.reduce((sum, { ackedLost }) => sum + ackedLost, 0);
}
