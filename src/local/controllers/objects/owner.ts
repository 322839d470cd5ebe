/**
 * Owner references: who controls an object.
 * Never here: what happens to an object without owners (garbage-collector/).
 */
import type { ApiObject, Metadata, OwnerReference } from '../../api/port';

type Owned = { readonly metadata: Pick<Metadata, 'ownerReferences'> };

export function controllerOf({ metadata }: Owned): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

export function isControlledBy(object: Owned, owner: ApiObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid;
}

export function controllerReference({ apiVersion, kind, metadata }: ApiObject): OwnerReference {
  const { name, uid } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}
