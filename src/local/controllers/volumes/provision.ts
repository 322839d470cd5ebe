/**
 * Makes volumes and takes them away, as the provisioner of the built-in class `local`: each is a
 * folder of one node.
 * Never here: binding (decide.ts), the folder itself.
 */

import type { Draft } from '../frame/action';
import { type Action, type Decision, NOTHING } from '../frame/action';
import { isTerminating } from '../objects/pod';
import {
  CLAIMS,
  type Claim,
  type PersistentVolume,
  type StorageClass,
  VOLUMES,
} from '../objects/storage';
import { timestamp } from '../objects/time';

export const PROVISIONER = 'gungnir.invalid/dir';
const VOLUME_FINALIZER = 'kubernetes.io/pv-protection';
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
const HOSTNAME_LABEL = 'kubernetes.io/hostname';
const FOLDER = '/var/lib/gungnir/volumes';

/** The class that a cluster has from its beginning. */
export const LOCAL_CLASS: Draft = {
  metadata: {
    name: 'local',
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
  },
  provisioner: PROVISIONER,
  volumeBindingMode: 'WaitForFirstConsumer',
  reclaimPolicy: 'Delete',
  allowVolumeExpansion: true,
};

/** @param node absent: any node reaches the volume. */
export function provision(
  claim: Claim,
  storageClass: StorageClass,
  node: string | undefined,
): readonly Action[] {
  const { namespace, name, uid, resourceVersion } = claim.metadata;
  const volume = `pvc-${uid}`;
  const hosts =
    node === undefined
      ? { key: HOSTNAME_LABEL, operator: 'Exists' }
      : { key: HOSTNAME_LABEL, operator: 'In', values: [node] };
  const object: Draft = {
    metadata: {
      name: volume,
      annotations: { [PROVISIONED_BY]: PROVISIONER },
      finalizers: [VOLUME_FINALIZER],
    },
    spec: {
      capacity: { storage: claim.spec.resources?.requests?.storage ?? '1Gi' },
      accessModes: claim.spec.accessModes ?? [],
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata.name,
      volumeMode: claim.spec.volumeMode ?? 'Filesystem',
      local: { path: `${FOLDER}/${volume}` },
      claimRef: {
        ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
        resourceVersion,
      },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [hosts] }] } },
    },
  };
  const told = { about: claim, reason: 'ProvisioningFailed' };
  const message = `failed to provision volume with StorageClass "${storageClass.metadata.name}": `;
  return [
    { kind: 'create', of: VOLUMES, object, onRefusal: { ...told, message } },
    {
      ...{ kind: 'tell', about: claim, reason: 'ProvisioningSucceeded' },
      message: `Successfully provisioned volume ${volume}`,
    },
  ];
}

/** @param claim the one that the volume names, if it is there. */
export function decideVolume(
  volume: PersistentVolume,
  claim: Claim | undefined,
  nowMs: number,
): Decision {
  const { spec, status, metadata } = volume;
  const { claimRef, persistentVolumeReclaimPolicy } = spec;
  const isClaimed = claim !== undefined && claim.metadata.uid === claimRef?.uid;
  const { finalizers = [] } = metadata;
  const isBound = isClaimed && claim.spec.volumeName === metadata.name;
  if (isTerminating(volume)) {
    if (isBound || !finalizers.includes(VOLUME_FINALIZER)) return NOTHING;
    const others = finalizers.filter((finalizer) => finalizer !== VOLUME_FINALIZER);
    const patch = { metadata: { finalizers: others } };
    return { actions: [{ kind: 'patch', of: VOLUMES, object: volume, patch }] };
  }
  if (!finalizers.includes(VOLUME_FINALIZER)) {
    const patch = { metadata: { finalizers: [...finalizers, VOLUME_FINALIZER] } };
    return { actions: [{ kind: 'patch', of: VOLUMES, object: volume, patch }] };
  }
  const phase = phaseOf(claimRef, isClaimed, isBound);
  if (phase !== status?.phase) {
    const patch = { status: { phase, lastPhaseTransitionTime: timestamp(nowMs) } };
    const subresource = 'status';
    return { actions: [{ kind: 'patch', of: VOLUMES, object: volume, patch, subresource }] };
  }
  if (phase !== 'Released' || persistentVolumeReclaimPolicy !== 'Delete') return NOTHING;
  return { actions: [{ kind: 'delete', of: VOLUMES, object: volume }] };
}

function phaseOf(
  claimRef: PersistentVolume['spec']['claimRef'],
  isClaimed: boolean,
  isBound: boolean,
): NonNullable<PersistentVolume['status']>['phase'] {
  if (isBound) return 'Bound';
  return claimRef?.uid === undefined || isClaimed ? 'Available' : 'Released';
}

/** The claim that a volume names. */
export function claimOf(
  { spec }: PersistentVolume,
  get: (of: typeof CLAIMS, namespace: string | undefined, name: string) => Claim | undefined,
): Claim | undefined {
  const { namespace, name } = spec.claimRef ?? {};
  return name === undefined ? undefined : get(CLAIMS, namespace, name);
}
