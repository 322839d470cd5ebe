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
  /** The members of one group; which group an object is in, `createStore` was told. */
  group(name: string): readonly T[];
  /** The whole truth at one moment: what is not in it is gone. Deletions come first. */
  replace(items: readonly T[]): readonly Change<T>[];
  put(object: T): readonly Change<T>[];
  drop(object: T): readonly Change<T>[];
}

/** `namespace/name`. */
function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** Objects by the group that they are in: what concerns one of a thousand clusters is found without the others. */
class Groups<T extends KubeObject> {
  private readonly members = new Map<string, Map<string, T>>();

  constructor(private readonly groupOf: (object: T) => string | undefined) {}

  of(name: string): readonly T[] {
    return [...(this.members.get(name)?.values() ?? [])];
  }

  enter(object: T): void {
    const name = this.groupOf(object);
    if (name === undefined) return;
    const group = this.members.get(name) ?? new Map<string, T>();
    group.set(keyOf(object), object);
    this.members.set(name, group);
  }

  leave(object: T): void {
    const name = this.groupOf(object);
    const group = name === undefined ? undefined : this.members.get(name);
    group?.delete(keyOf(object));
    if (name !== undefined && group?.size === 0) this.members.delete(name);
  }

  /** A change of its labels may have moved it. */
  swap(before: T | undefined, object: T): void {
    if (before !== undefined && this.groupOf(before) !== this.groupOf(object)) this.leave(before);
    this.enter(object);
  }
}

/** @param groupOf default: no object is in a group. */
export function createStore<T extends KubeObject>(
  groupOf: (object: T) => string | undefined = () => undefined,
): Store<T> {
  let objects = new Map<string, T>();
  let groups = new Groups(groupOf);
  return {
    get: (namespace, name) => objects.get(`${namespace ?? ''}/${name}`),
    all: () => [...objects.values()],
    group: (name) => groups.of(name),
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
      groups = new Groups(groupOf);
      for (const object of next.values()) groups.enter(object);
      return [...gone, ...here];
    },
    put(object) {
      const key = keyOf(object);
      const before = objects.get(key);
      objects.set(key, object);
      groups.swap(before, object);
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
      groups.leave(before);
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
