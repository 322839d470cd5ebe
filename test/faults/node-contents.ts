/**
 * What every node of a cluster has once nothing moves any more, read from the nodes themselves.
 * Never here: whether it is what it should be.
 */
import { until } from '../kit/until';
import type { PodName, World } from '../kit/world';
import { type ReadLine, rangesOf } from './history/lines';
import type { Stage } from './stage';

/** Replicas need a moment for what the primary had sent last, and pods for a start. */
const EQUAL_WITHIN_MS = 20_000;
const PARTS =
  'valkey-cli INFO server; echo ---; valkey-cli INFO replication; echo ---; valkey-cli GET r; echo ---; valkey-cli --scan --pattern "w:*" --count 5000';

/** @returns one line for each node that answers; those of the last look when some do not, or stay unequal. */
export async function nodeContents(stage: Stage): Promise<readonly ReadLine[]> {
  let last: readonly ReadLine[] = [];
  const look = async (): Promise<readonly ReadLine[] | undefined> => {
    last = await readAll(stage);
    const [first] = last;
    const equal = last.every(
      ({ keys, register }) => keys === first?.keys && register === first.register,
    );
    return equal && last.length === stage.nodes ? last : undefined;
  };
  return until('all nodes have the same', look, EQUAL_WITHIN_MS, 200).catch(() => last);
}

async function readAll(stage: Stage): Promise<readonly ReadLine[]> {
  const pods = await stage.podObjects();
  const reads = await Promise.all(
    pods.map(({ metadata }) => readOne(stage.world, stage.pod(metadata.name))),
  );
  return reads.flatMap((line) => (line === undefined ? [] : [line]));
}

async function readOne(world: World, pod: PodName): Promise<ReadLine | undefined> {
  const ran = await world.exec(pod, 'sh', '-c', PARTS);
  const [server = '', replication = '', register = '', keys = ''] = ran.out.split('---\n');
  const process = /^run_id:(\w+)/m.exec(server)?.[1];
  if (ran.code !== 0 || process === undefined) return undefined;
  const numbers = [...keys.matchAll(/^w:(\d+)$/gm)].map(([, number]) => Number(number));
  return {
    kind: 'read',
    atMs: Date.now(),
    pod: pod.pod,
    process,
    role: /^role:master/m.test(replication) ? 'primary' : 'replica',
    keys: rangesOf(numbers),
    register: /^\d+/.test(register) ? Number(register.trim()) : -1,
  };
}
