/**
 * Reads INFO, ROLE and ACL USERS into what the core works with. Total: what a server never says gives
 * a refusal that names the field, not a throw and not a guess; ids that are not 40 hex digits and
 * numbers that are not whole ones stop here.
 * Never here: what the facts mean. Real output of three versions: test/sentinel/io/fixtures.
 */
import {
  isHexId,
  type Millis,
  type Offset,
  offset,
  type ReplId,
  replId,
  runId,
} from '../../kit/brands';
import type { TermUser } from '../core/event';
import type { Attached, NodeFacts } from '../core/facts';
import type { Reply } from './resp';

export type Read<Value> =
  | { readonly kind: 'read'; readonly value: Value }
  | { readonly kind: 'unreadable'; readonly field: string; readonly found: string };

/** The sections that `factsOf` needs. */
export const INFO_COMMAND = ['INFO', 'server', 'persistence', 'replication', 'keyspace'] as const;

/** Thrown and caught within this file only. */
class Unreadable extends Error {
  constructor(
    readonly field: string,
    readonly found: string,
  ) {
    super(field);
  }
}

function attempt<Value>(read: () => Value): Read<Value> {
  try {
    return { kind: 'read', value: read() };
  } catch (cause) {
    if (!(cause instanceof Unreadable)) throw cause;
    return { kind: 'unreadable', field: cause.field, found: cause.found.slice(0, 80) };
  }
}

/** @param atMs when both replies were read, on the driver's monotonic clock. */
export function factsOf(info: Reply, role: Reply, atMs: Millis): Read<NodeFacts> {
  return attempt(() => {
    const fields = fieldsOf(info);
    const isMaster = word(fields, 'role', ['master', 'slave']) === 'master';
    const said = roleWord(role);
    if ((said === 'master') !== isMaster)
      throw new Unreadable('ROLE', `${said} beside INFO's ${fields.get('role')}`);
    return isMaster ? masterFacts(fields, atMs) : replicaFacts(fields, atMs);
  });
}

/** Of the handover's `INFO replication`: where the demoted primary stopped. */
export function stoppedAt(info: Reply): Read<{ readonly replid: ReplId; readonly offset: Offset }> {
  return attempt(() => {
    const fields = fieldsOf(info);
    word(fields, 'role', ['slave']);
    return {
      replid: replIdOf(fields, 'master_replid'),
      offset: offset(count(fields, 'slave_repl_offset')),
    };
  });
}

/** The users of claims; all others are none of the engine's business. */
export function termUsersOf(reply: Reply): Read<readonly TermUser[]> {
  return attempt(() => {
    if (reply.kind !== 'array') throw new Unreadable('ACL USERS', reply.kind);
    return reply.items.flatMap((item) => {
      if (item.kind !== 'bulk' && item.kind !== 'status')
        throw new Unreadable('ACL USERS', item.kind);
      const match = /^gungnir-t(\d{1,15})-(\d{1,15})$/.exec(item.text);
      return match === null ? [] : [{ term: Number(match[1]), n: Number(match[2]) }];
    });
  });
}

type Fields = ReadonlyMap<string, string>;

function fieldsOf(info: Reply): Fields {
  if (info.kind !== 'bulk') throw new Unreadable('INFO', info.kind);
  const fields = new Map<string, string>();
  for (const line of info.text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#'))
      fields.set(line.slice(0, colon), line.slice(colon + 1).trimEnd());
  }
  return fields;
}

function masterFacts(fields: Fields, atMs: Millis): NodeFacts {
  return {
    ...commonFacts(fields, atMs),
    role: 'master',
    offset: offset(count(fields, 'master_repl_offset')),
    upstream: undefined,
    link: 'down',
    lastIoSeconds: -1,
    linkDownSeconds: 0,
    attached: attachedOf(fields),
  };
}

function replicaFacts(fields: Fields, atMs: Millis): NodeFacts {
  const link = word(fields, 'master_link_status', ['up', 'down']) === 'up' ? 'up' : 'down';
  return {
    ...commonFacts(fields, atMs),
    role: 'replica',
    offset: offset(count(fields, 'slave_repl_offset')),
    upstream: { host: text(fields, 'master_host'), port: count(fields, 'master_port') },
    link,
    lastIoSeconds: countOrNone(fields, 'master_last_io_seconds_ago'),
    linkDownSeconds: link === 'up' ? 0 : countOrNone(fields, 'master_link_down_since_seconds'),
    attached: [],
  };
}

