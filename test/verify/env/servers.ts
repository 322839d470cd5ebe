/**
 * A small model of valkey-server processes: roles, histories, logs of write ids, ACL users of terms,
 * holds and promotions. Immutable, so that the explorer can branch on it; one write is one byte.
 * What it claims of Valkey is held to the real one by test/sentinel/io.
 */
import { type ReplId, type RunId, replId, runId } from '../../../src/kit/brands';
import type { TermUser } from '../../../src/sentinel/core/event';

export interface Server {
  readonly podUid: string;
  readonly ip: string;
  /** `cut`: the engine cannot reach it, its replicas can. `isolated`: neither can. */
  readonly life: 'up' | 'hung' | 'dead' | 'cut' | 'isolated';
  readonly hungAtMs: number;
  readonly run: number;
  readonly role: 'master' | 'replica';
  readonly replid: number;
  readonly replid2: number | undefined;
  readonly second: number;
  readonly log: readonly string[];
  /** podUid of the one it was told to follow; undefined: held. */
  readonly upstream: string | undefined;
  readonly link: 'up' | 'down';
  readonly everLinked: boolean;
  readonly users: readonly TermUser[];
  readonly m: number;
  readonly paused: boolean;
  /** A node without backlog (fresh, or booted from RDB) is promoted by a full resynchronization. */
  readonly backlog: boolean;
  /** While it loads a data set: until then it refuses orders of replication and knows no history. */
  readonly loadsUntilMs: number | undefined;
  /** A consumer that is no pod of ours: fed like a replica, and counted as one. */
  readonly consumer: 'none' | 'attached';
}

export interface Servers {
  readonly all: readonly Server[];
  readonly nextRun: number;
  readonly nextReplid: number;
}

export function serverIn(servers: Servers, podUid: string | undefined): Server | undefined {
  return servers.all.find((server) => server.podUid === podUid);
}

export function patched(servers: Servers, podUid: string, patch: Partial<Server>): Servers {
  const all = servers.all.map((server) =>
    server.podUid === podUid ? { ...server, ...patch } : server,
  );
  return { ...servers, all };
}

export function freshServers(count: number): Servers {
  const all = Array.from(
    { length: count },
    (_, index): Server => boot(`u${index}`, `10.0.0.${index}`, index + 1, index + 1),
  );
  return { all, nextRun: count + 1, nextReplid: count + 1 };
}

function boot(podUid: string, ip: string, run: number, replid: number): Server {
  return {
    podUid,
    ip,
    life: 'up',
    hungAtMs: 0,
    run,
    role: 'replica',
    replid,
    replid2: undefined,
    second: -1,
    log: [],
    upstream: undefined,
    link: 'down',
    everLinked: false,
    users: [],
    m: 1,
    paused: false,
    backlog: false,
    loadsUntilMs: undefined,
    consumer: 'none',
  };
}

/** A process that was never there before, with an empty disk. */
export function newborn(servers: Servers, podUid: string, ip: string): Server {
  return boot(podUid, ip, servers.nextRun, servers.nextReplid);
}

/** FLUSHALL stands in the log as `f...`: what was written before it is no key any more. */
export function keysOf(log: readonly string[]): number {
  const flushed = log.map((id) => id.startsWith('f')).lastIndexOf(true);
  return log.length - 1 - flushed;
}

/** Restarted in place: fenced, with its data (same history) or with an empty disk. */
export function restart(
  servers: Servers,
  podUid: string,
  disk: 'kept' | 'empty' | 'noIdentity',
): Servers {
  const before = serverIn(servers, podUid);
  if (before === undefined) return servers;
  const kept = disk === 'kept';
  const born = boot(podUid, before.ip, servers.nextRun, kept ? before.replid : servers.nextReplid);
  const log = disk === 'empty' ? [] : before.log;
  const next = { ...servers, nextRun: servers.nextRun + 1, nextReplid: servers.nextReplid + 1 };
  return unlinkFrom(patched(next, podUid, { ...born, log, m: 1 }), podUid);
}

export function die(servers: Servers, podUid: string): Servers {
  const dead = { life: 'dead', link: 'down', loadsUntilMs: undefined, consumer: 'none' } as const;
  return unlinkFrom(patched(servers, podUid, dead), podUid);
}

export function hang(servers: Servers, podUid: string, nowMs: number): Servers {
  return patched(servers, podUid, { life: 'hung', hungAtMs: nowMs });
}

export function unlinkFrom(servers: Servers, podUid: string): Servers {
  const all = servers.all.map((server) =>
    server.upstream === podUid ? { ...server, link: 'down' as const } : server,
  );
  return { ...servers, all };
}

export function hex(prefix: string, value: number): string {
  return `${prefix}${value.toString(16)}`
    .padEnd(40, '0')
    .replace(/[^0-9a-f]/g, '0')
    .slice(0, 40);
}

export function runIdOf(server: Server): RunId {
  return runId(hex('a', server.run + 0x1000));
}

export function replIdOf(value: number): ReplId {
  return replId(hex('b', value + 0x1000));
}

/** The process runs, and other pods can reach it. */
export function isRunning(server: Server): boolean {
  return server.life === 'up' || server.life === 'cut';
}

export function canFollow(server: Server): boolean {
  return isRunning(server) && server.role === 'replica' && server.loadsUntilMs === undefined;
}

/** A replica whose upstream serves and whose history joins it: it gets all, or what is missing. */
export function sync(servers: Servers, podUid: string): Servers {
  const replica = serverIn(servers, podUid);
  const primary = serverIn(servers, replica?.upstream);
  if (replica === undefined || primary === undefined || !canFollow(replica)) return servers;
  if (!isRunning(primary) || primary.role !== 'master') return servers;
  const partial =
    replica.replid === primary.replid ||
    (replica.replid === primary.replid2 && replica.log.length <= primary.second - 1);
  const renamed =
    partial && replica.replid !== primary.replid
      ? { replid2: replica.replid, second: replica.log.length + 1 }
      : {};
  const full = partial ? {} : { replid2: undefined, second: -1 };
  return patched(servers, podUid, {
    ...renamed,
    ...full,
    replid: primary.replid,
    log: primary.log,
    link: 'up',
    everLinked: true,
    backlog: true,
  });
}

export function syncAll(servers: Servers): Servers {
  return servers.all.reduce((so_far, { podUid }) => sync(so_far, podUid), servers);
}

export function goodReplicas(servers: Servers, podUid: string): number {
  return servers.all.filter(
    (server) => server.upstream === podUid && server.link === 'up' && isRunning(server),
  ).length;
}

/** A client's write: undefined when this server refuses or does not answer. */
export function write(servers: Servers, podUid: string, id: string): Servers | undefined {
  const server = serverIn(servers, podUid);
  if (server?.life !== 'up' || server.role !== 'master' || server.paused) return undefined;
  if (goodReplicas(servers, podUid) < server.m) return undefined;
  return patched(servers, podUid, { log: [...server.log, id] });
}
