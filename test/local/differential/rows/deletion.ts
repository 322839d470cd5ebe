/**
 * Deletion: answers, preconditions, finalizers, propagation, what the garbage collector leaves, grace of
 * pods, and the end of a namespace.
 * Never here: eviction (access.ts).
 */
import type { JsonObject } from '../../../../src/local/api/port';
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
  silently,
} from '../row';

const a = core('configmaps', 'a');
const made = silently(
  post(core('configmaps'), configMap('a'), {
    keep: { uid: 'metadata.uid', version: 'metadata.resourceVersion' },
  }),
);
const held = (finalizers: readonly string[]): JsonObject => ({
  metadata: { name: 'a', finalizers },
});
const gone = (path: string) => get(path, { until: (_body, status) => status === 404 });

const answers: Group['rows'] = [
  { why: 'a deletion answers with a Status', steps: [made, remove(a), get(a)] },
  { why: 'what is not there cannot be deleted', steps: [remove(a)] },
  {
    why: 'some kinds answer with the object',
    steps: [
      silently(post(core('pods'), { metadata: { name: 'p' }, spec: parked })),
      remove(core('pods', 'p'), undefined, { only: ['kind', 'metadata.name'] }),
      silently(
        post(core('persistentvolumeclaims'), {
          metadata: { name: 'c' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            storageClassName: 'none-such',
            resources: { requests: { storage: '1Gi' } },
          },
        }),
      ),
      remove(core('persistentvolumeclaims', 'c'), undefined, {
        only: ['kind', 'metadata.finalizers'],
      }),
      silently(
        post(core('services'), { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } }),
      ),
      remove(core('services', 's'), undefined, { only: ['kind', 'metadata.name'] }),
      silently(post(core('serviceaccounts'), { metadata: { name: 'robot' } })),
      remove(core('serviceaccounts', 'robot'), undefined, { only: ['kind', 'metadata.name'] }),
    ],
  },
  { why: 'a dry deletion leaves the object', steps: [made, remove(`${a}?dryRun=All`), get(a)] },
  {
    why: 'a dry deletion by its body, as kubectl asks, leaves the object and its collection',
    steps: [
      made,
      remove(a, { dryRun: ['All'] }),
      remove(
        `${core('configmaps')}?fieldSelector=metadata.name%3Da`,
        { dryRun: ['All'] },
        {
          only: ['kind'],
        },
      ),
      remove(a, { dryRun: ['Some'] }),
      get(a, { only: ['data'] }),
      remove(`${a}?dryRun=All`, {}),
      get(a),
    ],
  },
  {
    why: 'the uid that is asked for must be the one that is there',
    steps: [
      made,
      remove(a, { preconditions: { uid: '11111111-1111-1111-1111-111111111111' } }),
      remove(a, { preconditions: { uid: '$uid' } }),
    ],
  },
  {
    why: 'the version that is asked for must be the one that is there',
    steps: [
      made,
      remove(a, { preconditions: { resourceVersion: '1' } }),
      remove(a, { preconditions: { resourceVersion: '$version' } }),
    ],
  },
  {
    why: 'propagation knows three words',
    steps: [
      made,
      remove(`${a}?propagationPolicy=Sideways`),
      remove(a, { propagationPolicy: 'Sideways' }),
      remove(a, { propagationPolicy: 'Orphan', orphanDependents: true }),
    ],
  },
  {
    why: 'a body that is no DeleteOptions is refused',
    steps: [
      made,
      remove(a, 'nonsense'),
      remove(a, { kind: 'Pod', apiVersion: 'v1' }),
      remove(a, { preconditions: 'x' }),
    ],
  },
  {
    why: 'a collection is deleted by labels',
    steps: [
      silently(post(core('configmaps'), { metadata: { name: 'a', labels: { x: '1' } } })),
      silently(post(core('configmaps'), { metadata: { name: 'b', labels: { x: '2' } } })),
      remove(`${core('configmaps')}?labelSelector=x%3D1`, undefined, {
        only: ['kind', 'apiVersion'],
      }),
      get(core('configmaps', 'a')),
      get(core('configmaps', 'b'), { only: ['metadata.labels'] }),
    ],
  },
];

