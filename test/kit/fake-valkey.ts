/**
 * Valkey servers in memory behind the fake transport: users, roles, offsets and replication as far as the
 * engine orders and reads them, at the level of commands. Replication itself takes no time.
 * Never here: what a real server does beyond that; test/sentinel/io asks real ones.
 */
import type { Address } from '../../src/sentinel/core/facts';
import type { Command, Reply } from '../../src/sentinel/io/resp';
import type { FakeNet, Peer, Reaction } from './fake-transport';

export interface FakeServer {
  readonly address: Address;
  runId: string;
  role: 'master' | 'replica';
  replid: string;
  /** The parent history and the first offset that is not of it. */
  parent: { readonly replid: string; readonly from: number } | undefined;
  offset: number;
  keys: number;
  upstream: Address;
  /** `up`; `hung`: connections stay open and nothing is answered; `dead`: refuses. */
  life: 'up' | 'hung' | 'dead';
  /** Clients may not write before this, wall clock. */
  pausedUntilMs: number;
  readonly users: Map<string, string>;
  /** Of the base user; undefined: any. */
  basePassword: string | undefined;
  /** Commands that changed something, in order. */
  readonly changes: string[];
}

export interface FakeValkeys {
  server(address: Address): FakeServer;
  all(): readonly FakeServer[];
  /** A process starts there, fenced. Data and identity are kept by `from`. */
  boot(address: Address, from?: FakeServer): FakeServer;
  /** Its sockets end and connects are refused. */
  kill(address: Address): void;
  /** Sees each command before it is answered; a reaction of its own is taken instead. */
  intercept: (server: FakeServer, command: Command) => Reaction | undefined;
}

const FENCE: Address = { host: '127.0.0.1', port: 0 };
const OK: Reply = { kind: 'status', text: 'OK' };

interface Line {
  readonly peer: Peer;
  user: string;
  queue: Command[] | undefined;
}

export function createFakeValkeys(net: FakeNet): FakeValkeys {
  const servers = new Map<string, FakeServer>();
  let ids = 0;
  const nextId = (): string => (++ids).toString(16).padStart(40, '0');
  const world: FakeValkeys = {
    server(address) {
      const found = servers.get(keyOf(address));
      if (found === undefined) throw new Error(`no server at ${keyOf(address)}`);
      return found;
    },
    all: () => [...servers.values()],
    intercept: () => undefined,
    boot(address, from) {
      const server: FakeServer = {
        address,
        runId: nextId(),
        role: 'replica',
        replid: from?.replid ?? nextId(),
        parent: from?.parent,
        offset: from?.offset ?? 0,
        keys: from?.keys ?? 0,
        upstream: FENCE,
        life: 'up',
        pausedUntilMs: 0,
        users: new Map(),
        basePassword: from?.basePassword,
        changes: [],
      };
      servers.set(keyOf(address), server);
      const lines = new Map<number, Line>();
      net.listen(address, (command, peer) => {
        const line = lines.get(peer.connection) ?? { peer, user: 'default', queue: undefined };
        lines.set(peer.connection, line);
        const own = world.intercept(server, command);
        if (own !== undefined) {
          if (command[0] === 'EXEC') line.queue = undefined;
          return own;
        }
        if (server.life === 'hung') return 'silence';
        return react(world, server, lines, line, command, nextId);
      });
      return server;
    },
    kill(address) {
      world.server(address).life = 'dead';
      net.vanish(address, 'refused');
    },
  };
  return world;
}

function keyOf({ host, port }: Address): string {
  return `${host}:${port}`;
}

function react(
  world: FakeValkeys,
  server: FakeServer,
  lines: ReadonlyMap<number, Line>,
  line: Line,
  command: Command,
  nextId: () => string,
): Reply {
  const [name = ''] = command;
  if (name === 'MULTI') {
    line.queue = [];
    return OK;
  }
  if (name === 'EXEC') {
    const queued = line.queue ?? [];
    line.queue = undefined;
    const items = queued.map((one) => execute(world, server, lines, line, one, nextId));
    return { kind: 'array', items };
  }
  if (line.queue === undefined) return execute(world, server, lines, line, command, nextId);
  line.queue.push(command);
  return { kind: 'status', text: 'QUEUED' };
}

function execute(
  world: FakeValkeys,
  server: FakeServer,
  lines: ReadonlyMap<number, Line>,
  line: Line,
  command: Command,
  nextId: () => string,
): Reply {
  const [name = '', first = '', second = '', third = ''] = command;
  switch (name) {
    case 'AUTH':
      return login(server, line, first, second);
    case 'PING':
      return ping(world, server);
    case 'ROLE':
      return { kind: 'array', items: [bulk(server.role === 'master' ? 'master' : 'slave')] };
    case 'INFO':
      return bulk(infoOf(world, server));
    case 'ACL':
      return acl(server, command);
    case 'CLIENT':
      return client(server, lines, line, first, second, third);
    case 'CONFIG':
      server.changes.push(command.join(' '));
      return OK;
    case 'REPLICAOF':
      server.changes.push(command.join(' '));
      server.role = 'replica';
      server.upstream = { host: first, port: Number(second) };
      sync(world, server);
      return OK;
    case 'PSYNC':
      server.changes.push(command.join(' '));
      server.parent = { replid: server.replid, from: server.offset + 1 };
      server.replid = nextId();
      server.role = 'master';
      return { kind: 'status', text: `CONTINUE ${server.replid}` };
    default:
      return { kind: 'error', code: 'ERR', message: `ERR unknown command '${name}'` };
  }
}

