/**
 * StatefulSet, ControllerRevision, Deployment, ReplicaSet and Job, as far as their controllers know
 * them. The server has set the defaults; what it may leave out is optional.
 * Never here: a decision.
 */
import type { ApiObject } from '../../api/port';
import { kindOf, type Specified } from '../frame/kind';
import type { Condition } from './condition';
import type { PodTemplate } from './pod';
import type { LabelSelector } from './selector';
import type { ClaimSpec } from './storage';

/** A number, or a share such as `25%`. */
export type IntOrPercent = number | string;

export interface ClaimTemplate {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: ClaimSpec;
}

export type RetentionPolicy = 'Retain' | 'Delete';

export interface StatefulSetSpec {
  readonly replicas?: number;
  readonly serviceName?: string;
  readonly selector: LabelSelector;
  readonly template: PodTemplate;
  readonly volumeClaimTemplates?: readonly ClaimTemplate[];
  readonly podManagementPolicy?: 'OrderedReady' | 'Parallel';
  readonly updateStrategy?: {
    readonly type?: 'RollingUpdate' | 'OnDelete';
    readonly rollingUpdate?: { readonly partition?: number };
  };
  readonly revisionHistoryLimit?: number;
  readonly minReadySeconds?: number;
  readonly persistentVolumeClaimRetentionPolicy?: {
    readonly whenDeleted?: RetentionPolicy;
    readonly whenScaled?: RetentionPolicy;
  };
  readonly ordinals?: { readonly start?: number };
}

export interface StatefulSetStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly currentReplicas?: number;
  readonly updatedReplicas?: number;
  readonly currentRevision?: string;
  readonly updateRevision?: string;
  readonly collisionCount?: number;
  readonly conditions?: readonly Condition[];
}

export type StatefulSet = Specified<StatefulSetSpec, StatefulSetStatus>;
export const STATEFUL_SETS = kindOf<StatefulSet>('apps/v1', 'StatefulSet', 'statefulsets');

export interface ControllerRevision extends ApiObject {
  readonly revision: number;
  readonly data?: unknown;
}
export const CONTROLLER_REVISIONS = kindOf<ControllerRevision>(
  'apps/v1',
  'ControllerRevision',
  'controllerrevisions',
);

export interface ReplicaSetSpec {
  readonly replicas?: number;
  readonly minReadySeconds?: number;
  readonly selector: LabelSelector;
  readonly template: PodTemplate;
}

export interface ReplicaSetStatus {
  readonly replicas?: number;
  readonly fullyLabeledReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly terminatingReplicas?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
}

export type ReplicaSet = Specified<ReplicaSetSpec, ReplicaSetStatus>;
export const REPLICA_SETS = kindOf<ReplicaSet>('apps/v1', 'ReplicaSet', 'replicasets');

export interface DeploymentSpec {
  readonly replicas?: number;
  readonly selector: LabelSelector;
  readonly template: PodTemplate;
  readonly strategy?: {
    readonly type?: 'RollingUpdate' | 'Recreate';
    readonly rollingUpdate?: {
      readonly maxUnavailable?: IntOrPercent;
      readonly maxSurge?: IntOrPercent;
    };
  };
  readonly minReadySeconds?: number;
  readonly revisionHistoryLimit?: number;
  readonly paused?: boolean;
  readonly progressDeadlineSeconds?: number;
}

export interface DeploymentStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly unavailableReplicas?: number;
  readonly collisionCount?: number;
  readonly conditions?: readonly Condition[];
}

export type Deployment = Specified<DeploymentSpec, DeploymentStatus>;
export const DEPLOYMENTS = kindOf<Deployment>('apps/v1', 'Deployment', 'deployments');

export interface JobSpec {
  readonly parallelism?: number;
  readonly completions?: number;
  readonly completionMode?: 'NonIndexed' | 'Indexed';
  readonly backoffLimit?: number;
  readonly activeDeadlineSeconds?: number;
  readonly ttlSecondsAfterFinished?: number;
  readonly suspend?: boolean;
  readonly manualSelector?: boolean;
  /** Which controller it is left to; default: the one of Kubernetes. */
  readonly managedBy?: string;
  readonly podReplacementPolicy?: 'TerminatingOrFailed' | 'Failed';
  readonly selector?: LabelSelector;
  readonly template: PodTemplate;
}

export interface JobStatus {
  readonly conditions?: readonly Condition[];
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly active?: number;
  readonly ready?: number;
  readonly terminating?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly uncountedTerminatedPods?: {
    readonly succeeded?: readonly string[];
    readonly failed?: readonly string[];
  };
}

export type Job = Specified<JobSpec, JobStatus>;
export const JOBS = kindOf<Job>('batch/v1', 'Job', 'jobs');

/** @param total what a percentage is of. @param round how a fraction of a pod is read. */
export function countOf(
  value: IntOrPercent | undefined,
  fallback: IntOrPercent,
  total: number,
  round: 'up' | 'down',
): number {
  const given = value ?? fallback;
  if (typeof given === 'number') return given;
  const share = (Number.parseInt(given, 10) * total) / 100;
  return round === 'up' ? Math.ceil(share) : Math.floor(share);
}
