/**
 * A ValkeyCluster as an object of the API: what `render` takes and the operator watches.
 * Never here: what may stand in its spec (cluster.ts).
 */
import type { ValkeyClusterSpec } from './cluster';

/** API group and version of every kind of ours. */
export const API_VERSION = 'valkey.verilean.io/v1';
/** The kind that this page of the specification is about. */
export const CLUSTER_KIND = 'ValkeyCluster';

/** Name and place of an object. */
export interface DefinitionMetadata {
  /** Name of the cluster: a DNS label of at most 46 characters that begins with a letter. */
  readonly name: string;
  /**
   * Namespace.
   * @default - that of the request
   */
  readonly namespace?: string;
  /**
   * Uid that the API server gave. With it the objects get an owner; without it Git owns them.
   * @default - not applied yet
   */
  readonly uid?: string;
}

/** A ValkeyCluster. */
export interface ValkeyClusterDefinition {
  /** Name and place. */
  readonly metadata: DefinitionMetadata;
  /** What is wanted. */
  readonly spec: ValkeyClusterSpec;
}
