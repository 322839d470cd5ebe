/**
 * The kinds that a server serves, as controllers name them: each collection once, in the version that
 * is stored, and only what can be listed, watched and deleted.
 * Never here: which of them are looked at (start.ts).
 */
import { apiVersionOf, type Kind as ServerKind } from '../api/kinds/kind';
import type { Registry } from '../api/kinds/registry';
import { type Kind, kindOf } from './frame/kind';

const NEEDED = ['list', 'watch', 'delete'];

export function servedKinds(registry: Registry): readonly Kind[] {
  const kept = new Map<string, ServerKind>();
  for (const kind of registry.all()) {
    if (!NEEDED.every((verb) => kind.verbs.includes(verb))) continue;
    const isStored = apiVersionOf(kind) === kind.storedApiVersion;
    if (isStored || !kept.has(kind.collection)) kept.set(kind.collection, kind);
  }
  return [...kept.values()].map((kind) =>
    kindOf(
      apiVersionOf(kind),
      kind.kind,
      kind.resource,
      kind.scope === 'cluster' ? 'Cluster' : 'Namespaced',
    ),
  );
}
