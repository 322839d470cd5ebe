/**
 * A thin client of the Kubernetes API: each call is one request (a list: one for each page) and its
 * outcome a fact. Nothing is tried again behind the caller's back but what cannot have been carried
 * out: a refused token, or a GET on a connection that the server had closed.
 * Never here: caches, waiting, decisions. Contract: test/runtime/kube/real-contract.test.ts (real server).
 */
import { type Millis, millis } from '../../kit/brands';
import { type Answer, refusalOf, refused } from './answer';
import { collectionPath, objectPath, type Query, queryText, type Scope } from './paths';
import { createTransport, type Transport, type TransportOptions } from './transport';
import type { KubeObject, Manifest, ObjectName, Resource } from './types';
import { readWatch, type WatchCall, type WatchEnd, type WatchHandlers } from './watch';
import { failureOf, type WireAnswer } from './wire';

/** Field manager of every write (server-side apply's owner of fields). */
export const fieldManager = 'gungnir';

/** How one call is made. */
export interface Call {
  /** Default `reconcile`. */
  readonly lane?: 'failover' | 'reconcile' | undefined;
  /** From now to the last byte of each answer. Default 10 000 ms, 3 000 ms on the failover lane. */
  readonly timeoutMs?: Millis | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface WriteCall extends Call {
  readonly subresource?: 'status' | 'scale' | undefined;
  /** `All`: judged by the server, not stored. */
  readonly dryRun?: 'All' | undefined;
}

export interface KubeList<T> {
  readonly items: readonly T[];
  /** Where a watch goes on from. */
  readonly resourceVersion: string;
}

export interface DeleteCall extends Call {
  /** The object must still be this one. */
  readonly uid?: string | undefined;
  /** The object must not have changed since it was read. */
  readonly resourceVersion?: string | undefined;
  readonly gracePeriodSeconds?: number | undefined;
  /** Default `Background`. */
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan' | undefined;
}

/** One operation of a JSON patch (RFC 6902). */
export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'test' | 'move' | 'copy';
  readonly path: string;
  readonly value?: unknown;
  readonly from?: string;
}

export interface KubeClient {
  readonly server: string;
  readonly namespace: string;
  get<T extends KubeObject>(at: Resource<T>, name: ObjectName, call?: Call): Promise<Answer<T>>;
  /** All pages of one consistent state. A page token that expired begins the list again, once. */
  list<T extends KubeObject>(
    at: Resource<T>,
    scope: Scope,
    call?: Call,
  ): Promise<Answer<KubeList<T>>>;
  /** The collection's version at this moment, for the price of one object. */
  head(at: Resource, scope: Scope, call?: Call): Promise<Answer<string>>;
  /** `conflict` is never an answer here: an existing name is `alreadyExists`. */
  create<T extends KubeObject, M extends Manifest>(
    at: Resource<T>,
    manifest: M,
    call?: WriteCall,
  ): Promise<Answer<T>>;
  /** Replaces the object; `conflict` when `metadata.resourceVersion` is no longer the newest. */
  update<T extends KubeObject, M extends Manifest>(
    at: Resource<T>,
    manifest: M,
    call?: WriteCall,
  ): Promise<Answer<T>>;
  /** Server-side apply as `gungnir`. @param force `yes` (default) takes fields over from other managers. */
  apply<T extends KubeObject, M extends Manifest>(
    at: Resource<T>,
    manifest: M,
    call?: WriteCall & { readonly force?: 'yes' | 'no' | undefined },
  ): Promise<Answer<T>>;
  /** RFC 7386: null removes. With `metadata.resourceVersion` in it, a compare-and-swap. */
  mergePatch<T extends KubeObject>(
    at: Resource<T>,
    name: ObjectName,
    patch: object,
    call?: WriteCall,
  ): Promise<Answer<T>>;
  /** A failed `test` is `invalid`. */
  jsonPatch<T extends KubeObject>(
    at: Resource<T>,
    name: ObjectName,
    patch: readonly PatchOperation[],
    call?: WriteCall,
  ): Promise<Answer<T>>;
  /** `conflict` when a precondition does not hold. The value is the object or a Status. */
  remove(at: Resource, name: ObjectName, call?: DeleteCall): Promise<Answer<unknown>>;
  /** Runs until the stream ends, whatever the cause. */
  watch<T extends KubeObject>(
    at: Resource<T>,
    call: WatchCall,
    handlers: WatchHandlers<T>,
  ): Promise<WatchEnd>;
  /** Keeps a connection of the failover lane open and proven. Call it every 20 s or so. */
  warm(): Promise<Answer<unknown>>;
  close(): void;
}

export interface KubeClientOptions extends TransportOptions {
  /** Objects in a page. 1 or more, default 500. */
  readonly pageSize?: number;
}

/** A failover's own: short, for a hung connection is given up for a new one, and above a slow server's 3 s. */
const defaultTimeoutMs = { reconcile: millis(10_000), failover: millis(5_000) } as const;

const contentTypes = {
  json: 'application/json',
  apply: 'application/apply-patch+yaml',
  merge: 'application/merge-patch+json',
  patch: 'application/json-patch+json',
} as const;

interface Ask {
  readonly method: string;
  readonly path: string;
  readonly query?: Query;
  readonly body?: { readonly type: keyof typeof contentTypes; readonly value: unknown };
  readonly call: Call | undefined;
}

