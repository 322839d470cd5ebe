/**
 * Claims, volumes and storage classes, as far as their controller and the scheduler know them.
 * Never here: where the bytes are; a kubelet owns the folder of a volume.
 */
import type { ApiObject } from '../../api/port';
import { kindOf, type Specified } from '../frame/kind';
import type { Condition } from './condition';
import type { NodeSelectorTerm } from './pod';
import type { LabelSelector } from './selector';

type Resources = Readonly<Record<string, string>>;

export interface ClaimSpec {
  readonly accessModes?: readonly string[];
  readonly storageClassName?: string;
  readonly volumeName?: string;
  readonly volumeMode?: string;
  readonly selector?: LabelSelector;
  readonly resources?: { readonly requests?: Resources };
}

export interface ClaimStatus {
  readonly phase?: 'Pending' | 'Bound' | 'Lost';
  readonly accessModes?: readonly string[];
  readonly capacity?: Resources;
  readonly conditions?: readonly Condition[];
}

export type Claim = Specified<ClaimSpec, ClaimStatus>;
export const CLAIMS = kindOf<Claim>('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims');

export interface VolumeObjectSpec {
  readonly capacity?: Resources;
  readonly accessModes?: readonly string[];
  readonly volumeMode?: string;
  readonly storageClassName?: string;
  readonly persistentVolumeReclaimPolicy?: 'Delete' | 'Retain';
  readonly claimRef?: {
    readonly namespace?: string;
    readonly name?: string;
    readonly uid?: string;
  };
  readonly nodeAffinity?: {
    /** Without terms it takes no node. */
    readonly required?: { readonly nodeSelectorTerms?: readonly NodeSelectorTerm[] | null };
  };
}

export interface VolumeObjectStatus {
  readonly phase?: 'Pending' | 'Available' | 'Bound' | 'Released' | 'Failed';
  readonly lastPhaseTransitionTime?: string;
}

export type PersistentVolume = Specified<VolumeObjectSpec, VolumeObjectStatus>;
export const VOLUMES = kindOf<PersistentVolume>(
  'v1',
  'PersistentVolume',
  'persistentvolumes',
  'Cluster',
);

export interface StorageClass extends ApiObject {
  readonly provisioner: string;
  readonly volumeBindingMode?: 'Immediate' | 'WaitForFirstConsumer';
  readonly reclaimPolicy?: 'Delete' | 'Retain';
  readonly allowVolumeExpansion?: boolean;
}
export const STORAGE_CLASSES = kindOf<StorageClass>(
  'storage.k8s.io/v1',
  'StorageClass',
  'storageclasses',
  'Cluster',
);

/** The scheduler's word to the provisioner. */
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
