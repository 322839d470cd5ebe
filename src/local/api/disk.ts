/**
 * The store on disk: one journal, a line for each change, written before the change is answered. It survives
 * kill -9 of the process; it is not flushed to the disk itself, so a machine that loses power may lose the
 * last seconds. At each start, and when it has grown far beyond that, it is written anew with what is there.
 * Never here: a lock on the folder (instance.ts holds it), what is in an object.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, textAt } from './json';
import type { JsonObject } from './port';
import { createStore, emptyStore, type Store, type StoreEvent, type StoreOptions } from './store';

/** A store whose changes are kept. */
export interface KeptStore {
  readonly store: Store;
  close(): void;
}

const journalName = 'objects.jsonl';
/** Leases alone are some 70 MB a day: beyond this, and four times what was there, it is written anew. */
const GROWTH_BYTES = 16 * 1024 * 1024;

interface State {
  revision: number;
  /** By collection, then by key. */
  readonly objects: Map<string, Map<string, JsonObject>>;
}

/**
 * @param growthBytes the journal may grow by so much before it is written anew. Default 16 MiB.
 * @throws Error with one sentence and what to do.
 */
export function openKeptStore(
  folder: string,
  { growthBytes = GROWTH_BYTES, ...options }: KeptOptions = {},
): KeptStore {
  const path = join(folder, journalName);
  const state = readJournal(path);
  let journal = guarded(path, () => rewritten(path, state.revision, everyObject(state)));
  const revision = Math.max(state.revision, emptyStore.revision);
  const initial = { revision, objects: everyObject(state) };
  const store = createStore({ ...options, initial });
  const unsubscribe = store.subscribe('all', (event) => {
    journal.bytes += writeSync(journal.file, lineOf(kept(event)));
    if (journal.bytes < journal.firstBytes * 4 + growthBytes) return;
    const grown = journal.file;
    journal = rewritten(path, store.revision(), objectsOf(store));
    closeSync(grown);
  });
  return {
    store,
    close() {
      unsubscribe();
      closeSync(journal.file);
    },
  };
}

interface KeptOptions extends Omit<StoreOptions, 'initial'> {
  readonly growthBytes?: number;
}

/** Open to append. */
interface Journal {
  readonly file: number;
  /** Of what it began with. */
  readonly firstBytes: number;
  bytes: number;
}

function kept({ revision, collection, key, type, object }: StoreEvent): Line {
  return { revision, collection, key, object: type === 'DELETED' ? null : object };
}

interface Line {
  readonly revision: number;
  readonly collection: string;
  readonly key: string;
  /** null: removed. */
  readonly object: JsonObject | null;
}

function lineOf({ revision, collection, key, object }: Line): string {
  return `${JSON.stringify([revision, collection, key, object])}\n`;
}

function readJournal(path: string): State {
  const state: State = { revision: 0, objects: new Map() };
  const lines = textOf(path).split('\n');
  for (const [i, text] of lines.entries()) {
    if (text === '') continue;
    const line = parsed(text);
    if (line !== undefined) apply(state, line);
    // The last line may have been cut off in the middle of a write, which nobody was answered.
    else if (i < lines.length - 1) {
      throw new Error(
        `line ${i + 1} of ${path} is damaged. To fix: remove that line, or use another --data folder`,
      );
    }
  }
  return state;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '';
    throw unusable(path, cause);
  }
}

function unusable(path: string, cause: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new Error(`${path} cannot be used (${code}). To fix: use another --data folder`);
}

function guarded<Value>(path: string, run: () => Value): Value {
  try {
    return run();
  } catch (cause) {
    throw unusable(path, cause);
  }
}

function parsed(text: string): Line | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value)) return undefined;
  const [revision, collection, key, object] = value as readonly unknown[];
  if (typeof revision !== 'number') return undefined;
  if (typeof collection !== 'string' || typeof key !== 'string') return undefined;
  return { revision, collection, key, object: isObject(object) ? object : null };
}

function apply(state: State, { revision, collection, key, object }: Line): void {
  state.revision = Math.max(state.revision, revision);
  if (collection === '') return;
  const inside = state.objects.get(collection) ?? new Map<string, JsonObject>();
  state.objects.set(collection, inside);
  if (object === null) inside.delete(key);
  else inside.set(key, object);
}

function* everyObject({ objects }: State): Generator<[string, string, JsonObject]> {
  for (const [collection, inside] of objects) {
    for (const [key, object] of inside) yield [collection, key, object];
  }
}

function* objectsOf(store: Store): Generator<[string, string, JsonObject]> {
  for (const collection of store.collections()) {
    for (const { key, object } of store.list(collection, '')) yield [collection, key, object];
  }
}

/** Beside the old one first: a crash leaves the one or the other whole. */
function rewritten(
  path: string,
  lastRevision: number,
  objects: Iterable<readonly [collection: string, key: string, object: JsonObject]>,
): Journal {
  const next = `${path}.new`;
  const file = openSync(next, 'w', 0o600);
  let bytes = 0;
  try {
    // The first line keeps the version counter, also when the newest change was a deletion.
    const first = { revision: lastRevision, collection: '', key: '', object: null };
    bytes += writeSync(file, lineOf(first));
    for (const [collection, key, object] of objects) {
      const revision = Number(textAt(object, 'metadata', 'resourceVersion'));
      bytes += writeSync(file, lineOf({ revision, collection, key, object }));
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
  return { file: openSync(path, 'a', 0o600), firstBytes: bytes, bytes };
}
