/**
 * Every name that Gungnir gives: objects, labels, annotations, users, keys of the Secret.
 * Never here: a choice; the same cluster always has the same names.
 */

/** Longest cluster name: leaves room for `-headless` and an ordinal in 63 characters. */
export const CLUSTER_NAME_MAX_CHARACTERS = 46;

/** Prefix of our labels and annotations. */
export const PREFIX = 'valkey.verilean.io/';

export const LABELS = {
  /** Data pods, and only they. */
  app: 'app',
  name: 'app.kubernetes.io/name',
  instance: 'app.kubernetes.io/instance',
  managedBy: 'app.kubernetes.io/managed-by',
  /** The ValkeyCluster that an object belongs to. */
  cluster: `${PREFIX}cluster`,
  /** `primary` or `replica`; only the operator writes it, and only on pods. */
  role: `${PREFIX}role`,
  /** Set by Kubernetes on each pod of a StatefulSet; the client Service selects by it. */
  podName: 'statefulset.kubernetes.io/pod-name',
} as const;

export const ANNOTATIONS = {
  /** On the client Service: the epoch that its selector belongs to. */
  epoch: `${PREFIX}epoch`,
  /** `gitops` where Git owns the object (kubernetes.md section 3). */
  managedBy: `${PREFIX}managed-by`,
  /** `<pod>@<epoch>`: asks for a switchover. */
  switchover: `${PREFIX}switchover`,
  /** `<pod>@<epoch>`: answers "stop and ask". */
  accept: `${PREFIX}accept`,
  /** Hash of the settings that only a restart applies. */
  restartHash: `${PREFIX}restart-hash`,
} as const;

/** Values of the role label. */
export const ROLES = { primary: 'primary', replica: 'replica' } as const;

/** Names of the users in Valkey that are ours (failover.md section 11). */
export const USERS = { clients: 'default', base: 'gungnir', probe: 'probe' } as const;

/** Keys of the Secret `<name>-secret`. */
export const SECRET_KEYS = {
  clientPassword: 'password',
  operatorPassword: 'operator-password',
  replicationPassword: 'replication-password',
  probePassword: 'probe-password',
  acl: 'users.acl',
  auth: 'auth.conf',
} as const;

/** Names of the objects of one cluster. */
export interface ObjectNames {
  readonly headless: string;
  readonly client: string;
  readonly replicas: string;
  readonly config: string;
  readonly secret: string;
  readonly statefulSet: string;
  readonly budget: string;
  /** A pod name that no pod has: a client Service that selects it is closed. */
  readonly nobody: string;
}

export function namesOf(cluster: string): ObjectNames {
  return {
    headless: `${cluster}-headless`,
    client: `${cluster}-client`,
    replicas: `${cluster}-replicas`,
    config: `${cluster}-config`,
    secret: `${cluster}-secret`,
    statefulSet: cluster,
    budget: `${cluster}-pdb`,
    nobody: `${cluster}-none`,
  };
}

/** Name of the pod with that ordinal. */
export function podName(cluster: string, ordinal: number): string {
  return `${cluster}-${ordinal}`;
}

/** The user under which replicas of this cluster authenticate: pod addresses are reused by others. */
export function replicationUser(clusterUid: string): string {
  return `repl-${clusterUid}`;
}

/** What selects the data pods of one cluster. */
export function podSelector(cluster: string): Readonly<Record<string, string>> {
  return { [LABELS.app]: 'valkey', [LABELS.cluster]: cluster };
}

/** Labels of every object of one cluster. */
export function objectLabels(cluster: string): Readonly<Record<string, string>> {
  return {
    [LABELS.name]: 'valkey',
    [LABELS.instance]: cluster,
    [LABELS.managedBy]: 'gungnir',
    [LABELS.cluster]: cluster,
  };
}

/** Labels that a user's `labels` may not set: selectors and the operator depend on them. */
export const RESERVED_LABELS: readonly string[] = [
  LABELS.app,
  LABELS.name,
  LABELS.instance,
  LABELS.managedBy,
  LABELS.podName,
  'controller-revision-hash',
  'apps.kubernetes.io/pod-index',
];
