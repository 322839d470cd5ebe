/**
 * The one store: objects by collection and key, one version counter for all of them, and for each
 * collection the last events, from which watches go on and older states are rebuilt.
 * Never here: a kind, a clock, a disk (disk.ts listens), who may.
 */
import { assert } from '../../kit/assert';
import { textAt, withAt } from './json';
import type { JsonObject } from './port';

/** A change as watches see it. `object` of a deletion is its last state, with the deletion's version. */
export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly revision: number;
  readonly collection: string;
  /** `namespace/name`, or `name`. */
  readonly key: string;
  readonly object: JsonObject;
  /** Before it; undefined for ADDED. */
  readonly previous: JsonObject | undefined;
}

export interface StoreOptions {
  /** Events kept for each collection. 1 or more, default 1 000. */
  readonly eventsMax?: number;
  /** The state of an earlier run. */
  readonly initial?: {
    readonly revision: number;
    readonly objects: Iterable<readonly [collection: string, key: string, object: JsonObject]>;
  };
}

export interface Store {
  /** Of the last change of anything. */
  revision(): number;
  get(collection: string, key: string): JsonObject | undefined;
  /** In the order of keys; `prefix` is `namespace/`, or '' for all. */
  list(collection: string, prefix: string): readonly KeyedObject[];
  /** The state after `revision`; undefined when it can no longer be told. */
  listAt(collection: string, prefix: string, revision: number): readonly KeyedObject[] | undefined;
  /** Stores it under a new version, which is set in its metadata. */
  put(collection: string, key: string, object: JsonObject): JsonObject;
  /** @throws AssertionError when it is not there. */
  remove(collection: string, key: string, last: JsonObject): JsonObject;
  /** What came after `revision`; `oldest` is where a watch may still begin when that is too old. */
  since(
    collection: string,
    revision: number,
  ): { readonly kind: 'events'; readonly events: readonly StoreEvent[] } | TooOld;
  /** Called in the turn of the change itself. @returns ends it. */
  subscribe(collection: string | 'all', listener: (event: StoreEvent) => void): () => void;
  collections(): readonly string[];
}

export interface KeyedObject {
  readonly key: string;
  readonly object: JsonObject;
}

export interface TooOld {
  readonly kind: 'tooOld';
  readonly oldest: number;
}

interface Collection {
  readonly objects: Map<string, JsonObject>;
  /** Keys in order. */
  keys: string[];
  log: StoreEvent[];
  /** Events up to this version are forgotten. */
  forgotten: number;
  readonly listeners: Set<(event: StoreEvent) => void>;
}

/** Of a new cluster: as with a real one, there are versions from before its time. */
export const emptyStore: NonNullable<StoreOptions['initial']> = { revision: 2, objects: [] };

export function createStore(options: StoreOptions = {}): Store {
  const eventsMax = options.eventsMax ?? 1_000;
  let revision = options.initial?.revision ?? 0;
  const first = revision;
  const collections = new Map<string, Collection>();
  const everywhere = new Set<(event: StoreEvent) => void>();
  function of(name: string): Collection {
    let found = collections.get(name);
    if (found === undefined) {
      found = { objects: new Map(), keys: [], log: [], forgotten: first, listeners: new Set() };
      collections.set(name, found);
    }
    return found;
  }
  function record(inside: Collection, event: StoreEvent): void {
    inside.log.push(event);
    // Cut in halves, so that each event is moved at most once.
    if (inside.log.length >= 2 * eventsMax) {
      const gone = inside.log.splice(0, inside.log.length - eventsMax);
      inside.forgotten = gone[gone.length - 1]?.revision ?? inside.forgotten;
    }
    for (const listener of everywhere) listener(event);
    for (const listener of [...inside.listeners]) listener(event);
  }
  for (const [name, key, object] of options.initial?.objects ?? [])
    of(name).objects.set(key, object);
  for (const inside of collections.values()) inside.keys = [...inside.objects.keys()].sort(byText);
  return {
    revision: () => revision,
    get: (collection, key) => of(collection).objects.get(key),
    list: (collection, prefix) => listNow(of(collection), prefix),
    listAt: (collection, prefix, wanted) => rewind(of(collection), prefix, wanted),
    put(collection, key, object) {
      const inside = of(collection);
      const previous = inside.objects.get(key);
      revision += 1;
      const stored = withAt(object, ['metadata', 'resourceVersion'], String(revision));
      inside.objects.set(key, stored);
      if (previous === undefined) inside.keys.splice(placeOf(inside.keys, key), 0, key);
      const type = previous === undefined ? 'ADDED' : 'MODIFIED';
      record(inside, { type, revision, collection, key, object: stored, previous });
      return stored;
    },
    remove(collection, key, last) {
      const inside = of(collection);
      const previous = inside.objects.get(key);
      assert(previous !== undefined, `${collection} ${key} is removed but is not there`);
      revision += 1;
      const object = withAt(last, ['metadata', 'resourceVersion'], String(revision));
      inside.objects.delete(key);
      inside.keys.splice(placeOf(inside.keys, key), 1);
      record(inside, { type: 'DELETED', revision, collection, key, object, previous });
      return object;
    },
    since: (collection, from) => eventsAfter(of(collection), from),
    subscribe(collection, listener) {
      const listeners = collection === 'all' ? everywhere : of(collection).listeners;
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    collections: () => [...collections.keys()],
  };
}

/** `namespace/name`; `name` for what has no namespace. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

export function keyOfObject(object: JsonObject): string {
  return keyOf(textAt(object, 'metadata', 'namespace'), textAt(object, 'metadata', 'name'));
}

function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Where the key stands or would stand. */
function placeOf(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstAfter(log: readonly StoreEvent[], revision: number): number {
  let low = 0;
  let high = log.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((log[middle] as StoreEvent).revision <= revision) low = middle + 1;
    else high = middle;
  }
  return low;
}

function listNow(inside: Collection, prefix: string): readonly KeyedObject[] {
  const found: KeyedObject[] = [];
  for (let i = prefix === '' ? 0 : placeOf(inside.keys, prefix); i < inside.keys.length; i += 1) {
    const key = inside.keys[i] as string;
    if (!key.startsWith(prefix)) break;
    found.push({ key, object: inside.objects.get(key) as JsonObject });
  }
  return found;
}

function eventsAfter({ log, forgotten }: Collection, revision: number): ReturnType<Store['since']> {
  if (revision < forgotten) return { kind: 'tooOld', oldest: forgotten };
  return { kind: 'events', events: log.slice(firstAfter(log, revision)) };
}

/** Undoes the events after the version, the newest first; undefined: one of them is forgotten. */
function rewind(
  inside: Collection,
  prefix: string,
  revision: number,
): readonly KeyedObject[] | undefined {
  if (revision < inside.forgotten) return undefined;
  const start = firstAfter(inside.log, revision);
  if (start === inside.log.length) return listNow(inside, prefix);
  const objects = new Map(inside.objects);
  for (let i = inside.log.length - 1; i >= start; i -= 1) {
    const event = inside.log[i] as StoreEvent;
    if (event.previous === undefined) objects.delete(event.key);
    else objects.set(event.key, event.previous);
  }
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(byText);
  return keys.map((key) => ({ key, object: objects.get(key) as JsonObject }));
}
