/**
 * The two acts of `npm start`: a crash and a planned switchover, what was seen of each, and whether it
 * was as promised.
 * Never here: how it is printed.
 */

import type { ClusterObject, Row } from '../../test/e2e/scene';
import { until } from '../../test/kit/until';
import { isAck } from '../../test/kit/writer';
import { type Check, stepsInOrder } from '../perform';
import { type Step, wordsOf } from '../screen';
import type { Stage } from './stage';

export interface Act {
  readonly steps: readonly Step[];
  readonly row: Row;
  readonly checks: readonly Check[];
}

const LOG_MS = 5_000;
/** kube-proxy takes up changes of a Service once a second, so planned work waits until it has been still. */
const SERVICE_STILL_MS = 1_200;

export async function crash(stage: Stage): Promise<Act> {
  const old = await stage.scene.primary();
  const act = await watched(stage, 'kill -9', old.pod, () => stage.world.signal(old, 'kill'));
  const must = ['+closed', '+dead', '+hold', '+fenced', '+intent', '+promote', '+promoted'];
  return {
    ...act,
    checks: [
      stepsInOrder(
        act.told.map(({ event }) => event),
        must,
      ),
      {
        good: act.row.safeWithin > 0 && act.row.safeLost.length === 0,
        text: 'no write that WAIT made safe was lost',
      },
      await onePrimary(stage),
    ],
  };
}

export async function switchover(stage: Stage): Promise<Act> {
  await new Promise((resolve) => setTimeout(resolve, SERVICE_STILL_MS));
  const { metadata, status } = await stage.scene.cluster();
  const epoch = status?.record?.epoch ?? 0;
  const ref = { kind: 'valkeycluster', namespace: 'default', name: 'my-valkey' };
  const annotations = {
    ...metadata.annotations,
    'valkey.verilean.io/switchover': `@${epoch}`,
  };
  const act = await watched(stage, 'asked to hand over', status?.masterPod ?? '', () =>
    stage.world.patch(ref, { metadata: { annotations } }),
  );
  const must = ['+switchover', '+pause', '+demoted', '+promote', '+promoted'];
  return {
    ...act,
    checks: [
      stepsInOrder(
        act.told.map(({ event }) => event),
        must,
      ),
      {
        good: act.row.safeWithin > 0 && act.row.ackedLost.length === 0,
        text: 'no acknowledged write was lost',
      },
      await onePrimary(stage),
    ],
  };
}

interface Told {
  readonly event: string;
  readonly atMs: number;
  readonly node: string;
}

async function watched(stage: Stage, what: string, pod: string, act: () => Promise<void>) {
  const { scene, writer, operators } = stage;
  const before = (await scene.status()).record?.epoch ?? 0;
  const happened = ({ status }: ClusterObject): boolean =>
    (status?.record?.epoch ?? 0) > before && status?.record?.phase === 'Steady';
  let fromMs = 0;
  const row = await scene.fault(
    what,
    async () => {
      fromMs = Date.now();
      await act();
    },
    happened,
  );
  const toldSince = (): readonly Told[] =>
    operators.lines.flatMap(toldOf).filter(({ atMs }) => atMs >= fromMs);
  await until(
    'the operator has told of it',
    () => toldSince().some(({ event }) => event === '+switch-master'),
    LOG_MS,
  );
  const told = toldSince();
  const promotedMs = told.find(({ event }) => event === '+promoted')?.atMs ?? fromMs;
  const first = writer.history.find((write) => isAck(write) && write.sentMs >= promotedMs);
  const primary = (await scene.status()).masterPod ?? '';
  const steps: Step[] = [
    { ms: 0, node: pod, text: what },
    ...told.flatMap(({ event, atMs, node }) => {
      const text = wordsOf(event);
      return text === undefined ? [] : [{ ms: atMs - fromMs, node, text }];
    }),
  ];
  if (first !== undefined)
    steps.push({ ms: first.endedMs - fromMs, node: primary, text: 'first write acknowledged' });
  return { steps, row, told };
}

/** A line of an operator's log. */
function toldOf(line: string): readonly Told[] {
  const json = line.slice(line.indexOf('{'));
  if (!json.startsWith('{')) return [];
  const { ts, msg, pod, to } = JSON.parse(json) as Readonly<Record<string, unknown>>;
  if (typeof ts !== 'string' || typeof msg !== 'string') return [];
  return [{ event: msg, atMs: Date.parse(ts), node: String(pod ?? to ?? '') }];
}

/** Asked of the servers themselves. */
async function onePrimary({ scene, world }: Stage): Promise<Check> {
  const roles = await Promise.all(
    (await scene.pods()).map(async ({ metadata }) => {
      const pod = { namespace: 'default', pod: metadata.name };
      const ran = await world.exec(pod, 'valkey-cli', 'ROLE');
      return ran.out.split('\n')[0];
    }),
  );
  const good = roles.filter((role) => role === 'master').length === 1;
  return { good, text: 'one server says that it is the primary, no more' };
}
