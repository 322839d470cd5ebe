/**
 * The server settings that the failover protocol relies on (failover.md section 11): every process
 * starts fenced, attached to nobody and read-only; only the engine lifts that.
 * Never here: a user's own settings; addresses, paths, secrets.
 */

/** @param maxLagSeconds min-replicas-max-lag. */
export function protocolSettings(
  minReplicasToWrite: number,
  maxLagSeconds: number,
): Readonly<Record<string, string>> {
  return {
    replicaof: '127.0.0.1 0',
    'replica-read-only': 'yes',
    'replica-serve-stale-data': 'no',
    'min-replicas-to-write': String(minReplicasToWrite),
    'min-replicas-max-lag': String(maxLagSeconds),
    'repl-ping-replica-period': '1',
    'repl-diskless-sync': 'yes',
    'repl-diskless-sync-delay': '0',
    'repl-diskless-load': 'disabled',
    'repl-backlog-size': '67108864',
    'repl-backlog-ttl': '0',
    'client-output-buffer-limit': 'replica 1gb 512mb 60',
    'tcp-keepalive': '10',
    'shutdown-timeout': '10',
  };
}

/** One argument of valkey.conf, as CONFIG SET takes it too; Valkey splits it where it has several parts. */
export function quotedArgument(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
