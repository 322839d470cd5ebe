/**
 * The Markdown of a bench: the page docs/BENCH.md and the block of the README, both made from the JSON.
 * Never here: numbers of its own.
 */

import { blockOf } from '../kit/block';
import { ENGINE_DOWN_AFTER_MS, ENGINE_PING_MS } from './engine-rig';
import { judge } from './gates';
import {
  ackedLostOf,
  median,
  medianOf,
  type Results,
  type Row,
  rowOf,
  type Scenario,
  type Side,
  waitsOf,
} from './results';
import { PACE } from './rig';
import { ASK_EVERY_MS } from './sentinel-rig';

const scenarioNames: Readonly<Record<Scenario, string>> = {
  kill: '`kill -9` to first write',
  stop: '`SIGSTOP` to first write',
  switchover: 'switchover, longest gap',
};

const sideNames: Readonly<Record<Side, string>> = {
  engine: '**Gungnir**',
  engineWithKill: '**Gungnir**, kill port',
  service: '**Gungnir**, operator and Service',
  sentinel1000: 'Sentinel, 1000 ms',
  sentinel5000: 'Sentinel, 5000 ms',
  sentinel: '`SENTINEL FAILOVER`',
  command: '`FAILOVER`',
};

/** What each scenario's ratios are relative to. */
const baseline: Readonly<Record<Scenario, Side>> = {
  kill: 'engine',
  stop: 'engineWithKill',
  switchover: 'engine',
};

const head = [
  '| | by | runs | median ms | worst ms | ratio | acknowledged writes lost | two writers for ms |',
  '|---|---|---:|---:|---:|---:|---:|---:|',
];

/** The block that the README quotes, its marks included. */
export function tableOf(results: Results): string {
  const rows = results.rows.filter(({ runs }) => runs.length > 0);
  return blockOf('npm run bench', [
    ...head,
    ...rows.map((row) => lineOf(results, row)),
    ...missedOf(results),
  ]);
}

/** The first numbers of the README, its marks included. */
export function shortTableOf(results: Results): string {
  const at = (scenario: Scenario, side: Side): Row =>
    rowOf(results, scenario, side) ?? { scenario, side, runs: [] };
  const medians = (scenario: Scenario, peer: Side): string => {
    const rows = SHORT_SIDES.map((side) => at(scenario, side ?? peer));
    return rows.map((row) => cellOf(row, () => short(medianOf(row)))).join(' | ');
  };
  const moved = SHORT_SIDES.map((side) => at('switchover', side ?? 'sentinel'));
  const lost = moved.map((row) => cellOf(row, () => String(ackedLostOf(row)))).join(' | ');
  const runs = (scenario: Scenario): number => at(scenario, 'engine').runs.length;
  return blockOf('npm run bench, in short', [
    '| one machine, 3 servers (`npm run bench`, [how](docs/BENCH.md)) | engine | operator and Service | Sentinel, 1000 ms |',
    '|---|---:|---:|---:|',
    `| \`kill -9\` of the primary to the first write elsewhere, ms, median of ${runs('kill')} | ${medians('kill', 'sentinel1000')} |`,
    `| planned switchover, longest gap, ms, median of ${runs('switchover')} | ${medians('switchover', 'sentinel')} |`,
    `| acknowledged writes lost by those ${runs('switchover')} switchovers | ${lost} |`,
  ]);
}

/** undefined: the peer, which is another one for each scenario. */
const SHORT_SIDES: readonly (Side | undefined)[] = ['engine', 'service', undefined];

function cellOf(row: Row, number: () => string): string {
  return row.runs.length === 0 ? 'not measured' : `**${number()}**`;
}

/** What was asked for and not reached stands beside what was. */
function missedOf(results: Results): readonly string[] {
  const missed = judge(results, 'full').filter(({ kind }) => kind === 'missed');
  return missed.length === 0
    ? []
    : ['', ...missed.map(({ gate, seen }) => `- **missed** ${gate}: ${seen}`)];
}

function lineOf(results: Results, row: Row): string {
  const base = rowOf(results, row.scenario, baseline[row.scenario]);
  const waits = waitsOf(row);
  const ratio =
    base === undefined || base.runs.length === 0 ? '' : times(medianOf(row) / medianOf(base));
  const windows = row.runs.flatMap(({ twoWritersMs }) => twoWritersMs ?? []);
  const cells = [
    scenarioNames[row.scenario],
    sideNames[row.side],
    String(row.runs.length),
    short(medianOf(row)),
    short(Math.max(...waits)),
    ratio,
    String(ackedLostOf(row)),
    windows.length === 0 ? '' : short(Math.max(...windows)),
  ];
  return `| ${cells.join(' | ')} |`;
}

function short(ms: number): string {
  return ms < 100 ? ms.toFixed(1) : ms.toFixed(0);
}

function times(ratio: number): string {
  return ratio === 1 ? '1' : `${ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0)}x`;
}

