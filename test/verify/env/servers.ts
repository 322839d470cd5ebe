/**
 * A small model of valkey-server processes: roles, histories, logs of write ids, ACL users of terms,
 * holds and promotions. Immutable, so that the explorer can branch on it; one write is one byte.
 * What it claims of Valkey is held to the real one by test/sentinel/io.
 */
import { millis, offset, type ReplId, type RunId, replId, runId } from '../../../src/kit/brands';
import type { Outcome, ProbeResult, TermUser } from '../../../src/sentinel/core/event';
import type { NodeFacts } from '../../../src/sentinel/core/facts';
import type { Order } from '../../../src/sentinel/core/ready';

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
  };
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
  return unlinkFrom(patched(servers, podUid, { life: 'dead', link: 'down' }), podUid);
}

export function hang(servers: Servers, podUid: string, nowMs: number): Servers {
  return patched(servers, podUid, { life: 'hung', hungAtMs: nowMs });
}

function unlinkFrom(servers: Servers, podUid: string): Servers {
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

/** A replica whose upstream serves and whose history joins it: it gets all, or what is missing. */
export function sync(servers: Servers, podUid: string): Servers {
  const replica = serverIn(servers, podUid);
  const primary = serverIn(servers, replica?.upstream);
  if (replica?.life !== 'up' || replica.role !== 'replica' || primary === undefined) return servers;
  if ((primary.life !== 'up' && primary.life !== 'cut') || primary.role !== 'master')
    return servers;
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
    (server) => server.upstream === podUid && server.link === 'up' && server.life === 'up',
  ).length;
}

/** A client's write: undefined when this server refuses or does not answer. */
export function write(servers: Servers, podUid: string, id: string): Servers | undefined {
  const server = serverIn(servers, podUid);
  if (server?.life !== 'up' || server.role !== 'master' || server.paused) return undefined;
  if (goodReplicas(servers, podUid) < server.m) return undefined;
  return patched(servers, podUid, { log: [...server.log, id] });
}

export function factsOf(servers: Servers, server: Server, nowMs: number): NodeFacts {
  const upstream = serverIn(servers, server.upstream);
  const host = upstream?.ip ?? '127.0.0.1';
  const silent = upstream?.life === 'hung' || upstream?.life === 'isolated';
  const silentSeconds = silent ? Math.floor((nowMs - upstream.hungAtMs) / 1000) : 0;
  const attached = servers.all.filter(
    (other) => other.upstream === server.podUid && other.link === 'up' && other.life === 'up',
  );
  const master = server.role === 'master';
  return {
    atMs: millis(nowMs),
    runId: runIdOf(server),
    activity: 'ready',
    role: server.role,
    replid: replIdOf(server.replid),
    replid2: server.replid2 === undefined ? undefined : replIdOf(server.replid2),
    secondOffset: server.replid2 === undefined ? undefined : offset(server.second),
    offset: offset(server.log.length),
    upstream: master ? undefined : { host, port: server.upstream === undefined ? 0 : 6379 },
    link: master ? 'down' : server.link,
    lastIoSeconds: server.link === 'up' ? silentSeconds : -1,
    linkDownSeconds: server.link === 'up' || !server.everLinked ? -1 : 0,
    keys: server.log.length,
    priority: 100,
    attached: master
      ? attached.map((other) => ({
          host: other.ip,
          port: 6379,
          state: 'online' as const,
          offset: offset(other.log.length),
          lagSeconds: 0,
        }))
      : [],
  };
}

export interface Reaction {
  readonly servers: Servers;
  readonly outcome: Outcome;
}

/** @param user the term user of the connection the order comes on; undefined for the base user. */
export function execute(
  servers: Servers,
  podUid: string,
  order: Order,
  user: TermUser | undefined,
  nowMs: number,
): Reaction {
  const server = serverIn(servers, podUid);
  if (server === undefined || server.life === 'dead')
    return { servers, outcome: { kind: 'notSent' } };
  if (server.life !== 'up') return { servers, outcome: { kind: 'noReply', by: 'late' } };
  const claiming =
    order.kind === 'look' ||
    order.kind === 'take' ||
    order.kind === 'seal' ||
    order.kind === 'yield';
  if (claiming) return claimOrder(servers, server, order, nowMs);
  const known =
    user !== undefined &&
    server.users.some((other) => other.term === user.term && other.n === user.n);
  if (!known) return { servers, outcome: { kind: 'noReply', by: 'closed' } };
  return obey(servers, server, order, nowMs);
}

