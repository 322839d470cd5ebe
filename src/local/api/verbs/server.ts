/**
 * What every verb works with, and one request on its way through.
 * Never here: a verb.
 */
import type { Hooks, Kind } from '../kinds/kind';
import type { Registry } from '../kinds/registry';
import { isEnding, timeText } from '../metadata';
import type { JsonObject, Request } from '../port';
import type { Authorizer } from '../rbac';
import { badRequest, forbidden, type Named, notFound, Refused } from '../status';
import { keyOf, type Store } from '../store';
import type { Typings, Writer } from '../typing';
import { dryRunsOf } from './options';

/** Where Service addresses come from. */
export interface ServiceAddresses {
  /** The next one to try, or undefined at the end of the range; called with what is taken. */
  next(taken: ReadonlySet<string>): string | undefined;
  contains(address: string): boolean;
  /** Of NodePorts. */
  readonly nodePorts: { readonly first: number; readonly last: number };
}

/** Signs and reads the tokens of ServiceAccounts. */
export interface TokenIssuer {
  readonly issuer: string;
  sign(claims: JsonObject): string;
  /** undefined: not ours, changed, or not in time. */
  verify(token: string): JsonObject | undefined;
}

export interface Server {
  readonly store: Store;
  readonly registry: Registry;
  readonly typings: Typings;
  readonly addresses: ServiceAddresses;
  readonly tokens: TokenIssuer;
  readonly authorizer: Authorizer;
  /** Wall time. */
  nowMs(): number;
  uuid(): string;
  /** Five characters for `generateName`. */
  suffix(): string;
}

/** One request with its kind. `warnings` become headers. */
export interface Call {
  readonly server: Server;
  readonly request: Request;
  readonly kind: Kind;
  readonly warnings: string[];
}

export function now(call: Call): string {
  return timeText(call.server.nowMs());
}

export function namedOf(call: Call): Named {
  return { group: call.kind.group, resource: call.kind.resource };
}

export function keyIn(call: Call, name: string): string {
  return keyOf(call.kind.scope === 'namespaced' ? call.request.namespace : undefined, name);
}

/** The object in the request's version. */
export function liveOf(call: Call, name: string): JsonObject | undefined {
  const stored = call.server.store.get(call.kind.collection, keyIn(call, name));
  return stored === undefined ? undefined : shown(call.kind, stored);
}

/** @throws Refused when it is not there. */
export function existing(call: Call, name: string): JsonObject {
  const live = liveOf(call, name);
  if (live === undefined) throw new Refused(notFound(namedOf(call), name));
  return live;
}

/** Remembered, because each reader of an object sees the same one. */
const converted = new WeakMap<JsonObject, Map<Kind, JsonObject>>();

export function shown(kind: Kind, stored: JsonObject): JsonObject {
  if (kind.toVersion === undefined || stored.apiVersion === versionOf(kind)) return stored;
  let forms = converted.get(stored);
  if (forms === undefined) {
    forms = new Map();
    converted.set(stored, forms);
  }
  let form = forms.get(kind);
  if (form === undefined) {
    form = kind.toVersion(stored);
    forms.set(kind, form);
  }
  return form;
}

function versionOf(kind: Kind): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}

/** Writes it, unless it is a dry run. @returns the object as the request's version shows it. */
export function commit(call: Call, key: string, object: JsonObject): JsonObject {
  if (isDryRun(call)) return object;
  const stored = call.kind.toStored?.(object) ?? object;
  return shown(call.kind, call.server.store.put(call.kind.collection, key, stored));
}

export function isDryRun(call: Call): boolean {
  return dryRunsOf(call.request).includes('All');
}

export function hooksOf(call: Call): Hooks {
  const { store, addresses } = call.server;
  const used = (): Set<string> =>
    new Set(
      store
        .list('services', '')
        .map(({ object }) => (object.spec as JsonObject | undefined)?.clusterIP)
        .filter((address): address is string => typeof address === 'string'),
    );
  const { user } = call.request;
  return {
    user,
    granting: { store, authorizer: call.server.authorizer, user },
    nowText: () => now(call),
    uuid: call.server.uuid,
    get: (collection, key) => store.get(collection, key),
    list: (collection) => store.list(collection, '').map(({ object }) => object),
    serviceAddress: () => addresses.next(used()),
    serviceAddressState(address) {
      if (!addresses.contains(address)) return 'outside';
      return used().has(address) ? 'taken' : 'free';
    },
    nodePort: () => freeNodePort(call.server),
  };
}

function freeNodePort({ store, addresses }: Server): number {
  const taken = new Set<unknown>();
  for (const { object } of store.list('services', '')) {
    const ports = (object.spec as JsonObject | undefined)?.ports;
    if (Array.isArray(ports)) for (const port of ports) taken.add((port as JsonObject).nodePort);
  }
  const { first, last } = addresses.nodePorts;
  for (let port = first; port <= last; port += 1) if (!taken.has(port)) return port;
  throw new Refused(badRequest(`no free node port between ${first} and ${last}`));
}

/** Creation needs a namespace that is there and does not end. @throws Refused */
export function checkNamespace(call: Call, name: string): void {
  const { namespace } = call.request;
  if (call.kind.scope === 'cluster' || namespace === undefined) return;
  const found = call.server.store.get('namespaces', namespace);
  if (found === undefined) {
    throw new Refused(notFound({ group: '', resource: 'namespaces' }, namespace));
  }
  if (!isEnding(found)) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  };
  throw new Refused(forbidden(namedOf(call), name, why, [cause]));
}

/** Who writes, for managedFields. */
export function writerOf(call: Call, operation: Writer['operation'], subresource: string): Writer {
  return {
    manager: managerOf(call.request),
    operation,
    apiVersion: versionOf(call.kind),
    subresource,
    now: now(call),
    reset: resetBy(call.kind, subresource),
  };
}

/** The query's, or the first part of the user agent. */
export function managerOf({ query, userAgent }: Request): string {
  const agent = (userAgent ?? '').split('/')[0] ?? '';
  return query?.fieldManager || agent.slice(0, 128) || 'unknown';
}

function resetBy(kind: Kind, subresource: string): readonly string[] {
  if (subresource === 'status') return ['spec'];
  return subresource === '' && kind.status === 'kept' ? ['status'] : [];
}
