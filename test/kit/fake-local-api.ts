/**
 * A LocalApi in memory, as far as the controllers use it, until the real store serves them. Events come
 * in turns of the given timers.
 */
import type {
  Answer,
  ApiObject,
  LocalApi,
  Request,
  WatchEvent,
  WatchRequest,
} from '../../src/local/api/port';
import type { Timers } from '../../src/local/controllers/frame/timers';

type Stored = ApiObject & { readonly [field: string]: unknown };

export interface FakeLocalApi extends LocalApi {
  readonly objects: Map<string, Stored>;
}

interface Watcher {
  readonly prefix: string;
  readonly onEvent: (event: WatchEvent) => void;
}

export function fakeLocalApi(timers: Timers, nowMs: () => number): FakeLocalApi {
  const objects = new Map<string, Stored>();
  const watchers = new Set<Watcher>();
  let version = 1;
  let serial = 0;
  const prefixOf = ({ resource, namespace }: Pick<Request, 'resource' | 'namespace'>) =>
    `${resource.resource}.${resource.group}|${namespace === undefined ? '' : `${namespace}/`}`;
  const emit = (key: string, type: WatchEvent['type'], object: Stored): void => {
    for (const watcher of watchers)
      if (key.startsWith(watcher.prefix))
        timers.after(0, () => watchers.has(watcher) && watcher.onEvent({ type, object }));
  };
  const put = (key: string, object: Stored): Stored => {
    version += 1;
    const isNew = !objects.has(key);
    const metadata = { ...object.metadata, resourceVersion: String(version) };
    const stored = JSON.parse(JSON.stringify({ ...object, metadata })) as Stored;
    objects.set(key, stored);
    emit(key, isNew ? 'ADDED' : 'MODIFIED', stored);
    return stored;
  };
  const settle = (key: string, object: Stored): Stored => {
    const { deletionTimestamp, finalizers = [], deletionGracePeriodSeconds = 0 } = object.metadata;
    const isDone = deletionTimestamp && finalizers.length === 0 && deletionGracePeriodSeconds === 0;
    if (!isDone) return put(key, object);
    version += 1;
    objects.delete(key);
    emit(key, 'DELETED', object);
    return object;
  };
  const remove = (key: string, object: Stored, body: Record<string, unknown>): void => {
    const { propagationPolicy, gracePeriodSeconds } = body;
    const isPod = object.kind === 'Pod';
    const own = (object as { spec?: { terminationGracePeriodSeconds?: number; nodeName?: string } })
      .spec;
    const grace = isPod && own?.nodeName ? (own.terminationGracePeriodSeconds ?? 30) : 0;
    const finalizers = [...(object.metadata.finalizers ?? [])];
    if (propagationPolicy === 'Foreground') finalizers.push('foregroundDeletion');
    if (propagationPolicy === 'Orphan') finalizers.push('orphan');
    const metadata = {
      ...object.metadata,
      ...(finalizers.length === 0 ? {} : { finalizers }),
      deletionTimestamp: object.metadata.deletionTimestamp ?? new Date(nowMs()).toISOString(),
      deletionGracePeriodSeconds: (gracePeriodSeconds as number | undefined) ?? grace,
    };
    settle(key, { ...object, metadata });
  };
  const create = (request: Request): Answer => {
    const body = request.body as Stored & { metadata: { generateName?: string } };
    serial += 1;
    const name = body.metadata.name ?? `${body.metadata.generateName}${String(serial)}`;
    const key = prefixOf(request) + name;
    if (objects.has(key)) return failure(409, 'AlreadyExists', `${name} already exists`);
    const metadata = {
      ...body.metadata,
      name,
      uid: `uid-${serial}`,
      generation: 1,
      creationTimestamp: new Date(nowMs()).toISOString(),
    };
    const status = body.kind === 'Pod' ? { phase: 'Pending' } : undefined;
    const object = { ...(status === undefined ? {} : { status }), ...body, metadata } as Stored;
    return { code: 201, value: put(key, object) };
  };
  const bind = (key: string, { body }: Request): Answer => {
    const pod = objects.get(key);
    if (pod === undefined) return failure(404, 'NotFound', key);
    const { target } = body as { target: { name: string } };
    put(key, { ...pod, spec: { ...(pod.spec as object), nodeName: target.name } } as Stored);
    return { code: 201, value: {} };
  };
  const change = (key: string, request: Request): Answer => {
    const old = objects.get(key);
    if (old === undefined) return failure(404, 'NotFound', `${key} not found`);
    const body = request.body as Stored;
    const merged = request.verb === 'patch' ? (merge(old, body) as Stored) : body;
    if (merged.metadata.uid !== old.metadata.uid) return failure(409, 'Conflict', 'uid');
    const wanted = (body as Partial<Stored>).metadata?.resourceVersion;
    if (wanted !== undefined && wanted !== old.metadata.resourceVersion)
      return failure(409, 'Conflict', 'the object has been modified');
    const isStatus = request.subresource === 'status';
    const next = isStatus
      ? { ...old, status: merged.status }
      : { ...merged, ...('status' in old ? { status: old.status } : {}) };
    const isSpecChange = JSON.stringify(next.spec) !== JSON.stringify(old.spec);
    const generation = (old.metadata.generation ?? 1) + (isSpecChange ? 1 : 0);
    const { deletionTimestamp } = old.metadata;
    const metadata = {
      ...(isStatus ? old.metadata : merged.metadata),
      generation,
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    };
    const isNamespaceEnd = request.subresource === 'finalize' && deletionTimestamp !== undefined;
    if (isNamespaceEnd) objects.delete(key);
    return { code: 200, value: settle(key, { ...next, metadata } as Stored) };
  };
  const handle = (request: Request): Answer => {
    const prefix = prefixOf(request);
    const key = prefix + (request.name ?? '');
    const listed = [...objects].filter(([candidate]) => candidate.startsWith(prefix));
    switch (request.verb) {
      case 'list':
        return {
          code: 200,
          value: {
            items: listed.map(([, object]) => object),
            metadata: { resourceVersion: String(version) },
          },
        };
      case 'get': {
        const value = objects.get(key);
        return value === undefined ? failure(404, 'NotFound', key) : { code: 200, value };
      }
      case 'create':
        return request.subresource === 'binding' ? bind(key, request) : create(request);
      case 'delete': {
        const object = objects.get(key);
        if (object === undefined) return failure(404, 'NotFound', key);
        remove(key, object, (request.body ?? {}) as Record<string, unknown>);
        return { code: 200, value: object };
      }
      case 'deletecollection':
        for (const [each, object] of listed)
          if (object.metadata.deletionTimestamp === undefined) remove(each, object, {});
        return { code: 200, value: {} };
      default:
        return change(key, request);
    }
  };
  const watch = (request: WatchRequest, onEvent: (event: WatchEvent) => void): (() => void) => {
    const watcher = { prefix: prefixOf(request), onEvent };
    watchers.add(watcher);
    return () => void watchers.delete(watcher);
  };
  return { handle, watch, objects };
}

function failure(code: number, reason: string, message: string): Answer {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' } as const;
  return { code, value: { ...status, code, reason, message } };
}

/** RFC 7386. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}
