/**
 * What the engine's orders do to a server of the model: claims, holds, demotions, promotions, and
 * what an order without a user of its own brings.
 * Never here: when an order arrives (schedule.ts, faults).
 */
import { offset } from '../../../src/kit/brands';
import type { Outcome, TermUser } from '../../../src/sentinel/core/event';
import type { Order } from '../../../src/sentinel/core/ready';
import { factsOf } from './looks';
import { patched, replIdOf, type Server, type Servers, serverIn, unlinkFrom } from './servers';

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
  if (server.loadsUntilMs !== undefined && replicating.includes(order.kind))
    return { servers, outcome: { kind: 'refused', code: 'LOADING', message: 'LOADING' } };
  return obey(servers, server, order, nowMs);
}

/** What a loading server refuses (the commands without the flag `loading`). */
const replicating: readonly Order['kind'][] = ['hold', 'demote', 'follow', 'promote', 'handOver'];

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
  return {
    role: 'replica',
    upstream,
    link: 'down',
    paused: false,
    backlog: true,
    consumer: 'none',
  };
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
