/**
 * What the server holds, as seen from here: one list and one watch for each kind, shared by all
 * controllers. An answer to a write of our own is learnt at once, so that no controller looks at a
 * state from before its own last act.
 * Never here: a decision.
 */
import type { ApiObject, LocalApi, Request, User, WatchEvent } from '../../api/port';
import { idOf, joinKey, type Kind, keyOf } from './kind';
import { NOBODY, type Reader } from './reader';
import type { Timers } from './timers';

export interface Change<Known extends ApiObject = ApiObject> {
  readonly kind: Kind<Known>;
  readonly before: Known | undefined;
  readonly after: Known | undefined;
}

export interface Caches extends Reader {
  /** Lists and watches this kind in this version from here on. @returns false if the server does not know it. */
  follow(kind: Kind): boolean;
  /** `gone`: its objects went with it; `hidden`: they are there, and nobody can see them. */
  unfollow(kind: Kind, objects: 'gone' | 'hidden'): void;
  onChange(listener: (change: Change) => void): void;
  /** Takes in what a write answered. */
  learn(kind: Kind, object: ApiObject): void;
  /** Takes in that an object of ours is gone. */
  forget(kind: Kind, object: ApiObject): void;
  stop(): void;
}

interface Shelf {
  kind: Kind;
  readonly objects: Map<string, ApiObject>;
  readonly byNamespace: Map<string, Map<string, ApiObject>>;
  readonly byOwner: Map<string, Map<string, ApiObject>>;
  /** uids that are gone and whose DELETED event has not come yet. */
  readonly gone: Set<string>;
  end: () => void;
}

/** How long after a watch that failed the next list is made. */
const RELIST_MS = 1000;

export function cachesOver(api: LocalApi, user: User, timers: Timers): Caches {
  const shelves = new Map<string, Shelf>();
  const listeners: ((change: Change) => void)[] = [];
  const changes = changesTo((change) => {
    for (const listener of listeners) listener(change);
  });
  const shelfOf = (kind: Kind): Shelf | undefined => shelves.get(idOf(kind));
  return {
    ...readerOver(shelfOf),
    kinds: () => [...shelves.values()].map(({ kind }) => kind),
    fresh: (kind, namespace, name) => look(api, user, kind, namespace, name),
    freshList: (kind, namespace) => list(api, user, kind, namespace)?.objects ?? [],
    follow(kind) {
      const known = shelfOf(kind);
      if (known?.kind.version === kind.version) return true;
      known?.end();
      const shelf = known ?? emptyShelf(kind);
      shelf.kind = kind;
      // Before its objects are told: who hears of one finds it.
      shelves.set(idOf(kind), shelf);
      if (start(shelf, { api, user, timers, changes })) return true;
      shelves.delete(idOf(kind));
      return false;
    },
    unfollow(kind, objects) {
      const shelf = shelfOf(kind);
      shelf?.end();
      // The events of its end may be on their way still, and nobody would hear them.
      if (shelf !== undefined && objects === 'gone')
        for (const object of [...shelf.objects.values()]) changes.drop(shelf, object);
      shelves.delete(idOf(kind));
    },
    onChange: (listener) => void listeners.push(listener),
    learn(kind, object) {
      const shelf = shelfOf(kind);
      if (shelf !== undefined) changes.put(shelf, object);
    },
    forget(kind, object) {
      const shelf = shelfOf(kind);
      if (shelf === undefined) return;
      if (shelf.objects.get(keyOf(object))?.metadata.uid === object.metadata.uid)
        shelf.gone.add(object.metadata.uid);
      changes.drop(shelf, object);
    },
    stop() {
      for (const shelf of shelves.values()) shelf.end();
    },
  };
}

interface Changes {
  put(shelf: Shelf, after: ApiObject): void;
  drop(shelf: Shelf, object: ApiObject): void;
}

function changesTo(tell: (change: Change) => void): Changes {
  return {
    put(shelf, after) {
      const before = shelf.objects.get(keyOf(after));
      if (shelf.gone.has(after.metadata.uid) || !isNewer(after, before)) return;
      index(shelf, before, after);
      tell({ kind: shelf.kind, before, after });
    },
    drop(shelf, object) {
      const before = shelf.objects.get(keyOf(object));
      if (before?.metadata.uid !== object.metadata.uid) return;
      index(shelf, before, undefined);
      tell({ kind: shelf.kind, before, after: undefined });
    },
  };
}

interface World {
  readonly api: LocalApi;
  readonly user: User;
  readonly timers: Timers;
  readonly changes: Changes;
}

