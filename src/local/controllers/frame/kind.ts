/**
 * A kind as the controllers name it: its collection, and what its objects are known to hold.
 * Never here: the list of all kinds (../served.ts).
 */
import type { ApiObject, Resource } from '../../api/port';

export interface Kind<Known extends ApiObject = ApiObject> extends Resource {
  readonly kind: string;
  /** `v1`, `apps/v1`. */
  readonly apiVersion: string;
  readonly scope: 'Namespaced' | 'Cluster';
  /** Never there: it ties the type of the objects to the value. */
  readonly known?: Known;
}

/** An object that always has its spec. */
export type Specified<Spec, Status> = ApiObject<Spec, Status> & { readonly spec: Spec };

export function kindOf<Known extends ApiObject>(
  apiVersion: string,
  kind: string,
  resource: string,
  scope: Kind['scope'] = 'Namespaced',
): Kind<Known> {
  const [group = '', version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return { group, version: version ?? '', resource, kind, apiVersion, scope };
}

/** One word for each collection. */
export function idOf({ group, resource }: Resource): string {
  return group === '' ? resource : `${resource}.${group}`;
}

/** Where an object stands within its collection: `namespace/name`, or the name alone. */
export function keyOf({ metadata }: Pick<ApiObject, 'metadata'>): string {
  return joinKey(metadata.namespace, metadata.name);
}

export function joinKey(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const at = key.indexOf('/');
  return { namespace: at < 0 ? '' : key.slice(0, at), name: key.slice(at + 1) };
}
