/**
 * Patches of one object, in each form but apply.
 * Never here: whole writes (objects.ts), apply (applying.ts).
 */
import { configMap, core, type Group, get, parked, patch, post, silently } from '../row';

const made = silently(post(core('configmaps'), configMap('a', { data: { x: '1' } })));
const kept = { ...made, keep: { version: 'metadata.resourceVersion', uid: 'metadata.uid' } };
const a = core('configmaps', 'a');

export const patching: Group['rows'] = [
  {
    why: 'a merge patch changes, adds and takes away',
    steps: [
      made,
      patch('merge', a, { data: { x: null, y: '2' }, metadata: { labels: { l: 'm' } } }),
    ],
  },
  {
    why: 'a merge patch that is no object is refused',
    steps: [made, patch('merge', a, []), patch('merge', a, '{"data":')],
  },
  {
    why: 'a merge patch with an older version is a conflict',
    steps: [
      kept,
      silently(patch('merge', a, { data: { x: '2' } })),
      patch('merge', a, { metadata: { resourceVersion: '$version' }, data: { x: '3' } }),
    ],
  },
  {
    why: 'a JSON patch tests, replaces, adds and removes',
    steps: [
      made,
      patch('json', a, [
        { op: 'test', path: '/data/x', value: '1' },
        { op: 'replace', path: '/data/x', value: '2' },
        { op: 'add', path: '/data/y', value: '3' },
        { op: 'remove', path: '/data/x' },
      ]),
    ],
  },
  {
    why: 'a JSON patch whose test fails is refused',
    steps: [made, patch('json', a, [{ op: 'test', path: '/data/x', value: '9' }])],
  },
  {
    why: 'a JSON patch of a path that is not there is refused',
    steps: [
      made,
      patch('json', a, [{ op: 'remove', path: '/data/z' }]),
      patch('json', a, [{ op: 'replace', path: '/nothing/z', value: 1 }]),
      patch('json', a, [{ op: 'juggle', path: '/data/z', value: 1 }]),
    ],
  },
  {
    why: 'a JSON patch replaces a member that is not there, but no place in a list',
    steps: [
      silently(
        post(core('configmaps'), {
          metadata: { name: 'a', finalizers: ['x.test/y'] },
          data: { x: '1' },
        }),
      ),
      patch('json', a, [{ op: 'replace', path: '/data/z', value: '1' }], { only: ['data'] }),
      patch('json', a, [{ op: 'replace', path: '/metadata/finalizers/1', value: 'x.test/z' }]),
      patch('json', a, [{ op: 'replace', path: '/metadata/finalizers/-', value: 'x.test/z' }]),
      silently(patch('merge', a, { metadata: { finalizers: null } })),
    ],
  },
  {
    why: 'a JSON patch moves and copies what is there',
    steps: [
      made,
      patch('json', a, [{ op: 'copy', from: '/data/x', path: '/data/y' }], { only: ['data'] }),
      patch('json', a, [{ op: 'move', from: '/data/x', path: '/data/z' }], { only: ['data'] }),
      patch('json', a, [{ op: 'copy', from: '/data/none', path: '/data/q' }], { only: ['data'] }),
      patch('json', a, [{ op: 'move', from: '/data/none', path: '/data/q' }], { only: ['data'] }),
      patch('json', a, [{ op: 'test', path: '/data/none', value: null }], { only: ['data'] }),
    ],
  },
  {
    why: 'a JSON patch that is none is refused',
    steps: [made, patch('json', a, { op: 'add' })],
  },
  {
    why: 'a patch of what is not there is not found',
    steps: [patch('merge', a, {}), patch('json', a, []), patch('strategic', a, {})],
  },
  {
    why: 'a patch of an unknown type is refused',
    steps: [made, patch('merge', a, {}, { contentType: 'application/json' })],
  },
  {
    why: 'a patch may not rename',
    steps: [
      made,
      patch('merge', a, { metadata: { name: 'b' } }),
      patch('merge', a, { metadata: { namespace: 'b' } }),
    ],
  },
  {
    why: 'a strategic patch merges containers by name',
    steps: [
      silently(post(core('pods'), { metadata: { name: 'p' }, spec: parked })),
      patch(
        'strategic',
        core('pods', 'p'),
        { spec: { containers: [{ name: 'main', image: 'valkey/valkey:8.1' }] } },
        { shown: (body) => (body.spec as Readonly<Record<string, never>>).containers as never },
      ),
    ],
  },
  {
    why: 'a pod takes few changes',
    steps: [
      silently(post(core('pods'), { metadata: { name: 'p' }, spec: parked })),
      patch('merge', core('pods', 'p'), { spec: { restartPolicy: 'Never' } }),
      patch('merge', core('pods', 'p'), { spec: { activeDeadlineSeconds: 5 } }, { only: ['kind'] }),
    ],
  },
  {
    why: 'a dry patch changes nothing',
    steps: [
      made,
      patch('merge', `${a}?dryRun=All`, { data: { x: '9' } }, { only: ['data'] }),
      get(a, { only: ['data'] }),
    ],
  },
];
