/** Who makes the objects of a cluster (docs: "which mode should I use"). */
export enum ManagementMode {
  /** Only the ValkeyCluster is synthesized; the operator makes and keeps all other objects. */
  CUSTOM_RESOURCE = 'CUSTOM_RESOURCE',
  /**
   * All objects are synthesized and belong to Git; the operator owns the client Service's selector, role
   * labels and status alone, and keeps the primary alive.
   */
  WORKLOAD = 'WORKLOAD',
}