const finalizers: Group['rows'] = [
  {
    why: 'a finalizer holds a deleted object until it is taken away',
    steps: [
      silently(post(core('configmaps'), held(['x.test/hold']))),
      remove(a),
      get(a),
      patch('merge', a, { metadata: { finalizers: null } }),
      get(a),
    ],
  },
  {
    why: 'a deleted object takes no new finalizer',
    steps: [
      silently(post(core('configmaps'), held(['x.test/hold']))),
      silently(remove(a)),
      patch('merge', a, { metadata: { finalizers: ['x.test/hold', 'x.test/more'] } }),
      patch('merge', a, { metadata: { labels: { still: 'writable' } } }),
    ],
  },
  {
    why: 'a second deletion of a held object answers as the first',
    steps: [
      silently(post(core('configmaps'), held(['x.test/hold']))),
      remove(a),
      remove(a),
      silently(patch('merge', a, { metadata: { finalizers: null } })),
    ],
  },
  {
    why: 'a finalizer needs a name with a domain',
    steps: [
      post(core('configmaps'), held(['plain'])),
      post(core('configmaps'), held(['Not A Name/x'])),
    ],
  },
  {
    why: 'the last finalizer may go by put',
    steps: [
      silently(post(core('configmaps'), held(['x.test/hold']))),
      silently(remove(a)),
      put(a, configMap('a'), { only: ['kind'] }),
      get(a),
    ],
  },
];

const child = (name: string, block?: boolean): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name,
    ownerReferences: [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        name: 'a',
        uid: '$uid',
        ...(block === undefined ? {} : { blockOwnerDeletion: block }),
      },
    ],
  },
});

const collection: Group['rows'] = [
  {
    why: 'background: the owner goes, then what it owns',
    steps: [
      made,
      silently(post(core('configmaps'), child('b'))),
      remove(`${a}?propagationPolicy=Background`),
      get(a),
      gone(core('configmaps', 'b')),
    ],
  },
  {
    why: 'foreground: the owner waits for what blocks it',
    steps: [
      made,
      silently(
        post(core('configmaps'), {
          ...child('b', true),
          metadata: { ...(child('b', true).metadata as JsonObject), finalizers: ['x.test/hold'] },
        }),
      ),
      remove(a, { propagationPolicy: 'Foreground' }),
      get(core('configmaps', 'b'), {
        until: (body) => JSON.stringify(body).includes('deletionTimestamp'),
        only: ['metadata.finalizers', 'metadata.deletionTimestamp'],
      }),
      get(a, { only: ['metadata.finalizers'] }),
      silently(patch('merge', core('configmaps', 'b'), { metadata: { finalizers: null } })),
      gone(a),
    ],
  },
  {
    why: 'orphan: what it owned stays, without its owner',
    steps: [
      made,
      silently(post(core('configmaps'), child('b'))),
      remove(a, { propagationPolicy: 'Orphan' }),
      gone(a),
      get(core('configmaps', 'b'), { only: ['metadata.ownerReferences', 'kind'] }),
    ],
  },
  {
    why: 'what names an owner that never was is collected',
    steps: [
      silently(
        post(core('configmaps'), {
          metadata: {
            name: 'b',
            ownerReferences: [
              {
                apiVersion: 'v1',
                kind: 'ConfigMap',
                name: 'never',
                uid: '11111111-1111-1111-1111-111111111111',
              },
            ],
          },
        }),
      ),
      gone(core('configmaps', 'b')),
    ],
  },
  {
    why: 'an owner is named whole, and one of them controls',
    steps: [
      post(core('configmaps'), { metadata: { name: 'b', ownerReferences: [{ name: 'x' }] } }),
      post(core('configmaps'), {
        metadata: {
          name: 'b',
          ownerReferences: ['p', 'q'].map((name) => ({
            apiVersion: 'v1',
            kind: 'ConfigMap',
            name,
            uid: name,
            controller: true,
          })),
        },
      }),
    ],
  },
  {
    why: 'one of two owners gone: what they own stays, with the other',
    steps: [
      made,
      silently(post(core('configmaps'), configMap('c'), { keep: { other: 'metadata.uid' } })),
      silently(
        post(core('configmaps'), {
          metadata: {
            name: 'b',
            ownerReferences: [
              { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: '$uid' },
              { apiVersion: 'v1', kind: 'ConfigMap', name: 'c', uid: '$other' },
            ],
          },
        }),
      ),
      silently(remove(a)),
      get(core('configmaps', 'b'), {
        until: (body) => !JSON.stringify(body).includes('"name":"a"'),
        only: ['metadata.ownerReferences'],
      }),
    ],
  },
];