type ClaimOrder = Extract<Order, { kind: 'look' | 'take' | 'seal' | 'yield' }>;

function claimOrder(servers: Servers, server: Server, order: ClaimOrder, nowMs: number): Reaction {
  const { podUid, users } = server;
  if (order.kind === 'look') return { servers, outcome: { kind: 'users', users } };
  const own = { term: order.term, n: order.n };
  if (order.kind === 'take') {
    const next = [...users, own];
    return {
      servers: patched(servers, podUid, { users: next }),
      outcome: { kind: 'users', users: next },
    };
  }
  if (order.kind === 'yield') {
    const rest = users.filter((user) => user.term !== own.term || user.n !== own.n);
    return { servers: patched(servers, podUid, { users: rest }), outcome: { kind: 'done' } };
  }
  const kept = users.filter((user) => !order.others.includes(`gungnir-t${user.term}-${user.n}`));
  if (!kept.some((user) => user.term === own.term && user.n === own.n))
    return { servers, outcome: { kind: 'userGone' } };
  const sealed = patched(servers, podUid, { users: kept });
  return {
    servers: sealed,
    outcome: { kind: 'facts', facts: factsOf(sealed, { ...server, users: kept }, nowMs) },
  };
}

function obey(servers: Servers, server: Server, order: Order, nowMs: number): Reaction {
  const { podUid } = server;
  const done = (patch: Partial<Server>): Reaction => ({
    servers: patched(servers, podUid, patch),
    outcome: { kind: 'done' },
  });
  switch (order.kind) {
    case 'observe':
      return { servers, outcome: { kind: 'facts', facts: factsOf(servers, server, nowMs) } };
    case 'hold':
      return done({ role: 'replica', upstream: undefined, link: 'down' });
    case 'demote':
      return {
        servers: unlinkFrom(patched(servers, podUid, demotedTo(undefined)), podUid),
        outcome: { kind: 'done' },
      };
    case 'follow':
      return {
        servers: unlinkFrom(
          patched(servers, podUid, demotedTo(byIp(servers, order.primary.host))),
          podUid,
        ),
        outcome: { kind: 'done' },
      };
    case 'setMin':
      return done({ m: order.m });
    case 'pause':
      return done({ paused: true });
    case 'unpause':
      return done({ paused: false });
    case 'handOver': {
      const demoted = unlinkFrom(
        patched(servers, podUid, demotedTo(byIp(servers, order.primary.host))),
        podUid,
      );
      return {
        servers: demoted,
        outcome: {
          kind: 'handedOver',
          replid: replIdOf(server.replid),
          offset: offset(server.log.length),
        },
      };
    }
    case 'promote':
      return promote(servers, server, order);
    default:
      return { servers, outcome: { kind: 'done' } };
  }
}

function demotedTo(upstream: string | undefined): Partial<Server> {
  return { role: 'replica', upstream, link: 'down', paused: false, backlog: true };
}

function byIp(servers: Servers, ip: string): string | undefined {
  return servers.all.find((server) => server.ip === ip)?.podUid;
}

function promote(
  servers: Servers,
  server: Server,
  order: Extract<Order, { kind: 'promote' }>,
): Reaction {
  if (server.role === 'master' || order.replid !== replIdOf(server.replid)) {
    return {
      servers,
      outcome: { kind: 'refused', code: 'ERR', message: 'PSYNC FAILOVER refused' },
    };
  }
  const replid = servers.nextReplid;
  const joined = server.backlog
    ? { replid2: server.replid, second: server.log.length + 1 }
    : { replid2: undefined, second: -1 };
  const next = patched({ ...servers, nextReplid: replid + 1 }, server.podUid, {
    ...joined,
    role: 'master',
    replid,
    upstream: undefined,
    link: 'down',
    m: order.m,
    paused: false,
    backlog: true,
  });
  return { servers: next, outcome: { kind: 'promoted', cut: server.backlog ? 'Joined' : 'Cut' } };
}

export function probe(servers: Servers, podUid: string): ProbeResult {
  const server = serverIn(servers, podUid);
  if (server === undefined || server.life === 'dead') return 'refused';
  if (server.life !== 'up') return server.life === 'hung' ? 'silent' : 'unreachable';
  return server.role === 'master' || server.link === 'up' ? 'pong' : 'masterDown';
}
