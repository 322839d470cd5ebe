/**
 * What a server of the model shows of itself: INFO and ROLE, and its answer to a ping.
 * Never here: an effect.
 */
import { millis, offset, replId } from '../../../src/kit/brands';
import type { ProbeResult } from '../../../src/sentinel/core/event';
import type { Attached, NodeFacts } from '../../../src/sentinel/core/facts';
import {
  isRunning,
  keysOf,
  replIdOf,
  runIdOf,
  type Server,
  type Servers,
  serverIn,
} from './servers';

export function factsOf(servers: Servers, server: Server, nowMs: number): NodeFacts {
  const upstream = serverIn(servers, server.upstream);
  const host = upstream?.ip ?? '127.0.0.1';
  const silent = upstream?.life === 'hung' || upstream?.life === 'isolated';
  const silentSeconds = silent ? Math.floor((nowMs - upstream.hungAtMs) / 1000) : 0;
  const attached = servers.all.filter(
    (other) => other.upstream === server.podUid && other.link === 'up' && isRunning(other),
  );
  const master = server.role === 'master';
  if (server.loadsUntilMs !== undefined) return loadingFacts(server, host, nowMs);
  const foreigners = server.consumer === 'attached' ? [foreigner(server)] : [];
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
    keys: keysOf(server.log),
    priority: 100,
    attached: master
      ? [...attached.map((other) => attachedAt(other.ip, other)), ...foreigners]
      : [],
  };
}

function attachedAt(host: string, { log }: Server): Attached {
  return { host, port: 6379, state: 'online', offset: offset(log.length), lagSeconds: 0 };
}

/** An address that is no pod's. */
function foreigner(server: Server): Attached {
  return attachedAt('10.9.9.9', server);
}

/** What INFO shows of history and data while loading is of no history at all. */
function loadingFacts(server: Server, host: string, nowMs: number): NodeFacts {
  return {
    atMs: millis(nowMs),
    runId: runIdOf(server),
    activity: 'loading',
    role: 'replica',
    replid: replId('c'.repeat(40)),
    replid2: undefined,
    secondOffset: undefined,
    offset: offset(0),
    upstream: { host, port: server.upstream === undefined ? 0 : 6379 },
    link: 'down',
    lastIoSeconds: -1,
    linkDownSeconds: -1,
    keys: 0,
    priority: 100,
    attached: [],
  };
}

export function probe(servers: Servers, podUid: string): ProbeResult {
  const server = serverIn(servers, podUid);
  if (server === undefined || server.life === 'dead') return 'refused';
  if (server.life !== 'up') return server.life === 'hung' ? 'silent' : 'unreachable';
  if (server.loadsUntilMs !== undefined) return 'loading';
  return server.role === 'master' || server.link === 'up' ? 'pong' : 'masterDown';
}
