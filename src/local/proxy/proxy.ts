/**
 * The Service proxy: listens on each Service's address while it has endpoints and passes connections on.
 * What is connected stays connected, whatever becomes of the Service's selector or endpoints.
 * Never here: which endpoints count (routes.ts).
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { ApiObject, LocalApi, User } from '../api/port';
import { cachesOver } from '../controllers/frame/cache';
import type { Timers } from '../controllers/frame/timers';
import {
  ENDPOINT_SLICES,
  type EndpointSlice,
  SERVICE_NAME_LABEL,
  SERVICES,
  type Service,
} from '../controllers/objects/network';
import type { AddressRange } from '../range';
import { join } from './connection';
import { type Route, routesOf } from './routes';
import { syncGate } from './sync-gate';

export interface ProxyOptions {
  readonly api: LocalApi;
  readonly timers: Timers;
  readonly nowMs: () => number;
  readonly range: AddressRange;
  /** How many of the range's nodes answer on NodePorts. */
  readonly nodes: number;
  /** A real kube-proxy has 1000. Default 0: changes count at once. */
  readonly minSyncPeriodMs?: number;
  /** Connections at a time, of all Services; further ones are reset. Default 10 000. */
  readonly connectionsMax?: number;
  /** One sentence, when an address cannot be listened on. Default: nobody hears it. */
  readonly onProblem?: (sentence: string) => void;
}

export interface ServiceProxy {
  /** Connections at this moment. */
  connections(): number;
  /** Ends every listener and connection. */
  stop(): Promise<void>;
}

const USER: User = { name: 'system:kube-proxy', groups: ['system:masters'] };
const CONNECTIONS_MAX = 10_000;

interface Listener {
  route: Route;
  /** Whose turn it is. */
  turn: number;
  readonly server: Server;
}

export function startProxy(options: ProxyOptions): ServiceProxy {
  const { api, timers, nowMs, range, onProblem = () => {} } = options;
  const caches = cachesOver(api, USER, timers);
  const listeners = new Map<string, Listener>();
  const sockets = new Set<Socket>();
  const nodes = Array.from({ length: options.nodes }, (_, index) => range.node(index));
  const admit = (client: Socket): 'in' | 'out' => {
    if (sockets.size >= (options.connectionsMax ?? CONNECTIONS_MAX)) {
      client.resetAndDestroy();
      return 'out';
    }
    sockets.add(client);
    client.once('close', () => sockets.delete(client));
    return 'in';
  };
  const sync = (): void => {
    const routes = routesOf(caches.list(SERVICES), caches.list(ENDPOINT_SLICES), nodes);
    const open = new Map(
      routes
        .filter(({ backends }) => backends.length > 0)
        .map((route) => [`${route.host}:${route.port}`, route]),
    );
    for (const [key, { server }] of listeners) {
      if (open.has(key)) continue;
      server.close();
      listeners.delete(key);
    }
    for (const [key, route] of open) {
      const known = listeners.get(key);
      if (known !== undefined) known.route = route;
      else
        listeners.set(
          key,
          listen(route, range, admit, (problem) => fail(key, problem)),
        );
    }
  };
  const fail = (key: string, problem: NodeJS.ErrnoException): void => {
    listeners.delete(key);
    onProblem(sentenceOf(key, problem));
  };
  const gate = syncGate(timers, nowMs, options.minSyncPeriodMs ?? 0, sync);
  caches.onChange(({ before, after }) => {
    if (told(before) !== told(after)) gate.ask();
  });
  caches.follow(SERVICES);
  caches.follow(ENDPOINT_SLICES);
  return {
    connections: () => sockets.size,
    async stop() {
      gate.stop();
      caches.stop();
      const closed = [...listeners.values()].map(
        ({ server }) => new Promise((done) => server.close(done)),
      );
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

/** What a proxy hears of a Service or slice; another selector or annotation is no change to it, and no sync. */
function told(object: ApiObject | undefined): string {
  if (object === undefined) return '';
  const { metadata, spec, endpoints, ports } = object as Partial<EndpointSlice> & Service;
  const { type, clusterIP, ports: served } = spec ?? {};
  const of = metadata.labels?.[SERVICE_NAME_LABEL];
  return JSON.stringify([of, type, clusterIP, served, endpoints, ports]);
}

function listen(
  route: Route,
  range: AddressRange,
  admit: (client: Socket) => 'in' | 'out',
  onProblem: (problem: NodeJS.ErrnoException) => void,
): Listener {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    const { backends } = listener.route;
    const backend = backends[listener.turn % backends.length];
    listener.turn += 1;
    if (backend === undefined || admit(client) === 'out') return client.resetAndDestroy();
    // The backend sees who it is, as with kube-proxy, which rewrites the target alone.
    const from = client.remoteAddress ?? '';
    return join(client, backend, range.holds(from) ? from : undefined);
  });
  const listener: Listener = { route, turn: 0, server };
  server.on('error', onProblem);
  server.listen({ host: route.host, port: route.port, backlog: 511 });
  return listener;
}

function sentenceOf(key: string, { code }: NodeJS.ErrnoException): string {
  const what = `the Service address ${key} cannot be listened on (${code})`;
  switch (code) {
    case 'EACCES':
      return `${what}: ports below 1024 need root; to fix: give the Service a port above 1023`;
    case 'EADDRINUSE':
      return `${what}: another program has it; to fix: end that program, or use another instance`;
    default:
      return `${what}; to fix: see that the loopback interface has the addresses 127.0.0.0/8`;
  }
}
