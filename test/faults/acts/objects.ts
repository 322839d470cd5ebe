/**
 * Acts on objects: pods deleted gently and by force, parts edited and deleted by a user.
 * Never here: what may be lost by them (../table.ts).
 */
import { LABELS, namesOf } from '../../../src/spec/naming';
import { until } from '../../kit/until';
import type { ObjectRef } from '../../kit/world';
import type { SecretObject, ServiceObject } from '../seen-objects';
import type { Stage } from '../stage';
import { type Act, firstOf, last } from './act';
import { killLeader } from './operators';
import { killUntilReborn } from './processes';

const RESTORED_MS = 30_000;
/** The operator may not watch Secrets: it reads this one every 30 s. */
const SECRET_RESTORED_MS = 60_000;
const SETTLE_MS = 2_000;

interface Uid {
  readonly metadata: { readonly uid: string };
}
interface StatefulSetObject {
  readonly spec: { readonly replicas: number };
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
    await stage.mustBeUnchangedSince(epoch);
  } finally {
    await release();
  }
  await stage.untilChangedSince(epoch);
};

export const editClientService: Act = async ({ stage }) => {
  const { namespace, cluster } = stage.options;
  const ref = { kind: 'service', namespace, name: namesOf(cluster).client };
  const wrong = firstOf(stage.replicas(), 'replica').pod;
  const right = stage.primary().pod;
  await stage.world.patch(ref, { spec: { selector: { [LABELS.podName]: wrong } } });
  await untilSelected(stage, ref, right);
};

/** Asked of the server: what a watch has shown may be older than the edit. */
async function untilSelected({ world }: Stage, ref: ObjectRef, pod: string): Promise<void> {
  const isIt = async (): Promise<boolean> =>
    (await world.get<ServiceObject>(ref))?.spec.selector?.[LABELS.podName] === pod;
  await until(`${ref.name} leads to ${pod}`, isIt, RESTORED_MS, 20);
}

export const deleteParts: Act = async ({ stage }) => {
  const { namespace, cluster } = stage.options;
  const { config, headless, replicas, budget } = namesOf(cluster);
  const parts: readonly ObjectRef[] = [
    { kind: 'configmap', namespace, name: config },
    { kind: 'service', namespace, name: replicas },
    { kind: 'service', namespace, name: headless },
    { kind: 'poddisruptionbudget', namespace, name: budget },
  ];
  for (const part of parts) await deletedAndBack(stage, part);
};

/** The writers' own way; its address may be another one afterwards, so the writer begins anew. */
export const deleteClientService: Act = async ({ stage }) => {
  const { namespace, cluster } = stage.options;
  await stage.stopWriters();
  const ref = { kind: 'service', namespace, name: namesOf(cluster).client };
  await deletedAndBack(stage, ref);
  await untilSelected(stage, ref, stage.primary().pod);
  await stage.startWriter();
};

/** The servers run with its passwords: with others nobody would get in at the next claim or restart. */
export const deleteSecret: Act = async (scenery) => {
  const { stage } = scenery;
  const { namespace, cluster } = stage.options;
  const ref = { kind: 'secret', namespace, name: namesOf(cluster).secret };
  const passwords = async (): Promise<string> => {
    const { data = {} } = (await stage.world.get<SecretObject>(ref)) ?? {};
    return JSON.stringify(Object.entries(data).sort());
  };
  const before = await passwords();
  await deletedAndBack(stage, ref, 'at once', SECRET_RESTORED_MS);
  const same = async (): Promise<boolean> => (await passwords()) === before;
  await until('the passwords in force are there again', same, RESTORED_MS, 50);
  await killUntilReborn(stage, [firstOf(stage.replicas(), 'replica')]);
  await killLeader(scenery);
};

/**
 * The one operator that knew its passwords dies with it: the next one can only say so.
 * @param then what a user does: the backup is restored, or all pods are deleted, and get new passwords.
 */
