/**
 * Reasons of the reconcile lane: why it waits. Part of the one table in reasons.ts.
 * Never here: facts of one case.
 */
export const reconcileReasons = {
  ObjectEnding: {
    means: 'an object of this name is being deleted',
    action: 'wait; if it hangs, look at its finalizers: kubectl get KIND NAME -o yaml',
  },
  ObjectOwnedElsewhere: {
    means: 'an object of this name belongs to another controller',
    action: 'rename the ValkeyCluster, or delete that object',
  },
  GitOwnsObject: {
    means: 'an object is missing, and in workload mode Git makes it',
    action: 'apply the synthesized manifests',
  },
  SecretIncomplete: {
    means: 'the Secret lacks keys, and filling them could lock running pods out',
    action: 'restore the missing keys, or delete the Secret of a cluster that has no pods yet',
  },
  StatefulSetUnseen: {
    means: 'Kubernetes has not taken up the StatefulSet yet',
    action: 'wait; if it lasts, look at the controller-manager',
  },
  RolloutNeedsPrimary: {
    means: 'pods are out of date, and none is replaced while no primary serves',
    action: 'wait until a primary serves; see the condition PrimaryAvailable',
  },
  RolloutWaitsForReplicas: {
    means: 'a pod is out of date, and the others are not all attached yet',
    action: 'wait; if it lasts, look at the pods named',
  },
  RolloutAnnounced: {
    means: 'a pod is about to be replaced, and the engine is told first',
    action: 'wait',
  },
  RolloutMovesPrimary: {
    means: 'the primary is out of date, and hands over before its pod is replaced',
    action: 'wait; see gungnir status if it lasts',
  },
  RecordUnreadable: {
    means: 'status.record of the ValkeyCluster cannot be read, so nothing is failed over',
    action: 'restore it from a backup of the object, or remove status.record to have it made anew',
  },
  RequestRefused: {
    means: 'the API server refused a request of the operator',
    action: 'read what it said; for a missing right apply deploy/operator.yaml again',
  },
} as const;
