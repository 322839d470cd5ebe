/**
 * valkey.conf: every process starts fenced (failover.md I4), attached to nobody and read-only; only
 * the engine lifts that. Also which settings a running server takes.
 * Never here: `bind` (protected mode stays on: the default user has a password), secrets, paths.
 */
import { protocolSettings, quotedArgument } from '../kit/protocol-settings';
import { sha256 } from '../kit/sha256';
import type { ValkeyClusterSpec } from '../spec/cluster';
import { resolve, wantedMinReplicas } from '../spec/defaults';
import { PersistenceMode } from '../spec/enums';
import { amountOf } from '../spec/quantity';

type Settings = Readonly<Record<string, string>>;

/** What the failover protocol relies on (failover.md section 11); the engine changes some of it. */
function protocol(spec: ValkeyClusterSpec): Settings {
  return protocolSettings(wantedMinReplicas(spec), resolve(spec).failover.maxLagSeconds);
}

/** Snapshots after 1 change in an hour, 100 in 5 minutes, 10 000 in one: Valkey's own default. */
const SNAPSHOTS = '3600 1 300 100 60 10000';

function persistence(spec: ValkeyClusterSpec): Settings {
  const { enabled, mode } = resolve(spec).persistence;
  const snapshots = enabled && mode !== PersistenceMode.AOF;
  const appendOnly = enabled && mode !== PersistenceMode.RDB;
  return { save: snapshots ? SNAPSHOTS : '', appendonly: appendOnly ? 'yes' : 'no' };
}

/** 0 means no limit of ours: without a memory limit there is nothing to take a share of. */
function memory(spec: ValkeyClusterSpec): Settings {
  const { percentOfLimit, policy } = resolve(spec).maxMemory;
  const limitBytes = amountOf(spec.resources?.limits?.memory ?? '0') ?? 0;
  return {
    maxmemory: String(Math.floor((limitBytes * percentOfLimit) / 100)),
    'maxmemory-policy': policy,
  };
}

/** Settings that Valkey takes at its start only (tried on 8.0, 8.1 and 9.1); `x*` is a beginning. */
export const RESTART_ONLY: readonly string[] = [
  'always-show-logo',
  'aof-rewrite-cpulist',
  'bgsave-cpulist',
  'bio-cpulist',
  'server-cpulist',
  'databases',
  'disable-thp',
  'hash-seed',
  'io-threads',
  'io-threads-do-reads',
  'mptcp',
  'rdbchecksum',
  'rdma-*',
  'set-proc-title',
  'socket-mark-id',
  'syslog-facility',
  'syslog-ident',
  'tcp-backlog',
  'unixsocketgroup',
  'unixsocketperm',
];

/** Anything else is tried by CONFIG SET: a name that Valkey does not know fails there, not at a start. */
function needsRestart(key: string): boolean {
  return RESTART_ONLY.some((entry) =>
    entry.endsWith('*') ? key.startsWith(entry.slice(0, -1)) : key === entry,
  );
}

/** The file that every process of the cluster starts with. */
export function valkeyConf(spec: ValkeyClusterSpec): string {
  const { port, config } = resolve(spec);
  const ours = { port: String(port), ...protocol(spec), ...persistence(spec), ...memory(spec) };
  return [
    '# Made by Gungnir from the ValkeyCluster; changes here are overwritten.',
    ...Object.entries(ours).map(([key, value]) => line(key, value)),
    ...sorted(config).map(([key, value]) => line(key, quotedArgument(value))),
    '',
  ].join('\n');
}

/**
 * What a running server is brought to by CONFIG SET. Never min-replicas-*, replica-serve-stale-data or
 * replicaof: these are the engine's. A key that was removed keeps its value until the next restart.
 */
export function liveConfig(spec: ValkeyClusterSpec): Settings {
  const user = sorted(resolve(spec).config).filter(([key]) => !needsRestart(key));
  return { ...persistence(spec), ...memory(spec), ...Object.fromEntries(user) };
}

/** @returns undefined when nothing is set that needs a restart: pods then carry no annotation. */
export function restartHash(spec: ValkeyClusterSpec): string | undefined {
  const frozen = sorted(resolve(spec).config).filter(([key]) => needsRestart(key));
  return frozen.length === 0 ? undefined : sha256(JSON.stringify(frozen)).slice(0, 16);
}

function line(key: string, value: string): string {
  return `${key} ${value === '' ? '""' : value}`;
}

function sorted(settings: Settings): readonly (readonly [string, string])[] {
  return Object.entries(settings).sort(([left], [right]) => (left < right ? -1 : 1));
}
