/**
 * The settings of Valkey that the operator owns, each with the field to use instead. The failover
 * protocol relies on them (failover.md section 11); a user's own value would break the fence.
 * Never here: how the operator sets them (resources/valkey-conf.ts).
 */
export interface OwnedConfig {
  /** Exact names. */
  readonly keys: readonly string[];
  /** Beginnings of names. */
  readonly prefixes: readonly string[];
  /** Why, or the field to use. */
  readonly use: string;
}

export const OWNED_CONFIG: readonly OwnedConfig[] = [
  { keys: ['port'], prefixes: [], use: 'set spec.port' },
  { keys: ['appendonly', 'save'], prefixes: [], use: 'set spec.persistence.mode' },
  { keys: [], prefixes: ['maxmemory'], use: 'set spec.maxMemory and a memory limit' },
  { keys: ['requirepass'], prefixes: [], use: 'name your Secret in spec.auth.secretName' },
  {
    keys: ['user', 'aclfile', 'acl-pubsub-default'],
    prefixes: [],
    use: 'leave it out; users are kept by the operator (spec.users)',
  },
  { keys: [], prefixes: ['tls-'], use: 'set spec.tls' },
  {
    keys: [],
    prefixes: ['min-replicas-', 'min-slaves-'],
    use: 'set spec.failover.minReplicasToWrite and spec.failover.maxLagSeconds',
  },
  {
    keys: [
      'replicaof',
      'slaveof',
      'masterauth',
      'masteruser',
      'primaryauth',
      'primaryuser',
      'client-output-buffer-limit',
    ],
    prefixes: ['repl-', 'replica-', 'slave-', 'dual-channel-'],
    use: 'leave it out; replication is kept by the operator',
  },
  {
    keys: ['bind', 'bind-source-addr', 'protected-mode', 'tcp-keepalive', 'unixsocket'],
    prefixes: [],
    use: 'leave it out; connections are kept by the operator (spec.service)',
  },
  {
    keys: ['dir', 'dbfilename', 'appendfilename', 'appenddirname'],
    prefixes: [],
    use: 'leave it out; data is kept at /data (spec.persistence)',
  },
  {
    keys: ['logfile', 'syslog-enabled', 'daemonize', 'supervised', 'pidfile'],
    prefixes: ['shutdown-'],
    use: 'leave it out; the process is kept by Kubernetes, its log is `kubectl logs`',
  },
  {
    keys: ['include', 'loadmodule', 'rename-command'],
    prefixes: ['enable-'],
    use: 'leave it out; commands and files of the server are kept by the operator',
  },
  {
    keys: [],
    prefixes: ['cluster-'],
    use: 'leave it out; a ValkeyCluster is one primary with replicas',
  },
];

/** @returns what to do instead, when the operator owns the setting. */
export function ownedConfig(key: string): OwnedConfig | undefined {
  return OWNED_CONFIG.find(
    ({ keys, prefixes }) => keys.includes(key) || prefixes.some((prefix) => key.startsWith(prefix)),
  );
}
