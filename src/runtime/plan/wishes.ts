/**
 * What users ask for by annotations, and what planned work is about to do to pods, as the engine's
 * wishes. A wish that cannot be read is told and ignored.
 * Never here: whether a wish is granted.
 */
import type { Wishes } from '../../sentinel/core/event';
import { ANNOTATIONS } from '../../spec/naming';

type Wish = Wishes['accept'];

/** `<pod>@<epoch>`; an empty pod in a switchover means: choose. */
export function parseWish(text: string | undefined): Wish {
  const parts = /^([a-z0-9-]*)@(\d{1,15})$/.exec(text ?? '');
  return parts === null ? undefined : { pod: parts[1] ?? '', epoch: Number(parts[2]) };
}

export function wishesOf(
  annotations: Readonly<Record<string, string>> | undefined,
  leaving: readonly string[],
  cluster?: Wishes['cluster'],
): Wishes {
  return {
    cluster,
    accept: parseWish(annotations?.[ANNOTATIONS.accept]),
    switchover: parseWish(annotations?.[ANNOTATIONS.switchover]),
    leaving,
  };
}

/** Kubernetes' own finalizer for `--cascade=orphan`: the pods live on. */
const ORPHAN = 'orphan';

interface Owned {
  readonly metadata: {
    readonly ownerReferences?: readonly { readonly uid: string }[];
  };
}

interface Deletable {
  readonly metadata: {
    readonly uid: string;
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
  };
}

/** Where Git owns the StatefulSet, the pods live on without the ValkeyCluster. */
export function ownsPods({ metadata }: Deletable, statefulSet: Owned | undefined): boolean {
  return statefulSet?.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid) ?? false;
}

/**
 * Whether the pods of this cluster, which it owns, are about to go with it.
 * @param life `gone`: the object as it was last seen.
 */
export function endingOf({ metadata }: Deletable, life: 'here' | 'gone'): Wishes['cluster'] {
  if (life === 'here' && metadata.deletionTimestamp === undefined) return undefined;
  return metadata.finalizers?.includes(ORPHAN) ? undefined : 'ending';
}

/** Annotations that are there and say nothing that can be followed. */
export function unreadableWishes(
  annotations: Readonly<Record<string, string>> | undefined,
): readonly string[] {
  return [ANNOTATIONS.accept, ANNOTATIONS.switchover].filter((name) => {
    const text = annotations?.[name];
    return text !== undefined && parseWish(text) === undefined;
  });
}
