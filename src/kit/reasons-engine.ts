/**
 * Reasons of the failover engine: why it waits, asks, or accepted a risk. Part of the one table in
 * reasons.ts; `accept` is spelled there as people type it.
 * Never here: facts of one case.
 */
export const engineReasons = {
  NoPromotableReplica: {
    means: 'the primary is down and no node may take its place',
    action:
      'bring a listed node back, or choose one: kubectl annotate vc NAME valkey.verilean.io/accept=POD@EPOCH',
  },
  ReplicaLoading: {
    means: 'the node is loading its data',
    action: 'wait until it has loaded',
  },
  ReplicaUnreachable: {
    means: 'the node cannot be reached',
    action: 'check its pod and the network between it and the operator',
  },
  ReplicaEmpty: {
    means: 'the node has no keys while the cluster had some',
    action:
      'bring a node with data back, or accept the empty one by the annotation valkey.verilean.io/accept=POD@EPOCH',
  },
  PriorityZero: {
    means: 'replica-priority 0 keeps the node from being promoted',
    action: 'set its replica-priority above 0',
  },
  LinkDownTooLong: {
    means: 'the node was without its primary for too long',
    action: 'accept it by the annotation valkey.verilean.io/accept=POD@EPOCH if its data will do',
  },
  BestReplicaFiltered: {
    means: 'a node that may not be promoted holds more data than any that may',
    action:
      'set its replica-priority above 0, or accept a node by the annotation valkey.verilean.io/accept=POD@EPOCH',
  },
  WaitingForBest: {
    means: 'a node with more data cannot be reached at the moment',
    action: 'wait; failover.waitForBestMs bounds it',
  },
  WaitingForPrimary: {
    means: 'writes without replicas were granted, so the old primary alone may hold the last ones',
    action: 'wait; sentinel.failoverTimeoutMs bounds it',
  },
  WaitingForVolumes: {
    means: 'all recorded processes are gone, and not every recorded volume has answered yet',
    action: 'bring the missing pods back; sentinel.failoverTimeoutMs bounds the wait',
  },
  VolumesMissing: {
    means: 'a recorded volume did not come back, and the newest data may be on it',
    action:
      'bring the missing pods back, or accept a node by the annotation valkey.verilean.io/accept=POD@EPOCH',
  },
  AllEmpty: {
    means: 'every node is empty while the cluster had keys',
    action:
      'restore the volumes, or accept the loss by the annotation valkey.verilean.io/accept=POD@EPOCH (for caches: failover.dataLossPolicy Accept)',
  },
  TooFewReplicasHeard: {
    means: 'fewer members answered than must have for no WAIT-ed write to be lost',
    action:
      'bring the other members back, or accept a node by the annotation valkey.verilean.io/accept=POD@EPOCH',
  },
  FailoverNeedsMembers: {
    means:
      'if the primary failed now, too few members could be heard, and the failover would stop and ask',
    action:
      'bring the missing pods back (kubectl describe pod says why one is not scheduled), lower replicas if they are not to come back, or be ready to answer by the annotation valkey.verilean.io/accept=POD@EPOCH',
  },
  FenceNeedsMembers: {
    means:
      'if the primary fell silent now, nothing could prove that it takes no writes while its pod cannot be ended, since missing members may still acknowledge them',
    action:
      'bring the missing members back, end their nodes for certain (taint node.kubernetes.io/out-of-service), or be ready to answer by the annotation valkey.verilean.io/accept=POD@EPOCH',
  },
  PrimaryNotFenced: {
    means: 'the old primary may still take writes and nothing proves otherwise yet',
    action:
      'wait, end its pod or node for certain, or accept a node by the annotation valkey.verilean.io/accept=POD@EPOCH (which also says that the old primary may be lost)',
  },
  TwoWritersAccepted: {
    means: 'a new primary is promoted while the old one may still take writes',
    action: 'nothing; failover.policy Available or the annotation accept asked for it',
  },
  FailoverLimit: {
    means: 'too many failovers without proof of death in ten minutes',
    action: 'find out why the primary falls silent; downAfterMs may be too short for its load',
  },
  CutOffFromPrimary: {
    means: 'replicas hear the primary and the operator does not',
    action: 'mend the network between the operator and the primary; nothing is failed over',
  },
  CredentialsRefused: {
    means: 'a node refuses the password of the operator',
    action: 'restore operator-password in the Secret; nothing is failed over for this',
  },
  UnknownPrimary: {
    means: 'a node is a primary that was never recorded as one',
    action:
      'look at its data, then choose the node to keep by the annotation valkey.verilean.io/accept=POD@EPOCH',
  },
  SecondPrimary: {
    means: 'a node beside the recorded primary said that it is one too, and was demoted',
    action: 'find out who promoted it; its clients were disconnected',
  },
  SeveralHistories: {
    means: 'the volumes hold data of several histories',
    action:
      'choose the node to keep by the annotation valkey.verilean.io/accept=POD@EPOCH; the others are overwritten',
  },
  ForeignHistory: {
    means: 'a node holds data of another history, which would be overwritten',
    action:
      'save it, then empty its volume, or accept the loss by the annotation accept=PRIMARY@EPOCH',
  },
  ForeignReplica: {
    means: 'a consumer that is no member of this cluster replicates from the primary',
    action: 'end it, or know that starvation (E3) cannot fence this primary while it is there',
  },
  WritesWithoutReplicas: {
    means: 'the primary takes writes without the replicas that minReplicasToWrite asks for',
    action: 'bring a replica back; the requirement returns by itself',
  },
  WaitingForFirstBoot: {
    means: 'not every pod that may hold data has answered yet',
    action: 'wait until these pods run',
  },
  AcceptedAway: {
    means: 'the accepted node is not ready to be promoted',
    action: 'wait until its pod answers, or accept another one',
  },
  SettingRefused: {
    means: 'a server refused a setting of the definition',
    action: 'correct it in spec.config; the other settings are in force',
  },
  SwitchoverRefused: {
    means: 'no replica is attached, online and close behind, so no switchover was begun',
    action: 'look at gungnir status; name another pod or wait for the replicas to catch up',
  },
  BaseUserShared: {
    means: 'clients use the user that claims the nodes, and each claim ends its connections',
    action: 'give the engine a user of its own, as `ACL SETUSER gungnir ...`',
  },
  NodeNameUnknown: {
    means: 'the host of a node has no address',
    action: 'mend its name, or give an IP address',
  },
  // -- The engine as a library (gungnir/sentinel) --
  OptionsInvalid: {
    means: 'the options cannot be used',
    action: 'mend each field named below',
  },
  NotStarted: {
    means: 'this Sentinel is not at work',
    action: 'await start() first, and ask before close()',
  },
  NotTheAuthority: {
    means: 'another process leads this cluster, or nobody yet',
    action: 'ask the process that leads (status().role is leader there), or wait for +takeover',
  },
  ObserveOnly: {
    means: 'this Sentinel only observes and sends no order',
    action: "make it with mode 'govern'",
  },
  MoveTimedOut: {
    means: 'the primary did not move in time, and the wish was taken back',
    action: 'look at status().blocked and the nodes, then ask again',
  },
  NoPrimaryInTime: {
    means: 'no node was the primary in time',
    action: 'look at status().blocked and the nodes, and wait longer if they are only slow',
  },
  EngineBroken: {
    means: 'the engine contradicted itself and does nothing any more',
    action: 'make a new Sentinel, and report this with the events before it',
  },
  AuthorityRecordUnreadable: {
    means: 'the record beside the lease cannot be read, so nothing is decided',
    action: 'restore it from a copy; remove it only if the servers hold nothing worth keeping',
  },
  AuthorityUnreachable: {
    means: 'the store of the lease cannot be read or written',
    action: 'mend what the error says; nothing is failed over meanwhile',
  },
} as const;
