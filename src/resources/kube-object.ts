/**
 * A Kubernetes object as plain data, and the metadata that all of ours share.
 * Never here: status, or a field that the operator owns by itself (kubernetes.md section 3).
 */

import type { ValkeyClusterDefinition } from '../spec/definition';
import { API_VERSION, CLUSTER_KIND } from '../spec/definition';
import { ANNOTATIONS, objectLabels } from '../spec/naming';

/** A part of an object: JSON once it is written, where a field that is undefined is not there. */
export type JsonMap = Readonly<Record<string, unknown>>;

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: true;
  readonly blockOwnerDeletion: true;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: JsonMap;
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** The fields that have content: undefined, {} and [] are left out, so nothing is owned by accident. */
export function present<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => hasContent(value)),
  ) as Partial<Fields>;
}

function hasContent(value: unknown): boolean {
  if (value === undefined) return false;
  return typeof value !== 'object' || value === null || Object.keys(value).length > 0;
}

/** @param more annotations of this object alone. */
export function metaOf(
  { metadata, spec }: ValkeyClusterDefinition,
  name: string,
  more: Readonly<Record<string, string>> = {},
): ObjectMeta {
  const { uid, namespace } = metadata;
  const gitOwned: Readonly<Record<string, string>> =
    uid === undefined ? { [ANNOTATIONS.managedBy]: 'gitops' } : {};
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { ...spec.labels, ...objectLabels(metadata.name) },
    ...present({ annotations: { ...spec.annotations, ...more, ...gitOwned } }),
    ...(uid === undefined ? {} : { ownerReferences: [ownerOf(metadata.name, uid)] }),
  };
}

function ownerOf(name: string, uid: string): OwnerReference {
  return {
    apiVersion: API_VERSION,
    kind: CLUSTER_KIND,
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}
