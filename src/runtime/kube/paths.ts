/**
 * Paths and query strings of the API: pure text. Table: test/runtime/kube/paths.test.ts.
 */
import { assert } from '../../kit/assert';
import type { ObjectName, Resource } from './types';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** What to list or watch. Everything left out means all. */
export interface Scope {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

/** `/api/v1/namespaces/NS/pods`; without a namespace the whole cluster's. */
export function collectionPath(resource: Resource, namespace: string | undefined): string {
  const root = resource.apiVersion.includes('/') ? '/apis/' : '/api/';
  const inside =
    resource.scope === 'namespaced' && namespace !== undefined && namespace !== ''
      ? `/namespaces/${encodeURIComponent(namespace)}`
      : '';
  return `${root}${resource.apiVersion}${inside}/${resource.plural}`;
}

/** @throws AssertionError when a namespaced object has no namespace: the path would mean another kind. */
export function objectPath(resource: Resource, name: ObjectName, subresource?: string): string {
  assert(
    resource.scope === 'cluster' || (name.namespace !== undefined && name.namespace !== ''),
    `${resource.kind} '${name.name}' needs a namespace`,
  );
  assert(name.name !== '', `${resource.kind} needs a name`);
  const tail = subresource === undefined ? '' : `/${subresource}`;
  return `${collectionPath(resource, name.namespace)}/${encodeURIComponent(name.name)}${tail}`;
}

/** `?a=1&b=2`, without the undefined ones; '' when nothing is left. */
export function queryText(query: Query): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
  if (pairs.length === 0) return '';
  return `?${pairs.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join('&')}`;
}

/** `leases.coordination.k8s.io`, as `kubectl auth can-i` takes it. */
export function groupedName(resource: Resource): string {
  const group = resource.apiVersion.split('/')[0];
  return resource.apiVersion.includes('/') ? `${resource.plural}.${group ?? ''}` : resource.plural;
}

/**
 * Whether a server at `head` is behind a place that it once gave out: its store went back in time (a restored
 * backup). Versions are decimal numbers in practice; what is none cannot be judged.
 */
export function comparePlace(head: string, place: string): 'behind' | 'present' | 'unknown' {
  if (!/^\d+$/.test(head) || !/^\d+$/.test(place)) return 'unknown';
  return BigInt(head) < BigInt(place) ? 'behind' : 'present';
}
