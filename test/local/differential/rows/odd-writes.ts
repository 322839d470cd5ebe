/**
 * Writes that are odd, and not always refused: patches that say too little or of a wrong type, an apply of what is
 * not there, a deletion that says two things, a watch from a version that is yet to come.
 * Never here: the usual patches (patching.ts), applies (applying.ts), deletions (deletion.ts).
 */
import type { Json } from '../../../../src/local/api/port';
import {
  configMap,
  core,
  type Group,
  get,
  named,
  parked,
  patch,
  post,
  put,
  remove,
  type Step,
  silently,
} from '../row';

const cm = core('configmaps');
const a = `${cm}/a`;
const made = silently(post(cm, configMap('a', { data: { x: '1' } })));
const data = { only: ['data'] } as const;
const json = (...operations: readonly Json[]): Step => patch('json', a, operations, data);
const finalizers = (...operations: readonly Json[]): Step =>
  patch('json', a, operations, { only: ['metadata.finalizers'] });
const owners = { only: ['data', 'metadata.managedFields'] } as const;
const list = '/metadata/finalizers';
const deployment = named('apps/v1', 'deployments', 'd');
const strategic = (body: Json): Step => patch('strategic', deployment, body, { only: ['kind'] });

const patches: Group['rows'] = [
  {
    why: 'a JSON patch that says no value says null',
    steps: [
      made,
      json({ op: 'add', path: '/data/y' }),
      json({ op: 'replace', path: '/data/x' }),
      json({ op: 'test', path: '/data/none', value: null }),
      json({ op: 'test', path: '/data/x' }),
    ],
  },
  {
    why: 'a JSON patch replaces the whole, and neither adds nor removes it',
    steps: [
      made,
      json({ op: 'add', path: '', value: configMap('a') }),
      json({ op: 'remove', path: '' }),
      json({ op: 'replace', path: '', value: configMap('a', { data: { r: '1' } }) }),
    ],
  },
  {
    why: 'a JSON patch counts a list from its end too',
    steps: [
      made,
      finalizers(
        { op: 'add', path: list, value: ['a.b/c', 'a.b/d'] },
        { op: 'add', path: `${list}/-1`, value: 'a.b/e' },
      ),
      finalizers({ op: 'remove', path: `${list}/-1` }),
      finalizers({ op: 'replace', path: `${list}/-2`, value: 'a.b/f' }),
      finalizers({ op: 'remove', path: `${list}/-3` }),
      finalizers({ op: 'add', path: `${list}/-4`, value: 'a.b/g' }),
      silently(patch('merge', a, { metadata: { finalizers: null } })),
    ],
  },
  {
    why: 'a JSON patch of wrong types is not decoded',
    steps: [
      made,
      json({ op: 5, path: '/x' }),
      json({ op: 'add', path: 5 }),
      json({ op: 'copy', from: {}, path: '/x' }),
      json('x'),
      json(7),
      patch('json', a, 'null', data),
      patch('json', a, '"x"', data),
    ],
  },
  {
    why: 'a merge patch of a wrong type is not decoded',
    steps: [made, ...['null', '"x"', '5', 'true', '[]'].map((text) => patch('merge', a, text))],
  },
  {
    why: 'a strategic patch that cannot be done is an error without a reason',
    steps: [
      silently(
        post(named('apps/v1', 'deployments'), {
          metadata: { name: 'd' },
          spec: {
            ...{ replicas: 0, selector: { matchLabels: { app: 'd' } } },
            template: { metadata: { labels: { app: 'd' } }, spec: parked },
          },
        }),
      ),
      strategic({ metadata: { $patch: 'merge' } }),
      strategic({ spec: { template: { spec: { containers: [{ image: 'nokey' }] } } } }),
      strategic({ spec: { template: { spec: { containers: [{ $patch: 'delete' }] } } } }),
      strategic({ spec: { template: { spec: { volumes: [{ name: 'v', $retainKeys: 'x' }] } } } }),
      patch(
        'strategic',
        deployment,
        { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } },
        { only: ['spec.strategy'] },
      ),
    ],
  },
];

const others: Group['rows'] = [
  {
    why: 'managedFields that are an empty list forget all owners; none at all keep them',
    steps: [
      made,
      put(a, configMap('a', { data: { x: '2' } }), owners),
      put(a, { ...configMap('a'), metadata: { name: 'a', managedFields: [] } }, owners),
      put(a, configMap('a', { data: { x: '3' } }), owners),
      patch('apply', `${a}?fieldManager=m`, configMap('a', { data: { y: '1' } }), owners),
      patch('merge', a, { metadata: { managedFields: [] } }, owners),
    ],
  },
  {
    why: 'an apply of what is not there may not name a uid, nor a name to be made',
    steps: [
      patch('apply', `${a}?fieldManager=m`, {
        ...configMap('a'),
        metadata: { name: 'a', uid: 'wrong' },
      }),
      patch('apply', `${a}?fieldManager=m`, {
        ...configMap('a'),
        metadata: { generateName: 'a' },
      }),
      get(a, { only: ['kind'] }),
    ],
  },
  {
    why: 'a deletion says what becomes of its dependents once',
    steps: [
      made,
      remove(`${a}?orphanDependents=true&propagationPolicy=Orphan`),
      remove(`${a}?orphanDependents=false`, undefined, { only: ['status'] }),
    ],
  },
  {
    why: 'initial events of a version that is yet to come are not waited for',
    steps: [
      get(
        `${cm}?watch=true&timeoutSeconds=4&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=99999999`,
        { watch: { events: 1 }, shown: (body) => body },
      ),
    ],
  },
];

export const oddWrites: Group = { name: 'odd-writes', rows: [...patches, ...others] };
