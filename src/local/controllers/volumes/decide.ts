/**
 * What a claim needs next: a class, a volume, its binding, more room, or leave to go. The volumes are
 * made here as well, as an external provisioner would: a folder of the selected node.
 * Never here: that folder; the kubelet of the node owns it.
 */
import { amountOf } from '../../../spec/quantity';
import { type Action, type Decision, NOTHING } from '../frame/action';
import { isFinished, isTerminating, type Pod } from '../objects/pod';
import { selects } from '../objects/selector';
import {
  CLAIMS,
  type Claim,
  type PersistentVolume,
  SELECTED_NODE,
  type StorageClass,
  VOLUMES,
} from '../objects/storage';
import { PROVISIONER, provision } from './provision';

export interface ObservedClaim {
  readonly claim: Claim;
  /** Those that are bound to it, or could be. */
  readonly volumes: readonly PersistentVolume[];
  readonly classes: readonly StorageClass[];
  /** Of its namespace. */
  readonly pods: readonly Pod[];
}

const CLAIM_FINALIZER = 'kubernetes.io/pvc-protection';
const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
const PROVISIONER_ANNOTATIONS = [
  'volume.beta.kubernetes.io/storage-provisioner',
  'volume.kubernetes.io/storage-provisioner',
];

export function decideClaim(observed: ObservedClaim): Decision {
  const { claim, classes } = observed;
  if (isTerminating(claim)) return { actions: letGo(observed) };
  const { finalizers = [] } = claim.metadata;
  if (!finalizers.includes(CLAIM_FINALIZER))
    return patchClaim(claim, { metadata: { finalizers: [...finalizers, CLAIM_FINALIZER] } });
  if (claim.metadata.annotations?.[BIND_COMPLETED] !== undefined)
    return { actions: keepBound(observed) };
  if (claim.spec.volumeName) return { actions: takeNamed(observed) };
  const fallback = classes.find(({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === 'true');
  if (claim.spec.storageClassName === undefined && fallback !== undefined)
    return patchClaim(claim, { spec: { storageClassName: fallback.metadata.name } });
  return findVolume(observed);
}

function patchClaim(object: Claim, patch: Readonly<Record<string, unknown>>): Decision {
  return { actions: [{ kind: 'patch', of: CLAIMS, object, patch }] };
}

/** A claim in use stays; its pod would lose the ground under its feet. */
function letGo({ claim, pods }: ObservedClaim): readonly Action[] {
  const { finalizers = [], name } = claim.metadata;
  const isUsed = pods.some(
    ({ spec }) =>
      spec.nodeName &&
      (spec.volumes ?? []).some((volume) => volume.persistentVolumeClaim?.claimName === name),
  );
  if (isUsed || !finalizers.includes(CLAIM_FINALIZER)) return [];
  const others = finalizers.filter((finalizer) => finalizer !== CLAIM_FINALIZER);
  return patchClaim(claim, { metadata: { finalizers: others } }).actions;
}

function findVolume(observed: ObservedClaim): Decision {
  const { claim, volumes, classes, pods } = observed;
  const ready =
    volumes.find((volume) => isPromised(volume, claim)) ??
    [...volumes].filter((volume) => couldServe(volume, claim)).sort(bySize)[0];
  const storageClass = classes.find(
    ({ metadata }) => metadata.name === claim.spec.storageClassName,
  );
  const node = claim.metadata.annotations?.[SELECTED_NODE];
  const waits = storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && node === undefined;
  if (ready !== undefined && (isPromised(ready, claim) || !waits))
    return { actions: bind(claim, ready) };
  if (waits) return { actions: told(claim, ...waitingFor(claim, pods)) };
  if (storageClass === undefined) return { actions: told(claim, ...noVolume(claim)) };
  const { provisioner } = storageClass;
  const known = claim.metadata.annotations ?? {};
  if (PROVISIONER_ANNOTATIONS.some((name) => known[name] !== provisioner)) {
    const annotations = Object.fromEntries(
      PROVISIONER_ANNOTATIONS.map((name) => [name, provisioner]),
    );
    const { actions } = patchClaim(claim, { metadata: { annotations } });
    const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
    return { actions: [...actions, ...told(claim, 'ExternalProvisioning', message)] };
  }
  if (provisioner !== PROVISIONER) return NOTHING;
  return { actions: provision(claim, storageClass, node) };
}

/** The user asks for this volume and no other. */
function takeNamed({ claim, volumes }: ObservedClaim): readonly Action[] {
  const volume = volumes.find(({ metadata }) => metadata.name === claim.spec.volumeName);
  if (volume === undefined) return [];
  if (isPromised(volume, claim)) return bind(claim, volume);
  if (volume.spec.claimRef !== undefined) return [];
  const mismatch = mismatchOf(volume, claim);
  if (mismatch === undefined) return bind(claim, volume);
  const message = `Cannot bind to requested volume "${volume.metadata.name}": ${mismatch}`;
  return told(claim, 'VolumeMismatch', message);
}

function waitingFor(claim: Claim, pods: readonly Pod[]): readonly [string, string] {
  const { name } = claim.metadata;
  const users = pods.filter(
    (pod) =>
      !isFinished(pod) &&
      (pod.spec.volumes ?? []).some((volume) => volume.persistentVolumeClaim?.claimName === name),
  );
  const [first] = users.filter(({ spec }) => !spec.nodeName);
  if (first === undefined)
    return ['WaitForFirstConsumer', 'waiting for first consumer to be created before binding'];
  return ['WaitForPodScheduled', `waiting for pod ${first.metadata.name} to be scheduled`];
}

function noVolume({ spec }: Claim): readonly [string, string] {
  if (!spec.storageClassName)
    return [
      'FailedBinding',
      'no persistent volumes available for this claim and no storage class is set',
    ];
  return ['ProvisioningFailed', `storageclass.storage.k8s.io "${spec.storageClassName}" not found`];
}

function told(about: Claim, reason: string, message: string): readonly Action[] {
  const isWarning = reason === 'ProvisioningFailed' || reason === 'VolumeMismatch';
  const type = isWarning ? 'Warning' : 'Normal';
  return [{ kind: 'tell', about, type, reason, message }];
}

/** The volume says it is for this claim: it was made for it. */
function isPromised({ spec }: PersistentVolume, { metadata }: Claim): boolean {
  const { claimRef } = spec;
  if (claimRef?.namespace !== metadata.namespace || claimRef?.name !== metadata.name) return false;
  return claimRef?.uid === undefined || claimRef.uid === metadata.uid;
}

/** A volume that somebody made by hand. */
function couldServe(volume: PersistentVolume, claim: Claim): boolean {
  const { spec, status, metadata } = volume;
  const { selector } = claim.spec;
  return (
    spec.claimRef === undefined &&
    status?.phase === 'Available' &&
    mismatchOf(volume, claim) === undefined &&
    (selector === undefined || selects(selector, metadata.labels))
  );
}

/** @returns what keeps the volume from serving the claim, in the words of the real controller. */
function mismatchOf(volume: PersistentVolume, { spec }: Claim): string | undefined {
  const { capacity, storageClassName = '', volumeMode = 'Filesystem', accessModes } = volume.spec;
  const wanted = amountOf(spec.resources?.requests?.storage ?? '0') ?? 0;
  if (isTerminating(volume)) return `the volume is marked for deletion "${volume.metadata.name}"`;
  if ((amountOf(capacity?.storage ?? '0') ?? 0) < wanted) return 'requested PV is too small';
  if (storageClassName !== (spec.storageClassName ?? '')) return 'storageClassName does not match';
  if (volumeMode !== (spec.volumeMode ?? 'Filesystem')) return 'incompatible volumeMode';
  const hasModes = (spec.accessModes ?? []).every((mode) => accessModes?.includes(mode));
  return hasModes ? undefined : 'incompatible accessMode';
}

/** The smallest that will do comes first. */
function bySize(a: PersistentVolume, b: PersistentVolume): number {
  const size = ({ spec }: PersistentVolume) => amountOf(spec.capacity?.storage ?? '0') ?? 0;
  return size(a) - size(b) || (a.metadata.name < b.metadata.name ? -1 : 1);
}

function bind(claim: Claim, volume: PersistentVolume): readonly Action[] {
  const { namespace, name, uid, annotations, resourceVersion } = claim.metadata;
  const claimRef = {
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
    resourceVersion,
  };
  const isOurs = volume.spec.claimRef?.uid === uid;
  // Who chose: the one that a user has named is not marked as chosen here.
  const chosen = { [BOUND_BY_CONTROLLER]: 'yes' };
  const marked = {
    ...volume.metadata.annotations,
    ...(isPromised(volume, claim) ? {} : chosen),
  };
  const taken = {
    ...volume,
    metadata: { ...volume.metadata, annotations: marked },
    spec: { ...volume.spec, claimRef },
  };
  const bound = {
    ...claim,
    metadata: {
      ...claim.metadata,
      annotations: {
        ...annotations,
        [BIND_COMPLETED]: 'yes',
        ...(claim.spec.volumeName ? {} : chosen),
      },
    },
    spec: { ...claim.spec, volumeName: volume.metadata.name },
  };
  return [
    ...(isOurs ? [] : [{ kind: 'update', of: VOLUMES, object: taken } as const]),
    { kind: 'update', of: CLAIMS, object: bound },
  ];
}

/** Status follows the volume; a volume that is gone loses the claim; a larger claim grows it. */
function keepBound({ claim, volumes, classes }: ObservedClaim): readonly Action[] {
  const { volumeName, resources, storageClassName } = claim.spec;
  const { phase, capacity } = claim.status ?? {};
  const volume = volumes.find(({ metadata }) => metadata.name === volumeName);
  const patch = (status: object): Action => ({
    ...{ kind: 'patch', of: CLAIMS, object: claim, subresource: 'status' },
    patch: { status },
  });
  if (volume !== undefined && volume.spec.claimRef === undefined) return bind(claim, volume);
  if (volume === undefined || !isPromised(volume, claim)) {
    if (phase !== 'Bound') return [];
    const message =
      'Bound claim has lost its PersistentVolume. Data on the volume is lost! Cluster admin must intervene to recover.';
    const lost: Action = {
      kind: 'tell',
      about: claim,
      type: 'Warning',
      reason: 'ClaimLost',
      message,
    };
    return [patch({ phase: 'Lost', capacity: null, accessModes: null }), lost];
  }
  const { accessModes, capacity: size = {} } = volume.spec;
  if (phase !== 'Bound') return [patch({ phase: 'Bound', accessModes, capacity: size })];
  const wanted = resources?.requests?.storage ?? '0';
  const storageClass = classes.find(({ metadata }) => metadata.name === storageClassName);
  const grows = (amountOf(wanted) ?? 0) > (amountOf(capacity?.storage ?? '0') ?? 0);
  if (!grows || storageClass?.allowVolumeExpansion !== true) return [];
  const message = 'MountVolume.NodeExpandVolume succeeded for volume "';
  return [
    {
      ...{ kind: 'patch', of: VOLUMES, object: volume },
      patch: { spec: { capacity: { storage: wanted } } },
    },
    patch({ capacity: { storage: wanted } }),
    {
      ...{ kind: 'tell', about: claim, reason: 'FileSystemResizeSuccessful' },
      message: `${message}${volumeName}"`,
    },
  ];
}
