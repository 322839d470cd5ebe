/**
 * What is measured, how often, and in which order: the sides take turns, so that a busy moment of the
 * machine falls on all of them.
 * Never here: how one run goes (measures.ts).
 */
import { startEngineRig } from './engine-rig';
import type { LocalUp } from './local-up';
import { killPrimary, type Run, stopPrimary, switchOver } from './measures';
import { type Row, type Scenario, type Side, waitsOf } from './results';
import type { StartRig } from './rig';
import { startCommandRig, startSentinelRig } from './sentinel-rig';
import { serviceRigs } from './service-rig';

interface Task {
  readonly scenario: Scenario;
  readonly side: Side;
  readonly startRig: StartRig;
}

const measures: Readonly<Record<Scenario, (startRig: StartRig) => Promise<Run>>> = {
  kill: killPrimary,
  stop: stopPrimary,
  switchover: switchOver,
};

function tasksOf(up: LocalUp | undefined): readonly Task[] {
  const withKill: StartRig = () => startEngineRig('present');
  const engine: StartRig = () => startEngineRig('absent');
  const peers = (scenario: Scenario, at: readonly (readonly [Side, number])[]): readonly Task[] =>
    at.map(([side, downAfterMs]) => ({
      scenario,
      side,
      startRig: () => startSentinelRig(downAfterMs),
    }));
  const both = [
    ['sentinel1000', 1_000],
    ['sentinel5000', 5_000],
  ] as const;
  const startService = up === undefined ? undefined : serviceRigs(up);
  const service = (scenario: Scenario): readonly Task[] =>
    startService === undefined ? [] : [{ scenario, side: 'service', startRig: startService }];
  return [
    { scenario: 'kill', side: 'engine', startRig: engine },
    ...service('kill'),
    ...peers('kill', both),
    { scenario: 'stop', side: 'engineWithKill', startRig: withKill },
    { scenario: 'stop', side: 'engine', startRig: engine },
    ...service('stop'),
    ...peers('stop', both),
    { scenario: 'switchover', side: 'engine', startRig: engine },
    ...service('switchover'),
    ...peers('switchover', [['sentinel', 1_000]]),
    { scenario: 'switchover', side: 'command', startRig: startCommandRig },
  ];
}

export interface PlanOptions {
  /** The local Kubernetes for the rows through operator and Service; undefined: without them. */
  readonly up: LocalUp | undefined;
  readonly times: (scenario: Scenario, side: Side) => number;
  readonly say: (line: string) => void;
}

/** A run that did not end as it must, in one line. */
export type Broken = string;

export async function measureAll({ up, times, say }: PlanOptions): Promise<{
  readonly rows: readonly Row[];
  readonly broken: readonly Broken[];
}> {
  const tasks = tasksOf(up);
  const runs = tasks.map((): Run[] => []);
  const broken: Broken[] = [];
  for (
    let round = 0;
    round < Math.max(...tasks.map(({ scenario, side }) => times(scenario, side)));
    round += 1
  ) {
    for (const [index, { scenario, side, startRig }] of tasks.entries()) {
      const wanted = times(scenario, side);
      if (round >= wanted) continue;
      const name = `${scenario} ${side} ${round + 1}/${wanted}`;
      try {
        const run = rounded(await measures[scenario](startRig));
        runs[index]?.push(run);
        say(`${name.padEnd(30)} ${told(scenario, side, run)}`);
      } catch (cause) {
        broken.push(`${name}: ${(cause as Error).message}`);
        say(`${name.padEnd(30)} BROKEN: ${(cause as Error).message}`);
      }
    }
  }
  const rows = tasks.map(({ scenario, side }, index) => ({
    scenario,
    side,
    runs: runs[index] ?? [],
  }));
  return { rows, broken };
}

function told(scenario: Scenario, side: Side, run: Run): string {
  const [ms = 0] = waitsOf({ scenario, side, runs: [run] });
  const two =
    run.twoWritersMs === undefined ? '' : `, two writers ${run.twoWritersMs.toFixed(0)} ms`;
  const stood = `the measuring process stood ${run.stoodMs.toFixed(1)} ms`;
  return `${ms.toFixed(1).padStart(9)} ms, ${run.ackedLost} of ${run.acked} lost${two}, ${stood}`;
}

/** Hundredths of a millisecond are enough for a file that people read. */
function rounded(run: Run): Run {
  const entries = Object.entries(run).map(([name, value]) => [name, Math.round(value * 100) / 100]);
  return Object.fromEntries(entries) as Run;
}