export function pageOf(results: Results): string {
  return `# Bench

Made by \`npm run bench\` on ${results.at} from \`docs/bench.json\`; do not edit.
${results.machine}, valkey-server ${results.valkey}, Node.js ${results.node}, everything on loopback.
Load average before and after: ${results.load.map((load) => load.toFixed(1)).join(', ')}. In one of two runs the measuring process itself
got no processor for ${median(results.rows.flatMap(({ runs }) => runs.map(({ stoodMs }) => stoodMs))).toFixed(1)} ms or more at a stretch.

${tableOf(results)}

${footprintOf(results)}
${localOf(results)}${manyOf(results)}
What it must reach, with what it did:

${gatesOf(results)}

How it is measured:

- Each run has fresh processes: three valkey-servers, and the engine, or three Sentinels with a
  quorum of 2, or nobody (\`FAILOVER\`). The sides take turns; never are two things measured at once.
- One client writes ${PACE} times a second, the same on every side: it waits 50 ms for a reply, reconnects
  after 1 ms, and moves as soon as it is told where to. Under Sentinel it asks all three every
  ${ASK_EVERY_MS} ms and follows the first that changes its answer. Its process collects its garbage before each
  run, and with it the engine's, which shares the process: a full collection of 20 to 30 ms would count as a gap.
- The engine pings every ${ENGINE_PING_MS} ms; its downAfterMs is ${ENGINE_DOWN_AFTER_MS}, which matters to \`SIGSTOP\` only: a closed socket
  needs no waiting. Sentinel's servers keep Valkey's default \`min-replicas-to-write 0\`, the fastest for it;
  the engine's have 1.
- \`SIGSTOP\`: once another server serves, the old primary is resumed. A second client kept its connection
  and goes on writing; "two writers" is the longest time in which those writes were acknowledged. Without
  a kill port the engine promotes only when the old primary is certain to refuse writes, which takes
  min-replicas-max-lag + 2.5 s more; Sentinel does not wait, and loses what was written meanwhile. With
  a kill port there is nobody left to resume.
- Operator and Service: a ValkeyCluster of its own for each run on one \`gungnir local up\`, whose API server,
  controllers, kubelets and Service proxy share the machine with the operator and the writer. The
  writer knows the client Service's address alone. There is no kill port.
- Lost: acknowledged to a client, absent from the new primary afterwards; the sum over all runs. Replication
  is asynchronous, so \`kill -9\` may lose some on either side; those that \`WAIT\` made safe are another matter
  (\`npm start\`).
- Ratios are of medians, relative to the first row of each kind.
`;
}

function gatesOf(results: Results): string {
  return judge(results, 'full')
    .map(({ gate, kind, seen }) => `- ${kind === 'held' ? '' : '**missed** '}${gate}: ${seen}`)
    .join('\n');
}

function footprintOf({ footprint }: Results): string {
  const { bundleBytes, readyMs, idleBytes } = footprint;
  const lines = [
    bundleBytes === undefined ? undefined : `${bundleBytes} bytes as ConfigMap JSON`,
    readyMs === undefined ? undefined : `${readyMs.toFixed(0)} ms from start to ready`,
    idleBytes === undefined ? undefined : `${(idleBytes / 1e6).toFixed(0)} MB resident when idle`,
  ].filter((line) => line !== undefined);
  return lines.length === 0 ? '' : `The operator: ${lines.join(', ')}.`;
}

function localOf({ local }: Results): string {
  if (local === undefined) return '';
  const { readyMs, idleCpuPercent, idleBytes, writesPerCpuSecond, readsPerCpuSecond } = local;
  const lines = [
    `${(readyMs / 1_000).toFixed(1)} s from the command to the first ValkeyCluster that is Ready`,
    `${Math.round(writesPerCpuSecond)} writes and ${Math.round(readsPerCpuSecond)} reads over HTTPS for a second of processor time`,
    `at rest ${idleCpuPercent.toFixed(1)} % of a core and ${(idleBytes / 1e6).toFixed(0)} MB with its operator, Valkey apart`,
  ];
  return `\nThe local Kubernetes: ${lines.join('; ')}.\n`;
}

function manyOf({ many }: Results): string {
  if (many.length === 0)
    return '\nThe operator with many ValkeyClusters: not measured in this run.\n';
  const lines = many.map(
    ({ clusters, createMs, createCpuMs, changeMs, restCpuPercent, restBytes }) =>
      `| ${clusters} | ${seconds(createMs)} | ${(createCpuMs / clusters).toFixed(1)} | ${seconds(changeMs)} | ${restCpuPercent.toFixed(1)} | ${(restBytes / 1e6).toFixed(0)} |`,
  );
  return `
The operator with many ValkeyClusters on the local Kubernetes, whose nodes take no pods meanwhile; the same
two cores carry the API server and all controllers:

| clusters | all objects made, s | its processor ms for each | all changed, s | at rest, % of a core | resident MB |
|---:|---:|---:|---:|---:|---:|
${lines.join('\n')}
`;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
