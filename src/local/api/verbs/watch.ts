/**
 * A watch: the events of one collection from a version on, through the selectors, in order.
 * Never here: sockets, when bookmarks are sent (the front asks for them), RBAC.
 */
import { withAt } from '../json';
import { apiVersionOf, type Kind } from '../kinds/kind';
import type { JsonObject, WatchRequest } from '../port';
import { expired, failure, forbiddenValue, invalid, Refused } from '../status';
import type { StoreEvent } from '../store';
import type { Cause } from '../typing';
import { unsupported } from './options';
import { revisionOf, tooLarge, versionFault } from './read';
import { type Selection, selectionOf } from './select';
import { type Server, shown } from './server';

export interface RawEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: JsonObject;
}

export interface OpenWatch {
  /** Queues a bookmark at the present version, after what is queued already. */
  bookmark(): void;
  stop(): void;
}

/**
 * Checked at once, told later: each event in a turn of its own.
 * @throws Refused for what the caller sent; a version that is too old is an ERROR event.
 */
export function openWatch(
  server: Server,
  kind: Kind,
  request: WatchRequest,
  defer: (run: () => void) => void,
  onEvent: (event: RawEvent) => void,
): OpenWatch {
  const { query } = request;
  checkWatchOptions(query);
  const selection = selectionOf(kind, request.namespace, query);
  const asked = watchedFrom(query?.resourceVersion ?? '');
  const queue = queueOf(defer, onEvent);
  const initial = query?.sendInitialEvents === true;
  let from = asked;
  if (initial && asked > server.store.revision()) {
    queue.push(tooLargeFor(asked, server.store.revision()));
    return { bookmark: () => {}, stop: queue.stop };
  }
  if (initial || (asked === 0 && query?.sendInitialEvents !== false)) {
    from = server.store.revision();
    for (const { object } of server.store.list(kind.collection, selection.prefix)) {
      const form = shown(kind, object);
      if (selection.matches(form)) queue.push({ type: 'ADDED', object: form });
    }
    if (initial && query?.allowWatchBookmarks === true)
      queue.push(bookmarkOf(kind, from, 'initial'));
  } else {
    if (asked === 0) from = server.store.revision();
    const missed = server.store.since(kind.collection, from);
    if (missed.kind === 'tooOld') {
      queue.push(tooOld(from, missed.oldest));
      return { bookmark: () => {}, stop: queue.stop };
    }
    for (const event of missed.events) tell(event);
  }
  function tell(event: StoreEvent): void {
    const told = eventFor(kind, selection, event);
    if (told !== undefined) queue.push(told);
  }
  const unsubscribe = server.store.subscribe(kind.collection, tell);
  return {
    bookmark: () => queue.push(bookmarkOf(kind, server.store.revision(), 'periodic')),
    stop() {
      unsubscribe();
      queue.stop();
    },
  };
}

/** As a list, but the real server has other words for a version that is none. @throws Refused */
function watchedFrom(text: string): number {
  if (text === '' || /^\d{1,15}$/.test(text)) return revisionOf(text);
  throw new Refused(failure(500, '', versionFault(text)));
}

function checkWatchOptions(query: WatchRequest['query']): void {
  const { resourceVersionMatch: match, sendInitialEvents } = query ?? {};
  const field = 'resourceVersionMatch';
  const causes: Cause[] = [];
  if (match !== undefined && sendInitialEvents === undefined) {
    const text = 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided';
    causes.push(forbiddenValue(field, text));
  }
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan') {
    const text = 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
    causes.push(forbiddenValue(field, text));
  }
  if (match !== undefined && match !== 'NotOlderThan') {
    causes.push(unsupported(field, match, ['NotOlderThan']));
  }
  if (causes.length === 0) return;
  throw new Refused(invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', causes));
}

function queueOf(defer: (run: () => void) => void, onEvent: (event: RawEvent) => void) {
  let pending: RawEvent[] = [];
  let state: 'idle' | 'busy' | 'stopped' = 'idle';
  function next(): void {
    const event = pending.shift();
    if (state === 'stopped') return;
    if (event === undefined) {
      state = 'idle';
      return;
    }
    defer(next);
    onEvent(event);
  }
  return {
    push(event: RawEvent): void {
      if (state === 'stopped') return;
      pending.push(event);
      if (state === 'busy') return;
      state = 'busy';
      defer(next);
    },
    stop(): void {
      state = 'stopped';
      pending = [];
    },
  };
}

/** What leaves the selection is DELETED for this watcher, with its last matching state. */
function eventFor(kind: Kind, selection: Selection, event: StoreEvent): RawEvent | undefined {
  if (!event.key.startsWith(selection.prefix)) return undefined;
  const object = shown(kind, event.object);
  if (selection.scope === 'all') return { type: event.type, object };
  const was = event.previous !== undefined && selection.matches(shown(kind, event.previous));
  const is = event.type !== 'DELETED' && selection.matches(object);
  if (event.type === 'DELETED') {
    return was || selection.matches(object) ? { type: 'DELETED', object } : undefined;
  }
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', object };
  if (!was || event.previous === undefined) return undefined;
  const version = String(event.revision);
  const last = withAt(shown(kind, event.previous), ['metadata', 'resourceVersion'], version);
  return { type: 'DELETED', object: last };
}

function bookmarkOf(kind: Kind, revision: number, why: 'initial' | 'periodic'): RawEvent {
  return {
    type: 'BOOKMARK',
    object: {
      kind: kind.kind,
      apiVersion: apiVersionOf(kind),
      metadata: {
        resourceVersion: String(revision),
        ...(why === 'initial' ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
      },
    },
  };
}

function tooLargeFor(asked: number, present: number): RawEvent {
  return { type: 'ERROR', object: { ...tooLarge(asked, present) } as unknown as JsonObject };
}

function tooOld(asked: number, oldest: number): RawEvent {
  const status = expired(`too old resource version: ${asked} (${oldest})`);
  return { type: 'ERROR', object: { ...status } as unknown as JsonObject };
}
