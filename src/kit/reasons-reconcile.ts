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
  SecretLost: {
    means: 'the Secret is gone, and the pods run with passwords that this operator has never seen',
    action:
      'restore it from a backup; or delete all pods of the cluster at once: they wait for new passwords, data stays on the volumes',
  },
  ClientSecretUnusable: {
    means: 'the Secret of auth.secretName gives no password, so the one in force stays',
    action: 'create it with the key password, and let the operator read it',
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
  RolloutWouldLoseData: {
    means: 'the only pod is out of date, and without persistence a restart would lose its data',
    action:
      'delete the pod yourself when its data may go, or set failover.dataLossPolicy: Accept, or raise replicas',
  },
  EngineFault: {
    means: 'the failover engine of this cluster met an error of its own and is started again',
    action: 'report it with the log of the operator; other clusters are not concerned',
  },
  ReconcileFault: {
    means: 'the operator met an error of its own while it worked on the objects of this cluster',
    action: 'report it with the log of the operator; it tries again, and failovers go on',
  },
  RecordUnreadable: {
    means: 'status.record of the ValkeyCluster cannot be read, so nothing is failed over',
    action: 'restore it from a backup of the object, or remove status.record to have it made anew',
  },
  RequestRefused: {
    means: 'the API server refused a request of the operator',
    action:
      'read what it said; for a missing right: gungnir render --operator | kubectl apply --server-side -f -',
  },
  SwitchoverNeedsPrimary: {
    means: 'the cluster has no serving primary, so there is nothing to hand over',
    action: 'see gungnir status NAME; a failover needs no command',
  },
  AlreadyPrimary: {
    means: 'this pod is the primary already',
    action: 'name another pod by --to, or leave --to out',
  },
  SwitchoverTargetUnknown: {
    means: 'the cluster has no pod of that name',
    action: 'name one of its pods by --to, or leave --to out',
  },
  SwitchoverTargetUnfit: {
    means: 'the pod cannot take over: it is no replica that is in sync',
    action: 'name one of the replicas in sync by --to, or wait until this one is',
  },
  SwitchoverUnderWay: {
    means: 'the primary is being changed already',
    action: 'wait until gungnir status NAME shows the new primary, then ask again if need be',
  },
  SwitchoverGivenUp: {
    means: 'the operator did not carry the switchover out, and the old primary goes on',
    action: 'see its Events by kubectl describe vc NAME, mend what they name, and ask again',
  },
  SwitchoverLate: {
    means: 'the operator has not begun within the time, and the request is withdrawn',
    action:
      'check that an operator runs (kubectl -n gungnir-system get pods) and what it says of the cluster (kubectl describe vc NAME), then ask again',
  },
} as const;