/** @returns false if the server does not know the kind. */
function start(shelf: Shelf, world: World): boolean {
  const { api, user, timers, changes } = world;
  const listed = list(api, user, shelf.kind);
  if (listed === undefined) return false;
  shelf.gone.clear();
  const present = new Set(listed.objects.map(keyOf));
  for (const object of [...shelf.objects.values()])
    if (!present.has(keyOf(object))) changes.drop(shelf, object);
  for (const object of listed.objects) changes.put(shelf, object);
  const query = { resourceVersion: listed.version };
  const onEvent = ({ type, object }: WatchEvent): void => {
    if (type === 'ADDED' || type === 'MODIFIED') changes.put(shelf, object);
    if (type === 'DELETED') {
      shelf.gone.delete(object.metadata.uid);
      changes.drop(shelf, object);
    }
    if (type !== 'ERROR') return;
    shelf.end();
    shelf.end = timers.after(RELIST_MS, () => start(shelf, world));
  };
  shelf.end = api.watch({ resource: shelf.kind, user, query }, onEvent);
  return true;
}

function emptyShelf(kind: Kind): Shelf {
  return {
    kind,
    objects: new Map(),
    byNamespace: new Map(),
    byOwner: new Map(),
    gone: new Set(),
    end: () => {},
  };
}

function readerOver(
  shelfOf: (kind: Kind) => Shelf | undefined,
): Pick<Reader, 'get' | 'list' | 'ownedBy'> {
  return {
    get: <Known extends ApiObject>(
      kind: Kind<Known>,
      namespace: string | undefined,
      name: string,
    ) => shelfOf(kind)?.objects.get(joinKey(namespace, name)) as Known | undefined,
    list: <Known extends ApiObject>(kind: Kind<Known>, namespace?: string) => {
      const shelf = shelfOf(kind);
      const objects = namespace === undefined ? shelf?.objects : shelf?.byNamespace.get(namespace);
      return valuesOf(objects) as unknown as readonly Known[];
    },
    ownedBy: <Known extends ApiObject>(kind: Kind<Known>, uid: string) =>
      valuesOf(shelfOf(kind)?.byOwner.get(uid)) as unknown as readonly Known[],
  };
}

function valuesOf(objects: ReadonlyMap<string, ApiObject> | undefined): readonly ApiObject[] {
  return objects === undefined ? [] : [...objects.values()];
}

function index(shelf: Shelf, before: ApiObject | undefined, after: ApiObject | undefined): void {
  if (before !== undefined) {
    const key = keyOf(before);
    shelf.objects.delete(key);
    take(shelf.byNamespace, before.metadata.namespace ?? '', key);
    for (const uid of ownersOf(before)) take(shelf.byOwner, uid, key);
  }
  if (after === undefined) return;
  const key = keyOf(after);
  shelf.objects.set(key, after);
  lay(shelf.byNamespace, after.metadata.namespace ?? '', key, after);
  for (const uid of ownersOf(after)) lay(shelf.byOwner, uid, key, after);
}

function ownersOf({ metadata: { ownerReferences = [] } }: ApiObject): readonly string[] {
  return ownerReferences.length === 0 ? [NOBODY] : ownerReferences.map(({ uid }) => uid);
}

type Index = Map<string, Map<string, ApiObject>>;

function take(indexed: Index, by: string, key: string): void {
  const group = indexed.get(by);
  group?.delete(key);
  if (group?.size === 0) indexed.delete(by);
}

function lay(indexed: Index, by: string, key: string, object: ApiObject): void {
  const group = indexed.get(by) ?? new Map<string, ApiObject>();
  group.set(key, object);
  indexed.set(by, group);
}

/** One store in this process gives the versions, so they can be compared. */
function isNewer(object: ApiObject, known: ApiObject | undefined): boolean {
  if (known === undefined) return true;
  return Number(object.metadata.resourceVersion) > Number(known.metadata.resourceVersion);
}

interface Listed {
  readonly objects: readonly ApiObject[];
  readonly version: string;
}

function list(api: LocalApi, user: User, kind: Kind, namespace?: string): Listed | undefined {
  const where = namespace === undefined ? {} : { namespace };
  const request: Request = { verb: 'list', resource: kind, ...where, user };
  const { code, value } = api.handle(request);
  if (code !== 200) return undefined;
  const { items, metadata } = value as {
    readonly items: readonly ApiObject[];
    readonly metadata: { readonly resourceVersion: string };
  };
  const { apiVersion, kind: name } = kind;
  return {
    objects: items.map((item) => ({ ...item, apiVersion, kind: name })),
    version: metadata.resourceVersion,
  };
}

function look(
  api: LocalApi,
  user: User,
  resource: Kind,
  namespace: string | undefined,
  name: string,
): ApiObject | undefined {
  const where = namespace === undefined ? {} : { namespace };
  const { code, value } = api.handle({ verb: 'get', resource, ...where, name, user });
  return code === 200 ? (value as ApiObject) : undefined;
}
