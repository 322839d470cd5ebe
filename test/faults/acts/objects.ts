/**
 * Acts on objects: pods deleted gently and by force, the cluster deleted and made again, parts edited
 * and deleted by a user.
 * Never here: what may be lost by them (../table.ts).
 */
import { LABELS, namesOf } from '../../../src/spec/naming';
import { until } from '../../kit/until';
import type { ObjectRef } from '../../kit/world';
import type { Stage } from '../stage';
import { type Act, firstOf, last } from './act';

const RESTORED_MS = 30_000;
const SETTLE_MS = 2_000;

interface Uid {
  readonly metadata: { readonly uid: string };
}

export const deletePrimaryPod: Act = async ({ stage }) => {
  const epoch = stage.epoch();
  const { namespace, pod } = stage.primary();
  await stage.world.remove({ kind: 'pod', namespace, name: pod }, 'at once');
  await stage.untilChangedSince(epoch);
};

/**
 * The object is gone at once, the process is not: nobody on its node hears of the deletion, its replicas
 * hear it, and so it is not believed dead. It ends when its kubelet is back.
 */
export const forceDeletePrimaryPod: Act = async ({ stage }) => {
  const epoch = stage.epoch();
  const old = stage.primary();
  const { namespace, pod: name } = old;
  const release = await stage.world.stopKubelet(old);
  try {
    await stage.world.remove({ kind: 'pod', namespace, name }, 'by force');
    await stage.untilTold('CutOffFromPrimary');
    await last(SETTLE_MS);
  } finally {
    await release();
  }
  await stage.untilChangedSince(epoch);
};

export const deleteAndCreateAgain: Act = async ({ stage }) => {
  const { namespace, cluster } = stage.options;
  await stage.stopWriters();
  await stage.world.remove({ kind: 'valkeycluster', namespace, name: cluster }, 'and wait');
  await until(
    'no pod is left',
    async () => (await stage.podObjects()).length === 0,
    RESTORED_MS,
    100,
  );
  await stage.applyCluster();
  await stage.scene.settled();
  await stage.startWriter();
};

export const editClientService: Act = async ({ stage }) => {
  const { namespace, cluster } = stage.options;
  const ref = { kind: 'service', namespace, name: namesOf(cluster).client };
  const wrong = firstOf(stage.replicas(), 'replica').pod;
  const right = stage.primary().pod;
  await stage.world.patch(ref, { spec: { selector: { [LABELS.podName]: wrong } } });
  await until('the selector is right again', () => stage.routedTo() === right, RESTORED_MS, 20);
};

export const deleteParts: Act = async ({ stage }) => {
  const { namespace, cluster } = stage.options;
  const { config, replicas, budget } = namesOf(cluster);
  const parts: readonly ObjectRef[] = [
    { kind: 'configmap', namespace, name: config },
    { kind: 'service', namespace, name: replicas },
    { kind: 'poddisruptionbudget', namespace, name: budget },
  ];
  for (const part of parts) await deletedAndBack(stage, part);
};

/** The writers' own way; its address may be another one afterwards, so the writer begins anew. */
export const deleteClientService: Act = async ({ stage }) => {
  const { namespace, cluster } = stage.options;
  await stage.stopWriters();
  await deletedAndBack(stage, { kind: 'service', namespace, name: namesOf(cluster).client });
  await until(
    'it leads to the primary',
    () => stage.routedTo() === stage.primary().pod,
    RESTORED_MS,
    20,
  );
  await stage.startWriter();
};

async function deletedAndBack({ world }: Stage, part: ObjectRef): Promise<void> {
  const before = (await world.get<Uid>(part))?.metadata.uid;
  await world.remove(part, 'and wait');
  const isBack = async (): Promise<boolean> => {
    const uid = (await world.get<Uid>(part))?.metadata.uid;
    return uid !== undefined && uid !== before;
  };
  await until(`${part.kind} ${part.name} is there again`, isBack, RESTORED_MS, 50);
}