const rest: Group['rows'] = [
  {
    why: 'a pod that no node has goes at once',
    steps: [
      silently(post(core('pods'), { metadata: { name: 'p' }, spec: parked })),
      remove(core('pods', 'p'), undefined, {
        only: ['metadata.deletionGracePeriodSeconds', 'metadata.deletionTimestamp', 'kind'],
      }),
      get(core('pods', 'p')),
    ],
  },
  {
    why: 'grace may not be negative, and zero is at once',
    steps: [
      silently(post(core('pods'), { metadata: { name: 'p' }, spec: parked })),
      remove(`${core('pods', 'p')}?gracePeriodSeconds=abc`),
      remove(`${core('pods', 'p')}?gracePeriodSeconds=0`, undefined, { only: ['kind'] }),
    ],
  },
  {
    why: 'an ending namespace takes nothing new, and ends',
    steps: [
      silently(post('/api/v1/namespaces', { metadata: { name: 'NS-end' } })),
      silently(post('/api/v1/namespaces/NS-end/configmaps', held(['x.test/hold']))),
      remove('/api/v1/namespaces/NS-end', undefined, { only: ['kind', 'status.phase', 'spec'] }),
      post('/api/v1/namespaces/NS-end/configmaps', configMap('b')),
      get('/api/v1/namespaces/NS-end', {
        until: (body) => JSON.stringify(body).includes('Terminating'),
        only: ['status.phase'],
      }),
      silently(
        patch('merge', '/api/v1/namespaces/NS-end/configmaps/a', {
          metadata: { finalizers: null },
        }),
      ),
      get('/api/v1/namespaces/NS-end', { until: (_body, status) => status === 404 }),
    ],
  },
  {
    why: 'a namespace is made with its phase, label and finalizer',
    steps: [
      post('/api/v1/namespaces', { metadata: { name: 'NS-new' } }),
      post('/api/v1/namespaces', { metadata: { name: 'Bad_Name' } }),
      silently(remove('/api/v1/namespaces/NS-new')),
    ],
  },
  {
    why: 'what must stay stays',
    steps: [remove('/api/v1/namespaces/default'), remove('/api/v1/namespaces/kube-system')],
  },
  {
    why: 'a deployment takes its sets and pods along',
    steps: [
      silently(
        post(named('apps/v1', 'deployments'), {
          metadata: { name: 'd' },
          spec: {
            selector: { matchLabels: { app: 'd' } },
            template: { metadata: { labels: { app: 'd' } }, spec: parked },
          },
        }),
      ),
      get(core('pods'), {
        until: (body) => (body.items as readonly unknown[]).length === 1,
        shown: () => 'one',
      }),
      remove(named('apps/v1', 'deployments', 'd')),
      get(core('pods'), {
        until: (body) => (body.items as readonly unknown[]).length === 0,
        shown: () => 'none',
      }),
      get(named('apps/v1', 'replicasets'), {
        until: (body) => (body.items as readonly unknown[]).length === 0,
        shown: () => 'none',
      }),
    ],
  },
];

export const deletion: Group = {
  name: 'deletion',
  rows: [...answers, ...finalizers, ...collection, ...rest],
};
