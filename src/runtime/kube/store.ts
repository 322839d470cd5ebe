/**
 * What a reflector knows, and what changes when a list or a watch event comes in. Pure but for the map
 * it keeps. An object is the same one only while its uid is: a successor of the same name is told as a
 * deletion and an addition. Tests: test/runtime/kube/store.test.ts.
 */
import type { KubeObject } from './types';

/**
 * `watched`: the server told the deletion, `last` is its final state. `relisted`: the object was gone
 * (or replaced) when the list was read again, `last` is the last state that was seen.
 */
export type Change<T extends KubeObject> =
  | { readonly kind: 'added'; readonly object: T }
  | { readonly kind: 'modified'; readonly object: T; readonly before: T }
  | { readonly kind: 'deleted'; readonly last: T; readonly known: 'watched' | 'relisted' };

export interface Store<T extends KubeObject> {
  get(namespace: string | undefined, name: string): T | undefined;
  all(): readonly T[];
  /** The whole truth at one moment: what is not in it is gone. Deletions come first. */
  replace(items: readonly T[]): readonly Change<T>[];
  put(object: T): readonly Change<T>[];
  drop(object: T): readonly Change<T>[];
}

/** `namespace/name`. */
function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

export function createStore<T extends KubeObject>(): Store<T> {
  let objects = new Map<string, T>();
  return {
    get: (namespace, name) => objects.get(`${namespace ?? ''}/${name}`),
    all: () => [...objects.values()],
    replace(items) {
      const next = new Map(items.map((item) => [keyOf(item), item]));
      const gone: Change<T>[] = [];
      const here: Change<T>[] = [];
      for (const [key, last] of objects) {
        if (next.get(key)?.metadata.uid === last.metadata.uid) continue;
        gone.push({ kind: 'deleted', last, known: 'relisted' });
      }
      for (const [key, object] of next) here.push(...changed(objects.get(key), object));
      objects = next;
      return [...gone, ...here];
    },
    put(object) {
      const key = keyOf(object);
      const before = objects.get(key);
      objects.set(key, object);
      if (before !== undefined && before.metadata.uid !== object.metadata.uid) {
        return [
          { kind: 'deleted', last: before, known: 'relisted' },
          { kind: 'added', object },
        ];
      }
      return changed(before, object);
    },
    drop(object) {
      const before = objects.get(keyOf(object));
      // A deletion of a predecessor says nothing about the object that is here.
      if (before === undefined || before.metadata.uid !== object.metadata.uid) return [];
      objects.delete(keyOf(object));
      return [{ kind: 'deleted', last: object, known: 'watched' }];
    },
  };
}

/** @returns nothing for a repetition: the same uid in the same version. */
function changed<T extends KubeObject>(before: T | undefined, object: T): readonly Change<T>[] {
  if (before === undefined || before.metadata.uid !== object.metadata.uid) {
    return [{ kind: 'added', object }];
  }
  if (before.metadata.resourceVersion === object.metadata.resourceVersion) return [];
  return [{ kind: 'modified', object, before }];
}