function bulk(text: string): Reply {
  return { kind: 'bulk', text };
}

function login(server: FakeServer, line: Line, user: string, password: string): Reply {
  const base = user === 'gungnir';
  const known = base ? (server.basePassword ?? password) : server.users.get(user);
  if (known !== password)
    return {
      kind: 'error',
      code: 'WRONGPASS',
      message: 'WRONGPASS invalid username-password pair',
    };
  line.user = user;
  return OK;
}

/** A fenced replica with stale data refuses to serve. */
function ping(world: FakeValkeys, server: FakeServer): Reply {
  if (server.role === 'master' || primaryOf(world, server) !== undefined)
    return { kind: 'status', text: 'PONG' };
  return { kind: 'error', code: 'MASTERDOWN', message: 'MASTERDOWN Link with MASTER is down' };
}

function acl(server: FakeServer, [, verb = '', ...rest]: Command): Reply {
  if (verb === 'USERS') {
    const names = [...new Set(['default', 'gungnir', ...server.users.keys()])];
    return { kind: 'array', items: names.map(bulk) };
  }
  const [user = ''] = rest;
  const secret = rest.find((rule) => /^[>#]/.test(rule)) ?? '';
  if (verb === 'SETUSER') server.users.set(user, secret.slice(1));
  if (verb === 'DELUSER') for (const name of rest) server.users.delete(name);
  return OK;
}

function client(
  server: FakeServer,
  lines: ReadonlyMap<number, Line>,
  line: Line,
  verb: string,
  first: string,
  user: string,
): Reply {
  if (verb !== 'KILL') {
    server.changes.push(`CLIENT ${verb}`);
    if (verb === 'PAUSE') server.pausedUntilMs = Date.now() + Number(first);
    if (verb === 'UNPAUSE') server.pausedUntilMs = 0;
    return OK;
  }
  for (const other of lines.values()) if (other !== line && other.user === user) other.peer.end();
  return OK;
}

function primaryOf(world: FakeValkeys, server: FakeServer): FakeServer | undefined {
  return world
    .all()
    .find(
      ({ address, role, life }) =>
        keyOf(address) === keyOf(server.upstream) && role === 'master' && life === 'up',
    );
}

/** At once, and always by the primary's history. */
function sync(world: FakeValkeys, server: FakeServer): void {
  const primary = primaryOf(world, server);
  if (primary === undefined || server.role === 'master') return;
  const { replid, parent, offset, keys } = primary;
  Object.assign(server, { replid, parent, offset, keys });
}

function infoOf(world: FakeValkeys, server: FakeServer): string {
  sync(world, server);
  const { role, replid, parent, offset, upstream, keys } = server;
  const common = {
    run_id: server.runId,
    loading: 0,
    master_replid: replid,
    master_replid2: parent?.replid ?? '0'.repeat(40),
    second_repl_offset: parent?.from ?? -1,
    ...(keys === 0 ? {} : { db0: `keys=${keys},expires=0` }),
  };
  const fields =
    role === 'master'
      ? { role, ...common, master_repl_offset: offset, ...slaves(world, server) }
      : {
          role: 'slave',
          ...common,
          slave_repl_offset: offset,
          master_host: upstream.host,
          master_port: upstream.port,
          ...linkOf(world, server),
          slave_priority: 100,
        };
  return Object.entries(fields)
    .map(([name, value]) => `${name}:${value}\r\n`)
    .join('');
}

function linkOf(world: FakeValkeys, server: FakeServer): Readonly<Record<string, string | number>> {
  return primaryOf(world, server) === undefined
    ? {
        master_link_status: 'down',
        master_last_io_seconds_ago: -1,
        master_link_down_since_seconds: 0,
      }
    : { master_link_status: 'up', master_last_io_seconds_ago: 0 };
}

function slaves(world: FakeValkeys, server: FakeServer): Readonly<Record<string, string>> {
  const attached = world
    .all()
    .filter(
      (other) =>
        other.role === 'replica' &&
        other.life === 'up' &&
        keyOf(other.upstream) === keyOf(server.address),
    );
  return Object.fromEntries(
    attached.map(({ address, offset }, index) => [
      `slave${index}`,
      `ip=${address.host},port=${address.port},state=online,offset=${offset},lag=0`,
    ]),
  );
}
