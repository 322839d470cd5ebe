/**
 * The copies of one kind, one for each namespace or one for all, behind one face. They live apart: a namespace
 * whose watch is refused has no copy, or an old one, and the others do not wait for it. So nothing here says
 * that "all" is listed or late; who asks names the namespace.
 * Never here: lists and watches (reflector.ts), what is done about a refusal.
 */
import { assert } from '../../kit/assert';
import type { Reflector, ReflectorFacts } from './reflector';
import type { KubeObject } from './types';

/** In place of a namespace: all of them, or what none holds. */
export const EVERYWHERE = '';

/** @param namespaces empty: all. @returns what to watch, each by itself. */
export function placesOf(namespaces: readonly string[]): readonly string[] {
  return namespaces.length === 0 ? [EVERYWHERE] : namespaces;
}

export interface Joined<T extends KubeObject> {
  get(namespace: string | undefined, name: string): T | undefined;
  all(): readonly T[];
  /** Those of one group, in whichever copy. */
  group(name: string): readonly T[];
  /** Of the copy that the namespace is in. @throws AssertionError when it is in none, as `synced`. */
  facts(namespace: string): ReflectorFacts;
  /** Resolved once the first list of that copy was told whole. */
  synced(namespace: string): Promise<void>;
  /** Ends every watch. */
  stop(): Promise<void>;
}

/** @param parts by namespace; one at EVERYWHERE serves every namespace that has none of its own. */
export function joinReflectors<T extends KubeObject>(
  parts: ReadonlyMap<string, Reflector<T>>,
): Joined<T> {
  const every = [...parts.values()];
  const find = (namespace: string): Reflector<T> | undefined =>
    parts.get(namespace) ?? parts.get(EVERYWHERE);
  const partOf = (namespace: string): Reflector<T> => {
    const part = find(namespace);
    assert(part !== undefined, `the namespace '${namespace}' is not watched`);
    return part;
  };
  return {
    get: (namespace, name) => find(namespace ?? EVERYWHERE)?.get(namespace, name),
    all: () => every.flatMap((part) => part.all()),
    group: (name) => every.flatMap((part) => part.group(name)),
    facts: (namespace) => partOf(namespace).facts(),
    synced: (namespace) => partOf(namespace).synced,
    async stop() {
      await Promise.all(every.map((part) => part.stop()));
    },
  };
}