export function createKubeClient(options: KubeClientOptions): KubeClient {
  const { access } = options;
  const transport = createTransport(options);
  const ask = <T>(what: Ask): Promise<Answer<T>> => askJson<T>(transport, what);
  const written = (call: WriteCall | undefined): Query => ({ fieldManager, dryRun: call?.dryRun });
  return {
    server: access.server,
    namespace: access.namespace,
    get: (at, name, call) => ask({ method: 'GET', path: objectPath(at, name), call }),
    list: (at, scope, call) => listAll(ask, at, scope, options.pageSize ?? 500, call),
    head: (at, scope, call) => headOf(ask, at, scope, call),
    create: (at, manifest, call) =>
      ask({
        method: 'POST',
        path: collectionPath(at, manifest.metadata.namespace),
        query: written(call),
        body: { type: 'json', value: manifest },
        call,
      }),
    update: (at, manifest, call) =>
      ask({
        method: 'PUT',
        path: objectPath(at, nameOf(manifest), call?.subresource),
        query: written(call),
        body: { type: 'json', value: manifest },
        call,
      }),
    apply: (at, manifest, call) =>
      ask({
        method: 'PATCH',
        path: objectPath(at, nameOf(manifest), call?.subresource),
        query: { ...written(call), force: call?.force !== 'no', fieldValidation: 'Strict' },
        body: { type: 'apply', value: manifest },
        call,
      }),
    mergePatch: (at, name, value, call) =>
      ask({
        method: 'PATCH',
        path: objectPath(at, name, call?.subresource),
        query: written(call),
        body: { type: 'merge', value },
        call,
      }),
    jsonPatch: (at, name, value, call) =>
      ask({
        method: 'PATCH',
        path: objectPath(at, name, call?.subresource),
        query: written(call),
        body: { type: 'patch', value },
        call,
      }),
    remove: (at, name, call) =>
      ask({
        method: 'DELETE',
        path: objectPath(at, name),
        body: { type: 'json', value: deleteOptions(call) },
        call,
      }),
    watch: (at, call, handlers) => readWatch(transport.stream, at, call, handlers),
    warm: () => ask({ method: 'GET', path: '/version', call: { lane: 'failover' } }),
    close: transport.close,
  };
}

function nameOf(manifest: Manifest): ObjectName {
  return { namespace: manifest.metadata.namespace, name: manifest.metadata.name ?? '' };
}

function deleteOptions(call: DeleteCall | undefined): object {
  const { uid, resourceVersion, gracePeriodSeconds, propagation } = call ?? {};
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: propagation ?? 'Background',
    gracePeriodSeconds,
    preconditions:
      uid === undefined && resourceVersion === undefined ? undefined : { uid, resourceVersion },
  };
}

async function askJson<T>(transport: Transport, what: Ask): Promise<Answer<T>> {
  const lane = what.call?.lane ?? 'reconcile';
  const answer = await transport.send({
    method: what.method,
    path: what.path + queryText(what.query ?? {}),
    contentType: what.body === undefined ? undefined : contentTypes[what.body.type],
    body: what.body === undefined ? undefined : JSON.stringify(what.body.value),
    lane,
    timeoutMs: what.call?.timeoutMs ?? defaultTimeoutMs[lane],
    signal: what.call?.signal,
  });
  return judge<T>(answer);
}

/** An answer of 2xx that is no JSON came from something that is no API server: failed. */
function judge<T>(answer: WireAnswer): Answer<T> {
  if (answer.kind !== 'answered') return failureOf(answer);
  const { code, body, retryAfter } = answer.response;
  if (code < 200 || code > 299) return refused(refusalOf(code, body, retryAfter));
  try {
    return { kind: 'ok', value: JSON.parse(body) as T };
  } catch {
    return { kind: 'failed', status: refusalOf(code, `not JSON: ${body}`, undefined) };
  }
}

interface RawList<T> {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items: readonly T[] | null;
}

async function listAll<T extends KubeObject>(
  ask: <V>(what: Ask) => Promise<Answer<V>>,
  at: Resource<T>,
  scope: Scope,
  pageSize: number,
  call: Call | undefined,
): Promise<Answer<KubeList<T>>> {
  const { apiVersion, kind } = at;
  let items: T[] = [];
  let next: string | undefined;
  let limit: number | undefined = pageSize;
  for (;;) {
    const page: Answer<RawList<T>> = await ask<RawList<T>>({
      method: 'GET',
      path: collectionPath(at, scope.namespace),
      query: {
        limit,
        continue: next,
        labelSelector: scope.labelSelector,
        fieldSelector: scope.fieldSelector,
      },
      call,
    });
    if (page.kind === 'gone' && next !== undefined) {
      // The pages' common state was compacted away: once more, in one piece, which cannot expire.
      items = [];
      next = undefined;
      limit = undefined;
      continue;
    }
    if (page.kind !== 'ok') return page;
    // Items of a list carry neither apiVersion nor kind.
    items.push(...(page.value.items ?? []).map((item) => ({ ...item, apiVersion, kind })));
    next = page.value.metadata.continue;
    if (next === undefined || next === '') {
      return {
        kind: 'ok',
        value: { items, resourceVersion: page.value.metadata.resourceVersion ?? '' },
      };
    }
  }
}

async function headOf(
  ask: <V>(what: Ask) => Promise<Answer<V>>,
  at: Resource,
  scope: Scope,
  call: Call | undefined,
): Promise<Answer<string>> {
  const { labelSelector, fieldSelector, namespace } = scope;
  const query = { limit: 1, labelSelector, fieldSelector };
  const path = collectionPath(at, namespace);
  const answer = await ask<RawList<unknown>>({ method: 'GET', path, query, call });
  if (answer.kind !== 'ok') return answer;
  return { kind: 'ok', value: answer.value.metadata.resourceVersion ?? '' };
}
