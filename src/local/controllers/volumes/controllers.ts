/**
 * The two controllers of storage: claims and volumes.
 * Never here: what they decide (decide.ts, provision.ts).
 */
import { NOTHING } from '../frame/action';
import { type Controller, source } from '../frame/controller';
import { joinKey, keyOf, splitKey } from '../frame/kind';
import type { Reader } from '../frame/reader';
import { PODS, type Pod } from '../objects/pod';
import { CLAIMS, type PersistentVolume, STORAGE_CLASSES, VOLUMES } from '../objects/storage';
import { decideClaim } from './decide';
import { claimOf, decideVolume } from './provision';

export const claimController: Controller = {
  name: 'persistentvolume-controller',
  sources: [
    source(CLAIMS, (claim) => [keyOf(claim)]),
    source(VOLUMES, claimKeys),
    source(PODS, (pod) => claimsOfPod(pod)),
    source(STORAGE_CLASSES, (storageClass, reader) =>
      reader
        .list(CLAIMS)
        .filter(({ spec }) => (spec.storageClassName ?? storageClass.metadata.name) !== '')
        .filter(({ spec }) => !spec.volumeName)
        .map(keyOf),
    ),
  ],
  decide(key, reader) {
    const { namespace, name } = splitKey(key);
    const claim = reader.get(CLAIMS, namespace, name);
    if (claim === undefined) return NOTHING;
    return decideClaim({
      claim,
      volumes: candidates(claim.spec.volumeName, reader.get, reader.list(VOLUMES)),
      classes: reader.list(STORAGE_CLASSES),
      pods: reader.list(PODS, namespace),
    });
  },
};

export const volumeController: Controller = {
  name: 'persistentvolume-controller',
  sources: [
    source(VOLUMES, (volume) => [keyOf(volume)]),
    source(CLAIMS, ({ spec }) => (spec.volumeName ? [spec.volumeName] : [])),
  ],
  decide(key, reader, nowMs) {
    const volume = reader.get(VOLUMES, undefined, splitKey(key).name);
    return volume === undefined
      ? NOTHING
      : decideVolume(volume, claimOf(volume, reader.get), nowMs);
  },
};

function candidates(
  bound: string | undefined,
  get: (of: typeof VOLUMES, namespace: undefined, name: string) => PersistentVolume | undefined,
  all: readonly PersistentVolume[],
): readonly PersistentVolume[] {
  if (!bound) return all;
  const volume = get(VOLUMES, undefined, bound);
  return volume === undefined ? [] : [volume];
}

/** The claim that it names; a volume that is free may be what any open claim waits for. */
function claimKeys({ spec, metadata }: PersistentVolume, reader: Reader): readonly string[] {
  const { namespace, name } = spec.claimRef ?? {};
  if (name !== undefined) return [joinKey(namespace, name)];
  return reader
    .list(CLAIMS)
    .filter((claim) => [undefined, '', metadata.name].includes(claim.spec.volumeName))
    .map(keyOf);
}

function claimsOfPod({ spec, metadata }: Pod): readonly string[] {
  return (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim === undefined
      ? []
      : [joinKey(metadata.namespace, persistentVolumeClaim.claimName)],
  );
}
