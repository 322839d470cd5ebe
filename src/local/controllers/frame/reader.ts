/**
 * What a decision may read: the present objects, by name, by namespace, by owner.
 * Never here: where they come from (cache.ts; in tests a list).
 */
import type { ApiObject } from '../../api/port';
import { idOf, joinKey, type Kind, keyOf } from './kind';

export interface Reader {
  get<Known extends ApiObject>(
    kind: Kind<Known>,
    namespace: string | undefined,
    name: string,
  ): Known | undefined;
  /** In no order that means something. @param namespace absent: all of them. */
  list<Known extends ApiObject>(kind: Kind<Known>, namespace?: string): readonly Known[];
  /** Objects with an owner reference to this uid; with NOBODY, those that have none. */
  ownedBy<Known extends ApiObject>(kind: Kind<Known>, uid: string): readonly Known[];
  /** All that are looked at. */
  kinds(): readonly Kind[];
  /** Asks the server itself: for what must not be decided from a state that may be old. */
  fresh(kind: Kind, namespace: string | undefined, name: string): ApiObject | undefined;
  /** The same of all of a kind in a namespace: the watch of one kind may lag behind that of another. */
  freshList(kind: Kind, namespace: string): readonly ApiObject[];
}

/** In the place of a uid: objects without owner references. */
export const NOBODY = '';

/** A reader of exactly these objects. */
export function readerOf(objects: readonly (readonly [Kind, ApiObject])[]): Reader {
  const of = (kind: Kind) =>
    objects.filter(([candidate]) => idOf(candidate) === idOf(kind)).map(([, object]) => object);
  const kinds = new Map(objects.map(([kind]) => [idOf(kind), kind]));
  const reader = {
    get: <Known extends ApiObject>(
      kind: Kind<Known>,
      namespace: string | undefined,
      name: string,
    ) => of(kind).find((object) => keyOf(object) === joinKey(namespace, name)) as Known | undefined,
    list: <Known extends ApiObject>(kind: Kind<Known>, namespace?: string) =>
      of(kind).filter(
        ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
      ) as unknown as readonly Known[],
    ownedBy: <Known extends ApiObject>(kind: Kind<Known>, uid: string) =>
      of(kind).filter(({ metadata: { ownerReferences = [] } }) =>
        uid === NOBODY
          ? ownerReferences.length === 0
          : ownerReferences.some((owner) => owner.uid === uid),
      ) as unknown as readonly Known[],
    kinds: () => [...kinds.values()],
  };
  return { ...reader, fresh: reader.get, freshList: reader.list };
}
