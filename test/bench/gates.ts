/**
 * What the numbers must reach. Ratios and zero loss hold on any machine; limits in milliseconds
 * are asked of a full bench only, on a machine that does nothing else.
 * Never here: measuring. Both ways for each gate: numbers.test.ts.
 */
import {
  ackedLostOf,
  medianOf,
  percentile,
  type Results,
  type Row,
  rowOf,
  waitsOf,
} from './results';

export interface Verdict {
  readonly gate: string;
  readonly kind: 'held' | 'missed' | 'notMeasured';
  /** What was seen. */
  readonly seen: string;
}

interface Gate {
  readonly gate: string;
  readonly asked: 'always' | 'full';
  /** Undefined where a row is missing. */
  readonly judge: (
    results: Results,
  ) => { readonly good: boolean; readonly seen: string } | undefined;
}

export const gates: readonly Gate[] = [
  {
    gate: 'kill -9: the engine is at least 50 times faster than Sentinel at 1000 ms',
    asked: 'always',
    judge: (results) =>
      ratioAtLeast(50, rowOf(results, 'kill', 'engine'), rowOf(results, 'kill', 'sentinel1000')),
  },
  {
    gate: 'SIGSTOP, with a kill port: the engine is faster than Sentinel at 1000 ms',
    asked: 'always',
    judge: (results) =>
      ratioAtLeast(
        1,
        rowOf(results, 'stop', 'engineWithKill'),
        rowOf(results, 'stop', 'sentinel1000'),
      ),
  },
  {
    gate: 'switchover: the gap is at most a fifth of that of the FAILOVER command',
    asked: 'always',
    judge: (results) =>
      ratioAtLeast(
        5,
        rowOf(results, 'switchover', 'engine'),
        rowOf(results, 'switchover', 'command'),
      ),
  },
  {
    gate: 'switchover: the engine loses no acknowledged write',
    asked: 'always',
    judge: (results) => noneLost(rowOf(results, 'switchover', 'engine')),
  },
  {
    gate: 'kill -9: engine median at most 20 ms',
    asked: 'full',
    judge: (results) => atMost(20, rowOf(results, 'kill', 'engine'), 50),
  },
  {
    gate: 'SIGSTOP, with a kill port: engine median at most 1300 ms, the kill included',
    asked: 'full',
    judge: (results) => atMost(1_300, rowOf(results, 'stop', 'engineWithKill'), 50),
  },
  {
    gate: 'switchover: engine gap p99 at most 20 ms',
    asked: 'full',
    judge: (results) => atMost(20, rowOf(results, 'switchover', 'engine'), 99),
  },
  {
    gate: 'kill -9 through operator and Service: at least 20 times faster than Sentinel at 1000 ms',
    asked: 'full',
    judge: (results) =>
      ratioAtLeast(20, rowOf(results, 'kill', 'service'), rowOf(results, 'kill', 'sentinel1000')),
  },
  {
    gate: 'kill -9 through operator and Service: median at most 100 ms',
    asked: 'full',
    judge: (results) => atMost(100, rowOf(results, 'kill', 'service'), 50),
  },
  {
    gate: 'switchover through operator and Service: gap p99 at most 20 ms',
    asked: 'full',
    judge: (results) => atMost(20, rowOf(results, 'switchover', 'service'), 99),
  },
  {
    gate: 'switchover through operator and Service: no acknowledged write is lost',
    asked: 'always',
    judge: (results) => noneLost(rowOf(results, 'switchover', 'service')),
  },
  {
    gate: 'the operator starts within 300 ms',
    asked: 'full',
    judge: ({ footprint }) => below(300, footprint.readyMs, 'ms'),
  },
  {
    gate: 'the operator rests below 80 MB',
    asked: 'full',
    judge: ({ footprint }) => below(80_000_000, footprint.idleBytes, 'bytes'),
  },
  {
    gate: 'the operator is below 240000 bytes as ConfigMap JSON',
    asked: 'always',
    judge: ({ footprint }) => below(240_000, footprint.bundleBytes, 'bytes'),
  },
  {
    gate: 'the local API server takes at least 1000 writes a second on one core',
    asked: 'always',
    judge: ({ local }) => above(1_000, local?.writesPerCpuSecond, 'a second'),
  },
  {
    gate: 'the local API server takes at least 5000 reads a second on one core',
    asked: 'always',
    judge: ({ local }) => above(5_000, local?.readsPerCpuSecond, 'a second'),
  },
  {
    gate: 'local up: the first ValkeyCluster is Ready within 5 s',
    asked: 'full',
    judge: ({ local }) => below(5_000, local?.readyMs, 'ms'),
  },
  {
    gate: 'the local cluster rests below 3 % of a core, its operator included',
    asked: 'full',
    judge: ({ local }) => below(3, local?.idleCpuPercent, '%'),
  },
  {
    gate: 'the local cluster rests below 150 MB, its operator included',
    asked: 'full',
    judge: ({ local }) => below(150_000_000, local?.idleBytes, 'bytes'),
  },
];

/** @param mode `quick`: two runs on a machine that may be busy. */
export function judge(results: Results, mode: 'quick' | 'full'): readonly Verdict[] {
  return gates
    .filter(({ asked }) => asked === 'always' || mode === 'full')
    .map(({ gate, judge: judgeOne }) => {
      const judged = judgeOne(results);
      if (judged === undefined) return { gate, kind: 'notMeasured', seen: 'not measured' };
      return { gate, kind: judged.good ? 'held' : 'missed', seen: judged.seen };
    });
}

function ratioAtLeast(least: number, mine: Row | undefined, peer: Row | undefined) {
  if (isEmpty(mine) || isEmpty(peer)) return undefined;
  const ratio = medianOf(peer) / medianOf(mine);
  const seen = `${medianOf(mine).toFixed(1)} against ${medianOf(peer).toFixed(1)} ms: ${ratio.toFixed(1)}x`;
  return { good: ratio >= least, seen };
}

/** Medians as everywhere else; other percentiles by the nearest rank. */
function atMost(mostMs: number, row: Row | undefined, percent: number) {
  if (isEmpty(row)) return undefined;
  const ms = percent === 50 ? medianOf(row) : percentile(waitsOf(row), percent);
  return { good: ms <= mostMs, seen: `${ms.toFixed(1)} ms in ${row.runs.length} runs` };
}

function noneLost(row: Row | undefined) {
  if (isEmpty(row)) return undefined;
  const lost = ackedLostOf(row);
  return { good: lost === 0, seen: `${lost} lost in ${row.runs.length} runs` };
}

function above(limit: number, value: number | undefined, unit: string) {
  return value === undefined
    ? undefined
    : { good: value >= limit, seen: `${Math.round(value)} ${unit}` };
}

function below(limit: number, value: number | undefined, unit: string) {
  return value === undefined ? undefined : { good: value < limit, seen: `${short(value)} ${unit}` };
}

function short(value: number): string {
  return value < 100 ? value.toFixed(1) : String(Math.round(value));
}

function isEmpty(row: Row | undefined): row is undefined {
  return row === undefined || row.runs.length === 0;
}
