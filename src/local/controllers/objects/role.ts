/**
 * ClusterRoles, as far as they are made of others.
 * Never here: who may what (api/rbac.ts).
 */
import type { ApiObject } from '../../api/port';
import { kindOf } from '../frame/kind';
import type { LabelSelector } from './selector';

export interface ClusterRole extends ApiObject {
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] };
  /** null: written without any. */
  readonly rules?: readonly Readonly<Record<string, readonly string[]>>[] | null;
}

export const CLUSTER_ROLES = kindOf<ClusterRole>(
  'rbac.authorization.k8s.io/v1',
  'ClusterRole',
  'clusterroles',
  'Cluster',
);
