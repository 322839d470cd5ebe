/**
 * Which kinds are served at this moment: the built-in ones, and those of the established CRDs.
 * Never here: a kind of its own, storage of definitions.
 */
import { textAt } from '../json';
import type { JsonObject, Resource } from '../port';
import type { Typings } from '../typing';
import { builtinKinds } from './builtin';
import { kindsOfDefinition } from './crds';
import type { Kind } from './kind';

export interface Registry {
  find(resource: Resource): Kind | undefined;
  /** By group and kind, any version; for owners and `kubectl explain`. */
  ofKind(group: string, kind: string): Kind | undefined;
  all(): readonly Kind[];
  /** Serves what the definition says, instead of what it said before. */
  define(definition: JsonObject): void;
  undefine(name: string): void;
  /** Goes up whenever the kinds change: for caches. */
  generation(): number;
}

export function createRegistry(typings: Typings): Registry {
  const builtin = builtinKinds(typings);
  const defined = new Map<string, readonly Kind[]>();
  let byPath = new Map<string, Kind>();
  let every: readonly Kind[] = builtin;
  let generation = 0;
  function index(): void {
    generation += 1;
    every = [...builtin, ...[...defined.values()].flat()];
    byPath = new Map(every.map((kind) => [pathOf(kind), kind]));
  }
  index();
  return {
    find: (resource) => byPath.get(pathOf(resource)),
    ofKind: (group, name) => every.find((kind) => kind.group === group && kind.kind === name),
    all: () => every,
    define(definition) {
      defined.set(textAt(definition, 'metadata', 'name'), kindsOfDefinition(definition, typings));
      index();
    },
    undefine(name) {
      if (defined.delete(name)) index();
    },
    generation: () => generation,
  };
}

function pathOf({ group, version, resource }: Resource): string {
  return `${group}/${version}/${resource}`;
}
