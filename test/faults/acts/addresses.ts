/**
 * The act in which a pod of another cluster gets the address of a primary that is gone, while nobody who
 * could move the replicas looks.
 * Never here: what protects them (failover.md section 11).
 */
import { namesOf } from '../../../src/spec/naming';
import { until } from '../../kit/until';
import type { Stage } from '../stage';
import { type Act, firstOf } from './act';
import { unseen } from './processes';

const OTHER = 'other';
const PLACED_MS = 30_000;

interface PodObject {
  readonly status?: {
    readonly podIP?: string;
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly reason?: string }[];
  };
}

interface NodeObject {
  readonly metadata: { readonly name: string };
}

export const giveAddressAway: Act = async ({ stage, operators }) => {
  const { world } = stage;
  const { namespace, cluster } = stage.options;
  const epoch = stage.epoch();
  const old = stage.primary();
  const [address = ''] = (stage.status().currentMaster ?? '').split(':');
  const next = { kind: 'pod', namespace, name: `${OTHER}-0` };
  const state = async (): Promise<PodObject['status']> =>
    (await world.get<PodObject>(next))?.status;
  await schedule(stage, 'cordon');
  try {
    await world.apply(JSON.stringify(otherCluster(namespace)));
    await until(
      'the other pod waits for a node',
      async () => (await state())?.conditions?.some(({ reason }) => reason === 'Unschedulable'),
      PLACED_MS,
    );
    world.addresses?.reuse('at once');
    await unseen({ stage, operators }, async () => {
      // A pod that takes its place might take its address too: first nobody is left who makes one.
      const own = { kind: 'statefulset', namespace, name: namesOf(cluster).statefulSet };
      await world.remove(own, 'alone');
      const isGone = async (): Promise<boolean> => (await world.get(own)) === undefined;
      await until(`${own.name} is gone`, isGone, PLACED_MS, 20);
      await world.signal(old, 'kill');
      await world.remove({ kind: 'pod', namespace, name: old.pod }, 'by force');
      const isFree = (): boolean => world.addresses?.isFree(address) === true;
      await until(`${address} is free`, isFree, PLACED_MS, 20);
      await schedule(stage, 'uncordon');
      await until(
        `${next.name} runs at ${address}`,
        async () => {
          const { podIP, phase } = (await state()) ?? {};
          return podIP === address && phase === 'Running';
        },
        PLACED_MS,
        50,
      );
      // Replicas try to connect again each second, and the stranger does not know their password.
      const replica = firstOf(stage.replicas(), 'replica');
      const refused = async (): Promise<number> =>
        (await world.logs(replica)).split(/Unable to AUTH to (?:PRIMARY|MASTER)/).length;
      const before = await refused();
      await until(
        'the stranger refuses a replica',
        async () => (await refused()) > before,
        PLACED_MS,
        100,
      );
    });
  } finally {
    world.addresses?.reuse('late');
    await schedule(stage, 'uncordon');
  }
  await stage.untilChangedSince(epoch);
  await world.remove({ kind: 'valkeycluster', namespace, name: OTHER }, 'and wait');
};

/** Of every node. */
async function schedule({ world }: Stage, how: 'cordon' | 'uncordon'): Promise<void> {
  const nodes = await world.list<NodeObject>('node', 'default');
  if (nodes.length === 0) throw new Error(`there is no node to ${how}`);
  for (const { metadata } of nodes) {
    const ref = { kind: 'node', name: metadata.name };
    await world.patch(ref, { spec: { unschedulable: how === 'cordon' } });
  }
}

function otherCluster(namespace: string): object {
  return {
    apiVersion: 'valkey.verilean.io/v1',
    kind: 'ValkeyCluster',
    metadata: { name: OTHER, namespace },
    spec: { replicas: 1, image: 'valkey/valkey:8.0' },
  };
}