export function deleteSecretAndKillLeader(then: 'restored' | 'begunAnew'): Act {
  return async ({ stage, operators }) => {
    const { namespace, cluster } = stage.options;
    const ref = { kind: 'secret', namespace, name: namesOf(cluster).secret };
    const { data } = (await stage.world.get<SecretObject>(ref)) ?? {};
    const leader = await operators.leader();
    await stage.world.signal(leader, 'kill');
    await stage.world.remove(ref, 'at once');
    await stage.untilTold('SecretLost');
    await stage.scene.ackAfter(Date.now());
    if (then === 'begunAnew') return deleteAllPods(stage);
    const metadata = { name: ref.name, namespace };
    const backup = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data };
    await stage.world.apply(JSON.stringify(backup));
  };
}

/** With the clients that know the old password only. */
async function deleteAllPods(stage: Stage): Promise<void> {
  const { namespace } = stage.options;
  const epoch = stage.epoch();
  await stage.stopWriters();
  const names = stage.all().map(({ pod }) => pod);
  for (const name of names) await stage.world.remove({ kind: 'pod', namespace, name }, 'at once');
  await stage.untilChangedSince(epoch);
  await stage.settled();
  await stage.startWriter();
}

/** @param how `alone`: its pods stay, and its successor takes them as its own. */
export function deleteStatefulSet(how: 'at once' | 'alone'): Act {
  return async ({ stage }) => {
    const { namespace, cluster } = stage.options;
    const before = await stage.podUids();
    const ref = { kind: 'statefulset', namespace, name: namesOf(cluster).statefulSet };
    await deletedAndBack(stage, ref, how);
    const owner = (await stage.world.get<Uid>(ref))?.metadata.uid ?? '';
    const owned = async (): Promise<boolean> => {
      const pods = await stage.podObjects();
      const owners = pods.map(({ metadata }) => metadata.ownerReferences?.[0]?.uid);
      return owners.length === before.length && owners.every((uid) => uid === owner);
    };
    await until('its pods belong to the new StatefulSet', owned, RESTORED_MS, 100);
    const after = await stage.podUids();
    const kept = after.filter((uid) => before.includes(uid)).length;
    if (how === 'alone' && kept < before.length)
      throw new Error(`${before.length - kept} pods were made anew`);
  };
}

/** By a user who does not know that it is ours; the last pod goes, and comes back. */
export const scaleStatefulSetByHand: Act = async ({ stage }) => {
  const { namespace, cluster } = stage.options;
  const ref = { kind: 'statefulset', namespace, name: namesOf(cluster).statefulSet };
  const replicas = async (): Promise<number | undefined> =>
    (await stage.world.get<StatefulSetObject>(ref))?.spec.replicas;
  const wanted = await replicas();
  await stage.world.patch(ref, { spec: { replicas: 2 } });
  await until('it is scaled back', async () => (await replicas()) === wanted, RESTORED_MS, 20);
  await last(SETTLE_MS);
};

/** A pod and its volume, so that what follows begins with an empty disk. */
export function deletePodAndVolume(whose: 'primary' | 'replica'): Act {
  return async ({ stage }) => {
    const epoch = stage.epoch();
    const { namespace, pod } =
      whose === 'primary' ? stage.primary() : firstOf(stage.replicas(), 'replica');
    const ref = { kind: 'pvc', namespace, name: `data-${pod}` };
    const uid = async (): Promise<string | undefined> =>
      (await stage.world.get<Uid>(ref))?.metadata.uid;
    const before = await uid();
    if (before === undefined) throw new Error(`there is no claim ${ref.name}`);
    await stage.world.remove(ref, 'at once');
    await stage.world.remove({ kind: 'pod', namespace, name: pod }, 'at once');
    const isNew = async (): Promise<boolean> => ![undefined, before].includes(await uid());
    await until(`${ref.name} is a new one`, isNew, RESTORED_MS, 100);
    if (whose === 'primary') await stage.untilChangedSince(epoch);
  };
}

async function deletedAndBack(
  { world }: Stage,
  part: ObjectRef,
  how: 'at once' | 'alone' = 'at once',
  withinMs = RESTORED_MS,
): Promise<void> {
  const before = (await world.get<Uid>(part))?.metadata.uid;
  await world.remove(part, how);
  const isBack = async (): Promise<boolean> => {
    const uid = (await world.get<Uid>(part))?.metadata.uid;
    return uid !== undefined && uid !== before;
  };
  await until(`${part.kind} ${part.name} is there again`, isBack, withinMs, 50);
}
