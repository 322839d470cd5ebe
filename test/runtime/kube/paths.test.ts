/** Paths, queries and the delays between tries: text and numbers, by table. */
import { describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { rngFrom } from '../../../src/kit/rng';
import { backoffDelay } from '../../../src/runtime/kube/backoff';
import {
  collectionPath,
  comparePlace,
  groupedName,
  objectPath,
  queryText,
} from '../../../src/runtime/kube/paths';
import { resourceOf, resources } from '../../../src/runtime/kube/types';

const { pods, nodes, leases, statefulSets } = resources;

test.each([
  { path: collectionPath(pods, 'ns'), is: '/api/v1/namespaces/ns/pods', why: 'the core group' },
  { path: collectionPath(pods, undefined), is: '/api/v1/pods', why: 'all namespaces' },
  { path: collectionPath(pods, ''), is: '/api/v1/pods', why: 'an empty flag means all too' },
  { path: collectionPath(nodes, 'ns'), is: '/api/v1/nodes', why: 'nodes are in no namespace' },
  {
    path: objectPath(leases, { namespace: 'ns', name: 'l' }),
    is: '/apis/coordination.k8s.io/v1/namespaces/ns/leases/l',
    why: 'a named group',
  },
  {
    path: objectPath(statefulSets, { namespace: 'ns', name: 's' }, 'scale'),
    is: '/apis/apps/v1/namespaces/ns/statefulsets/s/scale',
    why: 'a subresource',
  },
  {
    path: objectPath(nodes, { name: 'a/b?c' }),
    is: '/api/v1/nodes/a%2Fb%3Fc',
    why: 'no way out of the path',
  },
])('$is ($why)', ({ path, is }) => {
  expect(path).toBe(is);
});

test.each([
  { name: { name: 'p' }, why: 'no namespace: the path would be that of a cluster-wide kind' },
  { name: { namespace: '', name: 'p' }, why: 'an empty one' },
  { name: { namespace: 'n', name: '' }, why: 'no name: a DELETE would empty the collection' },
])('a pod at $name is refused ($why)', ({ name }) => {
  expect(() => objectPath(pods, name)).toThrow(/needs a/);
});

test('a query leaves out what is undefined and escapes the rest', () => {
  expect(queryText({ limit: 5, continue: undefined, labelSelector: 'a=b,c in (d)' })).toBe(
    '?limit=5&labelSelector=a%3Db%2Cc%20in%20(d)',
  );
  expect(queryText({ limit: undefined })).toBe('');
});

test('names and kinds as RBAC and manifests say them', () => {
  expect([groupedName(pods), groupedName(leases)]).toEqual(['pods', 'leases.coordination.k8s.io']);
  expect(resourceOf({ apiVersion: 'apps/v1', kind: 'StatefulSet' })).toBe(statefulSets);
  expect(resourceOf({ apiVersion: 'apps/v1', kind: 'DaemonSet' })).toBeUndefined();
});

describe('the delay', () => {
  const backoff = { baseMs: millis(100), capMs: millis(1_000) };
  test.each([
    { failures: 1, least: 50, most: 150, why: 'the base, half to one and a half' },
    { failures: 3, least: 200, most: 600, why: 'doubled twice' },
    { failures: 50, least: 500, most: 1_500, why: 'the cap, for ever' },
  ])('after $failures failures is $least..$most ms ($why)', ({ failures, least, most }) => {
    const rng = rngFrom(failures);
    for (let round = 0; round < 100; round += 1) {
      const ms = backoffDelay(backoff, failures, rng);
      expect(ms).toBeGreaterThanOrEqual(least);
      expect(ms).toBeLessThanOrEqual(most);
    }
  });

  test("the server's wish wins when it is longer, never when it is shorter", () => {
    expect(backoffDelay(backoff, 1, rngFrom(1), millis(9_000))).toBe(9_000);
    expect(backoffDelay(backoff, 1, rngFrom(1), millis(1))).toBeGreaterThanOrEqual(50);
  });
});

test.each([
  { head: '50', place: '50', is: 'present', why: 'nothing happened since' },
  { head: '100', place: '99', is: 'present', why: 'numbers, not text: "100" sorts before "99"' },
  { head: '99', place: '100', is: 'behind', why: 'one behind is a store that went back' },
  { head: '9007199254740993', place: '9007199254740994', is: 'behind', why: 'beyond 2^53' },
  { head: 'abc', place: '9', is: 'unknown', why: 'no number' },
  { head: '', place: '9', is: 'unknown', why: 'none given' },
])('a server at $head, our place $place -> $is ($why)', ({ head, place, is }) => {
  expect(comparePlace(head, place)).toBe(is);
});