function commonFacts(fields: Fields, atMs: Millis) {
  const second = countOrNone(fields, 'second_repl_offset');
  const id = text(fields, 'run_id');
  if (!isHexId(id)) throw new Unreadable('run_id', id);
  const replid2 = replIdOf(fields, 'master_replid2');
  const hasParent = second >= 0 && !/^0+$/.test(replid2);
  return {
    atMs,
    runId: runId(id),
    startedAtMs: startOf(fields),
    activity: activityOf(fields),
    replid: replIdOf(fields, 'master_replid'),
    replid2: hasParent ? replid2 : undefined,
    secondOffset: hasParent ? offset(second) : undefined,
    keys: keysOf(fields),
    priority: fields.has('slave_priority') ? count(fields, 'slave_priority') : DEFAULT_PRIORITY,
  } as const;
}

/** Both numbers are of the server's clock at the same moment; a server without them does not say. */
function startOf(fields: Fields): number | undefined {
  if (!fields.has('server_time_usec') || !fields.has('uptime_in_seconds')) return undefined;
  const nowMs = Math.floor(count(fields, 'server_time_usec') / 1000);
  return nowMs - count(fields, 'uptime_in_seconds') * 1000;
}

/** INFO of a master does not show its replica-priority. */
const DEFAULT_PRIORITY = 100;

function activityOf(fields: Fields): NodeFacts['activity'] {
  if (count(fields, 'loading') !== 0 || fields.get('async_loading') === '1') return 'loading';
  return fields.get('master_sync_in_progress') === '1' ? 'syncing' : 'ready';
}

function keysOf(fields: Fields): number {
  let keys = 0;
  for (const [name, value] of fields) {
    if (!/^db\d+$/.test(name)) continue;
    const found = /(?:^|,)keys=(\d{1,15})(?:,|$)/.exec(value);
    if (found === null) throw new Unreadable(name, value);
    keys += Number(found[1]);
  }
  return keys;
}

function attachedOf(fields: Fields): readonly Attached[] {
  const attached: Attached[] = [];
  for (const [name, value] of fields) {
    if (/^slave\d+$/.test(name)) attached.push(oneAttached(name, value));
  }
  return attached.sort((left, right) => compare(left.host, right.host) || left.port - right.port);
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** `ip=..,port=..,state=online,offset=..,lag=..`, later versions append more. */
function oneAttached(name: string, value: string): Attached {
  const parts = new Map(
    value
      .split(',')
      .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  );
  const of = (key: string): Fields => new Map([[`${name}.${key}`, parts.get(key) ?? '']]);
  return {
    host: text(of('ip'), `${name}.ip`),
    port: count(of('port'), `${name}.port`),
    state: parts.get('state') === 'online' ? 'online' : 'syncing',
    offset: offset(count(of('offset'), `${name}.offset`)),
    // The server's clock of whole seconds may stand one behind the replica's acknowledgement: lag=-1.
    lagSeconds: Math.max(0, countOrNone(of('lag'), `${name}.lag`)),
  };
}

function roleWord(role: Reply): string {
  const first = role.kind === 'array' ? role.items[0] : undefined;
  if (first?.kind !== 'bulk' && first?.kind !== 'status') throw new Unreadable('ROLE', role.kind);
  if (first.text !== 'master' && first.text !== 'slave') throw new Unreadable('ROLE', first.text);
  return first.text;
}

function text(fields: Fields, name: string): string {
  const value = fields.get(name);
  if (value === undefined || value === '') throw new Unreadable(name, value ?? 'nothing');
  return value;
}

function word(fields: Fields, name: string, known: readonly string[]): string {
  const value = text(fields, name);
  if (!known.includes(value)) throw new Unreadable(name, value);
  return value;
}

function count(fields: Fields, name: string): number {
  const value = text(fields, name);
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number)) throw new Unreadable(name, value);
  return number;
}

/** A count, or -1 for none. */
function countOrNone(fields: Fields, name: string): number {
  return fields.get(name) === '-1' ? -1 : count(fields, name);
}

function replIdOf(fields: Fields, name: string): ReplId {
  const value = text(fields, name);
  if (!isHexId(value)) throw new Unreadable(name, value);
  return replId(value);
}
