/**
 * The namespace controller: what it looks at.
 * Never here: what a namespace needs (decide.ts).
 */
import { type Decision, NOTHING } from '../frame/action';
import { type Controller, source } from '../frame/controller';
import { idOf, type Kind } from '../frame/kind';
import type { Reader } from '../frame/reader';
import { CONFIG_MAPS, NAMESPACES, SERVICE_ACCOUNTS } from '../objects/namespace';
import { empty, furnish, ROOT_CA } from './decide';

export interface NamespaceOptions {
  /** PEM of the server's CA. */
  readonly rootCa: string;
  /** Every kind that is served; beyond those that are followed they are emptied unseen. */
  readonly served: () => readonly Kind[];
}

export function namespaceController({ rootCa, served }: NamespaceOptions): Controller {
  return {
    name: 'namespace-controller',
    sources: [source(NAMESPACES, ({ metadata }) => [metadata.name])],
    reads: [SERVICE_ACCOUNTS, CONFIG_MAPS],
    everything: (_, { metadata }, reader) => {
      const name = metadata.namespace;
      if (name === undefined) return [];
      const isGone = reader.get(NAMESPACES, undefined, name)?.metadata.deletionTimestamp;
      return isGone === undefined ? furnishing(metadata) : [name];
    },
    decide: (key, reader, nowMs) => decide(key, reader, nowMs, rootCa, served()),
  };
}

/** What every namespace has is made again when somebody deletes it. */
function furnishing({ namespace, name }: { namespace?: string; name: string }): readonly string[] {
  return namespace !== undefined && ['default', ROOT_CA].includes(name) ? [namespace] : [];
}

function decide(
  name: string,
  reader: Reader,
  nowMs: number,
  rootCa: string,
  served: readonly Kind[],
): Decision {
  const namespace = reader.get(NAMESPACES, undefined, name);
  if (namespace === undefined) return NOTHING;
  if (namespace.metadata.deletionTimestamp === undefined) {
    const account = reader.get(SERVICE_ACCOUNTS, name, 'default');
    const root = reader.get(CONFIG_MAPS, name, ROOT_CA);
    return { actions: furnish(namespace, account, root, rootCa) };
  }
  const seen = reader.kinds().filter(({ scope }) => scope === 'Namespaced');
  const known = seen.map((of) => ({ of, objects: reader.list(of, name) }));
  // Its end is for good: nothing may be left that a watch has not told yet.
  const contents = known.some(({ objects }) => objects.length > 0)
    ? known
    : seen.map((of) => ({ of, objects: reader.freshList(of, name) }));
  const ids = new Set(seen.map(idOf));
  const unseen = served.filter((kind) => kind.scope === 'Namespaced' && !ids.has(idOf(kind)));
  return { actions: empty(namespace, contents, unseen, nowMs) };
}
