/**
 * One row of the table, run: a fresh cluster under a writer, the fault, the wait until it is over, the
 * history and its verdict. A run that cannot be brought to its end is a verdict too.
 * Never here: printing, choosing rows (main.ts).
 */
import { rngFrom } from '../../src/kit/rng';
import { namesOf } from '../../src/spec/naming';
import type { World } from '../kit/world';
import type { FaultyApi } from './faulty-api';
import { type Judgement, judgeHistory } from './history/judge-history';
import type { HistoryLine } from './history/lines';
import type { Operators } from './operators';
import type { Need, Row } from './row';
import { Stage } from './stage';

export interface Theatre {
  readonly world: World;
  readonly operators: Operators;
  readonly api: FaultyApi | undefined;
  readonly offers: readonly Need[];
}

export interface Result {
  readonly lines: readonly HistoryLine[];
  /** What the operators that still run had to say, over all rows of theirs. */
  readonly logs: string;
  readonly judgement: Judgement;
}

const CLUSTER = 'cart';
/** Quiet writing before the fault, so that there is something to compare with. */
const BEFORE_MS = 500;
const base = {
  replicas: 3,
  image: 'valkey/valkey:8.0',
  sentinel: { pingIntervalMs: 500, downAfterMs: 1_500, failoverTimeoutMs: 10_000 },
};

export async function runRow(row: Row, seed: number, theatre: Theatre): Promise<Result> {
  const { world, operators, api } = theatre;
  const env = row.needs.includes('api') ? (api?.env ?? {}) : {};
  await operators.install(row.lease, env);
  const stage = new Stage({
    world,
    namespace: `fault-${seed.toString(36)}`,
    cluster: CLUSTER,
    system: operators.system,
    spec: specOf(row),
    writer: { replicas: row.waitReplicas },
  });
  stage.lines.push({
    kind: 'run',
    fault: row.fault,
    policy: row.policy,
    seed,
    nobody: namesOf(CLUSTER).nobody,
    nodes: stage.nodes,
    waitReplicas: row.waitReplicas,
    bounds: row.bounds,
  });
  const scenery = { stage, operators, api, rng: rngFrom(seed) };
  try {
    await stage.raise();
    await row.before?.(scenery);
    await stage.settled();
    await new Promise((done) => setTimeout(done, BEFORE_MS));
    await stage.begin();
    await operators.mustNotHaveStopped();
    await row.act(scenery);
    await end(stage, row);
    await stage.untilAllTold(row.bounds.told);
  } catch (error) {
    stage.trouble(error instanceof Error ? error.message : String(error));
    await stage.stopWriters().catch(() => {});
  }
  try {
    const lines = await stage.history();
    return { lines, logs: await operators.logs(), judgement: judgeHistory(lines) };
  } finally {
    await api?.mend();
    await stage.strike();
    if (row.needs.includes('operators')) await operators.restore();
  }
}

/** Whole again and writing, or stopped as it should be; then nobody writes any more. */
async function end(stage: Stage, row: Row): Promise<void> {
  if (row.bounds.end === 'serving') {
    await stage.settled();
    await stage.scene.ackAfter(Date.now());
  }
  stage.mark('end');
  await stage.stopWriters();
}

function specOf({ policy, spec }: Row): object {
  const { failover = {} } = spec as { readonly failover?: object };
  return { ...base, ...spec, failover: { policy, ...failover } };
}
